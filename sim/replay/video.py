"""A recording as a film or a still, encoded and put in place when it is whole."""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray

from sim.errors import BordersimError, InputError
from sim.replay.beside import Pictures
from sim.replay.gif import write_gif
from sim.replay.layout import HEIGHT, WIDTH
from sim.replay.recording import Floats, Recording

FRAMES_PER_SECOND = {".mp4": 24, ".gif": 10}
MOST_FRAMES = 20_000
"""A quarter of an hour of film, nearly; more is a slip of the pen."""


def moments(hours: float, hours_per_second: float, fps: int) -> Floats:
    """Give the times of the frames of a film, h: evenly through the run, then a second of its end.

    Raises
    ------
    InputError : the film would be endless
    """
    if not (math.isfinite(hours_per_second) and hours_per_second > 0.0):
        raise InputError(
            f"{hours_per_second:g} is not above 0", where="--hours-per-second", remedy="e.g. 8"
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


def draw_still(recordings: Sequence[Recording], out: Path, at: float) -> None:
    """Draw one moment of one recording, or of two beside each other, h, as a PNG."""
    from PIL import Image

    with _own_style():
        frame = Pictures(recordings).frame(at)
        Image.fromarray(frame).convert("RGB").save(out)


def draw_film(
    recordings: Sequence[Recording],
    out: Path,
    times: Floats,
    advance: Callable[[int], None] = lambda drawn: None,
) -> None:
    """Draw moments of a recording one after the other, as MP4 or GIF by the ending of `out`.

    Parameters
    ----------
    recordings : what to draw: one run, or two beside each other
    out : file to write
    times : of the frames, h since the start of the run, as many a second as `FRAMES_PER_SECOND`
    advance : is told how many of them have been drawn

    Raises
    ------
    InputError : it is too long for a GIF
    BordersimError : the film cannot be encoded or written
    """
    with _own_style():
        try:
            if out.suffix == ".gif":
                fps = FRAMES_PER_SECOND[".gif"]
                write_gif(lambda height: Pictures(recordings, height), out, times, fps, advance)
            else:
                _write_mp4(Pictures(recordings), out, times, advance)
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


def _write_mp4(
    pictures: Pictures, out: Path, times: Floats, advance: Callable[[int], None]
) -> None:
    """Hand frames to the encoder as they are drawn."""
    import imageio_ffmpeg

    # Frames have no see-through parts; an encoder that is not told so converts them more slowly.
    writer = imageio_ffmpeg.write_frames(
        str(out), (WIDTH, HEIGHT), pix_fmt_in="rgb0", fps=FRAMES_PER_SECOND[".mp4"],
        codec="libx264", quality=None,
        output_params=["-preset", "superfast", "-crf", "22", "-movflags", "+faststart"],
    )  # fmt: skip
    writer.send(None)
    try:
        for drawn, time in enumerate(times.tolist(), start=1):
            frame: NDArray[np.uint8] = pictures.frame(time)
            writer.send(frame)
            advance(drawn)
    finally:
        writer.close()
    if not out.exists() or not out.stat().st_size:
        raise RuntimeError("ffmpeg wrote nothing")
