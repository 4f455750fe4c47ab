"""Train a network from scratch by its recipe: the twin of training.py, in NumPy alone."""

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tqdm import tqdm

from builders.training.augmentation_numpy import draw, warp
from builders.training.checkpoint import CheckpointFile, Course, Training
from builders.training.data import OWN_SHARE, TrainingSet, training_set
from builders.training.recipe import Network, ScratchRecipe
from zoo.data.arrays import digest
from zoo.errors import DataError
from zoo.scratch import SGD, Sequential, SoftmaxCrossEntropy
from zoo.scratch.artifact import Runner
from zoo.scratch.losses import smoothed
from zoo.scratch.schedules import cosine_decay

Batch = tuple[np.ndarray, np.ndarray]


class Checkpoint(CheckpointFile):
    """The checkpoint of a training from scratch: parameters and velocities."""

    def __init__(self, folder: Path | None, network: Network, seed: int, lesson: TrainingSet, model: Sequential):
        decides = {
            "recipe": dataclasses.asdict(network.recipe),
            "architecture": model.architecture(),
            "initial_weights": weights_digest(model),
            "seed": seed,
            "data": digest(lesson.images, lesson.labels, lesson.warps),
            "libraries": [np.__version__],
        }
        super().__init__(folder, f"{network.name}-seed{seed}", decides)

    def save(self, optimizer: SGD, history: dict, seconds: float) -> None:
        """Replace the checkpoint by the present state of `optimizer` and the parameters that it moves."""
        self.write([*optimizer.parameters.values(), *optimizer.velocities.values()], history, seconds)

    def restore(self, optimizer: SGD) -> tuple[dict, float]:
        """Put the saved state into `optimizer`; return the curves and the seconds so far, empty and 0 where none is."""
        state = [*optimizer.parameters.values(), *optimizer.velocities.values()]
        arrays, history, seconds = self.read(len(state))
        for array, saved in zip(state, arrays or state, strict=True):
            array[...] = saved
        return history, seconds


def weights_digest(model: Sequential) -> str:
    """Return the sha256 of the weights, as ``model.json`` gives it."""
    return digest(*model.parameters.values())


def logits_of(model: Sequential, images: np.ndarray) -> np.ndarray:
    """Return what `model` answers to images, uint8 ``(n, 28, 28)``: float32 ``(n, 10)``."""
    return Runner(model).serve(images.astype(np.float32))[1]


def count_correct(model: Sequential, images: np.ndarray, labels: np.ndarray) -> int:
    """Return how many of the images, uint8 ``(n, 28, 28)``, `model` reads as their labels say."""
    return int((logits_of(model, images).argmax(axis=1) == labels).sum())


def order_of(lesson: TrainingSet, seed: int, epoch: int) -> np.ndarray:
    """Return which images an epoch visits, in its order: int64 ``(lesson.epoch,)``, places in the training set.

    Every epoch visits all images of ``in_every_epoch``, and takes its turn with the drawings.
    """
    chosen = np.random.default_rng([seed, epoch]).permutation(lesson.epoch)
    drawings = chosen >= lesson.in_every_epoch
    first, count = lesson.in_every_epoch, len(lesson.images) - lesson.in_every_epoch
    chosen[drawings] = first + (chosen[drawings] - first + epoch * lesson.in_turn) % max(1, count)
    return chosen


def warped_batches(lesson: TrainingSet, batch_size: int, seed: int, epoch: int) -> Iterator[Batch]:
    """Yield the batches of an epoch, which are a pure function of the seed and of its number, from 0.

    Each is (float32 ``(batch_size, 28, 28)``, float32 ``(batch_size, 10)``): the images, and the probabilities to
    answer, one-hot for a digit, 0.1 each for what is none. The last ``epoch % batch_size`` images are left out.
    """
    answers = np.vstack([np.eye(10), np.full(10, 0.1)]).astype(np.float32)
    order = order_of(lesson, seed, epoch)
    steps = len(order) // batch_size

    def batch(step: int) -> Batch:
        chosen = order[step * batch_size : (step + 1) * batch_size]
        images = lesson.images[chosen].astype(np.float32)
        warps = draw(batch_size, seed, epoch * steps + step)
        return warp(images, warps, lesson.warps[chosen]), answers[lesson.labels[chosen]]

    with ThreadPoolExecutor(1) as beside:  # one batch is made while the network learns from the one before
        coming = beside.submit(batch, 0)
        for step in range(1, steps + 1):
            ready = coming.result()
            if step < steps:
                coming = beside.submit(batch, step)
            yield ready


