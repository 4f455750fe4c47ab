"""The process that loads and runs the models.

It imports TensorFlow, so that the window's process need not: importing it in a thread stalls the window, and a process
can crash and be started again. The window talks to it through ``worker_link.py``, in JSON over a pipe. To the worker:

    {"generation": 7, "image": "<base64 of 784 bytes>", "models": ["two_conv_cnn", ...]}

and back:

    {"kind": "loading", "model": "two_conv_cnn"}           then "loaded", or
    {"kind": "failed", "model": "two_conv_cnn", "error": "one sentence"}
    {"kind": "result", "generation": 7, "model": "two_conv_cnn", "probabilities": [10 numbers]}
    {"kind": "answered", "generation": 7}                  after the results of all models that are loaded

A drawing that arrives replaces the one before it. A model that is loaded later reads the drawing that is there.
"""

import base64
import contextlib
import importlib
import json
import logging
import os
import signal
import sys
import warnings
from multiprocessing.connection import Connection

import numpy as np

from zoo.processes import end_with_parent

PAUSE = 0.04
"""Seconds to listen after a model is loaded and before the next is, a little more than the window takes to look."""


def serve(connection: Connection, names: list[str], root: str | None, loader: str) -> None:
    """Load the models one after the other and read drawings with them, until the window goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is for the window
    end_with_parent()  # however the window died, even in the middle of loading
    _step_behind_the_window()
    _silence_libraries()
    with contextlib.suppress(EOFError, OSError):  # the window closed the pipe
        _Server(connection, names, root, loader).run()


class _Server:
    def __init__(self, connection: Connection, names: list[str], root: str | None, loader: str):
        self.connection = connection
        self.to_load = list(names)
        self.root = root
        self.loader = loader
        self.models = {}
        self.drawing = None
        self.to_answer: list[str] = []
        self.pause = 0.0

    def run(self) -> None:
        while True:
            # A drawing goes before everything, an answer before loading; with nothing to do, wait.
            if self.connection.poll(self.pause if self.to_answer or self.to_load else None):
                self.drawing = json.loads(self.connection.recv_bytes())
                self.to_answer = [name for name in self.drawing["models"] if name in self.models]
            elif self.to_answer:
                self.read_with(self.to_answer.pop(0))
                if not self.to_answer:
                    self.send(kind="answered", generation=self.drawing["generation"])
            else:
                self.load(self.to_load.pop(0))
                self.pause = PAUSE  # the window may have a drawing waiting for just this model
                continue
            self.pause = 0.0

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
        image = np.frombuffer(base64.b64decode(self.drawing["image"]), np.uint8).reshape(28, 28)
        try:
            probabilities = np.asarray(self.models[name].predict(image).probabilities, float).reshape(10)
            if not np.isfinite(probabilities).all():
                raise ValueError("it gave probabilities that are not finite")
        except Exception as error:
            del self.models[name]
            self.send(kind="failed", model=name, error=_sentence(error))
            return
        generation = self.drawing["generation"]
        self.send(kind="result", generation=generation, model=name, probabilities=probabilities.tolist())

    def send(self, **message) -> None:
        self.connection.send_bytes(json.dumps(message).encode())


def _sentence(error: Exception) -> str:
    """One line for the window: our own errors explain themselves, foreign ones need their type."""
    text = " ".join(str(error).split()) or "no reason given"
    if any(base.__name__ == "ZooError" for base in type(error).__mro__):
        return text
    return f"{type(error).__name__}: {text if len(text) <= 200 else text[:199] + '…'}"


def _step_behind_the_window() -> None:
    """Ink goes before answers: a lower priority, and one thread, which for a single small image is also the fastest."""
    if hasattr(os, "nice"):
        os.nice(5)
    os.environ.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1", OMP_NUM_THREADS="1")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a GPU's start-up costs more than one image can win back


def _silence_libraries() -> None:
    """Keep TensorFlow's log off the terminal, while a traceback of our own still gets there."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", GRPC_VERBOSITY="NONE")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        # Its first lines are written by C++ before any log level is read, so they go to a closed ear.
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    except OSError:
        pass  # no standard error at all, as under pythonw
