"""A digit drawn by rules as it fits on a sheet."""

import numpy as np

from zoo.synthetic.digits import draw_digit

MARGIN = 0.15
"""Of the side of a sheet, left free on all sides of a drawn digit."""


def drawn(digit: int, random: np.random.Generator) -> list[np.ndarray]:
    """Draw a digit as one of many hands would, in the middle of a sheet and as large as its margin allows.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down) in 0..1, to five decimals.

    Raises:
        DataError: if there is no such digit.
    """
    strokes, _ = draw_digit(digit, random)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (1 - 2 * MARGIN) / (high - low).max()
    return [np.round((stroke - (low + high) / 2) * scale + 0.5, 5) for stroke in strokes]
