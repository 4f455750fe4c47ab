"""How far random warps go, alike in TensorFlow (augmentation.py) and in NumPy (augmentation_numpy.py)."""

import numpy as np

# Spread of the warp at strength 1: standard deviations, in units that do not depend on the digit.
ROTATION = 0.12  # radians
SHEAR = 0.14  # columns a row
LOG_SCALE = 0.09  # of each axis
SHIFT = 0.9  # pixels
DISPLACEMENT = 1.0  # pixels, of the smooth random displacement
GRID = 6  # the displacement is drawn on GRID x GRID points and interpolated between them


def interpolation_matrix(size: int, points: int) -> np.ndarray:
    """Return float32 ``(size, points)``: smooth interpolation of `points` values to `size` pixels, of unit variance.

    Gaussian weights two thirds of a grid step wide; each row has norm 1, so independent unit normals at the
    points give a unit normal at every pixel, correlated over about one grid step.
    """
    centres = np.linspace(-0.5, size - 0.5, points)
    width = (centres[1] - centres[0]) * 2 / 3
    weights = np.exp(-0.5 * ((np.arange(size)[:, None] - centres) / width) ** 2)
    return (weights / np.linalg.norm(weights, axis=1, keepdims=True)).astype(np.float32)
