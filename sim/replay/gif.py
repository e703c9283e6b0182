"""Films as GIF: one palette, and as large and smooth as a file of ten megabytes can be."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from sim.errors import InputError
from sim.replay.beside import Pictures
from sim.replay.marks import ALERT, DAY, DIM, INK, MARKS, NIGHT, PAPER, VERMILION
from sim.replay.picture import STEPS
from sim.replay.recording import Floats
from sim.replay.sides import SIDE_COLOURS

MOST_BYTES = 10_000_000
RUN, RUNS = 6, 4
"""Frames of each sample, and samples, by which the size of a film is told beforehand."""


class Grade(NamedTuple):
    """How well a film is drawn: its height in pixels, which frames, and how many colours."""

    height: int
    every: int
    colours: int


GRADES = (
    Grade(450, 1, 240), Grade(450, 2, 128), Grade(360, 2, 128), Grade(360, 3, 96),
    Grade(270, 4, 96), Grade(270, 6, 96),
)  # fmt: skip
"""From best to worst; at the last, a film of 10 frames a second has one or two left."""


def write_gif(
    pictures_of: Callable[[int], Pictures],
    out: Path,
    times: Floats,
    fps: int,
    advance: Callable[[int], None],
) -> None:
    """Write a film, as good as its size allows.

    Parameters
    ----------
    pictures_of : makes what is drawn, by its height in pixels
    out : file to write
    times : of the frames, h
    fps : of them a second
    advance : is told how many of them have been drawn

    Raises
    ------
    InputError : it is too long for the worst grade as well
    """
    for grade in GRADES:
        pictures, some = pictures_of(grade.height), times[:: grade.every]
        palette = _palette(pictures, some, grade.colours)
        milliseconds = round(1000.0 * grade.every / fps)
        if _bytes_of(pictures, palette, some, out) > 0.9 * MOST_BYTES:
            continue

        def frames(pictures: Pictures, some: Floats, every: int) -> Iterator[NDArray[np.uint8]]:
            for drawn, time in enumerate(some.tolist()):
                yield pictures.frame(time)
                advance(min(drawn * every + every, len(times)))

        _save(frames(pictures, some, grade.every), palette, out, milliseconds)
        if out.stat().st_size <= MOST_BYTES:
            return
    raise InputError(
        f"is too long for a GIF of {MOST_BYTES // 1_000_000} MB: {len(times) / fps:.0f} s",
        where="--days",
        remedy="fewer days, more --hours-per-second, or a film that ends in .mp4",
    )


def _bytes_of(pictures: Pictures, palette: Any, times: Floats, out: Path) -> float:
    """Guess the size of a film from some short parts of it, which it makes beside `out`."""
    if len(times) <= RUN * RUNS:
        return 0.0
    sizes = []
    for begin in np.linspace(0, len(times) - RUN, RUNS).astype(int).tolist():
        sample = out.with_suffix(".part.gif")
        for count in (1, RUN):
            frames = map(pictures.frame, times[begin : begin + count].tolist())
            _save(frames, palette, sample, 100)
            sizes.append(sample.stat().st_size)
        sample.unlink()
    first, all_six = np.array(sizes).reshape(RUNS, 2).T
    return float(np.mean(all_six - first)) / (RUN - 1) * len(times)


def _palette(pictures: Pictures, times: Floats, count: int) -> Any:
    """Choose the colours of a film: those of the key, and the commonest of some frames."""
    from PIL import Image

    inks = (INK, DIM, PAPER, VERMILION, ALERT, MARKS["referred"].colour, *SIDE_COLOURS)
    # The commonest colours alone would lose the rings of those that passed, and their fading.
    rings = [
        alpha * np.array(to_rgb(VERMILION)) + (1.0 - alpha) * np.array(to_rgb(ground))
        for ground in (PAPER, DAY, NIGHT)
        for alpha in np.arange(1, STEPS) / STEPS
    ]
    key = [*(to_rgb(ink) for ink in inks), *rings]
    some = times[np.linspace(0, len(times) - 1, 8).astype(int)].tolist()
    common = Image.fromarray(np.concatenate([pictures.frame(time).copy() for time in some]))
    fewer = common.convert("RGB").quantize(count - len(key), dither=Image.Dither.NONE)
    colours = [round(255 * part) for colour in key for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours + (fewer.getpalette() or []))
    return palette


def _save(frames: Iterable[NDArray[np.uint8]], palette: Any, out: Path, milliseconds: int) -> None:
    images = _reduced(frames, palette)
    next(images).save(
        out, save_all=True, append_images=images, duration=milliseconds, loop=0, optimize=False
    )


def _reduced(frames: Iterable[NDArray[np.uint8]], palette: Any) -> Iterator[Any]:
    """Give frames in the colours of a palette, undithered, which moves better and packs smaller."""
    from PIL import Image

    for frame in frames:
        image = Image.fromarray(frame).convert("RGB")
        yield image.quantize(palette=palette, dither=Image.Dither.NONE)
