"""Augmentation in NumPy: the random warps of augmentation.py, with the same spread."""

from typing import NamedTuple

import numpy as np

from builders.training.warp_spread import DISPLACEMENT, GRID, LOG_SCALE, ROTATION, SHEAR, SHIFT, interpolation_matrix


class Warps(NamedTuple):
    """The random numbers of the warps of a batch, all float32 and standard normal.

    Attributes:
        affine: ``(6, n)``: rotation, shear, scale of x and y, shift of x and y.
        grids: ``(2, n, GRID, GRID)``: the smooth displacement of x and y.
    """

    affine: np.ndarray
    grids: np.ndarray


def draw_warps(count: int, seed: int, step: int) -> Warps:
    """Return the random numbers of the warps of `count` images: a pure function of `seed` and `step`, both from 0."""
    random = np.random.default_rng([seed, step])
    shapes = (6, count), (2, count, GRID, GRID)
    return Warps(*(random.standard_normal(shape, dtype=np.float32) for shape in shapes))


def warp(images: np.ndarray, warps: Warps, strength: np.ndarray) -> np.ndarray:
    """Warp each image its own way: rotation, shear, scale, shift and a smooth displacement (Simard et al. 2003).

    Args:
        images: float32 ``(n, 28, 28)``, white ink on black.
        warps: what chance decided, from ``draw_warps``.
        strength: float32 ``(n,)``, factor on every spread: 0 leaves an image as it is, 1 is the full warp.

    Returns:
        float32 ``(n, 28, 28)``, sampled bilinearly; black beyond the border.
    """
    count, size, _ = images.shape
    middle = (size - 1) / 2
    rotation, shear, scale_x, scale_y, shift_x, shift_y = (warps.affine * strength)[:, :, None, None]
    matrix = interpolation_matrix(size, GRID)
    source_x, source_y = (matrix @ (warps.grids * (DISPLACEMENT * strength)[:, None, None])) @ matrix.T

    # Where each pixel of the result looks in the image: the inverse map, about the centre. It is linear in x and in y,
    # and begins one pixel further on, as a black frame of one pixel stands for all that lies beyond the border.
    x = np.arange(size, dtype=np.float32) - np.float32(middle)
    y = x[:, None]
    cosine, sine = np.cos(rotation * ROTATION), np.sin(rotation * ROTATION)
    stretch_x, stretch_y = np.exp(scale_x * LOG_SCALE), np.exp(scale_y * LOG_SCALE)
    shear = shear * SHEAR
    source_x += stretch_x * cosine * x
    source_x += stretch_x * (cosine * shear + sine) * y + (shift_x * SHIFT + (middle + 1))
    source_y -= stretch_y * sine * x
    source_y += stretch_y * (cosine - sine * shear) * y + (shift_y * SHIFT + (middle + 1))
    np.clip(source_x, 0, size + 0.999, out=source_x)
    np.clip(source_y, 0, size + 0.999, out=source_y)

    width = size + 2
    framed = np.zeros((count, width, width), images.dtype)
    framed[:, 1:-1, 1:-1] = images
    left, top = source_x.astype(np.int32), source_y.astype(np.int32)  # rounds down, as nothing is negative
    right_share, bottom_share = source_x - left.astype(np.float32), source_y - top.astype(np.float32)
    first = top * np.int32(width) + left + (np.arange(count, dtype=np.int32) * (width * width))[:, None, None]
    flat = framed.reshape(-1)
    upper = _between(flat.take(first), flat.take(first + 1), right_share)
    lower = _between(flat.take(first + width), flat.take(first + (width + 1)), right_share)
    return _between(upper, lower, bottom_share)


def _between(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return ``one + share * (other - one)``, written over `other`."""
    other -= one
    other *= share
    other += one
    return other
