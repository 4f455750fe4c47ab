"""What the worker was asked to do beside reading drawings: what is under way, and what waits. Knows no Tk."""

from collections.abc import Callable
from dataclasses import dataclass

from gui.worker.messages import Answer, Cancel, Cancelled, Progress, Refused, Request

DEATHS_PER_REQUEST = 2
"""A request is refused when the worker died this often while at it."""


@dataclass
class _Pending:
    request: Request
    deaths: int = 0
    has_begun: bool = False
    is_cancelled: bool = False


class Requests:
    """At most one request of each task is under way, and only the newest waits behind it.

    ``send`` gives a message to the worker and returns whether it took it.
    """

    def __init__(self, send: Callable[[Request | Cancel], bool]):
        self._send = send
        self._count = 0
        self._under_way: dict[str, _Pending] = {}  # by task
        self._waiting: dict[str, _Pending] = {}
        self._refusals: list[Refused] = []

    def add(self, task: str, arguments: dict) -> int:
        """Put a request in place of one of the same task, which is cancelled; return its number."""
        self.cancel(task)
        self._count += 1
        self._waiting[task] = _Pending(Request(self._count, task, arguments))
        return self._count

    def cancel(self, task: str) -> None:
        """Withdraw the request of this task, if there is one that has not been answered."""
        self._waiting.pop(task, None)
        pending = self._under_way.get(task)
        if pending and not pending.is_cancelled:
            pending.is_cancelled = True
            self._send(Cancel(pending.request.number))

    @property
    def is_due(self) -> bool:
        """Whether an answer is due."""
        pending = [*self._under_way.values(), *self._waiting.values()]
        return bool(self._refusals) or not all(each.is_cancelled for each in pending)

    @property
    def has_begun(self) -> bool:
        """Whether the worker is at one."""
        return any(pending.has_begun for pending in self._under_way.values())

    def send_waiting(self) -> None:
        """Give the worker what waits for nothing else."""
        for task, pending in list(self._waiting.items()):
            if task not in self._under_way and self._send(pending.request):
                pending.has_begun = False
                self._under_way[task] = self._waiting.pop(task)

    def receive(self, message: Progress | Answer | Refused | Cancelled) -> bool:
        """Learn from a message of the worker; return whether somebody waits for it."""
        pending = self._under_way[message.task]
        pending.has_begun = True
        if not isinstance(message, Progress):
            del self._under_way[message.task]
        return not pending.is_cancelled

    def blame(self) -> bool:
        """Note that the worker died of what it was at; return whether that is now refused."""
        is_refused = False
        for task, pending in list(self._under_way.items()):
            pending.deaths += pending.has_begun
            if pending.deaths >= DEATHS_PER_REQUEST and not pending.is_cancelled:
                del self._under_way[task]
                self._refuse(pending, "The process that runs the models stopped twice over this; it was given up.")
                is_refused = True
        return is_refused

    def put_back(self) -> None:
        """Let what the worker was at when it ended wait for the next one."""
        unanswered = {task: pending for task, pending in self._under_way.items() if not pending.is_cancelled}
        self._waiting = unanswered | self._waiting
        self._under_way = {}

    def refuse_waiting(self) -> None:
        """Refuse what waits, as there is no worker to wait for."""
        for pending in self._waiting.values():
            self._refuse(pending, "Expected models that run, found none: start them again, or build some.")
        self._waiting = {}

    def take_refusals(self) -> list[Refused]:
        """Return what was refused here since the last call."""
        refusals, self._refusals = self._refusals, []
        return refusals

    def _refuse(self, pending: _Pending, error: str) -> None:
        self._refusals.append(Refused(pending.request.number, pending.request.task, error))
