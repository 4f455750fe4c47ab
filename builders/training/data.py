"""What a network learns from: labelled images, synthetic digits, a person's drawings, and outliers."""

import hashlib
import os
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from builders.training.recipe import Recipe
from zoo.card import DataSet
from zoo.data.arrays import describe
from zoo.data.drawing_files import load_drawings
from zoo.data.drawings import images_of
from zoo.errors import DataError
from zoo.finetuning import LEAST_DRAWINGS, LEAST_REPEATED, repeated_digits
from zoo.synthetic.digits import synthetic_digits
from zoo.synthetic.outliers import synthetic_outliers

OUTLIER = 10
"""The label of outliers, whose right answer is that all ten digits are equally improbable."""

OUTLIER_PROBABILITY = 0.1
"""Of each digit, for an outlier."""

TURNS = 6
"""So many epochs, at most, pass before a synthetic image comes again: they cost little, and new ones teach more."""

OWN_SHARE = 0.1
"""About this part of an epoch are a person's own drawings, repeated where they are few."""

MOST_REPEATS = 100
"""So often, at most, an epoch visits one of them, warped anew each time: more would learn a handful by heart."""


class OwnDrawings(NamedTuple):
    """A person's own drawings as images: each pair is uint8 ``(n, 28, 28)`` and labels uint8 ``(n,)``, 0..9.

    Attributes:
        training: what is learned from.
        held_out: what is only scored on, about a fifth.
        facts: what ``model.json`` says of them.
    """

    training: tuple[np.ndarray, np.ndarray]
    held_out: tuple[np.ndarray, np.ndarray]
    facts: DataSet


def own_drawings(path: str | os.PathLike, seed: int) -> OwnDrawings:
    """Read a person's drawings, and hold out a fifth of each digit: one at least, where there are two.

    Which ones is decided by the seed and by the drawing itself, not by its place: where a file grows, hardly any
    drawing changes sides, and of a drawing that is there twice nearly always both are on the same.

    Args:
        path: what ``zoo.data.drawing_files.load_drawings`` reads.
        seed: decides which are held out.

    Raises:
        DataError: the file holds no drawings, too few, or too few of other digits than one.
    """
    own = load_drawings(path)
    labels = own.labels
    if len(labels) < LEAST_DRAWINGS:
        raise DataError(f"Expected {LEAST_DRAWINGS} drawings or more in {path}, found {len(labels)}: draw more digits.")
    often = repeated_digits(np.bincount(labels))
    if often < LEAST_REPEATED:
        raise DataError(
            f"Expected at least two digits drawn twice or more in {path}, one to learn from, one to hold out, "
            f"found {often}: draw other digits too."
        )
    images = images_of(own.drawings)
    keys = np.array([hashlib.sha256(b"%d " % seed + image.tobytes()).hexdigest() for image in images])
    held_out = np.zeros(len(labels), bool)
    for digit in range(10):
        places = np.flatnonzero(labels == digit)
        count = max(1, round(len(places) / 5)) if len(places) > 1 else 0
        held_out[places[keys[places].argsort()[:count]]] = True
    return OwnDrawings(
        (images[~held_out], labels[~held_out]),
        (images[held_out], labels[held_out]),
        DataSet(**describe(images, labels), in_training=int((~held_out).sum()), held_out=int(held_out.sum())),
    )


class TrainingSet(NamedTuple):
    """Images to learn from, and how strongly to warp each.

    Attributes:
        images: uint8 ``(n, 28, 28)``: first those of every epoch, a person's own drawings repeated among them, then the
            synthetic digits and outliers, of which epochs take turns.
        labels: uint8 ``(n,)``, 0..9 or `OUTLIER`.
        warps: float32 ``(n,)``, the strengths of ``builders.training.augmentation.warp``.
        in_every_epoch: how many images are visited in every epoch.
        in_turn: how many of the synthetic digits and outliers an epoch visits.
    """

    images: np.ndarray
    labels: np.ndarray
    warps: np.ndarray
    in_every_epoch: int
    in_turn: int

    @property
    def synthetic(self) -> DataSet | None:
        """The synthetic digits and outliers; None where there are none."""
        if not self.in_turn:
            return None
        made = slice(self.in_every_epoch, None)
        return DataSet(**describe(self.images[made], self.labels[made]))

    @property
    def epoch(self) -> int:
        """How many images an epoch visits."""
        return self.in_every_epoch + self.in_turn


def make_training_set(
    recipe: Recipe,
    images: np.ndarray,
    labels: np.ndarray,
    seed: int,
    own: tuple[np.ndarray, np.ndarray] | None = None,
    own_share: float = OWN_SHARE,
) -> TrainingSet:
    """Return the images with the synthetic digits and outliers that the recipe asks for, and a person's own drawings.

    Args:
        recipe: how many synthetic images, and how strongly to warp all.
        images: uint8 ``(n, 28, 28)``.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the synthetic digits and outliers.
        own: images and labels of the person's drawings to learn from; each is visited once an epoch or more often.
        own_share: about what part of an epoch these are to be.
    """
    turns = min(TURNS, recipe.epochs)
    pools = []
    if recipe.synthetic:
        pools.append(_digits(turns * recipe.synthetic, seed))
    if recipe.outliers:
        outliers = _outliers(turns * recipe.outliers, seed)
        pools.append((outliers, np.full(len(outliers), OUTLIER, np.uint8)))
    in_turn = recipe.synthetic + recipe.outliers
    first = len(images)
    if own:
        visits = own_share / (1 - own_share) * (first + in_turn)
        repeats = min(MOST_REPEATS, max(1, round(visits / len(own[1]))))
        images = np.concatenate([images, np.tile(own[0], (repeats, 1, 1))])
        labels = np.concatenate([labels, np.tile(own[1], repeats)])
    own_visits = len(images) - first
    warps = np.repeat(np.array([recipe.warp, recipe.synthetic_warp], np.float32), [first, own_visits + turns * in_turn])
    if pools:
        made, made_labels = map(np.concatenate, zip(*pools, strict=True))
        order = np.random.default_rng(seed).permutation(len(made))  # so that every turn has its share of both
        images, labels = np.concatenate([images, made[order]]), np.concatenate([labels, made_labels[order]])
    return TrainingSet(images, labels, warps, len(images) - turns * in_turn, in_turn)


@lru_cache(maxsize=1)  # of networks that are built one after the other most learn the same
def _digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return synthetic_digits(count, seed)


@lru_cache(maxsize=1)
def _outliers(count: int, seed: int) -> np.ndarray:
    return synthetic_outliers(count, seed)[0]
