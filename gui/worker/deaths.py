"""How often the worker died, and over which model: what is to be set aside, and when to give up. Knows no Tk."""

import time
from collections.abc import Iterable

CRASHES_PER_MODEL = 2
KILLS_PER_MODEL = 4
"""A model is set aside when the worker crashed or hung this often over it; more often, when somebody or something (the
system, out of memory) killed the worker, which may have been chance."""
RESTARTS = 5
"""The worker is started again at most this often within ``RESTART_SECONDS``."""
RESTART_SECONDS = 60


class Deaths:
    """Counts the deaths of a worker that runs models."""

    def __init__(self, models: Iterable[str]):
        self._of_model = dict.fromkeys(models, 0)
        self._moments: list[float] = []

    def begin_anew(self, model: str) -> None:
        """Hold nothing against a model: it is new, or has answered."""
        self._of_model[model] = 0

    def forget(self, model: str) -> None:
        """Forget a model that was removed."""
        self._of_model.pop(model, None)

    def forgive(self) -> None:
        """Forget when the worker died: its cause is gone."""
        self._moments.clear()

    def add(self, culprit: str | None, *, by_chance: bool) -> bool:
        """Note that the worker died, perhaps over a model; return whether that model has to be set aside."""
        self._moments.append(time.monotonic())
        if culprit is None:
            return False
        self._of_model[culprit] += 1
        if self._of_model[culprit] < (KILLS_PER_MODEL if by_chance else CRASHES_PER_MODEL):
            return False
        self.forgive()
        return True

    def are_too_many(self) -> bool:
        """Return whether the worker is not to be started again."""
        now = time.monotonic()
        self._moments = [moment for moment in self._moments if now - moment < RESTART_SECONDS]
        return len(self._moments) > RESTARTS
