"""What lies on a pad: strokes or a picture, and the way back and forth between its states. Knows no Tk."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np
from PIL import Image

from gui.drawing.curves import smooth
from zoo.images.strokes import image_from_strokes

STEPS = 200
"""How many steps back can be undone."""
SMALLEST_EXTENT = 0.03
"""A drawing whose longer side is below this fraction of the pad is a slip of the pen, not a digit to enlarge."""

Point = tuple[float, float]


class Amount(Enum):
    """How much there is on the pad."""

    EMPTY = "empty"
    TOO_SMALL = "too small"
    READABLE = "readable"


@dataclass(frozen=True, eq=False)
class Picture:
    """A digit that was not drawn here: what models read, uint8 (28, 28), white on black, and what people see."""

    image: np.ndarray
    shown: Image.Image
    title: str

    @classmethod
    def of_image(cls, image: np.ndarray, title: str) -> "Picture":
        """Return a picture of what models read, uint8 (28, 28), which people see as it is."""
        return cls(image, Image.fromarray(image).convert("RGB"), title)


class Drawing:
    """The strokes on a pad, or a picture instead of them.

    Points are relative to the pad: x to the right and y down, both 0..1, so a resized window changes nothing.
    ``generation`` numbers the states of the drawing, ``stroke_generation`` is that in which the last stroke of the pen
    or of the eraser began, and ``on_change`` is called after each change.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None):
        self.strokes: list[list[Point]] = []
        self.picture: Picture | None = None
        self.generation = 0
        self.stroke_generation = 0
        self.dirty = False
        self.pen_is_down = False
        self._on_change = on_change
        self._pen: Point = (0.0, 0.0)  # where the pen really is, on the pad or off it
        self._eraser: tuple[float, float] | None = None  # its radius and the shortest rest it leaves, while in use
        self._has_erased = False
        self._undo: deque[tuple[list[list[Point]], Picture | None]] = deque(maxlen=STEPS)
        self._redo: deque[tuple[list[list[Point]], Picture | None]] = deque(maxlen=STEPS)
        self._low: Point = (1.0, 1.0)  # the corners of the ink's bounding box
        self._high: Point = (0.0, 0.0)

    # ---------------------------------------------------------------- pen and eraser

    def pen_down(self, x: float, y: float) -> None:
        """Begin a stroke, in place of a picture if there is one; it is one step of undo, even if it leaves the pad."""
        self.pen_up()
        self._remember()
        self.picture = None
        self._pen = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        self.strokes.append([self._pen])
        self._enclose(self._pen)
        self.pen_is_down = True
        self._changed()
        self.stroke_generation = self.generation

    def erase_down(self, x: float, y: float, radius: float, shortest: float = 0.0) -> bool:
        """Turn the pen round and put it down: it erases until it is lifted, in one step of undo if it hits anything.

        Strokes are cut where the disc of this radius, a fraction of the pad, passes over them; of what is left, pieces
        shorter than ``shortest`` vanish. Return whether ink was removed.
        """
        self.pen_up()
        self._eraser, self._has_erased = (radius, shortest), False
        self._pen = (x, y)
        self.pen_is_down = True
        self.stroke_generation = self.generation + 1
        return self._erase((x, y))

    def pen_move(self, x: float, y: float) -> bool:
        """Lengthen the stroke, or erase on the way to this point; return whether ink was added or removed.

        Only the part inside the pad leaves ink: the stroke is cut where it leaves, and goes on where it comes back.
        """
        if not self.pen_is_down or (x, y) == self._pen:
            return False
        if self._eraser is not None:
            return self._erase((x, y))
        inside = _clip_to_pad(self._pen, (x, y))
        self._pen = (x, y)
        if inside is None:
            return False
        start, end = inside
        if start != self.strokes[-1][-1]:
            self.strokes.append([start])
            self._enclose(start)
        self.strokes[-1].append(end)
        self._enclose(end)
        self._changed()
        return True

    def pen_up(self) -> None:
        """End the stroke of the pen or of the eraser."""
        self.pen_is_down = False
        self._eraser = None

    def _erase(self, end: Point) -> bool:
        start, self._pen = self._pen, end
        radius, shortest = self._eraser
        strokes = _without(self.strokes, start, end, radius, shortest)
        if strokes is None:
            return False
        if not self._has_erased:
            self._remember()
            self._has_erased = True
        self._replace(strokes)
        self._changed()
        return True

    # ---------------------------------------------------------------- the whole pad

    def clear(self) -> bool:
        """Remove all ink or the picture; it can be undone."""
        self.pen_up()
        if not self.strokes and self.picture is None:
            return False
        self._remember()
        self._replace([])
        self._changed()
        return True

    def load(self, strokes: Sequence[Sequence[Point] | np.ndarray], dirty: bool = False) -> None:
        """Put strokes, each float (k, 2) in 0..1, in place of everything; it can be undone."""
        self.pen_up()
        self._remember()
        self._replace([[(float(x), float(y)) for x, y in stroke] for stroke in strokes if len(stroke)])
        self._changed(dirty)

    def show_picture(self, picture: Picture) -> None:
        """Put a picture in place of everything; it can be undone."""
        self.pen_up()
        self._remember()
        self._replace([], picture)
        self._changed()

    def undo(self) -> bool:
        """Take back the last change: a stroke of the pen or of the eraser, a clear, what was put on the pad."""
        return self._step(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was undone."""
        return self._step(self._redo, self._undo)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._redo)

    @property
    def amount(self) -> Amount:
        """Whether the pad is empty, or holds too little or enough to be read."""
        if self.picture is not None:
            return Amount.READABLE
        if not self.strokes:
            return Amount.EMPTY
        (left, top), (right, bottom) = self._low, self._high
        return Amount.READABLE if max(right - left, bottom - top) >= SMALLEST_EXTENT else Amount.TOO_SMALL

    def arrays(self) -> list[np.ndarray]:
        """Return the strokes as ``zoo.image_from_strokes`` takes them: float arrays (k, 2), y down."""
        return [np.array(stroke, dtype=float) for stroke in self.strokes]

    def image(self) -> np.ndarray | None:
        """Return what models read, uint8 (28, 28), white ink on black; None where there is too little."""
        if self.amount is not Amount.READABLE:
            return None
        return image_from_strokes(smooth(self.arrays())) if self.picture is None else self.picture.image

    def saved(self) -> None:
        """Note that the drawing as it stands is on disk."""
        self.dirty = False

    # ---------------------------------------------------------------- states

    def _step(self, source: deque, target: deque) -> bool:
        self.pen_up()
        if not source:
            return False
        target.append(self._snapshot())
        self._replace(*source.pop())
        self._changed()
        return True

    def _remember(self) -> None:
        self._undo.append(self._snapshot())
        self._redo.clear()

    def _snapshot(self) -> tuple[list[list[Point]], Picture | None]:
        # Finished strokes never change, so the list can share them; one in progress is ended before any snapshot.
        return list(self.strokes), self.picture

    def _replace(self, strokes: list[list[Point]], picture: Picture | None = None) -> None:
        self.strokes, self.picture = strokes, picture
        self._low, self._high = (1.0, 1.0), (0.0, 0.0)
        for stroke in strokes:
            x, y = zip(*stroke, strict=True)
            self._enclose((min(x), min(y)))
            self._enclose((max(x), max(y)))

    def _enclose(self, point: Point) -> None:
        self._low = min(self._low[0], point[0]), min(self._low[1], point[1])
        self._high = max(self._high[0], point[0]), max(self._high[1], point[1])

    def _changed(self, dirty: bool = True) -> None:
        self.generation += 1
        self.dirty = dirty and bool(self.strokes)
        self._on_change()


def _clip_to_pad(start: Point, end: Point) -> tuple[Point, Point] | None:
    """Return the part of a segment inside the unit square, or None (Liang and Barsky, ACM TOG 3(1), 1984)."""
    enter, leave = 0.0, 1.0
    for origin, delta in ((start[0], end[0] - start[0]), (start[1], end[1] - start[1])):
        if delta == 0:
            if not 0 <= origin <= 1:
                return None
            continue
        near, far = sorted((-origin / delta, (1 - origin) / delta))
        enter, leave = max(enter, near), min(leave, far)
    return (_between(start, end, enter), _between(start, end, leave)) if enter <= leave else None


def _between(start: Point, end: Point, t: float) -> Point:
    """Return the point at a fraction of the way; the very ends at 0 and 1, without rounding."""
    if t in (0, 1):
        return end if t else start
    return start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])


def _without(
    strokes: list[list[Point]], start: Point, end: Point, radius: float, shortest: float
) -> list[list[Point]] | None:
    """Return the strokes without what a disc covers on its way from ``start`` to ``end``; None if it covers nothing."""
    if not strokes:
        return None
    starts = np.concatenate([stroke[:-1] or stroke for stroke in strokes])  # a dot is a segment of no length
    ends = np.concatenate([stroke[1:] or stroke for stroke in strokes])
    enter, leave = _passage(starts, ends - starts, np.array(start), np.array(end), radius)
    if not (enter < leave).any():
        return None
    result, first = [], 0
    for stroke in strokes:
        part = slice(first, first := first + max(len(stroke) - 1, 1))
        if (enter[part] < leave[part]).any():
            rests = _cut(stroke, enter[part].tolist(), leave[part].tolist())
            result += [rest for rest in rests if len(rest) > 1 and _length(rest) >= shortest]
        else:
            result.append(stroke)
    return result


def _passage(
    starts: np.ndarray, deltas: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return where each of n segments enters and leaves what a disc covers on its way, as fractions of the segment.

    What the disc covers is convex: the disc at both ends and the band between them. So a segment is inside from the
    first time that it enters one of these to the last time that it leaves one; never, where enter >= leave.
    """
    tiny = 1e-15  # keeps apart what is divided by zero: a segment of no length, or one along the band
    parts = []
    for centre in (start, end):
        offset = starts - centre
        a = np.maximum((deltas**2).sum(1), tiny**2)
        b = (offset * deltas).sum(1)
        discriminant = b**2 - a * ((offset**2).sum(1) - radius**2)
        root = np.sqrt(np.maximum(discriminant, 0))
        parts.append((discriminant > 0, (-b - root) / a, (-b + root) / a))
    length = math.dist(start, end)
    if length:
        ahead = (end - start) / length
        aside = np.array((-ahead[1], ahead[0]))
        enter, leave = -np.inf, np.inf
        for axis, low, high in ((ahead, 0, length), (aside, -radius, radius)):
            position, speed = (starts - start) @ axis, deltas @ axis
            speed = np.where(np.abs(speed) < tiny, tiny, speed)
            one, other = (low - position) / speed, (high - position) / speed
            enter, leave = np.maximum(enter, np.minimum(one, other)), np.minimum(leave, np.maximum(one, other))
        parts.append((enter < leave, enter, leave))
    enter = np.min([np.where(hit, near, np.inf) for hit, near, _ in parts], axis=0)
    leave = np.max([np.where(hit, far, -np.inf) for hit, _, far in parts], axis=0)
    return np.maximum(enter, 0), np.minimum(leave, 1)


def _cut(stroke: list[Point], enter: list[float], leave: list[float]) -> list[list[Point]]:
    """Return what is left of a stroke whose segment i is removed from ``enter[i]`` to ``leave[i]``."""
    rests: list[list[Point]] = [[stroke[0]]]
    for (start, end), begin, stop in zip(pairwise(stroke), enter, leave, strict=False):
        if begin < stop:
            if begin > 0:
                rests[-1].append(_between(start, end, begin))
            rests.append([_between(start, end, stop)])
        if begin >= stop or stop < 1:
            rests[-1].append(end)
    return rests


def _length(stroke: list[Point]) -> float:
    return sum(math.dist(start, end) for start, end in pairwise(stroke))
