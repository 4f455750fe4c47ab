"""The row of examples that one walks through: where one stands in it, and what is fetched ahead. Knows no Tk."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gui.numbers import a_digit, percent
from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, Disagreements, ExamplesFound, LabelledDigit, Progress, Refused, TaskMessage

COUNT = 24
"""Examples that are asked for at once."""
AHEAD = 8
"""More are asked for when no more than so many are left."""
DISAGREEMENTS = 40
"""Of the images on which the models disagree, so many."""


@dataclass(frozen=True)
class Example:
    """A labelled digit: strokes in 0..1 as they fit on the pad, or else an image, uint8 (28, 28).

    ``says`` is what each model reads, by name, where all were asked beforehand.
    """

    title: str
    label: int
    strokes: list[np.ndarray] | None = None
    image: np.ndarray | None = None
    says: dict[str, int] = field(default_factory=dict)


class Examples:
    """Examples of one source, in a row that stays as it was on the way back.

    ``models`` tells which models are asked what they disagree on, and ``mnist`` which file of MNIST was chosen, if any.
    ``on_example`` is called with the example to load,
    at once or when the worker has answered, and ``on_change`` whenever the title may have changed.
    """

    SOURCES = {
        "generated": "Synthetic digits",
        "mnist": "MNIST test images",
        "split generated": "Synthetic digits the models disagree on",
        "split mnist": "MNIST test images the models disagree on",
    }
    """The sources, and what a person calls them."""

    def __init__(
        self,
        link: WorkerLink,
        models: Callable[[], list[str]],
        on_example: Callable[[Example], None],
        on_change: Callable[[], None] = lambda: None,
        mnist: Callable[[], str] = lambda: "",
    ):
        self.source = ""
        self.digit: int | None = None
        self.index = -1
        self.error = ""
        """Why there are no examples, or no more of them, in one sentence."""
        self.progress = 0.0
        """How much is done of what is being looked for, 0..1."""
        self._link = link
        self._models = models
        self._on_example = on_example
        self._on_change = on_change
        self._mnist = mnist
        self._start = 0  # the number from which on the next ones are asked for
        self._row: list[Example] = []
        self._is_complete = False
        self._is_shown = False
        self._request: int | None = None  # the number of the one under way
        self._wanted: int | None = None  # the place in the row that is waited for

    def choose(self, source: str, start: int = 0) -> None:
        """Begin a new row of examples, at a number, and load its first."""
        if source not in self.SOURCES:
            raise ValueError(f"no source {source!r} among {list(self.SOURCES)}")
        if self._request is not None:
            self._link.cancel(self._task)
        self.source, self._start = source, start
        self.index, self._row, self._is_complete, self._request = -1, [], False, None
        self._go(0)

    def choose_digit(self, digit: int | None) -> None:
        """Begin anew with examples of one digit, or of all."""
        self.digit = digit
        self.choose(self._walked)

    def go_to(self, number: int) -> None:
        """Load the example of a number, of the digit that is chosen: the next there is."""
        self.choose(self._walked, number)

    def stop(self) -> None:
        """Look no further."""
        if self._request is not None:
            self._link.cancel(self._task)
        self._request = self._wanted = None
        self._on_change()

    def next(self) -> None:
        """Load the next example; without a source yet, the first generated one."""
        if not self.source:
            self.choose("generated")
        elif self._wanted is not None:
            return  # it is being looked for
        elif self._are_disagreements and not self._row and not self.error:
            self.choose(self.source)
        else:
            self._go(self.index + 1)

    def previous(self) -> None:
        """Load the example before, if there is one."""
        if self.index > 0:
            self._go(self.index - 1)

    @property
    def is_searching(self) -> bool:
        """Whether the models are asked about many images."""
        return self._request is not None and self._are_disagreements

    @property
    def label(self) -> int | None:
        """The digit that is on the pad, where an example is."""
        return self.current.label if self.current is not None and self._is_shown else None

    @property
    def _walked(self) -> str:
        return self.source.removeprefix("split ") or "generated"

    @property
    def current(self) -> Example | None:
        """The example that was loaded last."""
        return self._row[self.index] if 0 <= self.index < len(self._row) else None

    @property
    def title(self) -> str:
        """What is on the pad, ``"MNIST test image 1,234 (a 7)"``, or what is being looked for, or what is wrong."""
        if self.error:
            return self.error
        if self._wanted is not None and self._are_disagreements:
            return f"Asking the models… {percent(self.progress, 0)}"
        if self._wanted is not None:
            return "Looking for examples…"
        return self.current.title if self.current and self._is_shown else ""

    def leave(self) -> None:
        """Note that something else is on the pad now; the next example is still the one that follows."""
        self._is_shown = False

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was about examples."""
        if message.request != self._request:
            return False
        if isinstance(message, Progress):
            self.progress = message.done
        else:
            self._request = None
            match message:
                case Answer(result=ExamplesFound() | Disagreements() as found):
                    self._extend(found)
                case Refused(error=error):
                    self.error, self._wanted = error, None
            if self._wanted is not None:
                self._go(self._wanted)
        self._on_change()
        return True

    @property
    def _are_disagreements(self) -> bool:
        return self.source.startswith("split")

    @property
    def _task(self) -> str:
        return "disagreements" if self._are_disagreements else "examples"

    def _go(self, index: int) -> None:
        self.error = ""
        is_there = index < len(self._row)
        self._wanted = None if is_there or self._is_complete else index
        if is_there:
            self.index = index
        if not self._is_complete and self._request is None and len(self._row) - 1 - index <= AHEAD:
            self._ask()
        if is_there:
            self._on_example(self._row[index])
            self._is_shown = True
        elif self._is_complete and not self._row:
            self.error = (
                "The models agree on all of them." if self._are_disagreements else "There are no such examples."
            )
        self._on_change()

    def _ask(self) -> None:
        self.progress = 0.0
        kind = self.source.removeprefix("split ")
        if self._are_disagreements:
            self._request = self._link.request(
                "disagreements", source=kind, names=self._models(), count=DISAGREEMENTS, mnist=self._mnist()
            )
        else:
            self._request = self._link.request(
                "examples", source=kind, digit=self.digit, count=COUNT, start=self._start, mnist=self._mnist()
            )

    def _extend(self, found: ExamplesFound | Disagreements) -> None:
        count = len(found.examples)
        self._start = found.examples[-1].number + 1 if found.examples else 0
        self._is_complete = self._are_disagreements or count < COUNT
        for place, each in enumerate(found.examples, start=1):
            self._row.append(_example(f"{place} of {count} · " if self._are_disagreements else "", found.source, each))


def _example(place: str, source: str, found: LabelledDigit) -> Example:
    kind = "MNIST test image" if source == "mnist" else "Synthetic"
    title = f"{place}{kind} {found.number:,} ({a_digit(found.label)})"
    return Example(title, found.label, found.strokes, found.image, found.says)
