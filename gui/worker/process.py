"""The process that loads and runs the models.

It imports TensorFlow, so that the window's process need not: importing it in a thread stalls the window, and a process
can crash and be started again. The window talks to it through ``worker_link.py``, in JSON over a pipe. To the worker:

    {"generation": 7, "image": "<base64 of 784 bytes>", "models": ["two_conv_cnn", ...]}
    {"request": 3, "task": "examples", "arguments": {...}}  one of those in ``worker_tasks.py``
    {"cancel": 3}
    {"load": "two_conv_cnn_tuned"}                          a model that is new, or has a new version

and back:

    {"kind": "loading", "model": "two_conv_cnn"}            then "loaded", or
    {"kind": "failed", "model": "two_conv_cnn", "error": "one sentence"}
    {"kind": "result", "generation": 7, "model": "two_conv_cnn", "probabilities": [10 numbers], "milliseconds": 0.3}
    {"kind": "answered", "generation": 7}                   after the results of all models that are loaded
    {"kind": "progress", "request": 3, "task": "examples", "done": 0.0}  when it begins, and up to 1.0; then one of
    {"kind": "answer", "request": 3, "task": "examples", "result": {...}}
    {"kind": "refused", "request": 3, "task": "examples", "error": "one sentence"}
    {"kind": "cancelled", "request": 3, "task": "examples"}

A drawing that arrives replaces the one before it. A model that is loaded later reads the drawing that is there.
"""

import contextlib
import importlib
import json
import logging
import os
import signal
import sys
import time
import warnings
from collections.abc import Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from gui.system.opening import image_from_text
from gui.worker.tasks import TASKS, models_of
from zoo._support.processes import end_with_parent

PAUSE = 0.04
"""Seconds to listen after a model is loaded and before the next is, a little more than the window takes to look."""

SIGN_OF_LIFE = 1.0
"""Seconds after which a task that goes on says so, also where it cannot tell how much is done."""

ENVIRONMENT = {
    # One thread, which for a single small image is also the fastest, leaves a core to the ink.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",  # a GPU's start-up costs more than one image can win back
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "GRPC_VERBOSITY": "NONE",
}
"""What the process has to be started with: some libraries look when they are loaded, and never again."""


