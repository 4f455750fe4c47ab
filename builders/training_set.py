"""What a network learns from: labelled images, digits drawn from rules, and drawings that are no digit."""

from typing import NamedTuple

import numpy as np

from builders.recipe import Recipe
from zoo.handwriting import handwriting
from zoo.not_digits import not_digits

NOT_A_DIGIT = 10
"""The label of drawings whose right answer is that all ten digits are equally unlikely."""


class TrainingSet(NamedTuple):
    """Images to learn from, and how strongly to warp each.

    Attributes:
        images: uint8 ``(n, 28, 28)``.
        labels: uint8 ``(n,)``, 0..9 or `NOT_A_DIGIT`.
        warps: float32 ``(n,)``, the strengths of ``builders.augmentation.warp``.
    """

    images: np.ndarray
    labels: np.ndarray
    warps: np.ndarray


def training_set(recipe: Recipe, images: np.ndarray, labels: np.ndarray, seed: int) -> TrainingSet:
    """Put generated drawings beside the images, as the recipe says.

    Args:
        recipe: how many drawings, and how strongly to warp them.
        images: uint8 ``(n, 28, 28)``.
        labels: uint8 ``(n,)``, 0..9.
        seed: decides the drawings.
    """
    parts = [(images, labels, recipe.warp)]
    if recipe.drawings:
        parts.append((*handwriting(recipe.drawings, seed), recipe.drawings_warp))
    if recipe.not_digits:
        others, _ = not_digits(recipe.not_digits, seed)
        parts.append((others, np.full(len(others), NOT_A_DIGIT, np.uint8), recipe.drawings_warp))
    images, labels, warps = zip(*parts, strict=True)
    strengths = np.repeat(np.float32(warps), [len(part) for part in labels])
    return TrainingSet(np.concatenate(images), np.concatenate(labels), strengths)
