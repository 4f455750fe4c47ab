"""The smooth line through the points of a stroke: a hand is quicker than the mouse that tells where it is. No Tk."""

from collections.abc import Sequence

import numpy as np

_LONGEST = 1.5  # times its length: a point's slope in a short stretch after a long one would make a loop
_FINE = 20  # stretches from edge to edge of a drawing: about the pixels that models see of it


def curves(stroke: Sequence[Sequence[float]] | np.ndarray, first: int = 0) -> np.ndarray:
    """Return the smooth line along a stroke, its curves from number ``first`` on: each joins a point to the next.

    When the stroke goes on, only its last curve changes. Points that come in equal times, as those of a mouse, lie
    nearest to the way of the hand so (Catmull and Rom, A Class of Local Interpolating Splines, 1974).

    Returns:
        float (n, 4, 2): the control points of cubic Bezier curves; one for a dot.
    """
    points = np.array(stroke[max(first - 1, 0) :], dtype=float)
    if len(points) == 1:
        return points.repeat(4, axis=0)[None]
    starts, ends, slopes = points[:-1], points[1:], np.gradient(points, axis=0)
    longest = _LONGEST * np.hypot(*(ends - starts).T)[:, None]
    out, into = (_no_longer(each, longest) / 3 for each in (slopes[:-1], slopes[1:]))
    return np.stack((starts, starts + out, ends - into, ends), axis=1)[1 if first else 0 :]


def all_curves(strokes: Sequence[Sequence[Sequence[float]] | np.ndarray]) -> np.ndarray:
    """Return the curves of several strokes, float (n, 4, 2)."""
    return np.concatenate([np.empty((0, 4, 2)), *map(curves, strokes)])


def smooth(strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return strokes, float (k, 2) each, with points of their curves between those that are far apart."""
    points = np.concatenate(strokes)
    fine = max(np.ptp(points, axis=0).max() / _FINE, 1e-9)
    return [_filled(stroke, fine) for stroke in strokes]


def along(curves: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the ends of the parts, float (m, 2, 2), when each of n curves is cut into so many, int (n,)."""
    curve = np.repeat(np.arange(len(curves)), counts)
    step = np.arange(len(curve)) - (np.cumsum(counts) - counts)[curve]
    t = ((step[:, None] + (0, 1)) / counts[curve, None])[..., None]  # (m, 2, 1): both ends of each part
    start, out, into, end = (points[curve, None] for points in curves.swapaxes(0, 1))
    s = 1 - t
    return s**3 * start + 3 * s**2 * t * out + 3 * s * t**2 * into + t**3 * end


def _filled(stroke: np.ndarray, fine: float) -> np.ndarray:
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    counts = np.ceil(lengths / fine).clip(1).astype(int)
    if len(stroke) < 3 or (counts == 1).all():
        return stroke
    parts = along(curves(stroke), counts)
    return np.concatenate((parts[:, 0], stroke[-1:]))


def _no_longer(vectors: np.ndarray, longest: np.ndarray) -> np.ndarray:
    lengths = np.hypot(*vectors.T)[:, None]
    return vectors * np.minimum(1, longest / np.maximum(lengths, 1e-12))
