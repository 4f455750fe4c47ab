"""The teacher of a network that learns from another one: taken from its artifact, or trained first."""

import dataclasses
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from builders.training.data import OwnDrawings
from builders.training.export_keras import restore
from builders.training.keras_backend import train, weights_digest
from builders.training.recipe import Network
from zoo import artifacts
from zoo.card import DataSet, recipe_from_json
from zoo.data.arrays import digest
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
    own: OwnDrawings | None = None,
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
        own: the drawings of a person that it learns from too.
        as_told: changes the teacher as the command line changed the pupil.
    """
    if not network.recipe.teacher:
        return None
    teacher = as_told(importlib.import_module(f"builders.{network.recipe.teacher}").NETWORK)
    if found := _published(teacher, images, labels, seed, published, own):
        return found
    print(f"{teacher.title}, the teacher: {teacher.recipe.epochs} epochs.", flush=True)
    training, _ = train(teacher, images, labels, seed=seed, checkpoints=checkpoints, own=own and own.training)
    return _teacher(teacher.name, seed, training.model)


def _published(
    network: Network, images: np.ndarray, labels: np.ndarray, seed: int, root: Path, own: OwnDrawings | None
) -> Teacher | None:
    try:
        card = artifacts.verify(artifacts.find(network.name, root=root))
    except ZooError:
        return None
    facts = card.facts
    learned = facts.data.get("training")
    trained = learned and learned.sha256, facts.data.get("own"), facts.seed
    recipe = recipe_from_json(dataclasses.asdict(network.recipe))
    if trained != (digest(images, labels), DataSet.from_json(own and own.facts), seed) or facts.recipe != recipe:
        return None
    try:
        model = restore(network, card)
    except ZooError:  # the builder file builds another network by now
        return None
    print(f"{network.title}, the teacher, is taken from {card.path}.", flush=True)
    return _teacher(network.name, seed, model)


def _teacher(name: str, seed: int, model: keras.Model) -> Teacher:
    return Teacher(model, {"name": name, "seed": seed, "weights_sha256": weights_digest(model)})
