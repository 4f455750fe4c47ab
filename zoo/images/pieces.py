"""The connected pieces of a mask. SciPy's ``ndimage.label`` finds the same; to import it takes longer than a model."""

import numpy as np


def find_pieces(mask: np.ndarray) -> tuple[np.ndarray, list[tuple[slice, slice]]]:
    """Find the pieces that hang together by a side or a corner.

    Args:
        mask: bool `(height, width)`.

    Returns:
        The number of each pixel's piece, int64 `(height, width)`, from 1 in the order of their first pixels, 0 outside
        the mask; and of each piece the rows and columns of its bounding box.
    """
    height, width = mask.shape
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(steps == 1)  # runs of pixels along a row, row by row
    stops = np.nonzero(steps == -1)[1]
    roots = joined(len(rows), *_touching(rows, starts, stops, width + 1))
    firsts, piece = np.unique(roots, return_inverse=True)
    painted = np.zeros((height, width + 1), np.int64)
    painted[rows, starts] = piece + 1
    painted[rows, stops] -= piece + 1
    bottoms, lefts, rights = np.zeros(len(firsts), int), np.full(len(firsts), width), np.zeros(len(firsts), int)
    np.maximum.at(bottoms, piece, rows + 1)
    np.minimum.at(lefts, piece, starts)
    np.maximum.at(rights, piece, stops)
    corners = zip(*(side.tolist() for side in (rows[firsts], bottoms, lefts, rights)), strict=True)
    return painted.cumsum(1)[:, :-1], [(slice(top, low), slice(left, right)) for top, low, left, right in corners]


def _touching(rows: np.ndarray, starts: np.ndarray, stops: np.ndarray, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of runs, of a row and of the next, that touch."""
    above = (rows - 1) * stride
    first = np.searchsorted(rows * stride + stops, above + starts)
    counts = np.searchsorted(rows * stride + starts, above + stops, "right") - first
    lower = np.repeat(np.arange(len(rows)), counts)
    return first[lower] + np.arange(len(lower)) - np.repeat(counts.cumsum() - counts, counts), lower


def joined(count: int, upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Return for each of `count` things the first that it hangs together with, by pairs of their numbers."""
    roots = np.arange(count)
    while (roots[upper] != roots[lower]).any():
        low = np.minimum(roots[upper], roots[lower])
        np.minimum.at(roots, roots[upper], low)
        np.minimum.at(roots, roots[lower], low)
        while (roots != roots[roots]).any():
            roots = roots[roots]
    return roots
