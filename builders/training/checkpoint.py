"""A training as it goes by and what it leaves, whatever library trains: checkpoints, curves, the result."""

import dataclasses
import hashlib
import json
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from builders.training.recipe import Network
from zoo._support.files import atomic_write
from zoo._support.progress import say


@dataclasses.dataclass(frozen=True)
class Training:
    """A trained network.

    Attributes:
        model: the Keras model, or the network from scratch.
        history: its curves, one value an epoch: ``loss`` and, on held-out images, ``val_loss`` and ``val_accuracy``.
        seconds: how long training took.
        generated: what ``model.json`` says of the drawings that were learned from; None where there were none.
    """

    model: Any
    history: dict[str, list[float]]
    seconds: float
    generated: dict | None


class CheckpointFile:
    """One file that holds everything a training needs to go on after its last whole epoch.

    It is a single ``.npz``, replaced atomically. It lies in a folder named by all that decides the weights, so a
    training goes on only where it would have come by itself.

    Args:
        folder: that of the runs that are not finished; None where nothing is to be kept.
        name: of the run, for people.
        decides: all that decides the weights, as JSON data.
    """

    def __init__(self, folder: Path | None, name: str, decides: dict):
        key = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:12]
        self.folder = folder and folder / f"{name}-{key}"
        self.path = folder and self.folder / "checkpoint.npz"

    def write(self, state: list[np.ndarray], history: dict, seconds: float) -> None:
        """Replace the checkpoint by `state`, all that training changes, the curves and the seconds so far."""
        if not self.folder:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"variable_{i}": array for i, array in enumerate(state)}
        with atomic_write(self.path) as file:
            np.savez(file, progress=np.array(json.dumps({"history": history, "seconds": seconds})), **arrays)

    def read(self, count: int) -> tuple[list[np.ndarray] | None, dict, float]:
        """Return what was written, the `count` arrays of the state first; None, empty and 0 where nothing is."""
        if not self.path or not self.path.exists():
            return None, {}, 0.0
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                progress = json.loads(str(saved["progress"]))
                arrays = [saved[f"variable_{i}"] for i in range(count)]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            say(f"The checkpoint {self.path} cannot be read ({error}): training starts again at epoch 1.")
            return None, {}, 0.0
        return arrays, progress["history"], progress["seconds"]

    def remove(self) -> None:
        """Forget the training; called when its artifact is published."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class Course:
    """The epochs of a training, from the last whole one of an interrupted run where there is one.

    Args:
        network: what is trained, and its recipe.
        seed: that decides its random choices.
        kept: the curves and the seconds of the interrupted run, as its checkpoint gave them.
        rate: gives the learning rate at the end of an epoch, by its number from 1.
        on_epoch: is told of every epoch, of an interrupted run's first: its number, from 1, its values of the history
            and the ``learning_rate`` of its last step. What it raises ends the training.
    """

    def __init__(
        self,
        network: Network,
        seed: int,
        kept: tuple[dict[str, list[float]], float],
        rate: Callable[[int], float],
        on_epoch: Callable[[int, dict[str, float]], None] | None,
    ):
        self.history, seconds = kept
        self.rate, self.on_epoch = rate, on_epoch
        self.done = len(self.history.get("loss", []))
        if self.done == network.recipe.epochs:
            say(f"{network.name}, seed {seed}: was trained already.")
        elif self.done:
            say(f"{network.name}: going on after epoch {self.done} of {network.recipe.epochs} of an interrupted run.")
        for epoch in range(1, self.done + 1):
            self._tell(epoch)
        self._started = time.monotonic() - seconds

    @property
    def seconds(self) -> float:
        """How long the training has taken, with all its runs."""
        return time.monotonic() - self._started

    def end_epoch(self, values: dict[str, float], save: Callable[[dict, float], None]) -> None:
        """Put an epoch's values into the curves, have `save` keep these and the seconds, and tell of the epoch."""
        for name, value in values.items():
            self.history.setdefault(name, []).append(round(float(value), 6))
        self.done += 1
        save(self.history, self.seconds)
        self._tell(self.done)

    def result(self, model: Any, generated: dict | None) -> Training:
        """Return the training at its end."""
        return Training(model, self.history, self.seconds, generated)

    def _tell(self, epoch: int) -> None:
        if self.on_epoch:
            values = {name: curve[epoch - 1] for name, curve in self.history.items()}
            self.on_epoch(epoch, values | {"learning_rate": self.rate(epoch)})
