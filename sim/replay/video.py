"""A recording as a film or a still, encoded and put in place when it is whole."""

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from sim.errors import BordersimError, InputError
from sim.replay.layout import HEIGHT, WIDTH
from sim.replay.marks import (
    ALERT,
    DAY,
    DIM,
    INK,
    MARKS,
    NIGHT,
    PAPER,
    VERMILION,
)
from sim.replay.picture import STEPS, Picture
from sim.replay.recording import Floats, Recording
from sim.replay.sides import SIDE_COLOURS

FRAMES_PER_SECOND = {".mp4": 30, ".gif": 10}
GIF_WIDTH = 800
MOST_FRAMES = 20_000
"""Eleven minutes of film; more is a slip of the pen."""


def moments(hours: float, hours_per_second: float, fps: int) -> Floats:
    """Give the times of the frames of a film, h: evenly through the run, then a second of its end.

    Raises
    ------
    InputError : the film would be endless
    """
    if not (math.isfinite(hours_per_second) and hours_per_second > 0.0):
        raise InputError(
            f"{hours_per_second:g} is not above 0", where="--hours-per-second", remedy="e.g. 6"
        )
    count = math.ceil(hours / hours_per_second * fps) + 1 + fps
    if count > MOST_FRAMES:
        slowest = hours * fps / (MOST_FRAMES - fps - 1)
        raise InputError(
            f"{hours / 24.0:g} days at {hours_per_second:g} h a second make {count:,} frames, "
            f"more than {MOST_FRAMES:,}",
            where="--days",
            remedy=f"fewer days, or at least --hours-per-second {math.ceil(slowest)}",
        )
    return np.minimum(np.arange(count) * hours_per_second / fps, hours)


def draw_still(recording: Recording, out: Path, at: float) -> None:
    """Draw one moment of a recording, h since its start, as a PNG."""
    from PIL import Image

    with _own_style():
        frame = Picture(recording).frame(at)
        Image.fromarray(frame).convert("RGB").save(out)


def draw_film(
    recording: Recording,
    out: Path,
    times: Floats,
    fps: int,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Draw moments of a recording one after the other, as MP4 or GIF by the ending of `out`.

    Parameters
    ----------
    recording : what to draw
    out : file to write
    times : of the frames, h since the start of the run
    fps : frames a second
    advance : is called after each frame

    Raises
    ------
    BordersimError : the film cannot be encoded or written
    """
    is_gif = out.suffix == ".gif"
    with _own_style():
        picture = Picture(recording, GIF_WIDTH if is_gif else WIDTH)

        def frames() -> Iterator[NDArray[np.uint8]]:
            for time in times.tolist():
                yield picture.frame(time)
                advance()

        try:
            if is_gif:
                some = times[np.linspace(0, len(times) - 1, 8).astype(int)]
                _write_gif(frames(), out, fps, [picture.frame(time).copy() for time in some])
            else:
                _write_mp4(frames(), out, fps)
        except (OSError, RuntimeError) as error:
            reason = str(error).strip().split("\n")[0]
            raise BordersimError(
                f"the film cannot be written: {reason}",
                where=str(out.parent.parent),
                remedy="is the disk full?",
            ) from None


@contextmanager
def _own_style() -> Iterator[None]:
    """Draw the same whatever the user's settings; letters no font has become boxes in silence."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _write_mp4(frames: Iterator[NDArray[np.uint8]], out: Path, fps: int) -> None:
    import imageio_ffmpeg

    writer = imageio_ffmpeg.write_frames(
        str(out), (WIDTH, HEIGHT), pix_fmt_in="rgba", fps=fps, codec="libx264", quality=None,
        output_params=["-preset", "veryfast", "-crf", "20", "-movflags", "+faststart"],
    )  # fmt: skip
    writer.send(None)
    try:
        for frame in frames:
            writer.send(frame)
    finally:
        writer.close()
    if not out.exists() or not out.stat().st_size:
        raise RuntimeError("ffmpeg wrote nothing")


def _write_gif(
    frames: Iterator[NDArray[np.uint8]], out: Path, fps: int, some: list[NDArray[np.uint8]]
) -> None:
    """Write a GIF with one palette for all frames: the colours of the key, and those of some."""
    from PIL import Image

    inks = (INK, DIM, PAPER, VERMILION, ALERT, MARKS["referred"].colour, *SIDE_COLOURS)
    # The commonest colours alone would lose the rings of those that passed, and their fading.
    rings = [
        alpha * np.array(to_rgb(VERMILION)) + (1.0 - alpha) * np.array(to_rgb(ground))
        for ground in (PAPER, DAY, NIGHT)
        for alpha in np.arange(1, STEPS) / STEPS
    ]
    key = [*(to_rgb(ink) for ink in inks), *rings]
    common = Image.fromarray(np.concatenate(some)).convert("RGB")
    common = common.quantize(240 - len(key), dither=Image.Dither.NONE)
    colours = [round(255 * part) for colour in key for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours + (common.getpalette() or []))
    images = _reduced(frames, palette)
    next(images).save(
        out, save_all=True, append_images=images, duration=round(1000 / fps), loop=0,
        optimize=False,
    )  # fmt: skip


def _reduced(frames: Iterator[NDArray[np.uint8]], palette: Any) -> Iterator[Any]:
    """Give frames in the colours of a palette, undithered, which moves better and packs smaller."""
    from PIL import Image

    for frame in frames:
        image = Image.fromarray(frame).convert("RGB")
        yield image.quantize(palette=palette, dither=Image.Dither.NONE)
