"""How sides are told apart: by colour, by shape and by letter."""

from collections.abc import Sequence

# Okabe & Ito (2008): told apart with every kind of colour vision.
SIDE_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
SIDE_SHAPES = ("s", "^", "D", "p", "v", "h")


def letters(names: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Give each side a letter of its own, or its code where initials clash."""
    initials = [name[:1].upper() for name in names]
    return [
        initial if initial and initials.count(initial) == 1 else code
        for initial, code in zip(initials, codes, strict=True)
    ]
