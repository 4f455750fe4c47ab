"""A drawing as a 28 x 28 image, by the rule that MNIST was made with."""

from collections.abc import Iterable, Sequence
from numbers import Real

import numpy as np

from zoo.errors import BlankImageError, ImageError
from zoo.images.placement import BOX, place_ink

PEN_WIDTH = 2.4
"""Pixels of the 28 x 28 image: about the width of MNIST's own strokes."""

_GRID = 2  # samples of the pen's distance a pixel and axis
_SPACING = 0.25  # pixels along a stroke: points that are nearer than this add time and no shape
_BLOCK = 16  # line segments measured at once: neighbours, so that the pen reaches only a part of the box from them
_STEPS = (np.arange(BOX * _GRID, dtype=np.float32) + 0.5) / _GRID
_POINTS = np.stack(np.broadcast_arrays(_STEPS, _STEPS[:, None], np.float32(1)))
"""x, y and 1 of each grid point of the box: float32 `(3, rows, columns)`."""


def image_from_strokes(strokes: Sequence[np.ndarray], pen_width: float = PEN_WIDTH) -> np.ndarray:
    """Draw strokes with a round pen as MNIST was made, whatever their place and size.

    Args:
        strokes: float arrays `(k, 2)` of x (right) and y (down) in any unit; consecutive points are joined, a single
            point is a dot.
        pen_width: in pixels of the 28 x 28 image, 0.5 to 10.

    Returns:
        uint8 `(28, 28)`, white ink (255) on black (0).

    Raises:
        BlankImageError: if there are no points.
        ImageError: if the strokes are not arrays of finite points, or the pen is too thin or too wide.

    Source: LeCun et al. (1998); Yadav and Bottou (2019).
    """
    if not isinstance(pen_width, Real) or not 0.5 <= pen_width <= 10:
        raise ImageError(f"Expected a pen width of 0.5 to 10 pixels, found {pen_width!r}: use {PEN_WIDTH}.")
    strokes = _fit_to_box(_checked(strokes), BOX - pen_width)
    starts, ends = _segments(strokes)
    # A pixel is covered in proportion to how far the pen's edge reaches into it.
    distances = _distances(starts, ends, reach=(pen_width + 1 / _GRID) / 2)
    coverage = np.clip((pen_width / 2 - distances) * _GRID + 0.5, 0, 1)
    return place_ink(sum(coverage[row::_GRID, column::_GRID] for row in range(_GRID) for column in range(_GRID)))


def _checked(strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    if not isinstance(strokes, Iterable):
        raise ImageError(f"Expected a list of strokes, found {strokes!r}: pass a list of arrays (k, 2).")
    checked = []
    for stroke in strokes:
        try:
            points = np.asarray(stroke)
        except ValueError as error:  # rows of different lengths
            raise ImageError(
                f"Expected strokes as arrays (k, 2) of x and y, found {error}: pass points only."
            ) from error
        if points.size == 0:
            continue
        if points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "iuf":
            raise ImageError(
                f"Expected strokes as arrays (k, 2) of x and y, found {points.dtype} {points.shape}: "
                "pass a list of strokes, each a list of points."
            )
        points = points.astype(float)
        if not np.abs(points).max() < 1e100:  # also true of NaN
            raise ImageError("Expected finite coordinates, found NaN, infinity or a huge one: leave such points out.")
        checked.append(points)
    if not checked:
        raise BlankImageError("Expected a drawing, found no ink: draw a digit first.")
    return checked


def _fit_to_box(strokes: list[np.ndarray], side: float) -> list[np.ndarray]:
    """Scale and move the pen's path so that it fills a square of this side in the middle of the 20 x 20 box."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    extent = (high - low).max()
    if extent <= 1e-9 * np.abs(points).max():  # a dot, give or take float noise
        return [np.full((1, 2), BOX / 2)]
    # Rounded, so that float noise cannot tip any decision below: the same shape at any scale gives the same image.
    return [np.round((stroke - (low + high) / 2) / extent * side, 6) + BOX / 2 for stroke in strokes]


def _segments(strokes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of every line segment, each `(n, 2)`; a dot is a segment of no length."""
    thinned = [_thinned(stroke) for stroke in strokes]
    starts = np.concatenate([stroke[:-1] if len(stroke) > 1 else stroke for stroke in thinned])
    ends = np.concatenate([stroke[1:] if len(stroke) > 1 else stroke for stroke in thinned])
    return starts, ends


def _thinned(stroke: np.ndarray) -> np.ndarray:
    """Keep the first point in every `_SPACING` pixels of the path, and the last."""
    steps = (stroke[1:] - stroke[:-1]).T
    length = np.hypot(*steps).cumsum() // _SPACING
    keep = np.ones(len(stroke), bool)
    keep[1:2] = length[:1] > 0
    keep[2:] = length[1:] > length[:-1]
    keep[-1] = True
    return stroke[keep]


def _distances(starts: np.ndarray, ends: np.ndarray, reach: float) -> np.ndarray:
    """Return the distance of each grid point of the box to the nearest segment, float32 `(rows, columns)`, in pixels.

    Where it is more than `reach`, it may be infinite.

    Seen from a segment's middle and along its direction, a point's place is linear in (x, y, 1): one product of
    matrices has them all.
    """
    (x, y), (dx, dy) = ((starts + ends) / 2).T, (ends - starts).T
    angle = np.arctan2(dy, dx)  # of a dot, 0
    cos, sin = np.cos(angle), np.sin(angle)
    along = np.array((cos, sin, -x * cos - y * sin), np.float32).T
    across = np.array((-sin, cos, x * sin - y * cos), np.float32).T
    half = np.hypot(dx, dy).astype(np.float32)[:, None] / 2
    blocks = np.arange(0, len(starts), _BLOCK)
    low = np.minimum.reduceat(np.minimum(starts, ends), blocks) - reach
    high = np.maximum.reduceat(np.maximum(starts, ends), blocks) + reach
    corners = np.concatenate((np.maximum(low, 0) * _GRID, high * _GRID + 1), 1).astype(int).tolist()
    nearest = np.full(_POINTS.shape[1:], np.inf, np.float32)
    for first, (left, top, right, bottom) in zip(blocks.tolist(), corners, strict=True):
        block, reached = slice(first, first + _BLOCK), nearest[top:bottom, left:right]
        points = _POINTS[:, top:bottom, left:right].reshape(3, -1)
        # In place: fresh memory for every step would take longer than the arithmetic.
        squared = along[block] @ points
        np.abs(squared, out=squared)
        squared -= half[block]  # how far beyond the nearer end
        np.maximum(squared, 0, out=squared)
        squared *= squared
        aside = across[block] @ points
        aside *= aside
        squared += aside
        np.minimum(reached, squared.min(0).reshape(reached.shape), out=reached)
    return np.sqrt(nearest)
