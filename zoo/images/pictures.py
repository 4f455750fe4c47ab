"""The digit in a picture as a 28 x 28 image, by the rule that MNIST was made with."""

import os
from typing import BinaryIO

import numpy as np
from PIL import Image

from zoo.images.decoding import grey_levels
from zoo.images.ink import find_ink
from zoo.images.placement import BOX, length, place_ink


def image_from_picture(source: str | os.PathLike | BinaryIO | Image.Image | np.ndarray) -> np.ndarray:
    """Find the digit in a picture and centre it as MNIST's digits are.

    Args:
        source: a file (PNG, JPEG, BMP, GIF, TIFF, WebP) or a Pillow image of one digit, ink darker or lighter than the
            paper, or the opaque part of a transparent picture; a drawing, a scan or a photograph. Of several frames,
            the first. The file by its path or opened for reading bytes. Or a uint8 array `(height, width)`.

    Returns:
        uint8 `(28, 28)`, white ink (255) on black (0).

    Raises:
        BlankImageError: if there is no ink.
        ImageError: if the file is missing, damaged, too large, or not a picture.

    Source: LeCun et al. (1998); Yadav and Bottou (2019).
    """
    ink, rows, columns = find_ink(grey_levels(source))
    return place_ink(_averaged(ink, rows, columns))


def _averaged(ink: np.ndarray, rows: slice, columns: slice) -> np.ndarray:
    """Average the ink over the 20 x 20 cells of the square around its bounding box."""
    side = max(length(rows), length(columns))
    top, down = _cells(rows, side, ink.shape[0])
    left, across = _cells(columns, side, ink.shape[1])
    return down @ ink[top : top + down.shape[1], left : left + across.shape[1]] @ across.T


def _cells(span: slice, side: int, pixels: int) -> tuple[int, np.ndarray]:
    """Return the first pixel of a square around the span, and how much of it and the next lies in each of 20 cells."""
    pad = (side - length(span)) // 2  # whole, so that MNIST's own images come out as they went in
    edges = span.start - pad + side / BOX * np.arange(BOX + 1)
    pixel = np.arange(max(int(edges[0]), 0), min(int(np.ceil(edges[-1])), pixels))
    cells = np.clip(np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel), 0, None)
    return pixel[0], cells
