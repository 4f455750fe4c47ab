"""The window's end of the worker: starts it, asks it, notices when it dies, starts it again. Knows no Tk."""

import base64
import json
import multiprocessing
import signal
import time
from enum import Enum
from multiprocessing.connection import Connection

import numpy as np

from gui.worker import serve

CRASHES_PER_MODEL = 2
KILLS_PER_MODEL = 4
"""A model is set aside when the worker crashed this often over it; more often, when somebody or something (the system,
out of memory) killed the worker, which may have been chance."""
RESTARTS = 5
"""The worker is started again at most this often within ``RESTART_SECONDS``."""
RESTART_SECONDS = 60


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
    At most one drawing is under way, and only the newest waits behind it.
    """

    def __init__(self, names: list[str], root: str | None = None, loader: str = "zoo:load"):
        self.names = list(names)
        self.root = root
        self.loader = loader
        self.worker = Worker.OFF
        self.models = dict.fromkeys(self.names, Model.WAITING)
        self.errors: dict[str, str] = {}
        self._crashes = dict.fromkeys(self.names, 0)
        self._deaths: list[float] = []
        self._process = None
        self._connection: Connection | None = None
        self._newest: dict | None = None  # the drawing on the pad, asked again after a restart
        self._waiting = False  # whether the newest drawing has still to be sent
        self._sent = -1  # generation of the drawing that was sent last
        self._under_way: list[str] = []  # models that owe an answer to it

    def start(self) -> None:
        """Start the worker, or start it again after it was given up."""
        self._deaths.clear()
        self._launch()
        self.worker = Worker.RUNNING if self._process else Worker.OFF

    def ask(self, generation: int, image: np.ndarray, models: list[str]) -> None:
        """Have the models read an image, uint8 (28, 28); it replaces a drawing that has not been sent yet."""
        text = base64.b64encode(image.tobytes()).decode()
        known = [name for name in models if name in self.models]
        self._newest = {"generation": generation, "image": text, "models": known}
        self._waiting = True
        self._send_newest()

    def forget(self) -> None:
        """There is nothing on the pad to be read."""
        self._newest, self._waiting = None, False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is due."""
        return bool(self._under_way)

    @property
    def pid(self) -> int | None:
        """The process id of the worker, while there is one."""
        return self._process.pid if self._process else None

    def poll(self) -> list[dict]:
        """Take what has come from the worker without waiting, and restart it if it died."""
        messages = []
        if self._connection is None:
            return messages
        try:
            while self._connection.poll():
                message = json.loads(self._connection.recv_bytes())
                self._note(message)
                messages.append(message)
        except (EOFError, OSError):
            self._recover()
            messages.append({"kind": "died"})
        self._send_newest()
        return messages

    def close(self) -> None:
        """End the worker at once; it has nothing to save."""
        if self._process is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = None
        self._under_way = []
        self.worker = Worker.OFF

    def _launch(self) -> None:
        self.close()
        for name in self.names:
            if self.models[name] is not Model.FAILED:
                self.models[name] = Model.WAITING
        to_load = [name for name in self.names if self.models[name] is Model.WAITING]
        if not to_load:
            return
        # "spawn" on every system: a forked copy of a process with a window in it is not safe to go on with.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, to_load, self.root, self.loader), name="models", daemon=True
        )
        self._process.start()
        theirs.close()  # else this side would never see the end of the pipe
        self._waiting = self._newest is not None

    def _send_newest(self) -> None:
        if not self._waiting or self._under_way or self._connection is None:
            return
        ready = [name for name in self._newest["models"] if self.models[name] is Model.READY]
        if not ready:
            return
        try:
            self._connection.send_bytes(json.dumps(self._newest).encode())
        except OSError:
            return  # the next poll finds it dead
        self._waiting = False
        self._sent = self._newest["generation"]
        self._under_way = ready

    def _note(self, message: dict) -> None:
        kind, name = message["kind"], message.get("model")
        if kind == "loading":
            self.models[name] = Model.LOADING
        elif kind == "loaded":
            self.models[name] = Model.READY
            self.worker = Worker.RUNNING
            if self._newest and not self._waiting and name in self._newest["models"]:
                self._under_way.append(name)  # it reads the drawing that the worker has
        elif kind == "failed":
            self._set_aside(name, message["error"])
            self.worker = Worker.RUNNING
        elif kind == "result":
            self._crashes[name] = 0
        if message.get("generation", self._sent) != self._sent:
            return
        if kind in ("result", "failed") and name in self._under_way:
            self._under_way.remove(name)
        if kind == "answered":
            self._under_way = []

    def _recover(self) -> None:
        culprit = self._culprit()
        self._deaths.append(time.monotonic())
        if culprit is not None:
            self._crashes[culprit] += 1
            if self._crashes[culprit] >= (KILLS_PER_MODEL if self._was_killed() else CRASHES_PER_MODEL):
                self._set_aside(culprit, "This model crashed the process that runs the models; it was set aside.")
                self._deaths.clear()  # the cause is gone
        recent = [moment for moment in self._deaths if time.monotonic() - moment < RESTART_SECONDS]
        self._deaths = recent
        if len(recent) > RESTARTS:
            self.close()
            self.worker = Worker.GIVEN_UP
        else:
            self._launch()
            self.worker = Worker.RESTARTED if self._process else Worker.OFF

    def _was_killed(self) -> bool:
        self._process.join(0.05)
        return self._process.exitcode in (None, -signal.SIGTERM, -getattr(signal, "SIGKILL", signal.SIGTERM))

    def _culprit(self) -> str | None:
        """The model that was at work when the worker died."""
        for name, state in self.models.items():
            if state is Model.LOADING:
                return name
        return self._under_way[0] if self._under_way else None

    def _set_aside(self, name: str, error: str) -> None:
        self.models[name] = Model.FAILED
        self.errors[name] = error
