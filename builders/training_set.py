"""What a network learns from: labelled images, digits drawn from rules, and drawings that are no digit."""

from typing import NamedTuple

import numpy as np

from builders.recipe import Recipe
from zoo.datasets import describe
from zoo.handwriting import handwriting
from zoo.not_digits import not_digits

NOT_A_DIGIT = 10
"""The label of drawings whose right answer is that all ten digits are equally improbable."""

TURNS = 6
"""So many epochs, at most, pass before a drawing comes again: drawings cost little, and new ones teach more."""


class TrainingSet(NamedTuple):
    """Images to learn from, and how strongly to warp each.

    Attributes:
        images: uint8 ``(n, 28, 28)``: first those of every epoch, then the drawings, of which epochs take turns.
        labels: uint8 ``(n,)``, 0..9 or `NOT_A_DIGIT`.
        warps: float32 ``(n,)``, the strengths of ``builders.augmentation.warp``.
        in_every_epoch: how many images are visited in every epoch.
        in_turn: how many of the drawings an epoch visits.
    """

    images: np.ndarray
    labels: np.ndarray
    warps: np.ndarray
    in_every_epoch: int
    in_turn: int

    @property
    def generated(self) -> dict | None:
        """What ``model.json`` says of the drawings; None where there are none."""
        drawn = slice(self.in_every_epoch, None)
        return describe(self.images[drawn], self.labels[drawn]) if self.in_turn else None

    @property
    def epoch(self) -> int:
        """How many images an epoch visits."""
        return self.in_every_epoch + self.in_turn


def training_set(recipe: Recipe, images: np.ndarray, labels: np.ndarray, seed: int) -> TrainingSet:
    """Put generated drawings beside the images, as the recipe says.

    Args:
        recipe: how many drawings, and how strongly to warp them.
        images: uint8 ``(n, 28, 28)``.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the drawings.
    """
    turns = min(TURNS, recipe.epochs)
    pools = []
    if recipe.drawings:
        pools.append(handwriting(turns * recipe.drawings, seed))
    if recipe.not_digits:
        others, _ = not_digits(turns * recipe.not_digits, seed)
        pools.append((others, np.full(len(others), NOT_A_DIGIT, np.uint8)))
    in_turn = recipe.drawings + recipe.not_digits
    warps = np.repeat(np.float32([recipe.warp, recipe.drawings_warp]), [len(images), turns * in_turn])
    if pools:
        drawn, drawn_labels = map(np.concatenate, zip(*pools, strict=True))
        order = np.random.default_rng(seed).permutation(len(drawn))  # so that every turn has its share of both
        images, labels = np.concatenate([images, drawn[order]]), np.concatenate([labels, drawn_labels[order]])
    return TrainingSet(images, labels, warps, len(images) - turns * in_turn, in_turn)