def serve(connection: Connection, names: list[str], root: str | None, loader: str) -> None:
    """Load the models one after the other and read drawings with them, until the window goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is for the window
    end_with_parent()  # however the window died, even in the middle of loading
    if hasattr(os, "nice"):
        os.nice(5)  # ink goes before answers
    _silence_libraries()
    with contextlib.suppress(EOFError, OSError):  # the window closed the pipe
        _Server(connection, names, root, loader).run()


@dataclass
class _Task:
    request: int
    name: str
    needs: set[str]
    steps: Generator
    told: float | None = None  # when its progress was told last
    done: float = 0.0


class _Server:
    def __init__(self, connection: Connection, names: list[str], root: str | None, loader: str):
        self.connection = connection
        self.to_load = list(names)
        self.root = root
        self.loader = loader
        self.models = {}
        self.drawing = None
        self.to_answer: list[str] = []
        self.tasks: list[_Task] = []
        self.pause = 0.0

    def run(self) -> None:
        while True:
            # A message goes before everything, an answer before a task, a task before loading; else wait.
            task = self.task_to_go_on_with()
            if self.connection.poll(self.pause if self.to_answer or task or self.to_load else None):
                self.take(json.loads(self.connection.recv_bytes()))
            elif self.to_answer:
                self.read_with(self.to_answer.pop(0))
                if not self.to_answer:
                    self.send(kind="answered", generation=self.drawing["generation"])
            elif task:
                self.go_on_with(task)
            else:
                self.load(self.next_to_load())
                self.pause = PAUSE  # the window may have a drawing waiting for just this model
                continue
            self.pause = 0.0

    def take(self, message: dict) -> None:
        if "cancel" in message:
            for task in [task for task in self.tasks if task.request == message["cancel"]]:
                self.tasks.remove(task)
                task.steps.close()
                self.send(kind="cancelled", request=task.request, task=task.name)
        elif "load" in message:
            name = message["load"]
            self.models.pop(name, None)
            self.to_answer = [other for other in self.to_answer if other != name]
            self.to_load = [other for other in self.to_load if other != name] + [name]
        elif "request" in message:
            arguments = message["arguments"]
            steps = _steps(message["task"], self.models, arguments)
            self.tasks.append(_Task(message["request"], message["task"], models_of(arguments), steps))
        else:
            self.drawing = message
            self.to_answer = [name for name in message["models"] if name in self.models]

    def task_to_go_on_with(self) -> _Task | None:
        """The newest, as somebody waits for it, of those that need no model that is still to be loaded."""
        return next((task for task in reversed(self.tasks) if not task.needs & set(self.to_load)), None)

    def go_on_with(self, task: _Task) -> None:
        about = {"request": task.request, "task": task.name}
        if task.told is None:
            self.tell_progress(task)
        try:
            done = next(task.steps)
        except StopIteration as end:
            self.tasks.remove(task)
            self.send(kind="answer", **about, result=end.value)
        except Exception as error:
            self.tasks.remove(task)
            self.send(kind="refused", **about, error=_sentence(error))
        else:
            task.done = task.done if done is None else done
            if done is not None or time.monotonic() - task.told > SIGN_OF_LIFE:
                self.tell_progress(task)

    def tell_progress(self, task: _Task) -> None:
        task.told = time.monotonic()
        self.send(kind="progress", request=task.request, task=task.name, done=round(task.done, 4))

    def next_to_load(self) -> str:
        """The first model, or the first that a task waits for."""
        awaited = set().union(*(task.needs for task in self.tasks))
        name = next((name for name in self.to_load if name in awaited), self.to_load[0])
        self.to_load.remove(name)
        return name

    def load(self, name: str) -> None:
        self.send(kind="loading", model=name)
        try:
            module, function = self.loader.split(":")
            model = getattr(importlib.import_module(module), function)(name, root=self.root)
            model.predict(np.zeros((28, 28), np.uint8))  # the first call is slow, and better slow now
        except Exception as error:  # whatever a model does wrong, the others go on
            self.send(kind="failed", model=name, error=_sentence(error))
            return
        self.models[name] = model
        self.send(kind="loaded", model=name)
        if self.drawing and name in self.drawing["models"]:
            self.to_answer.append(name)

    def read_with(self, name: str) -> None:
        image = image_from_text(self.drawing["image"])
        try:
            began = time.perf_counter()
            prediction = self.models[name].predict(image)
            milliseconds = 1000 * (time.perf_counter() - began)
            probabilities = np.asarray(prediction.probabilities, float).reshape(10)
            if not np.isfinite(probabilities).all():
                raise ValueError("it gave probabilities that are not finite")
        except Exception as error:
            del self.models[name]
            self.send(kind="failed", model=name, error=_sentence(error))
            return
        self.send(
            kind="result",
            generation=self.drawing["generation"],
            model=name,
            probabilities=probabilities.tolist(),
            milliseconds=round(milliseconds, 3),
        )

    def send(self, **message) -> None:
        self.connection.send_bytes(json.dumps(message).encode())


def _steps(task: str, models: dict, arguments: dict) -> Generator:
    # A generator of its own, so that wrong arguments too come to light at its first step.
    return (yield from TASKS[task](models, **arguments))


def _sentence(error: Exception) -> str:
    """One line for the window: our own errors explain themselves, foreign ones need their type."""
    text = " ".join(str(error).split()) or "no reason given"
    if any(base.__name__ == "ZooError" for base in type(error).__mro__):
        return text
    return f"{type(error).__name__}: {text if len(text) <= 200 else text[:199] + '…'}"


def _silence_libraries() -> None:
    """Keep TensorFlow's log off the terminal, while a traceback of our own still gets there."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        # Its first lines are written by C++ before any log level is read, so they go to a closed ear.
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    except OSError:
        pass  # no standard error at all, as under pythonw
