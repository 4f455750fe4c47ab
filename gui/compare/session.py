"""Which models look at a drawing, and what they answered. Knows no Tk."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gui.drawing.drawing import Amount, Drawing
from zoo.ensemble import candidates
from zoo.explanation import Layer


@dataclass(frozen=True)
class Answer:
    """What one model said of one state of the drawing; ``is_old`` where that has changed, or its worker has died."""

    generation: int
    probabilities: tuple[float, ...]
    milliseconds: float = 0.0
    is_old: bool = False

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

    @cached_property
    def ranking(self) -> list[int]:
        """The digits from the most to the least probable."""
        return sorted(range(10), key=lambda digit: -self.probabilities[digit])

    @cached_property
    def candidates(self) -> tuple[int, ...]:
        """The digits that it may be: one, two that the model cannot tell apart, or none where it is an outlier."""
        return candidates(self.probabilities)


@dataclass(frozen=True)
class Explanation:
    """Why one model answered one state of the drawing as it did.

    Attributes:
        generation: the number of that state.
        model: the model's name.
        layers: what its layers answered.
        occlusion_map: float32 (10, 28, 28), for each digit how far the ink around a pixel speaks for it.
    """

    generation: int
    model: str
    layers: list[Layer]
    occlusion_map: np.ndarray


class Session:
    """The state behind the window: the drawing, the models that read it, and what they answered."""

    def __init__(self, names: list[str], focus: str | None = None):
        self.names = list(names)
        self.focus = focus if focus is not None else (self.names[0] if self.names else None)
        self.compared = set(self.names)
        self.answers: dict[str, Answer] = {}
        self.is_late = False
        """Whether models owe an answer for longer than they usually take."""
        self.drawing = Drawing(self._drawing_changed)
        self.explanation: Explanation | None = None
        self.unexplained = ""
        """Why the model in focus cannot be explained, in one sentence."""
        self.pinned: int | None = None
        """The digit that was chosen to be explained; None: the one that is read."""
        self.hovered: int | None = None
        """The digit whose bar the pointer is on."""

    # ---------------------------------------------------------------- answers

    def record(self, name: str, generation: int, probabilities: list[float], milliseconds: float = 0.0) -> bool:
        """Keep a model's answer unless the drawing has changed since it was asked; return whether it was kept."""
        if self.drawing.amount is Amount.EMPTY or not self._is_current(generation):
            return False
        self.answers[name] = Answer(generation, tuple(probabilities), milliseconds)
        return True

    def keep_explanation(self, explanation: Explanation) -> bool:
        """Keep an explanation unless it belongs to another model or an earlier drawing; return whether it was kept."""
        if explanation.model != self.focus or not self._is_current(explanation.generation):
            return False
        self.explanation, self.unexplained = explanation, ""
        return True

    @property
    def target(self) -> int | None:
        """The digit to explain: the one pointed at, else the one chosen, else the one that the model in focus reads."""
        answer = self.answers.get(self.focus)
        for digit in (self.hovered, self.pinned):
            if digit is not None:
                return digit
        return answer.digit if answer is not None else None

    def outdate(self, is_all: bool = False) -> bool:
        """Call the answers to earlier states of the drawing old, or all answers; return whether that changes any.

        Of an explanation nothing would be right.
        """
        changed = False
        for name, answer in self.answers.items():
            if not answer.is_old and (is_all or not self._is_current(answer.generation)):
                self.answers[name], changed = replace(answer, is_old=True), True
        if self.explanation is not None and not self._is_current(self.explanation.generation):
            self.explanation, changed = None, True
        return changed

    @property
    def current(self) -> dict[str, Answer]:
        """The answers that are not old."""
        return {name: answer for name, answer in self.answers.items() if not answer.is_old}

    def _is_current(self, generation: int) -> bool:
        # While the pen is down every motion is a new state. An answer to an earlier moment of the same stroke still
        # counts then: without it, a worker slower than the hand would not be heard before the pen is lifted.
        drawing = self.drawing
        return generation == drawing.generation or (drawing.pen_is_down and generation >= drawing.stroke_generation)

    def _drawing_changed(self) -> None:
        if self.drawing.amount is Amount.EMPTY:
            self.answers.clear()
            self.explanation = None
            self.pinned = None

    # ---------------------------------------------------------------- models

    def set_focus(self, name: str) -> None:
        """Put a model in focus."""
        if name not in self.names:
            raise ValueError(f"no model {name!r} among {self.names}")
        if name != self.focus:
            self.explanation, self.unexplained = None, ""
        self.focus = name

    def add(self, name: str) -> None:
        """Take in a model that was not there before, or a new version of one that was."""
        if name not in self.names:
            self.names.append(name)
        self.answers.pop(name, None)

    def keep(self, names: set[str]) -> None:
        """Forget the models that are not among these; where the one in focus is gone, the first takes its place."""
        self.names = [name for name in self.names if name in names]
        self.answers = {name: answer for name, answer in self.answers.items() if name in names}
        self.compared &= names
        if self.focus not in names:
            self.focus, self.explanation = next(iter(self.names), None), None

    def set_compared(self, names: set[str]) -> None:
        """Choose the models that stand in the comparison."""
        self.compared = set(names) & set(self.names)

    @property
    def asked(self) -> list[str]:
        """The models that read the drawing: the one in focus first, then the comparison in its order."""
        others = [name for name in self.names if name in self.compared and name != self.focus]
        return [self.focus, *others] if self.focus is not None else others
