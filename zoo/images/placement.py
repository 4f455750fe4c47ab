"""Where the ink of a digit stands in the 28 x 28 image."""

import numpy as np

SIZE = 28
BOX = 20  # the side of the square that the ink fills


def placed(ink: np.ndarray) -> np.ndarray:
    """Scale `(20, 20)` ink to a maximum of 255 and shift it by whole pixels into the `(28, 28)` image."""
    ink = np.round(ink * (255 / ink.max())).astype(np.uint8)
    rows, columns = span(ink.any(1)), span(ink.any(0))
    top, left = _shift(ink.sum(1), rows), _shift(ink.sum(0), columns)
    image = np.zeros((SIZE, SIZE), np.uint8)
    image[rows.start + top : rows.stop + top, columns.start + left : columns.stop + left] = ink[rows, columns]
    return image


def _shift(profile: np.ndarray, inked: slice) -> int:
    """Return how far to move the box so that its centre of mass comes to index 14 and no ink leaves the image."""
    centre = profile @ np.arange(BOX) / profile.sum()
    return min(max(round(14 - centre), -inked.start), SIZE - inked.stop)


def span(inked: np.ndarray) -> slice:
    """Return where a profile is not zero, from the first to the last."""
    indices = np.flatnonzero(inked)
    return slice(int(indices[0]), int(indices[-1]) + 1)
