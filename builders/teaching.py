"""The teacher of a network that learns from another one: taken from its artifact, or trained first."""

import dataclasses
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from builders.recipe import Network
from builders.training import train
from zoo import artifacts
from zoo.datasets import digest
from zoo.errors import ZooError


def teacher_of(
    network: Network, images: np.ndarray, labels: np.ndarray, *, seed: int, published: Path, checkpoints: Path
) -> keras.Model:
    """Return `network` trained on the images by its recipe.

    Its published artifact gives the weights where it was made so; otherwise the training is done here, and comes to
    the same weights. A teacher that saw other images would spoil what is measured on those held out here.

    Args:
        network: the teacher.
        images: uint8 ``(n, 28, 28)``, those that its pupil learns from.
        labels: uint8 ``(n,)``.
        seed: that of the pupil's training.
        published: folder of models.
        checkpoints: the folder of the runs that are not finished; the teacher's is left there for other pupils.
    """
    model = _published(network, images, labels, seed, published)
    if model is None:
        print(f"{network.title}, the teacher: {network.recipe.epochs} epochs.", flush=True)
        model = train(network, images, labels, seed=seed, checkpoints=checkpoints)[0].model
    return model


def _published(network: Network, images: np.ndarray, labels: np.ndarray, seed: int, root: Path) -> keras.Model | None:
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
    for variable, value in zip(model.weights, loaded.model_variables, strict=True):
        variable.assign(value)
    print(f"{network.title}, the teacher, is taken from {card.path}.", flush=True)
    return model
