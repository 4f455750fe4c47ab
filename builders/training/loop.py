"""Train a network by its recipe, whatever library it is built with: a checkpoint after every epoch, and curves."""

import dataclasses
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from builders.training.backends import backend_of
from builders.training.checkpoint import Checkpoint
from builders.training.data import OWN_SHARE, make_training_set
from builders.training.recipe import Network
from zoo._support.progress import say
from zoo.card import DataSet
from zoo.data.arrays import digest
from zoo.errors import DataError

OnEpoch = Callable[[int, dict[str, float]], None]
"""Called after every epoch with its number, from 1, and its values by name."""


@dataclasses.dataclass(frozen=True)
class Training:
    """A trained network.

    Attributes:
        model: the Keras model, or the network from scratch.
        history: its curves, one value an epoch: ``loss`` and, on held-out images, ``val_loss`` and ``val_accuracy``.
        seconds: how long training took.
        synthetic: the synthetic digits and outliers that were learned from; None where there were none.
    """

    model: Any
    history: dict[str, list[float]]
    seconds: float
    synthetic: DataSet | None


def train(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    checkpoints: Path | None,
    own: tuple[np.ndarray, np.ndarray] | None = None,
    own_share: float = OWN_SHARE,
    base_model: Any = None,
    teacher: Any = None,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    show_progress: bool = True,
    on_epoch: OnEpoch | None = None,
) -> tuple[Training, Checkpoint]:
    """Train `network` by its recipe, from the last whole epoch of an interrupted run where there is one.

    The same seed, data, recipe and library versions give the same weights on the same machine and number of threads,
    interrupted or not.

    Args:
        network: the network and its recipe.
        images: uint8 ``(n, 28, 28)``; the recipe's synthetic digits and outliers are put beside them.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the initial weights, the synthetic images, the order of the images, the warps and dropout.
        checkpoints: the folder of the runs that are not finished; without one, an interrupted run starts again.
        own: images and labels of a person's drawings, see ``make_training_set``.
        own_share: about what part of an epoch these are.
        base_model: a trained network of the same layers, with whose weights this one begins.
        teacher: a trained network whose probabilities are learned instead of the labels; Keras only.
        validation: held-out images and labels, scored after every epoch; never trained on.
        show_progress: whether to draw a bar on a terminal, and elsewhere to print a line an epoch.
        on_epoch: is called after every epoch, of an interrupted run's first, with its values of the history and the
            ``learning_rate`` of its last step. What it raises ends the training.

    Raises:
        DataError: there are fewer images than a batch has.
    """
    recipe = network.recipe
    training_set = make_training_set(recipe, images, labels, seed, own, own_share)
    if training_set.epoch < recipe.batch_size:
        raise DataError(
            f"Expected {recipe.batch_size} images, a batch, or more to train on, found {training_set.epoch}: "
            "use a larger data set."
        )
    backend = backend_of(network)(network, training_set, seed, base_model, teacher)
    config = {
        "recipe": dataclasses.asdict(recipe),
        "seed": seed,
        "data": digest(training_set.images, training_set.labels, training_set.warps),
        "libraries": {**backend.libraries, "numpy": np.__version__},
        **backend.config(),
    }
    checkpoint = Checkpoint(checkpoints, f"{network.name}-seed{seed}", config)
    state, history, seconds = checkpoint.read(len(backend.state()))
    if state:
        backend.restore(state)
    progress = TrainingProgress(network, history, seconds, backend.learning_rate, on_epoch, show_progress)

    def end_epoch(values: dict[str, float]) -> None:
        progress.add(values)
        checkpoint.write(backend.state(), progress.history, progress.seconds)
        progress.tell(progress.epochs)

    with progress:
        if progress.epochs < recipe.epochs:
            backend.fit(progress.epochs, validation, end_epoch)
    return Training(backend.model, progress.history, progress.seconds, training_set.synthetic), checkpoint


class TrainingProgress:
    """The epochs of a training, from the last whole one of an interrupted run where there is one.

    Args:
        network: what is trained, and its recipe.
        history: the curves of the interrupted run; empty where there is none.
        seconds: that it took.
        learning_rate: returns that of the end of an epoch, by its number from 1.
        on_epoch: is called after every epoch.
        show: whether to draw a bar on a terminal, and elsewhere to print a line an epoch.
    """

    def __init__(
        self,
        network: Network,
        history: dict[str, list[float]],
        seconds: float,
        learning_rate: Callable[[int], float],
        on_epoch: OnEpoch | None,
        show: bool,
    ):
        self.history = history
        self._total = network.recipe.epochs
        self._learning_rate, self._on_epoch = learning_rate, on_epoch
        self._prints = show and not sys.stderr.isatty()
        if self.epochs == self._total:
            say(f"{network.name}: was trained already.")
        elif self.epochs:
            say(f"{network.name}: going on after epoch {self.epochs} of {self._total} of an interrupted run.")
        self._bar = tqdm(
            total=self._total,
            initial=self.epochs,
            desc=network.name,
            unit="epoch",
            disable=None if show else True,  # None: where stderr is no terminal
        )
        self._started = time.monotonic() - seconds

    def __enter__(self) -> "TrainingProgress":
        for epoch in range(1, self.epochs + 1):
            self.tell(epoch)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    @property
    def epochs(self) -> int:
        """How many epochs are trained."""
        return len(self.history.get("loss", []))

    @property
    def seconds(self) -> float:
        """How long the training has taken, with all its runs."""
        return time.monotonic() - self._started

    def add(self, values: dict[str, float]) -> None:
        """Put the values of an epoch into the curves, and show them."""
        for name, value in values.items():
            self.history.setdefault(name, []).append(round(float(value), 6))
        shown = {name: f"{value:.4f}" for name, value in values.items()}
        self._bar.set_postfix(shown, refresh=False)
        self._bar.update()
        if self._prints:
            words = ", ".join(f"{name} {value}" for name, value in shown.items())
            print(f"  epoch {self.epochs} of {self._total}: {words}", flush=True)

    def tell(self, epoch: int) -> None:
        """Tell of an epoch, which are counted from 1."""
        if self._on_epoch:
            values = {name: curve[epoch - 1] for name, curve in self.history.items()}
            self._on_epoch(epoch, values | {"learning_rate": self._learning_rate(epoch)})
