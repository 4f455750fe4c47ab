"""Train a network by its recipe: warped batches, a checkpoint after every epoch, the same weights for the same seed."""

import dataclasses
import hashlib
import json
import os
import shutil
import time
import zipfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from builders.augmentation import warp
from builders.recipe import Network, Recipe
from builders.training_set import TrainingSet, training_set
from zoo.datasets import describe, digest
from zoo.errors import DataError


@dataclasses.dataclass(frozen=True)
class Training:
    """A trained network.

    Attributes:
        model: the Keras model.
        history: its curves, one value an epoch: ``loss`` and, on held-out images, ``val_loss`` and ``val_accuracy``.
        seconds: how long training took.
        generated: what ``model.json`` says of the drawings that were learned from; None where there were none.
    """

    model: keras.Model
    history: dict[str, list[float]]
    seconds: float
    generated: dict | None


class Checkpoint:
    """One file that holds everything a training needs to go on after its last whole epoch.

    Keras's ``BackupAndRestore`` keeps neither the state of dropout nor the curves and stops at a torn file; this one
    is a single ``.npz``, replaced atomically. It lies in a folder named by all that decides the weights, so a
    training goes on only where it would have come by itself.
    """

    def __init__(
        self,
        folder: Path,
        network: Network,
        seed: int,
        lesson: TrainingSet,
        model: keras.Model,
        teacher: keras.Model | None,
    ):
        decides = {
            "recipe": dataclasses.asdict(network.recipe),
            "architecture": model.to_json(),
            "teacher": None if teacher is None else weights_digest(teacher),
            "seed": seed,
            "data": digest(lesson.images, lesson.labels, lesson.warps),
            "libraries": [keras.__version__, tf.__version__, np.__version__],
        }
        key = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:12]
        self.folder = folder / f"{network.name}-seed{seed}-{key}"
        self.path = self.folder / "checkpoint.npz"

    def save(self, model: keras.Model, history: dict, seconds: float) -> None:
        """Replace the checkpoint by the present state of `model` and its optimizer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"variable_{i}": np.asarray(value) for i, value in enumerate(_state(model))}
        partial = self.path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            np.savez(file, progress=np.array(json.dumps({"history": history, "seconds": seconds})), **arrays)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path)

    def restore(self, model: keras.Model) -> tuple[dict, float]:
        """Put the saved state into `model`; return the curves and the seconds so far, empty and 0 where none is."""
        if not self.path.exists():
            return {}, 0.0
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                progress = json.loads(str(saved["progress"]))
                arrays = [saved[f"variable_{i}"] for i in range(len(_state(model)))]
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            print(f"The checkpoint {self.path} cannot be read ({error}): training starts again at epoch 1.")
            return {}, 0.0
        for variable, value in zip(_state(model), arrays, strict=True):
            variable.assign(value)
        return progress["history"], progress["seconds"]

    def remove(self) -> None:
        """Forget the training; called when its artifact is published."""
        shutil.rmtree(self.folder, ignore_errors=True)


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


def compile_model(model: keras.Model, recipe: Recipe, steps_per_epoch: int) -> None:
    """Give `model` the recipe's loss, optimizer and learning-rate schedule."""
    warmup = recipe.warmup_epochs * steps_per_epoch
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
        decay_steps=max(1, recipe.epochs * steps_per_epoch - warmup),
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay)
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
    checkpoints: Path,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    teacher: keras.Model | None = None,
    verbose: int = 1,
) -> tuple[Training, Checkpoint]:
    """Train `network` by its recipe, from the last whole epoch of an interrupted run where there is one.

    The same seed, data, recipe and library versions give the same weights on the same machine, interrupted or not.

    Args:
        network: the network and its recipe.
        images: uint8 ``(n, 28, 28)``; the recipe's drawings are put beside them.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the initial weights, the drawings, the order of the images, the warps and dropout.
        checkpoints: the folder of the runs that are not finished.
        validation: held-out images and labels, scored after every epoch; never trained on.
        teacher: a trained network whose probabilities are learned instead of the labels.
        verbose: Keras's progress bar, 1 to show it.
    """
    keras.utils.clear_session()  # so that automatic names, and the checkpoint's key, do not depend on earlier models
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    recipe = network.recipe
    lesson = training_set(recipe, images, labels, seed)
    steps_per_epoch = lesson.epoch // recipe.batch_size
    if not steps_per_epoch:
        raise DataError(f"Expected {recipe.batch_size} images, a batch, or more to train on, found {len(images)}.")
    model = network.build()
    compile_model(model, recipe, steps_per_epoch)
    checkpoint = Checkpoint(checkpoints, network, seed, lesson, model, teacher)
    history, seconds = checkpoint.restore(model)
    done = len(history.get("loss", []))
    if done == recipe.epochs:
        print(f"{network.name}, seed {seed}: was trained already.")
    elif done:
        print(f"{network.name}: going on after epoch {done} of {recipe.epochs} of an interrupted run.")

    started = time.monotonic() - seconds

    def end_of_epoch(epoch: int, logs: dict) -> None:
        logs.pop("accuracy", None)  # what is no digit has no right answer, and a teacher's answer may be wrong
        for name, value in logs.items():
            history.setdefault(name, []).append(round(float(value), 6))
        checkpoint.save(model, history, time.monotonic() - started)

    if done < recipe.epochs:
        model.fit(
            warped_batches(lesson, recipe.batch_size, seed, first_epoch=done, teacher=teacher),
            epochs=recipe.epochs,
            initial_epoch=done,
            steps_per_epoch=steps_per_epoch,
            shuffle=False,  # the batches come shuffled
            validation_data=None if validation is None else (validation[0], tf.one_hot(validation[1], 10)),
            validation_batch_size=1000,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=end_of_epoch)],
            verbose=verbose,
        )
    drawn = slice(lesson.in_every_epoch, None)
    generated = describe(lesson.images[drawn], lesson.labels[drawn]) if lesson.in_turn else None
    return Training(model, history, time.monotonic() - started, generated), checkpoint
