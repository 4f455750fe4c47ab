"""Sheets of digits: images in rows, as pixels, as a picture on white paper, or in a figure with room for captions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from zoo.images.placement import SIZE
from zoo.report.style import WIDTH, in_inches, report_figure, show_digit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def in_rows(images: Sequence[np.ndarray] | np.ndarray, columns: int) -> list:
    """Return images `(n, 28, 28)` as rows of so many of them; the last row may be shorter."""
    return [images[start : start + columns] for start in range(0, len(images), columns)]


def tiled(rows: Sequence, columns: int, across: int = 0, down: int = 0) -> np.ndarray:
    """Return rows of images `(28, 28)` as the pixels of one sheet, 0..255, white ink on black.

    Args:
        rows: for each row at most `columns` images.
        columns: so many images fit in a row.
        across, down: pixels between images that are side by side, and between rows.

    Returns:
        float64 `(h, w)`, without a margin.
    """
    wide, tall = SIZE + across, SIZE + down
    sheet = np.zeros((len(rows) * tall - down, columns * wide - across))
    for row, images in enumerate(rows):
        for column, image in enumerate(images):
            sheet[row * tall : row * tall + SIZE, column * wide : column * wide + SIZE] = image
    return sheet


def joined(sheets: Sequence[np.ndarray], gap: int, axis: int) -> np.ndarray:
    """Return sheets `(h, w)` above one another (axis 0) or side by side (axis 1), `gap` black pixels between them."""
    shape = list(sheets[0].shape)
    shape[axis] = gap
    parts = [sheets[0]]
    for sheet in sheets[1:]:
        parts += [np.zeros(shape), sheet]
    return np.concatenate(parts, axis=axis)


def on_paper(sheet: np.ndarray, margins: tuple[int, int, int, int], scale: int) -> Image.Image:
    """Return a sheet `(h, w)`, 0..255, as a grey picture of dark ink on white paper.

    Args:
        sheet: white ink on black.
        margins: pixels of the sheet at the left, at the top, at the right and at the bottom.
        scale: how many pixels of the picture one of the sheet becomes.
    """
    left, top, right, bottom = margins
    whole = np.pad(sheet, ((top, bottom), (left, right)))
    picture = Image.fromarray(255 - whole.astype(np.uint8))
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.BICUBIC)


def digits_figure(
    images: Sequence[np.ndarray] | np.ndarray, columns: int, height: float, side: float, corner: tuple[float, float]
) -> "tuple[Figure, Axes, list[tuple[float, float]]]":
    """Draw images `(n, 28, 28)` in rows as wide as a page, dark ink on white; all measures are inches.

    Args:
        images: 0..255, white ink on black.
        columns: so many cells in a row.
        height: of a cell.
        side: of an image.
        corner: where an image stands in its cell, from the upper left.

    Returns:
        The figure, its axes in inches, and the upper left corner of each image in them.
    """
    figure = report_figure(height * -(-len(images) // columns), layout=None)
    axes = in_inches(figure)
    corners = []
    for number, image in enumerate(images):
        x, y = number % columns * (WIDTH / columns) + corner[0], number // columns * height + corner[1]
        show_digit(axes, image, x, y, side)
        corners.append((x, y))
    return figure, axes, corners
