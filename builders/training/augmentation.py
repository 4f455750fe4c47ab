"""Augmentation: random warps of digit images, a whole batch at a time, inside the TensorFlow graph."""

import numpy as np
import tensorflow as tf

from builders.training.warp_spread import DISPLACEMENT, GRID, LOG_SCALE, ROTATION, SHEAR, SHIFT, interpolation_matrix


def warp(images: tf.Tensor, seed: tf.Tensor, strength: tf.Tensor | float) -> tf.Tensor:
    """Warp each image its own way: rotation, shear, scale, shift and a smooth displacement (Simard et al. 2003).

    Args:
        images: float32 ``(n, 28, 28)``, white ink on black.
        seed: int32 ``(2,)``. The same seed gives the same warps (the random operations are stateless).
        strength: factor on every spread, one for all or float32 ``(n,)``; 0 leaves an image as it is, 1 is the full
            warp.

    Returns:
        float32 ``(n, 28, 28)``, sampled bilinearly; black beyond the border.
    """
    count, size = tf.shape(images)[0], images.shape[1]
    strength = tf.reshape(tf.cast(strength, tf.float32), (-1, 1, 1))
    seeds = tf.random.split(seed, 2)
    rotation, shear, scale_x, scale_y, shift_x, shift_y = tf.unstack(
        tf.random.stateless_normal((6, count, 1, 1), seeds[0]) * strength
    )
    matrix = interpolation_matrix(size, GRID)
    grids = tf.random.stateless_normal((2, count, GRID, GRID), seeds[1])
    smooth = tf.einsum("yi,anij,xj->anyx", matrix, grids, matrix) * (DISPLACEMENT * strength)

    # Where each pixel of the result looks in the image: the inverse map, about the centre.
    offset = np.arange(size, dtype=np.float32) - (size - 1) / 2
    x, y = offset[None, None, :], offset[None, :, None]
    cosine, sine = tf.cos(rotation * ROTATION), tf.sin(rotation * ROTATION)
    stretch_x, stretch_y = tf.exp(scale_x * LOG_SCALE), tf.exp(scale_y * LOG_SCALE)
    sheared = x + y * (shear * SHEAR)
    source_x = stretch_x * (cosine * sheared + sine * y) + shift_x * SHIFT + smooth[0] + (size - 1) / 2
    source_y = stretch_y * (cosine * y - sine * sheared) + shift_y * SHIFT + smooth[1] + (size - 1) / 2

    # A black frame of one pixel stands for all that lies beyond the border.
    padded = tf.pad(images, ((0, 0), (1, 1), (1, 1)))
    source_x = tf.clip_by_value(source_x + 1, 0.0, size + 0.999)
    source_y = tf.clip_by_value(source_y + 1, 0.0, size + 0.999)
    left, top = tf.floor(source_x), tf.floor(source_y)
    right_share, bottom_share = source_x - left, source_y - top
    width = size + 2
    first = tf.range(count)[:, None, None] * (width * width) + tf.cast(top, tf.int32) * width + tf.cast(left, tf.int32)
    flat = tf.reshape(padded, (-1,))
    upper = tf.gather(flat, first) * (1 - right_share) + tf.gather(flat, first + 1) * right_share
    lower = tf.gather(flat, first + width) * (1 - right_share) + tf.gather(flat, first + width + 1) * right_share
    return upper * (1 - bottom_share) + lower * bottom_share
