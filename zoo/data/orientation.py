"""How labelled digits lie: upright and white on black, as models take them, or turned, mirrored or inverted."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from zoo._support.progress import note

_ENOUGH = 2000
"""Images, at most, of which the classes' means are made."""
_CLEARLY = 0.1
"""So much nearer, as a correlation, the turned means must be to those of synthetic digits: MNIST's are by .16."""


class Way(NamedTuple):
    """A way in which images may lie: in words, what mends it in NumPy, and what does so with ``(n, 28, 28)``."""

    words: str
    expression: str
    mend: Callable[[np.ndarray], np.ndarray]


_TURNED = (
    Way("", "images", lambda images: images),
    Way("transposed", "images.transpose(0, 2, 1)", lambda images: images.transpose(0, 2, 1)),
    Way("turned to the right", "numpy.rot90(images, 1, (1, 2))", lambda images: np.rot90(images, 1, (1, 2))),
    Way("turned to the left", "numpy.rot90(images, 3, (1, 2))", lambda images: np.rot90(images, 3, (1, 2))),
    Way("upside down", "images[:, ::-1, ::-1]", lambda images: images[:, ::-1, ::-1]),
    Way("mirrored left to right", "images[:, :, ::-1]", lambda images: images[:, :, ::-1]),
    Way("mirrored top to bottom", "images[:, ::-1]", lambda images: images[:, ::-1]),
    Way(
        "transposed and upside down",
        "images.transpose(0, 2, 1)[:, ::-1, ::-1]",
        lambda images: images.transpose(0, 2, 1)[:, ::-1, ::-1],
    ),
)


def _inverted(way: Way) -> Way:
    words = f"inverted and {way.words}" if way.words else "inverted"
    return Way(words, f"255 - {way.expression}", lambda images: 255 - way.mend(images))


def found_way(images: np.ndarray, labels: np.ndarray) -> Way | None:
    """Return how labelled digits lie, None where upright and white on black, or where they resemble digits in no way.

    The mean image of each class is compared with that of synthetic digits.

    Args:
        images: ``(n, 28, 28)`` in 0..255.
        labels: integers 0..9 ``(n,)``.
    """
    step = -(-len(images) // _ENOUGH)
    classes, means = _means(images[::step], labels[::step])
    models = _synthetic_means()[classes]
    ways = [(_correlation(turned.mend(means), models), turned) for turned in _TURNED]
    ways += [(-likeness, _inverted(turned)) for likeness, turned in ways]
    best = max(ways, key=lambda way: way[0])
    return best[1] if best[0] > ways[0][0] + _CLEARLY else None


def tell_way(images: np.ndarray, labels: np.ndarray, what: str) -> None:
    """Say in a sentence on stderr where labelled digits do not lie as models take them; `what` is what they are."""
    if way := found_way(images, labels):
        note(f"{what} look {way.words}, not upright and white on black as MNIST's: {way.expression} mends them.")


def _means(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes that there are and the mean image of each less its mean, float64 ``(classes, 28, 28)``."""
    classes = np.unique(labels)
    means = np.stack([images[labels == each].mean(axis=0, dtype=np.float64) for each in classes])
    return classes, means - means.mean(axis=(1, 2), keepdims=True)


@cache
def _synthetic_means() -> np.ndarray:
    from zoo.synthetic.digits import synthetic_digits

    return _means(*synthetic_digits(200, seed=0, workers=1))[1]


def _correlation(means: np.ndarray, models: np.ndarray) -> float:
    return float((means * models).sum() / (np.linalg.norm(means) * np.linalg.norm(models) or 1))
