"""Digits as they were drawn, stroke by stroke, and as arrays."""

import os
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from zoo.data.arrays import check_count, check_labels, listed
from zoo.errors import DataError
from zoo.images.strokes import PEN_WIDTH, image_from_strokes

DRAWING_ARRAYS = ("points", "stroke_starts", "drawing_starts", "labels", "writers")
MOST_WRITERS = 2**16


class Drawings(NamedTuple):
    """Digits as they were drawn, stroke by stroke.

    `drawings`: a list of drawings, each a list of strokes, each float32 `(k, 2)` of x (right) and y (down), in the
    order they were drawn. `labels`: uint8 `(n,)` in 0..9; of what is no digit str `(n,)`, the characters. `writers`:
    uint8 or, with numbers above 255, uint16 `(n,)`; None where nobody noted them.
    """

    drawings: list[list[np.ndarray]]
    labels: np.ndarray
    writers: np.ndarray | None


def check_drawings(drawings: Drawings, source: str | os.PathLike) -> Drawings:
    """Return the drawings as `load_drawings` would: in its types, and without the strokes that have no points.

    Raises:
        DataError: if they are not what it promises; `source` is what the message calls the place where they are.
    """
    return drawings_from_arrays(drawings_as_arrays(drawings), source)


def drawings_as_arrays(drawings: Drawings) -> dict[str, np.ndarray]:
    """Return drawings in the layout that `load_drawings` describes, unchecked, without strokes that have no points.

    Raises:
        DataError: if their strokes are not arrays.
    """
    try:
        strokes = [[stroke for stroke in map(np.asarray, drawing) if stroke.size] for drawing in drawings.drawings]
        every = list(chain.from_iterable(strokes))
        points = np.concatenate(every) if every else np.zeros((0, 2), np.float32)
        if points.dtype.kind not in "uif":
            raise TypeError(points.dtype)
    except (TypeError, ValueError) as error:
        raise DataError(f"Expected strokes as arrays (k, 2) of numbers, found others ({error}): pass points.") from None
    arrays = {
        "points": points,
        "stroke_starts": np.cumsum([0, *map(len, every)], dtype=np.int32),
        "drawing_starts": np.cumsum([0, *map(len, strokes)], dtype=np.int32),
        "labels": np.asarray(drawings.labels),
    }
    return arrays if drawings.writers is None else arrays | {"writers": np.asarray(drawings.writers)}


def drawings_from_arrays(
    arrays: dict[str, np.ndarray], source: str | os.PathLike, *, of_digits: bool = True
) -> Drawings:
    """Return the drawings in arrays, whose dtypes and shapes are those of ``load_drawings``; or raise DataError.

    Args:
        arrays: by their names in a file.
        source: what the message calls the place where they are.
        of_digits: False where the labels are those of ``load_outliers``.
    """
    wanted = set(DRAWING_ARRAYS) - {"writers"}
    if missing := wanted - arrays.keys():
        raise DataError(
            f"Expected {listed(wanted)} in {source}, found no {listed(missing)}: "
            "save them as described at zoo.data.drawing_files.load_drawings."
        )
    points = _check_points(source, arrays["points"])
    stroke_starts, drawing_starts = arrays["stroke_starts"], arrays["drawing_starts"]
    _check_starts(source, "stroke_starts", stroke_starts, len(points), "points")
    _check_starts(source, "drawing_starts", drawing_starts, len(stroke_starts) - 1, "strokes")
    points_before = stroke_starts[drawing_starts]
    empty = np.flatnonzero(points_before[1:] == points_before[:-1])
    if len(empty):
        raise DataError(
            f"Expected points in every drawing of {source}, found none in drawing {empty[0]}: leave it out."
        )
    count = len(drawing_starts) - 1
    if of_digits:
        labels = check_labels(source, "labels", arrays["labels"], count, "a drawing")
    else:
        labels = _check_characters(source, arrays["labels"], count)
    writers = _check_writers(source, arrays["writers"], count) if "writers" in arrays else None
    strokes = [points[start:end] for start, end in pairwise(stroke_starts.tolist())]
    drawings = [strokes[start:end] for start, end in pairwise(drawing_starts.tolist())]
    return Drawings(drawings, labels, writers)


def images_of(drawings: list[list[np.ndarray]], pen_width: float = PEN_WIDTH) -> np.ndarray:
    """Draw drawings as `zoo.image_from_strokes` does, uint8 `(n, 28, 28)`, white ink (255) on black (0)."""
    return np.stack([image_from_strokes(strokes, pen_width) for strokes in drawings])


def _check_writers(path: str | os.PathLike, writers: np.ndarray, count: int) -> np.ndarray:
    check_count(path, "writers", writers, count, "a drawing")
    low, high = writers.min(), writers.max()
    if low < 0 or high >= MOST_WRITERS:
        raise DataError(
            f"Expected writers from 0 to {MOST_WRITERS - 1:,} in {path}, found {low} to {high}: number them anew."
        )
    return writers.astype(np.uint8 if high < 256 else np.uint16, copy=False)


def _check_characters(path: str | os.PathLike, labels: np.ndarray, count: int) -> np.ndarray:
    if labels.shape != (count,):
        raise DataError(
            f"Expected labels as {count:,} characters in {path}, one a drawing, found {labels.shape}: "
            "save all arrays together, in the same order."
        )
    try:
        digits = set("0123456789")
        wrong = next((one for one in labels.tolist() if not one or one in digits or not one.isprintable()), None)
    except (ValueError, SystemError) as error:  # no characters have such numbers
        raise DataError(f"Expected labels in {path} as text, found what is none ({error}): save str.") from None
    if wrong is not None:
        raise DataError(
            f"Expected labels in {path} that say what each drawing is, and not a digit, found {wrong!r}: "
            "leave such drawings out."
        )
    return labels


def _check_points(path: str | os.PathLike, points: np.ndarray) -> np.ndarray:
    if points.ndim != 2 or points.shape[1] != 2:
        raise DataError(f"Expected points as (p, 2) in {path}, found {points.shape}: save x and y of every point.")
    with np.errstate(over="ignore"):
        points = points.astype(np.float32, copy=False)
    if not np.isfinite(points).all():
        raise DataError(f"Expected finite points in {path}, found NaN, infinity or huge ones: leave such points out.")
    return points


def _check_starts(path: str | os.PathLike, key: str, starts: np.ndarray, total: int, of: str) -> None:
    whole = starts.ndim == 1 and starts.dtype.kind in "ui" and len(starts) > 1
    falls = whole and (starts[1:] < starts[:-1]).any()
    if not whole or falls or starts[0] != 0 or starts[-1] != total:
        found = (
            f"{starts[0]} to {starts[-1]}{', not in order' if falls else ''}"
            if whole
            else f"{starts.dtype} {starts.shape}"
        )
        raise DataError(
            f"Expected {key} in {path} as whole numbers that rise from 0 to {total:,}, the number of {of}, found "
            f"{found}: save where each begins, and the end of the last."
        )
