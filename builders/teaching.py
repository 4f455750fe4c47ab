"""The teachers of a network: another network of the zoo, or a vote of networks like itself."""

import dataclasses
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from builders.recipe import Network
from builders.training import train
from zoo import artifacts
from zoo.datasets import digest
from zoo.errors import ZooError


class Teacher(NamedTuple):
    """A trained network that another one learns from, and what ``model.json`` says of it."""

    model: keras.Model
    facts: dict


def teachers_of(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    published: Path,
    checkpoints: Path,
    as_told: Callable[[Network], Network] = lambda network: network,
) -> list[Teacher]:
    """Return the trained teachers that the recipe of `network` names; none where it learns from the labels.

    A vote (born-again networks: Furlanello et al. 2018) is trained here. Another network of the zoo is taken from its
    artifact where that learned from the same images by the same recipe; otherwise it is trained here, and comes to the
    same weights. A teacher that saw other images would spoil what is measured on those held out here.

    Args:
        network: the pupil.
        images: uint8 ``(n, 28, 28)``, those that it learns from.
        labels: uint8 ``(n,)``.
        seed: that of the pupil's training.
        published: folder of models.
        checkpoints: the folder of the runs that are not finished; the teachers' are left there for other pupils.
        as_told: changes a teacher as the command line changed the pupil.
    """

    def trained(teacher: Network, seed: int) -> Teacher:
        print(f"{teacher.title}, seed {seed}: {teacher.recipe.epochs} epochs.", flush=True)
        options = {"published": published, "checkpoints": checkpoints, "as_told": as_told}
        its_teachers = teachers_of(teacher, images, labels, seed=seed, **options)
        models = [teacher.model for teacher in its_teachers]
        training, _ = train(teacher, images, labels, seed=seed, checkpoints=checkpoints, teachers=models)
        facts = {"name": teacher.name, "seed": seed, "seconds": round(training.seconds, 1)}
        return Teacher(training.model, facts)

    recipe = network.recipe
    if recipe.vote:
        recipe = dataclasses.replace(
            recipe,
            vote=0,
            epochs=min(recipe.epochs, recipe.vote_epochs),
            label_smoothing=recipe.vote_label_smoothing,
        )
        voter = dataclasses.replace(network, title=f"{network.title}, a voter", recipe=recipe)
        return [trained(voter, (seed * 1000 + member) % 2**31) for member in range(1, network.recipe.vote + 1)]
    if recipe.teacher:
        teacher = as_told(importlib.import_module(f"builders.{recipe.teacher}").NETWORK)
        return [_published(teacher, images, labels, seed, published) or trained(teacher, seed)]
    return []


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
    for variable, value in zip(model.weights, loaded.model_variables, strict=True):
        variable.assign(value)
    print(f"{network.title}, the teacher, is taken from {card.path}.", flush=True)
    return Teacher(model, {"name": card.name, "version": card.version, "seed": seed})
