"""The images of a set that show best what is in it."""

import numpy as np


def typical_images(images: np.ndarray, count: int) -> np.ndarray:
    """Choose images that are typical of a set and show its range.

    The first is the one that is nearest to all, and each further one brings all images nearest to one that is chosen:
    k-medoids, greedily.

    Args:
        images: uint8 `(n, 28, 28)`; time and memory grow with the square of `n`.
        count: how many; of a smaller set, all.

    Returns:
        The indices in `images` of those that are chosen, int64 `(min(count, n),)`.
    """
    # In blocks of 2 x 2 pixels, so that the same shape a pixel aside is near.
    points = images.reshape(len(images), 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32).reshape(len(images), -1)
    squares = (points**2).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0))
    nearest = np.full(len(images), np.inf, np.float32)
    chosen: list[int] = []
    for _ in range(min(count, len(images))):
        costs = np.minimum(nearest, distances).sum(axis=1)
        costs[chosen] = np.inf
        chosen.append(int(costs.argmin()))
        nearest = np.minimum(nearest, distances[chosen[-1]])
    return np.array(chosen)
