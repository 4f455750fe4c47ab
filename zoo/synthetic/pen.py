"""The hand that writes what the catalogues of digits and of outliers describe, and sets of images made so."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import accumulate, pairwise
from multiprocessing import get_context

import numpy as np

from zoo._support.processes import end_with_parent
from zoo._support.progress import progress
from zoo.errors import DataError

Stroke = list[tuple[float, float]]
Style = Callable[[Callable[..., float]], list[Stroke]]
Styles = Mapping[Style, float]
"""The styles of a digit or a kind, each with its share."""

PEN = (1.2, 2, 4)  # pixels of the 28 x 28 image: least, most frequent, most

_UPRIGHT = 0.1  # the most frequent slant
_ROTATION = 0.1  # radians; this and the following are standard deviations, of a drawing of height 1
_LOG_ASPECT = 0.15
_JITTER = 0.018  # of each point of a style
_OVERSHOOT = 0.08  # of a stroke's last span, either way and at either end
_DISPLACEMENT = 0.035  # smooth, of the plane
_TREMOR = 0.004
_TICK = 0.05  # chance of a tick at an end
_SHAKY = 0.06  # chance of a hand that trembles: old, in a vehicle, or a finger on glass
_SPARSE = 0.05  # chance of a device that reports few points, which are joined by straight lines
_STEPPED = 0.04  # chance of one that reports places on a coarse grid, as an early tablet or a mouse
_SPAN = 4  # line segments between two points of a style
_CHUNK = 250  # drawings that share a seed, so that the set does not depend on how many processes make it


def arc(x: float, y: float, half_width: float, half_height: float, start: float, sweep: float) -> Stroke:
    """Return points on an ellipse about (x, y), in degrees from 12 o'clock; a negative sweep is anticlockwise."""
    steps = max(2, math.ceil(abs(sweep) / 40))
    angles = [math.radians(start + sweep * step / steps) for step in range(steps + 1)]
    return [(x + half_width * math.sin(angle), y - half_height * math.cos(angle)) for angle in angles]


def pick(styles: Styles, place: float) -> Style:
    """Return the style at this place, 0 to 1, of all shares laid end to end."""
    place *= sum(styles.values())
    for style, share in styles.items():
        place -= share
        if place < 0:
            return style
    return style  # the last one, where rounding left a hair


def write(
    strokes: list[Stroke],
    width: tuple[float, float],
    slant: tuple[float, float],
    random: np.random.Generator,
    rounding: float = 0.15,
) -> list[np.ndarray]:
    """Write strokes of a catalogue as one of many hands would.

    Args:
        strokes: in a box that is 1 wide and 1 high, y down; a point written twice is a corner, a single point a dot.
        width: least and most of the box, at height 1.
        slant: least and most: how far the top leans to the right of the foot, at height 1.
        random: decides everything.
        rounding: chance of a hand that rounds its corners.

    Returns:
        The strokes, float64 `(k, 2)` each, of x (right) and y (down), about 1 high.
    """
    across, tension = random.uniform(*width), random.uniform(0.75, 1.2)
    rounded = random.random() < rounding
    span = int(random.integers(1, 3)) if random.random() < _SPARSE else _SPAN
    lines = [_line(stroke, (across, 1), tension, span, rounded, random) for stroke in strokes]

    points = np.concatenate(lines)
    # A sum of four waves, each a height or more long, in random directions.
    waves = np.sin(points @ random.normal(0, 3, (2, 4)) + random.uniform(0, 2 * np.pi, 4))
    tremor = _TREMOR * random.uniform(2, 5) if random.random() < _SHAKY else _TREMOR
    points += waves @ random.normal(0, _DISPLACEMENT / math.sqrt(2), (4, 2)) + random.normal(0, tremor, points.shape)
    points = points @ _lean(slant, random)
    ends = accumulate(len(line) for line in lines)
    return _reported([points[end - len(line) : end] for line, end in zip(lines, ends, strict=True)], random)


