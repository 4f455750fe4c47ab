"""Train a network by its recipe: warped batches, a checkpoint after every epoch, the same weights for the same seed."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from builders.training.augmentation import warp
from builders.training.checkpoint import CheckpointFile, Course, Training
from builders.training.data import OWN_SHARE, TrainingSet, training_set
from builders.training.recipe import Network, Recipe
from zoo.data.arrays import digest
from zoo.errors import DataError


class Checkpoint(CheckpointFile):
    """The checkpoint of a Keras training.

    Keras's ``BackupAndRestore`` keeps neither the state of dropout nor the curves and stops at a torn file.
    """

    def __init__(
        self,
        folder: Path | None,
        network: Network,
        seed: int,
        lesson: TrainingSet,
        model: keras.Model,
        teacher: keras.Model | None,
    ):
        decides = {
            "recipe": dataclasses.asdict(network.recipe),
            "architecture": model.to_json(),
            "initial_weights": weights_digest(model),
            "teacher": None if teacher is None else weights_digest(teacher),
            "seed": seed,
            "data": digest(lesson.images, lesson.labels, lesson.warps),
            "libraries": [keras.__version__, tf.__version__, np.__version__],
        }
        super().__init__(folder, f"{network.name}-seed{seed}", decides)

    def save(self, model: keras.Model, history: dict, seconds: float) -> None:
        """Replace the checkpoint by the present state of `model` and its optimizer."""
        self.write([np.asarray(value) for value in _state(model)], history, seconds)

    def restore(self, model: keras.Model) -> tuple[dict, float]:
        """Put the saved state into `model`; return the curves and the seconds so far, empty and 0 where none is."""
        arrays, history, seconds = self.read(len(_state(model)))
        if arrays:
            for variable, value in zip(_state(model), arrays, strict=True):
                variable.assign(value)
        return history, seconds


def weights_digest(model: keras.Model) -> str:
    """Return the sha256 of the weights, as ``model.json`` gives it."""
    return digest(*(weight.numpy() for weight in model.weights))


def logits_of(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return what `model` answers to images, uint8 ``(n, 28, 28)``: float32 ``(n, 10)``."""
    batches = range(0, len(images), 1000)
    return np.concatenate([model(images[i : i + 1000].astype(np.float32), training=False) for i in batches])


