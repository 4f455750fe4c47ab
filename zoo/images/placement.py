"""Where the ink of a digit stands in the 28 x 28 image."""

import numpy as np
from numpy.typing import ArrayLike

SIZE = 28
BOX = 20  # the side of the square that the ink fills
_PLACES = np.arange(BOX)


def place_ink(ink: np.ndarray) -> np.ndarray:
    """Scale ink to a maximum of 255 and shift it by whole pixels to where MNIST puts it.

    Args:
        ink: float `(20, 20)` from 0 on paper up, in any unit, some of it above 0.

    Returns:
        uint8 `(28, 28)`, white ink (255) on black (0).
    """
    ink = np.round(ink * (255 / ink.max())).astype(np.uint8)
    by_row, by_column = ink.sum(1), ink.sum(0)
    rows, columns = inked_span(by_row), inked_span(by_column)
    top, left = _shift(by_row, rows), _shift(by_column, columns)
    image = np.zeros((SIZE, SIZE), np.uint8)
    image[rows.start + top : rows.stop + top, columns.start + left : columns.stop + left] = ink[rows, columns]
    return image


def _shift(profile: np.ndarray, inked: slice) -> int:
    """Return how far to move the box so that its centre of mass comes to index 14 and no ink leaves the image."""
    centre = profile @ _PLACES / profile.sum()
    return min(max(round(14 - centre), -inked.start), SIZE - inked.stop)


def stroke_width(mask: np.ndarray) -> float:
    """Return about how wide the strokes of a mask are, in pixels: they have two edges, in any direction.

    An edge in direction a crosses |cos a| + |sin a| sides of pixels a pixel of length, 4 / pi on average.
    """
    padded = np.pad(mask, 1)
    edges = np.count_nonzero(np.diff(padded, axis=0)) + np.count_nonzero(np.diff(padded, axis=1))
    return 8 / np.pi * float(np.count_nonzero(mask)) / edges


def inked_span(profile: ArrayLike) -> slice:
    """Return where a profile `(n,)` is not zero, from the first place to the last; there has to be one."""
    indices = np.flatnonzero(profile)
    return slice(int(indices[0]), int(indices[-1]) + 1)


def length(span: slice) -> int:
    """Return how many places a span covers."""
    return span.stop - span.start
