"""Tasks about files: pictures to read, and the collection of drawings. Knows no Tk."""

import os
from functools import partial

import numpy as np
from PIL import Image

from gui.system import clipboard
from gui.system.opening import open_picture
from gui.worker.messages import Cropped, DrawingsExported, DrawingsImported, OpenedPicture
from gui.worker.steps import Models, Steps, aside
from zoo.data.collection import Collection
from zoo.data.drawing_files import load_drawings, write_drawings
from zoo.data.drawings import Drawings
from zoo.errors import ImageError
from zoo.images.pictures import image_from_picture

_opened_last: list[str | os.PathLike | Image.Image] = []


def picture(models: Models, path: str) -> Steps:
    """Open the file at a path; return an ``OpenedPicture``."""
    return (yield from _open(path))


def paste(models: Models) -> Steps:
    """Open the picture or the file on the clipboard; return an ``OpenedPicture``."""
    found = yield from aside(clipboard.paste)
    return (yield from _open(found, "" if isinstance(found, os.PathLike) else "Pasted picture"))


def crop(models: Models, box: list[int]) -> Steps:
    """Look into a box of the picture that was opened last; return what was ``Cropped``."""
    if not _opened_last:
        raise ImageError("Expected the picture that was opened last, found that it is gone: open it again.")
    return Cropped((yield from aside(image_from_picture, _opened_last[0], tuple(box))))


def _open(source: str | os.PathLike | Image.Image, title: str = "") -> Steps:
    opened = yield from aside(open_picture, source, title)
    _opened_last[:] = [source]
    return OpenedPicture(
        opened.image,
        np.asarray(opened.shown),
        opened.title,
        list(opened.size),
        list(opened.box),
        [list(piece.box) for piece in opened.pieces],
        [piece.image for piece in opened.pieces],
        opened.error,
    )


# ---- The collection of drawings


def import_drawings(models: Models, collection: str, path: str) -> Steps:
    """Add the drawings of the file at a path to a collection; return ``DrawingsImported``."""
    drawings = yield from aside(load_drawings, path)
    yield 0.5

    def add() -> list[int]:
        with Collection(collection) as kept:
            return kept.add_all(drawings)

    numbers = yield from aside(add)
    return DrawingsImported(numbers, len(drawings.labels))


def export_drawings(models: Models, collection: str, path: str) -> Steps:
    """Write a collection to a file, in place of one that is there; return ``DrawingsExported``."""

    def read() -> tuple[Drawings, list[int]]:
        with Collection(collection, read_only=True) as kept:
            return kept.drawings(), sorted(kept.damaged)

    drawings, damaged = yield from aside(read)
    yield 0.2
    yield from aside(partial(write_drawings, overwrite=True), drawings, path)
    return DrawingsExported(len(drawings.labels), damaged)
