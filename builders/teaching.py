"""The teacher of a network that learns from another one: taken from its artifact, or trained first."""

import dataclasses
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from builders.recipe import Network
from builders.training import train, weights_digest
from zoo import artifacts
from zoo.datasets import digest
from zoo.errors import ZooError


class Teacher(NamedTuple):
    """A trained network that another one learns from, and what ``model.json`` says of it."""

    model: keras.Model
    facts: dict


def teacher_of(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    published: Path,
    checkpoints: Path,
    as_told: Callable[[Network], Network] = lambda network: network,
) -> Teacher | None:
    """Return the trained teacher that the recipe of `network` names; None where it learns from the labels.

    It is taken from its artifact where that is the same network, trained on the same images by the same recipe from the
    same seed; otherwise it is trained here. One that saw other images would spoil what is measured on those held out
    here.

    Args:
        network: the pupil.
        images: uint8 ``(n, 28, 28)``, those that it learns from.
        labels: uint8 ``(n,)``.
        seed: that of the pupil's training.
        published: folder of models.
        checkpoints: the folder of the runs that are not finished; the teacher's is left there for other pupils.
        as_told: changes the teacher as the command line changed the pupil.
    """
    if not network.recipe.teacher:
        return None
    teacher = as_told(importlib.import_module(f"builders.{network.recipe.teacher}").NETWORK)
    if found := _published(teacher, images, labels, seed, published):
        return found
    print(f"{teacher.title}, the teacher: {teacher.recipe.epochs} epochs.", flush=True)
    training, _ = train(teacher, images, labels, seed=seed, checkpoints=checkpoints)
    return _teacher(teacher.name, seed, training.model)


def _published(network: Network, images: np.ndarray, labels: np.ndarray, seed: int, root: Path) -> Teacher | None:
    try:
        card = artifacts.verify(artifacts.find(network.name, root=root))
    except ZooError:
        return None
    trained = card.metadata.get("data", {}).get("training", {}).get("sha256"), card.metadata.get("seed")
    recipe = card.metadata.get("recipe")
    if trained != (digest(images, labels), seed) or recipe != dataclasses.asdict(network.recipe):
        return None
    loaded = tf.saved_model.load(str(card.path))
    model = network.build()
    if [weight.shape for weight in model.weights] != [value.shape for value in loaded.model_variables]:
        return None
    for variable, value in zip(model.weights, loaded.model_variables, strict=True):
        variable.assign(value)
    some = tf.constant(images[:100], tf.float32)
    answers, served = model(some, training=False), loaded.signatures["activations"](image=some)[model.layers[-1].name]
    if not np.allclose(answers, served, rtol=1e-3, atol=1e-3):  # the builder file builds another network by now
        return None
    print(f"{network.title}, the teacher, is taken from {card.path}.", flush=True)
    return _teacher(network.name, seed, model)


def _teacher(name: str, seed: int, model: keras.Model) -> Teacher:
    return Teacher(model, {"name": name, "seed": seed, "weights_sha256": weights_digest(model)})