def count_correct(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> int:
    """Return how many of the images, uint8 ``(n, 28, 28)``, `model` reads as their labels say."""
    return int((logits_of(model, images).argmax(axis=1) == labels).sum())


def _state(model: keras.Model) -> list:
    """All that training changes: weights, the seeds of dropout, and the optimizer's moments and step."""
    return [*model.variables, *model.optimizer.variables]


def learning_rates(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the recipe's learning rate as a function of the step: warm-up, then cosine decay to zero."""
    warmup = recipe.warmup_epochs * steps_per_epoch
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
        decay_steps=max(1, recipe.epochs * steps_per_epoch - warmup),
    )


def compile_model(model: keras.Model, recipe: Recipe, steps_per_epoch: int) -> None:
    """Give `model` the recipe's loss, optimizer and learning-rate schedule."""
    optimizer = keras.optimizers.AdamW(learning_rates(recipe, steps_per_epoch), weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        # One call into the graph for many steps: for small networks the Python step costs more than the step. Their
        # number divides the epoch, as Keras would make the epoch longer otherwise.
        steps_per_execution=max(n for n in range(1, steps_per_epoch // 10 + 2) if steps_per_epoch % n == 0),
        jit_compile=False,
    )
    optimizer.build(model.trainable_variables)


def warped_batches(
    lesson: TrainingSet, batch_size: int, seed: int, first_epoch: int = 0, teacher: keras.Model | None = None
) -> tf.data.Dataset:
    """Endless batches, each a pure function of the seed and of its number, so a training can go on anywhere.

    Every epoch visits its images in an order of its own, less the last ``epoch % batch_size`` of that order.

    Returns:
        A data set of (float32 ``(batch_size, 28, 28)``, float32 ``(batch_size, 10)``): the images and the probabilities
        to answer. These are the teacher's for the warped image (distillation: Hinton, Vinyals and Dean 2015); without
        a teacher one-hot for a digit, 0.1 each for what is none.
    """
    steps_per_epoch = lesson.epoch // batch_size
    images, labels, warps = map(tf.constant, lesson[:3])
    always, in_turn = lesson.in_every_epoch, lesson.in_turn
    drawings = max(1, len(lesson.images) - always)
    answers = tf.constant(np.vstack([np.eye(10), np.full(10, 0.1)]), tf.float32)

    def batch(step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        epoch, place = step // steps_per_epoch, step % steps_per_epoch
        places = place * batch_size + tf.range(batch_size)
        chosen = tf.random.experimental.index_shuffle(places, [seed, epoch], max_index=lesson.epoch - 1)
        chosen = tf.where(chosen < always, chosen, always + (chosen - always + epoch * in_turn) % drawings)
        chosen_images = tf.cast(tf.gather(images, chosen), tf.float32)
        warped = warp(chosen_images, tf.stack([seed, step]), tf.gather(warps, chosen))
        if teacher is not None:
            return warped, tf.nn.softmax(teacher(warped, training=False))
        return warped, tf.gather(answers, tf.cast(tf.gather(labels, chosen), tf.int32))

    steps = tf.data.Dataset.range(first_epoch * steps_per_epoch, np.iinfo(np.int32).max, output_type=tf.int32)
    return steps.map(batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def train(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    checkpoints: Path | None,
    own: tuple[np.ndarray, np.ndarray] | None = None,
    own_share: float = OWN_SHARE,
    start: keras.Model | None = None,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    teacher: keras.Model | None = None,
    verbose: int = 1,
    on_epoch: Callable[[int, dict[str, float]], None] | None = None,
) -> tuple[Training, Checkpoint]:
    """Train `network` by its recipe, from the last whole epoch of an interrupted run where there is one.

    The same seed, data, recipe and library versions give the same weights on the same machine, interrupted or not.

    Args:
        network: the network and its recipe.
        images: uint8 ``(n, 28, 28)``; the recipe's drawings are put beside them.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the initial weights, the drawings, the order of the images, the warps and dropout.
        checkpoints: the folder of the runs that are not finished; without one, an interrupted run starts again.
        own: images and labels of a person's drawings, see `training_set`.
        own_share: about what part of an epoch these are.
        start: a trained network of the same layers, with whose weights this one begins. Its batch normalisation stays
            as it is: the statistics of a few drawings would be those of nothing else.
        validation: held-out images and labels, scored after every epoch; never trained on.
        teacher: a trained network whose probabilities are learned instead of the labels.
        verbose: Keras's progress bar, 1 to show it.
        on_epoch: is told of every epoch, of an interrupted run's first: its number, from 1, its values of the history
            and the ``learning_rate`` of its last step. What it raises ends the training.
    """
    keras.utils.clear_session()  # so that automatic names, and the checkpoint's key, do not depend on earlier models
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    recipe = network.recipe
    lesson = training_set(recipe, images, labels, seed, own, own_share)
    steps_per_epoch = lesson.epoch // recipe.batch_size
    if not steps_per_epoch:
        raise DataError(f"Expected {recipe.batch_size} images, a batch, or more to train on, found {lesson.epoch}.")
    model = network.build()
    if start is not None:
        model.set_weights(start.get_weights())
        for layer in model.layers:
            layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    compile_model(model, recipe, steps_per_epoch)
    checkpoint = Checkpoint(checkpoints, network, seed, lesson, model, teacher)
    rates = learning_rates(recipe, steps_per_epoch)
    course = Course(
        network,
        seed,
        kept=checkpoint.restore(model),
        rate=lambda epoch: float(rates(epoch * steps_per_epoch - 1)),
        on_epoch=on_epoch,
    )

    def end_of_epoch(_: int, logs: dict) -> None:
        logs.pop("accuracy", None)  # what is no digit has no right answer, and a teacher's answer may be wrong
        course.end_epoch(logs, save=lambda history, seconds: checkpoint.save(model, history, seconds))

    if course.done < recipe.epochs:
        model.fit(
            warped_batches(lesson, recipe.batch_size, seed, first_epoch=course.done, teacher=teacher),
            epochs=recipe.epochs,
            initial_epoch=course.done,
            steps_per_epoch=steps_per_epoch,
            shuffle=False,  # the batches come shuffled
            validation_data=None if validation is None else (validation[0], tf.one_hot(validation[1], 10)),
            validation_batch_size=1000,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=end_of_epoch)],
            verbose=verbose,
        )
    return course.result(model, lesson.generated), checkpoint
