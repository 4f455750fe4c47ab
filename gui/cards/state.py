"""What a card shows beyond ``model.json``: which digits a model reads as which. Knows no Tk."""

from collections.abc import Callable

import numpy as np

from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, Confusion, Progress, TaskMessage
from zoo.card import Card
from zoo.evaluation.recorded import recorded_confusions

SYNTHETIC = "Synthetic digits"


class Confusions:
    """The confusion matrices of models: those of the report, or else one on synthetic digits, which the worker makes.

    ``on_change`` is called when there is something new to show.
    """

    def __init__(self, link: WorkerLink):
        self._link = link
        self._known: dict[tuple[str, int], dict[str, np.ndarray]] = {}
        self._asked: tuple[str, int] | None = None
        self.done = 0.0
        """How much of that which the worker makes is done, 0..1."""
        self.on_change: Callable[[], None] = lambda: None

    def of(self, card: Card) -> dict[str, np.ndarray]:
        """Return the matrices of a model by title of the set, int64 (10, 10); none until the worker has made one."""
        key = card.name, card.version
        if key not in self._known:
            self._known[key] = recorded_confusions(card)
        if not self._known[key] and self._asked != key and card.error is None:
            self._asked, self.done = key, 0.0
            self._link.request("confusion", model=card.name)
        return self._known[key]

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was for this."""
        if message.task != "confusion":
            return False
        match message:
            case Progress(done=done):
                self.done = done
            case Answer(result=Confusion(model, counts)) if self._asked is not None and self._asked[0] == model:
                self._known[self._asked] = {SYNTHETIC: counts}
        self.on_change()
        return True
