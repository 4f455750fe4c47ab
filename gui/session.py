"""What is drawn, which models look at it, and what they answered. Knows no Tk."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from zoo.classifier import DOUBTFUL
from zoo.comparison import verdict

SMALLEST_EXTENT = 0.03
"""A drawing whose longer side is below this fraction of the pad is a slip of the pen, not a digit to enlarge."""

Point = tuple[float, float]


class Drawing(Enum):
    """How much there is on the pad."""

    EMPTY = "empty"
    TOO_SMALL = "too small"
    READABLE = "readable"


@dataclass(frozen=True)
class Answer:
    """What one model said of one state of the drawing."""

    generation: int
    probabilities: tuple[float, ...]

    @property
    def digit(self) -> int:
        """The digit with the highest probability."""
        return self.ranking[0]

    @property
    def second(self) -> int:
        """The digit that came second."""
        return self.ranking[1]

    @property
    def confidence(self) -> float:
        """The probability of the predicted digit, 0..1."""
        return self.probabilities[self.digit]

    @property
    def is_doubtful(self) -> bool:
        """Whether the model rather takes the drawing for no digit, or cannot tell which."""
        return 1 - self.confidence > DOUBTFUL

    @property
    def ranking(self) -> list[int]:
        """The digits from the most to the least probable."""
        return sorted(range(10), key=lambda digit: -self.probabilities[digit])


class Session:
    """The state behind the window.

    Points are relative to the pad: x to the right and y down, both 0..1, so a resized window changes nothing.
    ``generation`` numbers the states of the drawing; an answer carries the number of the state it belongs to.
    """

    def __init__(self, names: list[str], focus: str | None = None):
        self.names = list(names)
        self.focus = focus if focus is not None else (self.names[0] if self.names else None)
        self.compared = set(self.names)
        self.strokes: list[list[Point]] = []
        self.generation = 0
        self.dirty = False
        self.pen_is_down = False
        self.answers: dict[str, Answer] = {}
        self._pen: Point = (0.0, 0.0)  # where the pen really is, on the pad or off it
        self._stroke_generation = 0
        self._undo: list[list[list[Point]]] = []
        self._redo: list[list[list[Point]]] = []
        self._low: Point = (1.0, 1.0)  # the corners of the ink's bounding box
        self._high: Point = (0.0, 0.0)

    # ---------------------------------------------------------------- drawing

    def pen_down(self, x: float, y: float) -> None:
        """Begin a stroke; it is one step of undo, even if it leaves the pad and comes back."""
        self.pen_up()
        self._undo.append(self._snapshot())
        self._redo.clear()
        self._pen = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        if not self.strokes:
            self._low, self._high = (1.0, 1.0), (0.0, 0.0)
        self.strokes.append([self._pen])
        self._enclose(self._pen)
        self.pen_is_down = True
        self._changed()
        self._stroke_generation = self.generation

    def pen_move(self, x: float, y: float) -> bool:
        """Lengthen the stroke; return whether ink was added.

        Only the part inside the pad leaves ink: the stroke is cut where it leaves, and goes on where it comes back.
        """
        if not self.pen_is_down or (x, y) == self._pen:
            return False
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
        """End the stroke."""
        self.pen_is_down = False

    def undo(self) -> bool:
        """Take back the last stroke or the last clear."""
        return self._step(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was undone."""
        return self._step(self._redo, self._undo)

    def clear(self) -> bool:
        """Remove all ink; it can be undone."""
        self.pen_up()
        if not self.strokes:
            return False
        self._undo.append(self._snapshot())
        self._redo.clear()
        self.strokes = []
        self._changed()
        return True

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._redo)

    @property
    def drawing(self) -> Drawing:
        """Whether the pad is empty, or holds too little or enough to be read."""
        if not self.strokes:
            return Drawing.EMPTY
        (left, top), (right, bottom) = self._low, self._high
        return Drawing.READABLE if max(right - left, bottom - top) >= SMALLEST_EXTENT else Drawing.TOO_SMALL

    def arrays(self) -> list[np.ndarray]:
        """The strokes as ``zoo.image_from_strokes`` takes them: float arrays (k, 2), y down."""
        return [np.array(stroke, dtype=float) for stroke in self.strokes]

    def saved(self) -> None:
        """Note that the drawing as it stands is on disk."""
        self.dirty = False

    def _step(self, source: list, target: list) -> bool:
        self.pen_up()
        if not source:
            return False
        target.append(self._snapshot())
        self.strokes = source.pop()
        self._low, self._high = (1.0, 1.0), (0.0, 0.0)
        for stroke in self.strokes:
            for point in stroke:
                self._enclose(point)
        self._changed()
        return True

    def _snapshot(self) -> list[list[Point]]:
        # Finished strokes never change, so the list can share them; one in progress is ended before any snapshot.
        return list(self.strokes)

    def _enclose(self, point: Point) -> None:
        self._low = min(self._low[0], point[0]), min(self._low[1], point[1])
        self._high = max(self._high[0], point[0]), max(self._high[1], point[1])

    def _changed(self) -> None:
        self.generation += 1
        self.dirty = bool(self.strokes)
        if not self.strokes:
            self.answers.clear()

    # ---------------------------------------------------------------- answers

    def record(self, name: str, generation: int, probabilities: list[float]) -> bool:
        """Keep a model's answer unless the drawing has changed since it was asked; return whether it was kept."""
        if not self.strokes or not self._is_current(generation):
            return False
        self.answers[name] = Answer(generation, tuple(probabilities))
        return True

    def drop_outdated(self) -> bool:
        """Forget the answers to earlier states of the drawing; return whether there were any."""
        current = {name: answer for name, answer in self.answers.items() if self._is_current(answer.generation)}
        changed = len(current) != len(self.answers)
        self.answers = current
        return changed

    def _is_current(self, generation: int) -> bool:
        # While the pen is down every motion is a new state. An answer to an earlier moment of the same stroke still
        # counts then: without it, a worker slower than the hand would not be heard before the pen is lifted.
        return generation == self.generation or (self.pen_is_down and generation >= self._stroke_generation)

    # ---------------------------------------------------------------- models

    def set_focus(self, name: str) -> None:
        """Put a model in focus."""
        if name not in self.names:
            raise ValueError(f"no model {name!r} among {self.names}")
        self.focus = name

    def set_compared(self, names: set[str]) -> None:
        """Choose the models that stand in the comparison."""
        self.compared = set(names) & set(self.names)

    @property
    def asked(self) -> list[str]:
        """The models that read the drawing: the one in focus first, then the comparison in its order."""
        others = [name for name in self.names if name in self.compared and name != self.focus]
        return [self.focus, *others] if self.focus is not None else others

    def sign(self, name: str) -> str:
        """``"agrees"`` or ``"says 2"``: a model's answer set against that of the model in focus; or nothing yet."""
        ours, theirs = self.answers.get(self.focus), self.answers.get(name)
        if name == self.focus or ours is None or theirs is None:
            return ""
        return "agrees" if ours.digit == theirs.digit else f"says {theirs.digit}"

    def agreement(self) -> str:
        """How the asked models split, the largest group first: ``"2 of 3 say 7 · 1 says 2"``."""
        digits = [self.answers[name].digit for name in self.asked if name in self.answers]
        return verdict(digits) if len(digits) > 1 else ""


def _clip_to_pad(start: Point, end: Point) -> tuple[Point, Point] | None:
    """The part of a segment inside the unit square, or None (Liang and Barsky, ACM TOG 3(1), 1984)."""
    enter, leave = 0.0, 1.0
    for origin, delta in ((start[0], end[0] - start[0]), (start[1], end[1] - start[1])):
        if delta == 0:
            if not 0 <= origin <= 1:
                return None
            continue
        near, far = sorted((-origin / delta, (1 - origin) / delta))
        enter, leave = max(enter, near), min(leave, far)
    if enter > leave:
        return None

    def at(t: float) -> Point:
        if t == 0:
            return start
        if t == 1:
            return end
        return (start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1]))

    return at(enter), at(leave)