def train(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    checkpoints: Path | None,
    own: tuple[np.ndarray, np.ndarray] | None = None,
    own_share: float = OWN_SHARE,
    start: Sequential | None = None,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    verbose: int = 1,
    on_epoch: Callable[[int, dict[str, float]], None] | None = None,
) -> tuple[Training, Checkpoint]:
    """Train `network` by its recipe, from the last whole epoch of an interrupted run where there is one.

    The same seed, data, recipe and NumPy give the same weights on the same machine and number of threads, interrupted
    or not.

    Args:
        network: the network, of the library "numpy", and its recipe.
        images: uint8 ``(n, 28, 28)``; the recipe's drawings are put beside them.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the initial weights, the drawings, the order of the images, the warps and dropout.
        checkpoints: the folder of the runs that are not finished; without one, an interrupted run starts again.
        own: images and labels of a person's drawings, see `training_set`.
        own_share: about what part of an epoch these are.
        start: a trained network of the same layers, with whose weights this one begins.
        validation: held-out images and labels, scored after every epoch; never trained on.
        verbose: 1 to show a progress bar, on a terminal.
        on_epoch: is told of every epoch, of an interrupted run's first: its number, from 1, its values of the history
            and the ``learning_rate`` of its last step. What it raises ends the training.
    """
    recipe: ScratchRecipe = network.recipe
    lesson = training_set(recipe, images, labels, seed, own, own_share)
    steps = lesson.epoch // recipe.batch_size  # of one epoch
    if not steps:
        raise DataError(f"Expected {recipe.batch_size} images, a batch, or more to train on, found {lesson.epoch}.")
    model = network.build().initialise(seed)
    if start is not None:
        model.parameters = {name: parameter.copy() for name, parameter in start.parameters.items()}
    checkpoint = Checkpoint(checkpoints, network, seed, lesson, model)
    optimizer = SGD(model.parameters, recipe.momentum, weight_decay=recipe.weight_decay, max_norm=recipe.max_norm)

    def rate(step: int) -> float:
        return cosine_decay(step, recipe.learning_rate, recipe.epochs * steps, recipe.warmup_epochs * steps)

    course = Course(
        network,
        seed,
        kept=checkpoint.restore(optimizer),
        rate=lambda epoch: rate(epoch * steps - 1),
        on_epoch=on_epoch,
    )
    hidden = None if verbose else True  # None: where stderr is no terminal
    with tqdm(total=recipe.epochs, initial=course.done, desc=network.name, unit="epoch", disable=hidden) as bar:
        for epoch in range(course.done, recipe.epochs):
            losses = []
            for step, (batch, answers) in enumerate(
                warped_batches(lesson, recipe.batch_size, seed, epoch), epoch * steps
            ):
                losses.append(
                    _learn(model, optimizer, batch, smoothed(answers, recipe.label_smoothing), rate(step), seed, step)
                )
            results = {"loss": float(np.mean(losses))} | (_scores(model, *validation) if validation else {})
            bar.set_postfix({name: f"{value:.4f}" for name, value in results.items()}, refresh=False)
            bar.update()
            course.end_epoch(results, save=lambda history, seconds: checkpoint.save(optimizer, history, seconds))
    return course.result(model, lesson.generated), checkpoint


def _learn(
    model: Sequential, optimizer: SGD, images: np.ndarray, answers: np.ndarray, rate: float, seed: int, step: int
) -> float:
    """Take one step of training; return the loss before it."""
    model.seed_dropout(seed, step)
    logits = model.forward(images, training=True)
    optimizer.step(model.backward(SoftmaxCrossEntropy.gradient(logits, answers)), rate)
    return SoftmaxCrossEntropy.value(logits, answers)


def _scores(model: Sequential, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return the loss and the accuracy on held-out images."""
    logits = logits_of(model, images)
    targets = np.eye(10, dtype=np.float32)[labels]
    accuracy = float((logits.argmax(axis=1) == labels).mean())
    return {"val_accuracy": accuracy, "val_loss": SoftmaxCrossEntropy.value(logits, targets)}
