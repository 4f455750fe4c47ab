"""What an interrupted training needs to go on: one file, replaced after every epoch."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from zoo._support.files import atomic_write
from zoo._support.progress import say


class Checkpoint:
    """One file that holds everything a training needs to go on after its last whole epoch.

    It is a single ``.npz``, replaced atomically. Its folder is named by the config, so a training goes on
    only where it would have come by itself. (Keras's ``BackupAndRestore`` keeps neither the state of
    dropout nor the curves, and stops at a torn file.)

    Args:
        folder: that of the runs that are not finished; None where nothing is to be kept.
        name: of the run, for people.
        config: all that the weights depend on, as JSON data.
    """

    def __init__(self, folder: Path | None, name: str, config: dict):
        key = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:12]
        self.folder = folder / f"{name}-{key}" if folder else None
        self.path = self.folder / "checkpoint.npz" if self.folder else None

    def write(self, state: list[np.ndarray], history: dict, seconds: float) -> None:
        """Replace the checkpoint by `state`, all that training changes, the curves and the seconds so far."""
        if not self.folder or not self.path:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {f"variable_{i}": array for i, array in enumerate(state)}
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
