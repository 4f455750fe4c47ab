"""The digits in a picture as 28 x 28 images, by the rule that MNIST was made with."""

import os
from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import Image

from zoo.errors import ImageError
from zoo.images.decoding import grey_levels
from zoo.images.ink import THRESHOLD, Cutout, find_digit, find_digits
from zoo.images.placement import BOX, length, place_ink, stroke_width

Source = str | os.PathLike | BinaryIO | Image.Image | np.ndarray
Box = tuple[int, int, int, int]
"""x (right), y (down), width and height, in pixels of the picture as it is seen upright."""

_THINNEST = 1.6  # pixels of the 28 x 28 image


class Piece(NamedTuple):
    """What was taken for a digit in a picture."""

    box: Box
    image: np.ndarray
    """uint8 `(28, 28)`, white ink (255) on black (0)."""


def image_from_picture(source: Source, box: Box | None = None) -> np.ndarray:
    """Find the digit in a picture and centre it as MNIST's digits are.

    Args:
        source: a file (PNG, JPEG, BMP, GIF, TIFF, WebP) or a Pillow image of one digit, ink darker or lighter than the
            paper, or the opaque part of a transparent picture; a drawing, a scan or a photograph. Of several frames,
            the first. The file by its path or opened for reading bytes. Or a uint8 array `(height, width)`, or
            `(height, width, 3)` or `(height, width, 4)` of colours.
        box: look only there.

    Returns:
        uint8 `(28, 28)`, white ink (255) on black (0).

    Raises:
        BlankImageError: if there is no ink.
        ImageError: if the file is missing, damaged, too large, or not a picture, or if it shows many pieces of ink, or
            nothing of it is in the box.

    Source: LeCun et al. (1998); Yadav and Bottou (2019).
    """
    return piece_from_picture(source, box).image


def piece_from_picture(source: Source, box: Box | None = None) -> Piece:
    """Return the image that `image_from_picture` returns, and the box of what was taken for the digit."""
    grey = grey_levels(source)
    if box is None:
        return _piece(find_digit(grey))
    x, y, width, height = box
    left, top = max(x, 0), max(y, 0)
    part = grey[top : max(y + height, 0), left : max(x + width, 0)]
    if not part.size:
        raise ImageError(
            f"Expected a box in the picture, which has {grey.shape[1]} x {grey.shape[0]} pixels, found "
            f"{x},{y},{width},{height}: give x and y of its upper left corner, its width and its height."
        )
    found, image = _piece(find_digit(part))
    return Piece((found[0] + left, found[1] + top, *found[2:]), image)


def images_from_picture(source: Source) -> list[Piece]:
    """Find digits that stand side by side, as a house number's do, and cut out each as `image_from_picture` does.

    Args:
        source: as `image_from_picture` takes it.

    Returns:
        A piece a digit, from left to right, row by row. What is in doubt (two that touch, a comma) is left out.

    Raises:
        BlankImageError, ImageError: as `image_from_picture`; of hundreds of pieces of ink too.
    """
    return [_piece(cutout) for cutout in find_digits(grey_levels(source))]


def _piece(cutout: Cutout) -> Piece:
    return Piece(cutout.box, place_ink(_averaged(*_at_least_as_wide(cutout.ink, cutout.rows, cutout.columns))))


def _at_least_as_wide(ink: np.ndarray, rows: slice, columns: slice) -> tuple[np.ndarray, slice, slice]:
    """Widen hair lines, which would be averaged to grey, to the width of MNIST's thinnest strokes."""
    digit = ink[rows, columns] > THRESHOLD * ink[rows, columns].max()
    missing = _THINNEST / BOX * max(digit.shape) - stroke_width(digit)
    if missing <= 0:
        return ink, rows, columns
    from scipy import ndimage

    more = int(np.ceil(missing / 2))
    ink = np.pad(ink[rows, columns] / ink[rows, columns].max(), more)
    distance = ndimage.distance_transform_edt(~np.pad(digit, more))
    ink = np.maximum(ink, np.clip(missing / 2 + 1 - distance, 0, 1))  # of a pixel at distance 1, from its near side on
    return ink, slice(0, ink.shape[0]), slice(0, ink.shape[1])


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
