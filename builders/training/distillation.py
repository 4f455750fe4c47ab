"""The teacher of a network that learns from another one: taken from its artifact, or trained first."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builders.training.backends import backend_of
from builders.training.data import OwnDrawings
from builders.training.export import restore
from builders.training.loop import train
from builders.training.networks import load_network
from builders.training.recipe import Network
from zoo import artifacts
from zoo.card import Teacher, recipe_from_json
from zoo.data.arrays import digest
from zoo.errors import ZooError


class TrainedTeacher(NamedTuple):
    """A trained network that another one learns from, and what ``model.json`` says of it."""

    model: Any
    facts: Teacher


def teacher_of(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    published: Path,
    checkpoints: Path,
    own: OwnDrawings | None = None,
    adapt: Callable[[Network], Network] = lambda network: network,
) -> TrainedTeacher | None:
    """Return the trained teacher that the recipe of `network` names; None where it learns from the labels.

    It is taken from its artifact where that is the same network, trained on the same images by the same recipe from the
    same seed; otherwise it is trained here. One that saw other images would spoil what is measured on those held out
    here.

    Args:
        network: the student.
        images: uint8 ``(n, 28, 28)``, those that it learns from.
        labels: uint8 ``(n,)``.
        seed: that of the student's training.
        published: folder of models.
        checkpoints: the folder of the runs that are not finished; the teacher's is left there for other students.
        own: the drawings of a person that it learns from too.
        adapt: changes the teacher as the command line changed the student.
    """
    if not network.recipe.teacher:
        return None
    teacher = adapt(load_network(network.recipe.teacher))
    model = _published(teacher, images, labels, seed, published, own)
    if model is None:
        print(f"{teacher.title}, the teacher: {teacher.recipe.epochs} epochs.", flush=True)
        training, _ = train(teacher, images, labels, seed=seed, checkpoints=checkpoints, own=own and own.training)
        model = training.model
    return TrainedTeacher(model, Teacher(teacher.name, seed, backend_of(teacher).weights_sha256(model)))


def _published(
    network: Network, images: np.ndarray, labels: np.ndarray, seed: int, root: Path, own: OwnDrawings | None
) -> Any:
    """Return the trained teacher from its artifact; None where there is none that learned the same."""
    try:
        card = artifacts.verify(artifacts.find(network.name, root=root))
    except ZooError:
        return None
    facts = card.facts
    learned = facts.data.get("training")
    trained_on = learned and learned.sha256, facts.data.get("own"), facts.seed
    recipe = recipe_from_json(dataclasses.asdict(network.recipe))
    if trained_on != (digest(images, labels), own and own.facts, seed) or facts.recipe != recipe:
        return None
    try:
        model = restore(network, card)
    except ZooError:  # the builder file builds another network by now
        return None
    print(f"{network.title}, the teacher, is taken from {card.path}.", flush=True)
    return model
