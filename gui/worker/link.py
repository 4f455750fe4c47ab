"""The window's end of the worker: starts it, asks it, notices when it dies or hangs, starts it again. Knows no Tk."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from enum import Enum
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np

from gui.worker.deaths import Deaths
from gui.worker.encoding import from_json, to_json
from gui.worker.messages import (
    Answer,
    Answered,
    Cancelled,
    Died,
    Failed,
    Forget,
    Load,
    Loaded,
    Loading,
    MessageError,
    Progress,
    Read,
    Refused,
    Result,
)
from gui.worker.requests import Requests

HANG_SECONDS = 40
"""A worker that owes an answer, or is loading a model, and says nothing for so long, hangs. Where there is no LiteRT,
TensorFlow may take most of it."""
ENVIRONMENT = {
    # One thread, which for a single small image is also the fastest, leaves a core to the ink.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""What the worker has to be started with: NumPy looks when it is loaded, and never again."""


class Worker(Enum):
    """The state of the worker process."""

    OFF = "off"
    RUNNING = "running"
    RESTARTED = "restarted"
    GIVEN_UP = "given up"


class Model(Enum):
    """The state of one model in the worker."""

    WAITING = "waiting"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class WorkerLink:
    """Runs one worker process over a list of models.

    ``loader`` names the function that loads a model, ``"module:function"``; it is called with a name and ``root``.
    At most one drawing is under way, and only the newest waits behind it; and so with the requests of each task.
    """

    def __init__(self, names: list[str], root: str | None = None, loader: str = "zoo:load"):
        self.names = list(names)
        self.root = root
        self.loader = loader
        self.worker = Worker.OFF
        self.models = dict.fromkeys(self.names, Model.WAITING)
        self.errors: dict[str, str] = {}
        self.first: str | None = None
        """The model to load before the others."""
        self.watch: Callable[[int | None], object] = lambda _file: None
        """Called with the number of the file that tells when the worker says something, and None before it closes."""
        self._deaths = Deaths(self.names)
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._newest: Read | None = None  # the drawing on the pad, asked again after a restart
        self._waiting = False  # whether the newest drawing has still to be sent
        self._sent = -1  # generation of the drawing that was sent last
        self._under_way: list[str] = []  # models that owe an answer to it
        self._requests = Requests(self._send)
        self._has_started = False
        self._silence = 0.0  # seconds for which the worker has owed something and said nothing
        self._looked = 0.0  # when that was found out

    def start(self) -> None:
        """Start the worker, or start it again after it was given up."""
        self._deaths.forgive()
        self._has_started = True
        self._launch()
        self.worker = Worker.RUNNING if self._process else Worker.OFF

    def add(self, name: str) -> None:
        """Have the worker load a model that was not there when it started, or the new version of one that was."""
        if name not in self.names:
            self.names.append(name)
        self.models[name] = Model.WAITING
        self.errors.pop(name, None)
        self._deaths.begin_anew(name)
        self._under_way = [other for other in self._under_way if other != name]
        if self._connection is not None:
            self._send(Load(name))
        elif self._has_started and self.worker is not Worker.GIVEN_UP:
            self.start()

    def remove(self, name: str) -> None:
        """Have the worker forget a model."""
        if name in self.names:
            self.names.remove(name)
            for known in (self.models, self.errors):
                known.pop(name, None)
            self._deaths.forget(name)
            self._has_read(name)
            self._send(Forget(name))

    def ask(self, generation: int, image: np.ndarray, models: list[str]) -> None:
        """Have the models read an image, uint8 (28, 28); it replaces a drawing that has not been sent yet."""
        known = [name for name in models if name in self.models]
        self._newest = Read(generation, image, known)
        self._waiting = True
        self._send_newest()

    def forget(self) -> None:
        """Note that there is nothing on the pad to be read."""
        self._newest, self._waiting = None, False

    def request(self, task: str, **arguments) -> int:
        """Have the worker do one of ``gui.worker.tasks.TASKS``; return the number that its messages will carry.

        The arguments are short JSON data and arrays. A request of the same task that has not been answered is
        cancelled. The last message of a request, of those that ``poll`` returns, is an ``Answer`` or ``Refused``; none
        comes of a cancelled one.
        """
        number = self._requests.add(task, arguments)
        self._send_requests()
        return number

    def cancel(self, task: str) -> None:
        """Withdraw the request of this task, if there is one that has not been answered."""
        self._requests.cancel(task)

    @property
    def is_busy(self) -> bool:
        """Whether the answer to a drawing is due."""
        return bool(self._under_way)

    @property
    def owing(self) -> list[str]:
        """The models that owe an answer to a drawing."""
        return [name for name in self._under_way if self.models[name] is Model.READY]

    @property
    def is_requested(self) -> bool:
        """Whether the answer to a request is due."""
        return self._requests.is_due

    @property
    def pid(self) -> int | None:
        """The process id of the worker, while there is one."""
        return self._process.pid if self._process else None

    @property
    def file(self) -> int | None:
        """The number of the file that tells when the worker says something, while there is one."""
        return self._connection.fileno() if self._connection is not None else None

    def poll(self) -> list[object]:
        """Take the messages that have come from the worker, without waiting; restart it if it died or hangs."""
        messages: list[object] = []
        connection = self._connection  # which may be closed meanwhile, as by Ctrl+C in the terminal
        if connection is not None:
            try:
                while connection.poll():
                    message = from_json(connection.recv_bytes())
                    if self._note(message):
                        messages.append(message)
                    self._silence = 0.0
                if self._hangs():
                    self._recover(hung=True)
                    messages.append(Died())
            except (EOFError, OSError, MessageError):
                if self._connection is None:
                    return messages
                self._recover()
                messages.append(Died())
            self._send_newest()
            self._send_requests()
        return messages + self._requests.take_refusals()

    def close(self) -> None:
        """End the worker at once; it has nothing to save."""
        if self._process is not None:
            self.watch(None)
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = None
        self._under_way = []
        self._requests.put_back()
        self.worker = Worker.OFF

    def _launch(self) -> None:
        self.close()
        for name in self.names:
            if self.models[name] is not Model.FAILED:
                self.models[name] = Model.WAITING
        names = sorted(self.names, key=lambda name: name != self.first)
        to_load = [name for name in names if self.models[name] is Model.WAITING]
        # Also without a model: it opens pictures and makes examples.
        # "spawn" on every system: a forked copy of a process with a window in it is not safe to go on with.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, to_load, self.root, self.loader), name="models", daemon=True
        )
        with _environment(ENVIRONMENT):
            self._process.start()
        self.watch(self.file)
        theirs.close()  # else this side would never see the end of the pipe
        self._waiting = self._newest is not None
        self._looked, self._silence = time.monotonic(), 0.0
        self._send_requests()

    def _send_newest(self) -> None:
        if not self._waiting or self._under_way or self._connection is None:
            return
        # Those that are not loaded yet read it as soon as they are.
        readers = [name for name in self._newest.models if self.models.get(name, Model.FAILED) is not Model.FAILED]
        if readers and self._send(self._newest):
            self._waiting = False
            self._sent = self._newest.generation
            self._under_way = readers

    def _send_requests(self) -> None:
        if self._connection is not None:
            self._requests.send_waiting()
        elif self._has_started:
            self._requests.refuse_waiting()

    def _send(self, message: object) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.send_bytes(to_json(message))
        except OSError:
            return False  # the next poll finds it dead
        return True

    def _hangs(self) -> bool:
        """Return whether the worker owes something for too long, counting only while somebody looks: laptops sleep."""
        now = time.monotonic()
        passed, self._looked = min(now - self._looked, 1.0), now
        if Model.LOADING in self.models.values() or self._under_way or self._requests.has_begun:
            self._silence += passed
        else:
            self._silence = 0.0
        return self._silence > HANG_SECONDS

    def _note(self, message: object) -> bool:
        """Learn from a message; return whether the window is to have it, too."""
        if getattr(message, "model", None) not in (None, *self.models):
            return False  # of a model that was removed meanwhile
        match message:
            case Progress() | Answer() | Refused() | Cancelled():
                return self._requests.receive(message)
            case Loading(name):
                self.models[name] = Model.LOADING
            case Loaded(name):
                self.models[name] = Model.READY
                self.worker = Worker.RUNNING
                if self._newest and not self._waiting and name in self._newest.models:
                    self._has_read(name)
                    self._under_way.append(name)  # it reads the drawing that the worker has
            case Failed(name, error):
                self._set_aside(name, error)
                self.worker = Worker.RUNNING
                self._has_read(name)
            case Result(generation, name):
                self._deaths.begin_anew(name)
                if generation == self._sent:
                    self._has_read(name)
            case Answered(generation):
                if generation == self._sent:
                    self._under_way = []
        return True

    def _has_read(self, name: str) -> None:
        if name in self._under_way:
            self._under_way.remove(name)

    def _recover(self, hung: bool = False) -> None:
        culprit = self._culprit()
        if self._deaths.add(culprit, by_chance=not hung and self._was_killed()):
            how = "did not answer any more" if hung else "crashed the process that runs the models"
            self._set_aside(culprit, f"This model {how}; it was set aside.")
        # While it was loading no task was left to go on with.
        if Model.LOADING not in self.models.values() and self._requests.blame():
            self._deaths.forgive()
        if self._deaths.are_too_many():
            self.close()
            self.worker = Worker.GIVEN_UP
        else:
            self._launch()
            self.worker = Worker.RESTARTED if self._process else Worker.OFF

    def _was_killed(self) -> bool:
        self._process.join(0.05)
        return self._process.exitcode in (None, -signal.SIGTERM, -getattr(signal, "SIGKILL", signal.SIGTERM))

    def _culprit(self) -> str | None:
        """Return the model that was at work when the worker died."""
        for name, state in self.models.items():
            if state is Model.LOADING:
                return name
        return next((name for name in self._under_way if self.models[name] is Model.READY), None)

    def _set_aside(self, name: str, error: str) -> None:
        self.models[name] = Model.FAILED
        self.errors[name] = error


def _serve(*arguments: Any) -> None:
    """Be the worker. What only it needs is imported in its process alone: the window opens without."""
    from gui.worker.process import serve

    serve(*arguments)


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set variables for a process that is started within this context."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
