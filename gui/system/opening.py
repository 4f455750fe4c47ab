"""A picture from a file or the clipboard as an image that models read and a small copy to show. Knows no Tk.

Reading a photograph takes longer than a window may wait, so it is done in the worker.
"""

import contextlib
import os
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image, ImageOps

import zoo
from gui.drawing.drawing import Picture
from zoo.images.decoding import load_pixels, opened

SHOWN_SIDE = 900
"""Pixels of the longer side of the copy to show, at most."""

FILE_TYPES = [("Pictures", "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.heic"), ("All files", "*")]
"""For a dialog that asks for a picture."""


def open_picture(source: str | os.PathLike | Image.Image, title: str = "") -> Picture:
    """Find the digit in a picture; without a title it is called by its file's name.

    Raises:
        BlankImageError: there is no ink in it.
        ImageError: the file is missing, damaged, too large, or not a picture.
    """
    if isinstance(source, Image.Image):
        return Picture(zoo.image_from_picture(source), _shown(source), title)
    # The first to open it, as it explains what is wrong with a file.
    image = zoo.image_from_picture(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata
        with opened(source) as picture:
            picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))  # of a large JPEG, decode no more than is shown
            load_pixels(picture)
            return Picture(image, _shown(picture), title or Path(source).name)


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
