"""A picture from a file or the clipboard as an image that models read and a small copy to show. Knows no Tk.

Reading a photograph takes longer than a window may wait, so it is done in the worker.
"""

import contextlib
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image, ImageOps

import zoo
from zoo.images.decoding import load_pixels, opened
from zoo.images.pictures import Box, Piece, images_from_picture, piece_from_picture

SHOWN_SIDE = 900
"""Pixels of the longer side of the copy to show, at most."""

_ORIENTATION = 0x0112  # of EXIF

FILE_TYPES = [("Pictures", "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.heic"), ("All files", "*")]
"""For a dialog that asks for a picture."""


@dataclass(frozen=True)
class Opened:
    """A picture that was opened.

    Attributes:
        image: what models read, uint8 (28, 28), white on black; None where it is not taken for one digit.
        shown: what people see: a small copy, mode RGB.
        title: what it is called.
        size: its width and height in pixels.
        box: where the digit is: x, y, width and height.
        pieces: the digits that are found side by side.
        error: why there is no ``image``.
    """

    image: np.ndarray | None
    shown: Image.Image
    title: str
    size: tuple[int, int]
    box: Box
    pieces: list[Piece]
    error: str = ""


def open_picture(source: str | os.PathLike | Image.Image, title: str = "") -> Opened:
    """Find the digit in a picture, or several; without a title it is called by its file's name.

    Raises:
        BlankImageError: there is no ink in it.
        ImageError: the file is missing, damaged, too large, or not a picture.
    """
    # The first to open it, as it explains what is wrong with a file.
    try:
        taken, error = piece_from_picture(source), ""
    except zoo.BlankImageError:
        raise
    except zoo.ImageError as reason:
        taken, error = Piece((0, 0, 0, 0), None), str(reason)
    pieces = images_from_picture(source)  # raises it again, where the picture cannot be read at all
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata
        with contextlib.nullcontext(source) if isinstance(source, Image.Image) else opened(source) as picture:
            size = picture.size
            if picture.getexif().get(_ORIENTATION, 1) > 4:  # it lies on its side
                size = size[::-1]
            picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))  # of a large JPEG, decode no more than is shown
            load_pixels(picture)
            shown = _shown(picture)
    name = title if isinstance(source, Image.Image) else title or Path(source).name
    return Opened(taken.image, shown, name, size, taken.box, pieces, error)


def _shown(picture: Image.Image) -> Image.Image:
    """Return a small copy, mode RGB; what is transparent is paper, on which the ink is seen."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):  # of more levels than a screen has
        levels = np.asarray(picture, float)
        levels = (levels - levels.min()) * (255 / (np.ptp(levels) or 1))
        picture = Image.fromarray(levels.astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        grey, alpha = (np.asarray(part, float) for part in picture.convert("LA").split())
        is_light = (grey * alpha).sum() > 127 * alpha.sum()
        paper = Image.new("RGBA", picture.size, "black" if is_light else "white")
        return Image.alpha_composite(paper, picture).convert("RGB")
    picture = picture.convert("RGB")
    picture.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return picture


def paths_from_uris(text: str) -> list[Path]:
    """Return the local files of a list of addresses, one a line (RFC 2483); those elsewhere are passed over."""
    from urllib.request import url2pathname  # it takes longer to import than all else here

    paths = []
    for line in text.splitlines():
        with contextlib.suppress(ValueError):  # no address
            address = urlsplit(line.strip())
            if address.scheme == "file" and address.path:
                paths.append(Path(url2pathname(address.path)))
    return paths