def check_set(count: int, seed: int, workers: int | None) -> None:
    """Raise a DataError if one of the arguments of a synthetic set is out of range."""
    for name, value, least in (
        ("count", count, 1),
        ("seed", seed, 0),
        ("workers", 1 if workers is None else workers, 1),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise DataError(f"Expected {name} as a whole number of {least} or more, found {value!r}: change it.")


def make_set(
    images_of: Callable[[np.ndarray, np.random.SeedSequence], np.ndarray],
    shares: Sequence[float],
    count: int,
    seed: np.random.SeedSequence,
    workers: int | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw images of several classes, each by its share, in random order and in several processes.

    Args:
        images_of: draws a chunk: classes uint8 `(n,)` and a seed to images uint8 `(n, 28, 28)`; pickled for a process.
        shares: of each class; they need not sum to 1.
        count, seed, workers: as `synthetic_digits` takes them.

    Returns:
        Images uint8 `(count, 28, 28)`, and their classes, uint8 `(count,)`: places in `shares`.
    """
    order, *seeds = seed.spawn(1 + -(-count // _CHUNK))
    ends = np.cumsum(shares)
    classes = np.searchsorted(ends / ends[-1], (np.arange(count) + 0.5) / count).astype(np.uint8)
    np.random.default_rng(order).shuffle(classes)
    chunks = [classes[start : start + _CHUNK] for start in range(0, count, _CHUNK)]
    if workers is None:  # starting a process takes as long as some hundred drawings
        workers = min(os.cpu_count() or 1, max(1, count // 2000))
    if workers == 1:
        return np.concatenate(list(progress(map(images_of, chunks, seeds), "drawing", len(chunks)))), classes
    # Spawned, not forked: safe where threads run, as TensorFlow's do, and the same on every system.
    with ProcessPoolExecutor(min(workers, len(chunks)), get_context("spawn"), end_with_parent) as pool:
        drawn = pool.map(images_of, chunks, seeds, chunksize=4)
        return np.concatenate(list(progress(drawn, "drawing", len(chunks)))), classes


def _line(
    stroke: Stroke, size: tuple[float, float], tension: float, span: int, rounded: bool, random: np.random.Generator
) -> np.ndarray:
    """Vary the points of a stroke and run a curve through them, float `(k, 2)`."""
    if len(stroke) == 1:
        return np.array(stroke) * size
    distinct, corners = [stroke[0]], [0]
    for point in stroke[1:]:
        if point != distinct[-1]:
            distinct.append(point)
        elif not rounded:
            corners.append(len(distinct) - 1)
    points = np.array(distinct) * size
    points += random.normal(0, _JITTER, points.shape)
    before, after = random.normal(0, _OVERSHOOT, 2)
    points[0] += before * (points[0] - points[1])
    points[-1] += after * (points[-1] - points[-2])
    if random.random() < _TICK:
        points = np.concatenate([points[:1] + random.normal(0, 0.06, 2), points])
        corners[1:] = [corner + 1 for corner in corners[1:]]
    if random.random() < _TICK:
        points = np.concatenate([points, points[-1:] + random.normal(0, 0.06, 2)])
    runs = pairwise([*corners, len(points) - 1])
    return np.concatenate([_curve(points[first : last + 1], tension, span) for first, last in runs if last > first])


def _reported(strokes: list[np.ndarray], random: np.random.Generator) -> list[np.ndarray]:
    """Return strokes as the device that they are drawn on reports them: most do so finely."""
    if random.random() >= _STEPPED:
        return strokes
    cell, origin, upright = random.uniform(0.04, 0.11), random.uniform(0, 1, 2), random.random() < 0.6
    strokes = [np.round(stroke / cell + origin) * cell for stroke in strokes]
    return [_staircase(stroke) for stroke in strokes] if upright else strokes


def _staircase(points: np.ndarray) -> np.ndarray:
    """Join points by level and upright lines only."""
    points = points[np.append(True, (np.diff(points, axis=0) != 0).any(1))]
    corners = np.column_stack([points[1:, 0], points[:-1, 1]])
    return np.concatenate([points[:1], np.stack([corners, points[1:]], 1).reshape(-1, 2)])


def _curve(points: np.ndarray, tension: float, span: int) -> np.ndarray:
    places, tangents = _hermite(len(points), span)
    return (places + tension * tangents) @ points


@cache
def _hermite(count: int, span: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what takes points `(count, 2)` to a cubic curve through them: a matrix for points, and one for tangents.

    At tension 1 it is the spline of Catmull and Rom, "A class of local interpolating splines" (1974): the tangent at a
    point is half of the way from the one before to the one after.
    """
    slopes = np.zeros((count, count))
    for i in range(count):
        before, after = max(i - 1, 0), min(i + 1, count - 1)
        slopes[i, after] += 1 / (after - before)
        slopes[i, before] -= 1 / (after - before)
    t = np.linspace(0, count - 1, span * (count - 1) + 1)
    left = np.minimum(t.astype(int), count - 2)
    t, one = (t - left)[:, None], np.eye(count)
    places = one[left] * (1 - t) ** 2 * (1 + 2 * t) + one[left + 1] * t**2 * (3 - 2 * t)
    tangents = slopes[left] * t * (1 - t) ** 2 - slopes[left + 1] * t**2 * (1 - t)
    return places, tangents


def _lean(slants: tuple[float, float], random: np.random.Generator) -> np.ndarray:
    """Return what stretches, slants and turns: the matrix that rows (x, y) are multiplied by."""
    low, high = slants
    slant, angle = random.triangular(low, _UPRIGHT, high), random.normal(0, _ROTATION)
    stretch = math.exp(random.normal(0, _LOG_ASPECT))
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[stretch, 0], [-slant, 1]]) @ np.array([[cosine, sine], [-sine, cosine]])
