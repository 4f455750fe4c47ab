"""Labelled images made harder, in ways a person hardly minds: how far a model's score carries beyond its test set.

Each set of the catalogue at the end changes every image in one way, always at one strength, so that a score has one
cause. No model is trained on them. Strengths are in pixels of the 28 x 28 image and in its 255 grey levels.

Source: the idea, Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions and
perturbations" (2019), and for MNIST Mu and Gilmer, "MNIST-C" (2019); thinner and thicker pens, Castro et al.,
"Morpho-MNIST" (2019).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from zoo.images.placement import SIZE

_CENTRE = 14.5  # where MNIST puts the centre of mass: the middle of the pixel with the index 14
_FINE = 4  # the pen is thinned and thickened on a grid of so many points a pixel and axis
_CHUNK = 500  # images on that grid at once, which keeps them small in memory


class Corruption(NamedTuple):
    """How a harder set is made: in words, and as a function of images uint8 `(n, 28, 28)` and a random generator."""

    description: str
    make: Callable[[np.ndarray, np.random.Generator], np.ndarray]


def corrupted(name: str, images: np.ndarray, seed: int = 0) -> np.ndarray:
    """Make images harder in one way; the same name, images and seed give the same set.

    Args:
        name: a key of `CORRUPTIONS`.
        images: uint8 `(n, 28, 28)`, white ink (255) on black (0), each digit in the middle as MNIST's are.
        seed: 0 or more.

    Returns:
        uint8 `(n, 28, 28)`, new.
    """
    return CORRUPTIONS[name].make(images, np.random.default_rng(seed))


def _thin(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    def thinned(fine):
        enough = fine.sum((1, 2), keepdims=True) * 0.5
        for step in range(_FINE):
            thinner = ~grown(~fine, step)
            fine = np.where(thinner.sum((1, 2), keepdims=True) < enough, fine, thinner)
        return fine

    return with_pen(images, thinned)


def _thick(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    def thickened(fine):
        for step in range(3):
            fine = grown(fine, step)
        return fine

    return with_pen(images, thickened)


def _rotated(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    angle = np.radians(20) * _signs(random, len(images))
    return warped(images, np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle))


def _sheared(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return warped(images, 1, 0.4 * _signs(random, len(images)), 0, 1)


def _small(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    side = 17  # of 28: 60 %
    middle = (SIZE - side) / 2
    corners = (middle + _signs(random, (len(images), 2)) * random.choice((3.5, 4.5, 5.5), (len(images), 2))).astype(int)
    small = np.zeros_like(images)
    for image, reduced, (left, top) in zip(small, _resized(images, side), corners, strict=True):
        image[top : top + side, left : left + side] = reduced
    return small


def _noise(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return rounded(images + random.normal(0, 50, images.shape))


def _blur(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    from scipy import ndimage

    return rounded(ndimage.gaussian_filter(images.astype(np.float32), 1.2, axes=(1, 2)))


def _erased(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    # A random factor a pixel: the largest product is at a pixel with ink, any of them.
    spots = (images * random.random(images.shape)).reshape(len(images), -1).argmax(1)
    rows, columns = (places[:, np.newaxis, np.newaxis] for places in np.divmod(spots, SIZE))
    x = np.arange(SIZE)
    distance = np.hypot(x - columns, x[:, np.newaxis] - rows)
    return rounded(images * np.clip(distance - 2.5, 0, 1))


CORRUPTIONS: dict[str, Corruption] = {
    "thin": Corruption(
        "on a grid four times as fine, ink is taken off all edges a quarter of a pixel at a time, up to four times, "
        "while half of it remains",
        _thin,
    ),
    "thick": Corruption("on a grid four times as fine, 0.75 pixels of ink are added along all edges", _thick),
    "rotated": Corruption("rotated by 20 degrees to the left or to the right", _rotated),
    "sheared": Corruption("slanted to the left or to the right, by 0.4 pixels a row", _sheared),
    "small": Corruption("reduced to 60 %, and moved by 3 to 6 pixels left or right and up or down", _small),
    "noise": Corruption("normal noise with a standard deviation of 50 of 255 in every pixel", _noise),
    "blur": Corruption("blurred by a Gaussian with a standard deviation of 1.2 pixels", _blur),
    "erased": Corruption("a round spot, 6 pixels wide, erased around a random pixel of the ink", _erased),
}


def _signs(random: np.random.Generator, shape) -> np.ndarray:
    return random.choice((-1, 1), shape)


def rounded(levels: np.ndarray) -> np.ndarray:
    """Return levels of any kind as uint8."""
    return np.clip(np.round(levels), 0, 255).astype(np.uint8)


def _resized(images: np.ndarray, side: int) -> np.ndarray:
    """Return the images with another side; Pillow averages where it makes them smaller."""
    resized = [Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC) for image in images]
    return np.stack([np.asarray(image) for image in resized])


def warped(images: np.ndarray, xx, xy, yx, yy, right: float = 0, down: float = 0) -> np.ndarray:
    """Fetch what is at the offset (x, y) from the centre from (xx x + xy y, yx x + yy y), and move it by some pixels.

    Each factor is one number, or one an image.
    """
    linear = np.array([np.broadcast_to(entry, len(images)) for entry in (xx, xy, yx, yy)]).reshape(2, 2, -1)
    shift = _CENTRE - linear.sum(1) * _CENTRE - linear[:, 0] * right - linear[:, 1] * down
    matrices = np.concatenate((linear, shift[:, np.newaxis]), axis=1).transpose(2, 0, 1).reshape(-1, 6)
    warped = [
        Image.fromarray(image).transform((SIZE, SIZE), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
        for image, matrix in zip(images, matrices.tolist(), strict=True)
    ]
    return np.stack([np.asarray(image) for image in warped])


def with_pen(images: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Change the ink of images, True and False on a grid four times as fine, and average it to pixels again."""
    chunks = []
    for start in range(0, len(images), _CHUNK):
        fine = change(_resized(images[start : start + _CHUNK], SIZE * _FINE) >= 128)
        chunks.append(fine.reshape(-1, SIZE, _FINE, SIZE, _FINE).mean((2, 4)) * 255)
    return rounded(np.concatenate(chunks))


def grown(ink: np.ndarray, step: int) -> np.ndarray:
    """Add one point of the fine grid along every edge, by turns without and with the corners: nearly a round pen."""
    rows = ink.copy()
    rows[:, 1:] |= ink[:, :-1]
    rows[:, :-1] |= ink[:, 1:]
    sides = rows if step % 2 else ink
    grown = rows.copy()
    grown[:, :, 1:] |= sides[:, :, :-1]
    grown[:, :, :-1] |= sides[:, :, 1:]
    return grown
