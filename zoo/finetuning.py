"""What the command that tunes a model to a person's own drawings, and the window that starts it, agree on.

The command is ``python -m builders.finetune NAME --strokes FILE --json``. It prints a message a line, as JSON: how far
it is, and at the end either a result or an error.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from zoo.card import Score

MODULE = "builders.finetune"
SUFFIX = "_tuned"
"""The name of a tuned model is that of its base model and this, unless another is asked for."""
LEAST_DRAWINGS = 10
"""Fewer drawings say nothing about how somebody writes."""

LEAST_REPEATED = 2
"""Of so many digits there must be two drawings or more: one to learn from, one to hold out."""

PHASES = {"loading": 0.0, "drawing": 0.2, "tuning": 0.3, "publishing": 0.85}
"""The phases in their order, and how much of the whole is done as each begins, 0..1."""

SCORES = {"own_drawings": "own", "generated_test": "generated", "held_out": "mnist"}
"""What a result calls the sets of "metrics" in ``model.json``: drawings held out, synthetic digits, MNIST."""


@dataclass(frozen=True)
class Progress:
    """How far the tuning is: a key of ``PHASES``, and how much of the whole is done, 0..1.

    After each epoch also the training loss, and the share of the held-out drawings that is read right, 0..1.
    """

    phase: str
    done: float
    loss: float | None = None
    accuracy: float | None = None


@dataclass(frozen=True)
class Result:
    """What came out of the tuning.

    Attributes:
        name: of the tuned model, None where it is no better and so is not published.
        version: of it, or None.
        path: of its folder, or None.
        before: the scores of the base model, by the values of ``SCORES``.
        after: the scores of the tuned model, likewise.
    """

    name: str | None
    version: int | None
    path: str | None
    before: dict[str, Score]
    after: dict[str, Score]


@dataclass(frozen=True)
class Failure:
    """Why there is no result, in one sentence."""

    error: str


Message = Progress | Result | Failure

_KINDS: dict[str, type[Progress] | type[Result] | type[Failure]] = {
    "progress": Progress,
    "result": Result,
    "error": Failure,
}


def repeated_digits(counts: Iterable[int]) -> int:
    """Return how many digits were drawn twice or more, by the number of drawings of each."""
    return sum(count > 1 for count in counts)


def progress(phase: str, part: float = 0.0, loss: float | None = None, accuracy: float | None = None) -> Progress:
    """Return the message that `part`, 0..1, of a phase is done, and what has come of it."""
    start = PHASES[phase]
    end = min((other for other in PHASES.values() if other > start), default=1.0)
    return Progress(phase, round(start + part * (end - start), 3), loss, accuracy)


def to_line(message: Message) -> str:
    """Return a message as the command prints it, without the end of the line."""
    kind = next(kind for kind, of in _KINDS.items() if isinstance(message, of))
    return json.dumps({"kind": kind, **asdict(message)}, ensure_ascii=False)


def from_line(line: str) -> Message | None:
    """Return the message in a line; None where there is none, as libraries print too."""
    try:
        content: Any = json.loads(line)
        of = _KINDS[content.pop("kind")]
        message = of(**content)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return message if _is_sound(message) else None


def _is_sound(message: Message) -> bool:
    """Tell whether the parts of a message have their types."""
    match message:
        case Progress(phase, done, loss, accuracy):
            numbers = all(isinstance(value, int | float | None) for value in (loss, accuracy))
            return numbers and isinstance(phase, str) and isinstance(done, int | float) and 0 <= done <= 1
        case Result(name, _, _, before, after):
            return isinstance(name, str | None) and isinstance(before, dict) and isinstance(after, dict)
        case Failure(error):
            return isinstance(error, str)
