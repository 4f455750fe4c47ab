"""An image changed step by step after it was centred: how far each model's answer holds.

Models learn digits whose centre of mass stands in the middle. What they make of one that does not, or that leans, tells
what their architecture forgives: a convolution with pooling some pixels, a fully connected layer little.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zoo.data.corruptions import grown, rounded, warped, with_pen

_LEAST_INK = 0.25  # of a digit: a thinner pen does not make it vanish


@dataclass(frozen=True)
class Change:
    """One way to change an image.

    Attributes:
        title: what people call it.
        unit: of its levels.
        levels: from the first to the last, at equal distances.
        neutral: the level, one of these, that changes nothing.
    """

    title: str
    unit: str
    levels: tuple[float, ...]
    neutral: float = 0.0

    @property
    def step(self) -> float:
        """How far apart the levels are."""
        return self.levels[1] - self.levels[0]

    def nearest(self, level: float) -> float:
        """Return the one of the levels that is nearest to any number."""
        return min(self.levels, key=lambda each: abs(each - level))

    def text(self, level: float) -> str:
        """Return a level in words: ``"+3 px"``."""
        sign = "+" if level > 0 and self.levels[0] < 0 else ""
        return f"{sign}{level:g}{self.unit}".replace("-", "\N{MINUS SIGN}")


def _levels(first: float, last: float, step: float) -> tuple[float, ...]:
    return tuple(first + step * number for number in range(round((last - first) / step) + 1))


CHANGES = {
    "right": Change("Shift right", " px", _levels(-10, 10, 1)),
    "down": Change("Shift down", " px", _levels(-10, 10, 1)),
    "rotation": Change("Rotate", "°", _levels(-90, 90, 5)),
    "scale": Change("Scale", " %", _levels(40, 160, 5), 100.0),
    "pen": Change("Thicken", " px", _levels(-1, 2, 0.25)),
    "noise": Change("Noise", "", _levels(0, 150, 10)),
}
"""The ways there are, by name: right and down in pixels, the rotation clockwise in degrees, the scale in per cent, the
ink in pixels added along its edges, and normal noise of this standard deviation in grey levels."""

NEUTRAL = {name: change.neutral for name, change in CHANGES.items()}


def changed(image: np.ndarray, levels: Mapping[str, float]) -> np.ndarray:
    """Return an image changed in every way of `levels`: the pen first, then where the ink stands, then noise.

    Args:
        image: uint8 ``(28, 28)``, white ink (255) on black (0), centred.
        levels: by names of `CHANGES`; those left out change nothing.

    Returns:
        uint8 ``(28, 28)``; the noise is the same each time.
    """
    level = NEUTRAL | dict(levels)
    if level["pen"]:
        image = with_pen(image[None], lambda fine: _with_other_pen(fine, round(4 * level["pen"])))[0]
    moves = ("right", "down", "rotation", "scale")
    if any(level[name] != NEUTRAL[name] for name in moves):
        image = _moved(image, *(level[name] for name in moves))
    if level["noise"]:
        image = rounded(image + np.random.default_rng(0).normal(0, level["noise"], image.shape))
    return image


def along(image: np.ndarray, levels: Mapping[str, float], name: str) -> np.ndarray:
    """Return an image at each level of one change, the others at these levels: uint8 ``(levels, 28, 28)``."""
    return np.stack([changed(image, {**levels, name: level}) for level in CHANGES[name].levels])


def _with_other_pen(fine: np.ndarray, steps: int) -> np.ndarray:
    """Add ink along all edges, or take it off where the steps, points of the fine grid, are fewer than none."""
    least = fine.sum() * _LEAST_INK
    for step in range(abs(steps)):
        other = grown(fine, step) if steps > 0 else ~grown(~fine, step)
        if other.sum() < least:
            break
        fine = other
    return fine


def _moved(image: np.ndarray, right: float, down: float, rotation: float, scale: float) -> np.ndarray:
    angle = np.radians(rotation)
    cosine, sine = np.cos(angle) * 100 / scale, np.sin(angle) * 100 / scale
    return warped(image[None], cosine, sine, -sine, cosine, right, down)[0]
