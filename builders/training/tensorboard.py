"""TensorBoard logs of a training: loss, held-out loss and accuracy, and learning rate, epoch by epoch."""

import importlib.util
import itertools
import json
import time
from dataclasses import asdict
from pathlib import Path

from builders.training.recipe import Network
from zoo.errors import ZooError

TAGS = {"val_loss": "held_out_loss", "val_accuracy": "held_out_accuracy"}
NOTE, LOCK = "unfinished.json", ".running"


class EventLog:
    """A run of its own in a folder of runs, ``NAME-seedSEED-TIME``; to be called after every epoch, as ``train`` does.

    A training that goes on after an interruption passes its epochs again from the first, so the run is written anew
    under the name it had. A lock, which the system takes back from a process that dies, tells such a run from that of
    another training that is going on.
    """

    def __init__(self, folder: Path, network: Network, seed: int, images: int):
        for name, module in (("TensorBoard", "tensorboard"), ("TensorFlow", "tensorflow"), ("filelock", "filelock")):
            if not importlib.util.find_spec(module):  # a network in NumPy does without them otherwise
                raise ZooError(f"TensorBoard logs need {name}: install it first (pip install {module}).")
        import tensorflow as tf

        self._tf = tf
        training = json.dumps({"seed": seed, "images": images, "recipe": asdict(network.recipe)}, indent=2)
        self._claim_run(folder, f"{network.name}-seed{seed}-", training)
        for old in self.run.glob("events.out.tfevents.*"):
            old.unlink()
        self._writer = tf.summary.create_file_writer(str(self.run))

    def _claim_run(self, folder: Path, prefix: str, training: str) -> None:
        """Take over the run of the same training that was interrupted, or begin one that nobody else has."""
        from filelock import FileLock, Timeout

        interrupted = [note.parent for note in sorted(folder.glob(f"{prefix}*/{NOTE}")) if note.read_text() == training]
        fresh = f"{prefix}{time.strftime('%Y%m%d-%H%M%S')}"
        numbered = (folder / (f"{fresh}-{number}" if number else fresh) for number in itertools.count())
        for run in itertools.chain(interrupted, numbered):
            is_fresh = run not in interrupted
            try:
                run.mkdir(parents=True, exist_ok=not is_fresh)
                lock = FileLock(run / LOCK)
                lock.acquire(timeout=0)
            except (FileExistsError, Timeout):
                continue
            self.run, self._lock = run, lock
            (run / NOTE).write_text(training)
            return

    def __call__(self, epoch: int, logs: dict[str, float]) -> None:
        """Write the values of an epoch, numbered from 1."""
        with self._writer.as_default(step=epoch):
            for name, value in logs.items():
                self._tf.summary.scalar(TAGS.get(name, name), value)
        self._writer.flush()

    def close(self) -> None:
        """End the run: the next training of the same kind gets one of its own."""
        self._writer.close()
        (self.run / NOTE).unlink(missing_ok=True)
        self._lock.release()
        (self.run / LOCK).unlink(missing_ok=True)
