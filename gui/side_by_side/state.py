"""Two models side by side, on a drawing that is changed after it was centred. Knows no Tk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, Pair, Progress, Refused, Sweep, TaskMessage
from zoo.changes import CHANGES, NEUTRAL
from zoo.classifier import Prediction

if TYPE_CHECKING:
    from gui.compare.comparing import Comparing


@dataclass(frozen=True)
class Curve:
    """How a model's confidence in one digit runs along a change.

    Attributes:
        name: of the model.
        title: of the model.
        confidence: float32 ``(levels,)``, 0..1, in the digit that is explained.
        span: the first and the last level, around that which changes nothing, to which the model reads that digit;
            None where it never does.
    """

    name: str
    title: str
    confidence: np.ndarray
    span: tuple[float, float] | None


class SideBySide:
    """How far the drawing is changed, which model stands beside the one in focus, and what the worker says of both.

    It asks the worker while ``is_shown``, for one thing at a time: what changed meanwhile is asked afterwards, so that
    there is something to see while a slider moves. ``on_change`` is called when there is something new to show.

    Args:
        comparing: has the drawing, and the model in focus.
        link: of the worker.
        other: the name of the model that was chosen last time to stand beside it; empty for none.
        remember: called with the name of one that is chosen.
    """

    def __init__(
        self,
        comparing: "Comparing",
        link: WorkerLink,
        other: str = "",
        remember: Callable[[str], None] = lambda _name: None,
    ):
        self.levels = dict(NEUTRAL)
        self.along = "right"
        """The change along which the curves run: that which was changed last."""
        self.is_shown = False
        self.sweep: Sweep | None = None
        self.pair: Pair | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._comparing, self._link = comparing, link
        self._other: str | None = other  # where one was chosen
        self._remember = remember
        self._image: np.ndarray | None = None  # of which something was asked last
        self._number = 0  # of that image, counted from 1
        self._wanted: dict[str, tuple] = {}  # what was asked last, by task
        self._due: set[str] = set()  # the tasks that owe an answer

    # ---------------------------------------------------------------- what is chosen

    @property
    def names(self) -> list[str]:
        """The model in focus, and the one beside it where there is another."""
        focus, other = self._comparing.models.in_focus, self.other
        return [name for name in (focus, other) if name is not None]

    @property
    def other(self) -> str | None:
        """The model beside the one in focus: the chosen one, else one of another family."""
        cards, focus = self._comparing.models.cards, self._comparing.models.in_focus
        names = [name for name, card in cards.items() if name != focus and card.error is None]
        if self._other in names:
            return self._other
        family, runtime = (cards[focus].family, cards[focus].facts.runtime) if focus in cards else ("", "")
        # The best of another family; beside a network that is no MLP a small one of these, as they differ the most.
        others = sorted(
            names,
            key=lambda name: (
                cards[name].family == family,
                cards[name].family != "fully connected",
                not any("hidden" in layer for layer in cards[name].facts.layers or ()),
                -(cards[name].accuracy or 0) if family == "fully connected" else cards[name].parameters,
                cards[name].facts.runtime != runtime,
            ),
        )
        return others[0] if others else None

    def choose_other(self, name: str) -> None:
        """Put a model beside the one in focus; where it is that one, they change places."""
        focus = self._comparing.models.in_focus
        if name == focus:
            self._other, name = focus, self.other or name
            self._comparing.set_focus(name)
        else:
            self._other = name
            self.refresh()
        self._remember(self._other or "")

    def choose_focus(self, name: str) -> None:
        """Put a model in focus; where it stood beside that, they change places."""
        if name == self.other:
            self._other = self._comparing.models.in_focus
            self._remember(self._other or "")
        self._comparing.set_focus(name)

    def set_level(self, name: str, level: float) -> None:
        """Change the drawing so far; the curves run along this change from now on."""
        self.levels[name] = CHANGES[name].nearest(level)
        self.along = name
        self.refresh()

    def reset(self) -> None:
        """Show the drawing unchanged."""
        self.levels = dict(NEUTRAL)
        self.refresh()

    @property
    def is_changed(self) -> bool:
        """Whether the drawing is shown other than it is."""
        return self.levels != NEUTRAL

    @property
    def target(self) -> int | None:
        """The digit in which the curves show the confidence."""
        return self._comparing.session.target

    # ---------------------------------------------------------------- what the worker says

    @property
    def curves(self) -> list[Curve]:
        """The curves of all models on the board and of the two, the most patient model first."""
        target, sweep = self.target, self.sweep
        if sweep is None or target is None:
            return []
        change, titles = CHANGES[sweep.name], self._comparing.models.titles
        curves = []
        for name, probabilities in sweep.probabilities.items():
            digits = Prediction(probabilities, probabilities).digits
            span = _span(digits == target, change.levels.index(change.neutral))
            levels = None if span is None else (change.levels[span[0]], change.levels[span[1]])
            curves.append(Curve(name, titles.get(name, name), probabilities[:, target], levels))
        return sorted(curves, key=lambda curve: (-_width(curve.span), -float(curve.confidence.sum())))

    def refresh(self) -> None:
        """Ask for what is to be seen now and was not asked for; tell that there may be something new to show."""
        if not self.is_shown:
            return
        image = self._comparing.reader.image
        if image is not self._image:
            self._image, self._number = image, self._number + 1
        if image is None:
            self.sweep = self.pair = None
            self._wanted.clear()
        else:
            session, models = self._comparing.session, self._comparing.models
            fixed = {**self.levels, self.along: 0}
            names = sorted({*self.names, *session.compared} - models.errors().keys())
            self._ask("sweep", (self._number, self.along, *fixed.values(), *names), name=self.along, names=names)
            names = [name for name in self.names if not models.error_of(name)]
            self._ask("pair", (self._number, *self.levels.values(), *names), names=names)
        self.on_change()

    def _ask(self, task: str, wanted: tuple, **arguments) -> None:
        if task not in self._due and self._wanted.get(task) != wanted and arguments["names"]:
            self._wanted[task] = wanted
            self._due.add(task)
            self._link.request(task, image=self._comparing.reader.image, levels=self.levels, **arguments)

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was for this."""
        if message.task not in ("sweep", "pair"):
            return False
        if isinstance(message, Progress):
            return True
        self._due.discard(message.task)
        match message:
            case Answer(result=Sweep() as sweep):
                self.sweep = sweep
            case Answer(result=Pair() as pair):
                self.pair = pair
            case Refused(error=error):
                self._comparing.on_error(error)
        if self._comparing.reader.image is None:
            self.sweep = self.pair = None
        self.refresh()
        return True


def _span(reads: np.ndarray, neutral: int) -> tuple[int, int] | None:
    """Return the first and the last index of the run of True around an index; None where that is False."""
    if not reads[neutral]:
        return None
    wrong = np.flatnonzero(~reads)
    before, after = wrong[wrong < neutral], wrong[wrong > neutral]
    return int(before.max(initial=-1)) + 1, int(after.min(initial=len(reads))) - 1


def _width(span: tuple[float, float] | None) -> float:
    return -1 if span is None else span[1] - span[0]
