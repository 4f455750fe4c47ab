"""What the training of a network needs of the library that the network is built with."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from builders.training.data import TrainingSet
from builders.training.recipe import Network
from zoo.card import Card, Layer

Logits = Callable[[np.ndarray], np.ndarray]
"""From images, float32 ``(n, 28, 28)`` in 0..255, to logits, float32 ``(n, 10)``."""


class Backend(ABC):
    """A network that is being trained by one library.

    Attributes:
        model: the network: a ``keras.Model`` or a ``zoo.scratch.Sequential``.
        libraries: the versions of what trains, by name.
    """

    model: Any
    libraries: dict[str, str]

    @abstractmethod
    def __init__(
        self, network: Network, training_set: TrainingSet, seed: int, base_model: Any = None, teacher: Any = None
    ):
        """Build the network and make it ready for its first epoch; see ``builders.training.loop.train``."""

    @abstractmethod
    def config(self) -> dict:
        """Return what the weights depend on in this library, as JSON data."""

    @abstractmethod
    def state(self) -> list[np.ndarray]:
        """Return all that training changes, arrays of any dtype and shape: weights, and what the optimizer keeps."""

    @abstractmethod
    def restore(self, state: list[np.ndarray]) -> None:
        """Go on from what ``state`` returned."""

    @abstractmethod
    def learning_rate(self, epoch: int) -> float:
        """Return the learning rate of the last step of an epoch, which are counted from 1."""

    @abstractmethod
    def fit(
        self,
        first_epoch: int,
        validation: tuple[np.ndarray, np.ndarray] | None,
        end_epoch: Callable[[dict[str, float]], None],
    ) -> None:
        """Train from an epoch, counted from 0, to the recipe's last.

        Args:
            first_epoch: how many epochs were trained before.
            validation: held-out images, uint8 ``(n, 28, 28)``, and labels, integers 0..9 ``(n,)``, scored
                after every epoch.
            end_epoch: is called with the values of each epoch as it ends: ``loss``, ``val_loss``, ``val_accuracy``.
        """

    # ---- What can be asked of any model of the library

    @staticmethod
    @abstractmethod
    def logits(model: Any, images: np.ndarray) -> np.ndarray:
        """Return the logits, float32 ``(n, 10)``, of images, uint8 ``(n, 28, 28)``."""

    @staticmethod
    @abstractmethod
    def reader(model: Any) -> Logits:
        """Return what reads with `model` itself."""

    @classmethod
    def count_correct(cls, model: Any, images: np.ndarray, labels: np.ndarray) -> int:
        """Return how many of the images, uint8 ``(n, 28, 28)``, `model` reads as their labels say."""
        return int((cls.logits(model, images).argmax(axis=1) == labels).sum())

    @staticmethod
    @abstractmethod
    def weights_sha256(model: Any) -> str:
        """Return the hash of the weights, as ``model.json`` gives it."""

    @staticmethod
    @abstractmethod
    def parameters(model: Any) -> int:
        """Return how many parameters `model` has."""

    @staticmethod
    @abstractmethod
    def output_shapes(model: Any) -> dict[str, tuple[int, ...]]:
        """Return the output shape of each layer that an artifact shows, by its name, without the batch."""

    @staticmethod
    @abstractmethod
    def architecture(model: Any) -> tuple[Layer, ...]:
        """Return what ``model.json`` says of the layers, in order."""

    @staticmethod
    @abstractmethod
    def save(model: Any, folder: Path) -> None:
        """Write `model` into the empty folder of an artifact; raises ZooError where that cannot be."""

    @staticmethod
    @abstractmethod
    def saved_readers(model: Any, folder: Path) -> list[Logits]:
        """Return what reads with the files that ``save`` wrote, first by the runtime that the zoo uses."""

    @staticmethod
    @abstractmethod
    def restored(network: Network, card: Card) -> tuple[Any, Logits]:
        """Return `network` with the weights of an artifact, and what the artifact's own layer of logits answers.

        Raises whatever the library does where the artifact is of another network.
        """
