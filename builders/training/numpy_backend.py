"""Train and save networks from scratch, in NumPy alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import numpy as np

from builders.training.augmentation_numpy import draw_warps, warp
from builders.training.backend import Backend, Logits
from builders.training.data import OUTLIER_PROBABILITY, TrainingSet
from builders.training.recipe import Network, ScratchRecipe
from zoo.card import Card, Layer
from zoo.data.arrays import digest
from zoo.scratch import SGD, Dropout, Sequential, SoftmaxCrossEntropy
from zoo.scratch.artifact import Runner, load, read_network, save
from zoo.scratch.losses import smoothed
from zoo.scratch.schedules import cosine_decay

Batch = tuple[np.ndarray, np.ndarray]


class NumpyBackend(Backend):
    """A ``zoo.scratch.Sequential`` that is being trained."""

    libraries: dict[str, str] = {}  # NumPy's own version stands in every model.json
    _recipe: ScratchRecipe

    def __init__(
        self,
        network: Network,
        training_set: TrainingSet,
        seed: int,
        base_model: Sequential | None = None,
        teacher: None = None,
    ):
        """Build the network; a recipe in NumPy has no teacher."""
        self._recipe, self._training_set, self._seed = cast(ScratchRecipe, network.recipe), training_set, seed
        self._steps = training_set.epoch // network.recipe.batch_size
        self.model = network.build().initialise(seed)
        if base_model is not None:
            self.model.parameters = {name: array.copy() for name, array in base_model.parameters.items()}
        self._optimizer = SGD(
            self.model.parameters,
            self._recipe.momentum,
            weight_decay=self._recipe.weight_decay,
            max_norm=self._recipe.max_norm,
        )
        self._config = {
            "architecture": self.model.architecture(),
            "initial_weights": self.weights_sha256(self.model),
        }

    def config(self) -> dict:
        """Return what the weights depend on in the network."""
        return self._config

    def state(self) -> list[np.ndarray]:
        """Return parameters and velocities: the arrays themselves, which training changes."""
        return [*self._optimizer.parameters.values(), *self._optimizer.velocities.values()]

    def restore(self, state: list[np.ndarray]) -> None:
        """Go on from what ``state`` returned."""
        for array, saved in zip(self.state(), state, strict=True):
            array[...] = saved

    def learning_rate(self, epoch: int) -> float:
        """Return the learning rate of the last step of an epoch."""
        return self._rate(epoch * self._steps - 1)

    def _rate(self, step: int) -> float:
        recipe = self._recipe
        return cosine_decay(step, recipe.learning_rate, recipe.epochs * self._steps, recipe.warmup_epochs * self._steps)

    def fit(
        self,
        first_epoch: int,
        validation: tuple[np.ndarray, np.ndarray] | None,
        end_epoch: Callable[[dict[str, float]], None],
    ) -> None:
        """Train to the recipe's last epoch."""
        for epoch in range(first_epoch, self._recipe.epochs):
            batches = warped_batches(self._training_set, self._recipe.batch_size, self._seed, epoch)
            losses = [self._learn(*batch, step) for step, batch in enumerate(batches, epoch * self._steps)]
            values = {"loss": float(np.mean(losses))}
            if validation:
                values |= self._scores(*validation)
            end_epoch(values)

    def _learn(self, images: np.ndarray, targets: np.ndarray, step: int) -> float:
        """Take one step of training; return the loss before it."""
        self.model.seed_dropout(self._seed, step)
        logits = self.model.forward(images, training=True)
        targets = smoothed(targets, self._recipe.label_smoothing)
        gradients = self.model.backward(SoftmaxCrossEntropy.gradient(logits, targets))
        self._optimizer.step(gradients, self._rate(step))
        return SoftmaxCrossEntropy.value(logits, targets)

    def _scores(self, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
        """Return the loss and the accuracy on held-out images."""
        logits = self.logits(self.model, images)
        targets = np.eye(10, dtype=np.float32)[labels]
        accuracy = float((logits.argmax(axis=1) == labels).mean())
        return {"val_accuracy": accuracy, "val_loss": SoftmaxCrossEntropy.value(logits, targets)}

    @staticmethod
    def logits(model: Sequential, images: np.ndarray) -> np.ndarray:
        """Return the logits of images, uint8 ``(n, 28, 28)``: float32 ``(n, 10)``."""
        return Runner(model).serve(images.astype(np.float32))[1]

    @staticmethod
    def reader(model: Sequential) -> Logits:
        """Return what reads with `model` itself."""
        return model.forward

    @staticmethod
    def weights_sha256(model: Sequential) -> str:
        """Return the hash of the weights."""
        return digest(*model.parameters.values())

    @staticmethod
    def parameters(model: Sequential) -> int:
        """Return how many parameters `model` has."""
        return sum(array.size for array in model.parameters.values())

    @staticmethod
    def output_shapes(model: Sequential) -> dict[str, tuple[int, ...]]:
        """Return the output shape of each layer but dropout."""
        return {layer.name: layer.output_shape for layer in model.layers if not isinstance(layer, Dropout)}

    @staticmethod
    def architecture(model: Sequential) -> tuple[Layer, ...]:
        """Return the layers as data, from which the network is made again."""
        layers = (Layer.from_json(layer) for layer in model.architecture())
        return tuple(layer for layer in layers if layer is not None)

    @staticmethod
    def save(model: Sequential, folder: Path) -> None:
        """Write ``weights.npz``."""
        save(model, folder)

    @staticmethod
    def saved_readers(model: Sequential, folder: Path) -> list[Logits]:
        """Return what reads with ``weights.npz``."""
        runner = Runner(read_network(model.architecture(), folder))
        return [lambda images: runner.serve(images)[1]]

    @staticmethod
    def restored(network: Network, card: Card) -> tuple[Sequential, Logits]:
        """Return `network` with the weights of an artifact, and what the artifact's own layer of logits answers."""
        model = network.build()
        runner = load(card)
        model.parameters = runner.network.parameters
        return model, lambda images: runner.activations(images)[model.layers[-1].name]


def order_of(training_set: TrainingSet, seed: int, epoch: int) -> np.ndarray:
    """Return which images an epoch visits, in its order: int64 ``(training_set.epoch,)``, places in the training set.

    Every epoch visits all images of ``in_every_epoch``, and takes its turn with the synthetic ones.
    """
    chosen = np.random.default_rng([seed, epoch]).permutation(training_set.epoch)
    synthetic = chosen >= training_set.in_every_epoch
    first, count = training_set.in_every_epoch, len(training_set.images) - training_set.in_every_epoch
    chosen[synthetic] = first + (chosen[synthetic] - first + epoch * training_set.in_turn) % max(1, count)
    return chosen


def warped_batches(training_set: TrainingSet, batch_size: int, seed: int, epoch: int) -> Iterator[Batch]:
    """Yield the batches of an epoch, which are a pure function of the seed and of its number, from 0.

    Each is (float32 ``(batch_size, 28, 28)``, float32 ``(batch_size, 10)``): the images, and the probabilities to
    answer, one-hot for a digit, 0.1 each for an outlier. The last ``epoch % batch_size`` images are left out.
    """
    targets = np.vstack([np.eye(10), np.full(10, OUTLIER_PROBABILITY)]).astype(np.float32)
    order = order_of(training_set, seed, epoch)
    steps = len(order) // batch_size

    def batch(step: int) -> Batch:
        chosen = order[step * batch_size : (step + 1) * batch_size]
        images = training_set.images[chosen].astype(np.float32)
        warps = draw_warps(batch_size, seed, epoch * steps + step)
        return warp(images, warps, training_set.warps[chosen]), targets[training_set.labels[chosen]]

    with ThreadPoolExecutor(1) as beside:  # one batch is made while the network learns from the one before
        coming = beside.submit(batch, 0)
        for step in range(1, steps + 1):
            ready = coming.result()
            if step < steps:
                coming = beside.submit(batch, step)
            yield ready
