"""How little ink has to go for a model to read another digit."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from zoo.classifier import Classifier, checked_images

_TRIED = 16
"""Pixels that are tried at each step: those whose loss counted the most when they were tried last."""


@dataclass(frozen=True, eq=False)
class Flip:
    """An image that loses its ink pixel by pixel, and what a model makes of it.

    Attributes:
        images: uint8 ``(n, 28, 28)``; the first is whole, each of the others lacks one pixel more.
        probabilities: float32 ``(n, 10)``.
        ink: how many pixels of the whole image have ink.
    """

    images: np.ndarray
    probabilities: np.ndarray
    ink: int

    @property
    def digit(self) -> int:
        """What the model reads in the whole image."""
        return int(self.probabilities[0].argmax())

    @property
    def other(self) -> int:
        """What it reads in the end, or nearly does: the most probable of the other digits."""
        last = self.probabilities[-1].copy()
        last[self.digit] = -1
        return int(last.argmax())

    @property
    def wiped(self) -> int:
        """How many pixels have gone in the end."""
        return len(self.images) - 1

    @property
    def is_flipped(self) -> bool:
        """Whether the answer is another one in the end."""
        return int(self.probabilities[-1].argmax()) != self.digit


def smallest_flip(model: Classifier, image: np.ndarray) -> Generator[float, None, Flip]:
    """Search for the fewest pixels whose loss has the model read another digit; step by step, as it takes a moment.

    The pixel that counts the most goes, then the one that counts the most of those that are left, until the answer is
    another one or half of the ink is gone. Pixels that turn out not to have been needed come back. This finds a small
    change, not always the smallest one.

    Args:
        model: asked with batches of at most 16 images.
        image: uint8 or float ``(28, 28)``, 0 (black paper) to 255 (white ink).

    Yields:
        How much of the bound is used up, 0..1.

    Returns:
        The way to the last image, whether or not that is read as another digit.

    Raises:
        ImageError: the image is none that ``Classifier.predict`` takes.
    """
    (whole,) = checked_images(image)
    digit = int(model.predict(whole).probabilities[0].argmax())

    def margins(images: np.ndarray) -> np.ndarray:
        logits = model.predict(images).logits
        return logits[:, digit] - np.delete(logits, digit, axis=1).max(axis=1)

    ink = np.flatnonzero(whole)
    left, wiped, bound = whole.copy(), list[int](), len(ink) // 2
    counts = np.full(784, -np.inf)  # how far the margin falls without a pixel
    for start in range(0, len(ink), _TRIED):
        counts[ink[start : start + _TRIED]] = -margins(_each_without(left, ink[start : start + _TRIED]))
        yield 0.0
    margin = 1.0
    while margin > 0 and len(wiped) < bound:
        tried = np.argsort(-counts, kind="stable")[: min(_TRIED, len(ink) - len(wiped))]
        after = margins(_each_without(left, tried))
        counts[tried] = -after
        pixel, margin = int(tried[after.argmin()]), float(after.min())
        wiped.append(pixel)
        left.flat[pixel], counts[pixel] = 0, -np.inf
        yield len(wiped) / bound
    if margin <= 0:
        for pixel in wiped[:-1]:
            back = left.copy()
            back.flat[pixel] = whole.flat[pixel]
            if margins(back[None])[0] < 0:
                left = back
                wiped.remove(pixel)
            yield 1.0
    images = np.stack([whole, *[_without(whole, wiped[: count + 1]) for count in range(len(wiped))]])
    probabilities = []
    for start in range(0, len(images), _TRIED):
        probabilities.append(model.predict(images[start : start + _TRIED]).probabilities)
        yield 1.0
    said = np.concatenate(probabilities)
    flips = np.flatnonzero(said.argmax(axis=1) != digit)
    end = int(flips[0]) + 1 if len(flips) else len(images)
    return Flip(np.rint(images[:end]).astype(np.uint8), said[:end], len(ink))


def _without(image: np.ndarray, pixels: list[int]) -> np.ndarray:
    """Return the image with paper in the place of these pixels, by their indices in 0..783."""
    image = image.copy()
    image.flat[pixels] = 0
    return image


def _each_without(image: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Return an image for each of these pixels, float32 ``(n, 28, 28)``, that lacks it."""
    images = np.repeat(image.reshape(1, 784), len(pixels), axis=0)
    images[np.arange(len(pixels)), pixels] = 0
    return images.reshape(-1, 28, 28)
