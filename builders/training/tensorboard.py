"""TensorBoard logs of a training: loss, held-out loss and accuracy, and learning rate, epoch by epoch."""

import importlib.util
import json
import time
from dataclasses import asdict
from pathlib import Path

from builders.training.recipe import Network
from zoo.errors import ZooError

TAGS = {"val_loss": "held_out_loss", "val_accuracy": "held_out_accuracy"}


class EventLog:
    """A run of its own in a folder of runs, ``NAME-seedSEED-TIME``; to be told of every epoch, as ``train`` does.

    A training that goes on after an interruption is told of again from its first epoch, so the run is written anew
    under the name it had.
    """

    def __init__(self, folder: Path, network: Network, seed: int, images: int):
        for name in ("TensorBoard", "TensorFlow"):  # which a network in NumPy does without otherwise
            if not importlib.util.find_spec(name.lower()):
                raise ZooError(f"TensorBoard logs need {name}: install it first (pip install {name.lower()}).")
        import tensorflow as tf

        self.tf = tf
        training = json.dumps({"seed": seed, "images": images, "recipe": asdict(network.recipe)}, indent=2)
        name = f"{network.name}-seed{seed}-"
        interrupted = [note for note in sorted(folder.glob(f"{name}*/unfinished.json")) if note.read_text() == training]
        self.run = interrupted[0].parent if interrupted else folder / f"{name}{time.strftime('%Y%m%d-%H%M%S')}"
        self.run.mkdir(parents=True, exist_ok=True)
        self.note = self.run / "unfinished.json"
        self.note.write_text(training)
        for old in self.run.glob("events.out.tfevents.*"):
            old.unlink()
        self.writer = tf.summary.create_file_writer(str(self.run))

    def __call__(self, epoch: int, logs: dict[str, float]) -> None:
        """Write the values of an epoch, numbered from 1."""
        with self.writer.as_default(step=epoch):
            for name, value in logs.items():
                self.tf.summary.scalar(TAGS.get(name, name), value)
        self.writer.flush()

    def close(self) -> None:
        """End the run: the next training of the same kind gets one of its own."""
        self.writer.close()
        self.note.unlink(missing_ok=True)
