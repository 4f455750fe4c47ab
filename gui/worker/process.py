"""The process that loads and runs the models.

Models run in a process of their own, which can crash and be started again, and never makes the window wait. The window
talks to it through ``gui.worker.link``, by the messages of ``gui.worker.messages`` over a pipe.

A drawing that arrives replaces the one before it. A model that is loaded later reads the drawing that is there.
"""

import contextlib
import importlib
import logging
import os
import signal
import sys
import time
import warnings
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from gui.worker.encoding import from_json, to_json
from gui.worker.labelled import NoMnistError
from gui.worker.messages import (
    Answer,
    Answered,
    Cancel,
    Cancelled,
    Failed,
    Forget,
    Load,
    Loaded,
    Loading,
    Progress,
    Read,
    Refused,
    Request,
    Result,
)
from gui.worker.steps import Steps, models_of
from gui.worker.tasks import TASKS
from zoo._support.processes import end_with_parent
from zoo.classifier import Classifier
from zoo.errors import ZooError

SIGN_OF_LIFE = 1.0
"""Seconds after which a task that goes on says so, also where it cannot tell how much is done."""


def serve(connection: Connection, names: list[str], root: str | None, loader: str) -> None:
    """Load the models one after the other and read drawings with them, until the window goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is for the window
    end_with_parent()  # however the window died, even in the middle of loading
    _silence_libraries()
    with contextlib.suppress(EOFError, OSError):  # the window closed the pipe
        _Server(connection, names, root, loader).run()


@dataclass
class _Task:
    request: int
    name: str
    needs: set[str]
    steps: Steps
    reported: float | None = None  # when its progress was sent last
    done: float = 0.0


class _Server:
    def __init__(self, connection: Connection, names: list[str], root: str | None, loader: str):
        self.connection = connection
        self.to_load = list(names)
        self.root = root
        self.loader = loader
        self.models: dict[str, Classifier] = {}
        self.drawing: Read | None = None
        self.to_answer: list[str] = []
        self.tasks: list[_Task] = []

    def run(self) -> None:
        while True:
            # A message goes before everything, an answer before a task, a task before loading; else wait.
            task = self.task_to_go_on_with()
            if self.connection.poll(0 if self.to_answer or task or self.to_load else None):
                self.receive(from_json(self.connection.recv_bytes()))
            elif self.to_answer:
                self.read_with(self.to_answer.pop(0))
                if not self.to_answer:
                    self.send(Answered(self.drawing.generation))
            elif task:
                self.go_on_with(task)
            else:
                self.load(self.next_to_load())

    def receive(self, message: object) -> None:
        match message:
            case Read():
                self.drawing = message
                self.to_answer = [name for name in message.models if name in self.models]
            case Load(name) | Forget(name):
                self.models.pop(name, None)
                self.to_answer = [other for other in self.to_answer if other != name]
                self.to_load = [other for other in self.to_load if other != name]
                if isinstance(message, Load):
                    self.to_load.append(name)
            case Request(number, task, arguments):
                steps = _steps(task, self.models, arguments)
                self.tasks.append(_Task(number, task, models_of(arguments), steps))
            case Cancel(number):
                for running in [running for running in self.tasks if running.request == number]:
                    self.tasks.remove(running)
                    running.steps.close()
                    self.send(Cancelled(running.request, running.name))

    def task_to_go_on_with(self) -> _Task | None:
        """Return the newest task, as somebody waits for it, of those that need no model that is still to be loaded."""
        return next((task for task in reversed(self.tasks) if not task.needs & set(self.to_load)), None)

    def go_on_with(self, task: _Task) -> None:
        if task.reported is None:
            self.report(task)
        try:
            done = next(task.steps)
        except StopIteration as end:
            self.tasks.remove(task)
            self.send(Answer(task.request, task.name, end.value))
        except Exception as error:
            self.tasks.remove(task)
            self.send(Refused(task.request, task.name, _sentence(error), isinstance(error, NoMnistError)))
        else:
            task.done = task.done if done is None else done
            if done is not None or time.monotonic() - task.reported > SIGN_OF_LIFE:
                self.report(task)

    def report(self, task: _Task) -> None:
        task.reported = time.monotonic()
        self.send(Progress(task.request, task.name, round(task.done, 4)))

    def next_to_load(self) -> str:
        """Return the first model to be loaded, or the first that a task waits for, and take it off the list."""
        awaited = set().union(*(task.needs for task in self.tasks))
        name = next((name for name in self.to_load if name in awaited), self.to_load[0])
        self.to_load.remove(name)
        return name

    def load(self, name: str) -> None:
        self.send(Loading(name))
        try:
            module, function = self.loader.split(":")
            model = getattr(importlib.import_module(module), function)(name, root=self.root)
        except Exception as error:  # whatever a model does wrong, the others go on
            self.send(Failed(name, _sentence(error)))
            return
        self.models[name] = model
        self.send(Loaded(name))
        if self.drawing and name in self.drawing.models:
            self.to_answer.append(name)

    def read_with(self, name: str) -> None:
        try:
            began = time.perf_counter()
            prediction = self.models[name].predict(self.drawing.image)
            milliseconds = 1000 * (time.perf_counter() - began)
            probabilities = np.asarray(prediction.probabilities, float).reshape(10)
            if not np.isfinite(probabilities).all():
                raise ValueError("it gave probabilities that are not finite")
        except Exception as error:
            del self.models[name]
            self.send(Failed(name, _sentence(error)))
            return
        self.send(Result(self.drawing.generation, name, probabilities.tolist(), round(milliseconds, 3)))

    def send(self, message: object) -> None:
        self.connection.send_bytes(to_json(message))


def _steps(task: str, models: dict[str, Classifier], arguments: dict) -> Steps:
    # A generator of its own, so that wrong arguments too come to light at its first step.
    return (yield from TASKS[task](models, **arguments))


def _sentence(error: Exception) -> str:
    """One line for the window: our own errors explain themselves, foreign ones need their type."""
    text = " ".join(str(error).split()) or "no reason given"
    if isinstance(error, ZooError):
        return text
    return f"{type(error).__name__}: {text if len(text) <= 200 else text[:199] + '…'}"


def _silence_libraries() -> None:
    """Keep what libraries log off the terminal, while a traceback of our own still gets there."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        # What C++ writes heeds no log level: it is thrown away.
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    except OSError:
        pass  # no standard error at all, as under pythonw
