"""What a training leaves: its result, and after every epoch a checkpoint to go on from, whatever library trains."""

import dataclasses
import hashlib
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from zoo.progress import say


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
        folder: that of the runs that are not finished.
        name: of the run, for people.
        decides: all that decides the weights, as JSON data.
    """

    def __init__(self, folder: Path, name: str, decides: dict):
        key = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:12]
        self.folder = folder / f"{name}-{key}"
        self.path = self.folder / "checkpoint.npz"

    def write(self, state: list[np.ndarray], history: dict, seconds: float) -> None:
        """Replace the checkpoint by `state`, all that training changes, the curves and the seconds so far."""
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"variable_{i}": array for i, array in enumerate(state)}
        partial = self.path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            np.savez(file, progress=np.array(json.dumps({"history": history, "seconds": seconds})), **arrays)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path)

    def read(self, count: int) -> tuple[list[np.ndarray] | None, dict, float]:
        """Return what was written, the `count` arrays of the state first; None, empty and 0 where nothing is."""
        if not self.path.exists():
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
        shutil.rmtree(self.folder, ignore_errors=True)
