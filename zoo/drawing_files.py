"""Write drawings to a file that other programs read: an .npz for NumPy, or HDF5."""

import os
from pathlib import Path
from typing import BinaryIO

import numpy as np

from zoo.atomic import replacing
from zoo.datasets import Drawings, check_drawings, drawings_as_arrays
from zoo.errors import DataError

_MEANING = {
    "points": "x (to the right) and y (down) of every point in the order of drawing; a drawing is in a unit of its own",
    "stroke_starts": "stroke i is points[stroke_starts[i]:stroke_starts[i + 1]]",
    "drawing_starts": "drawing i is the strokes drawing_starts[i]:drawing_starts[i + 1]",
    "labels": "the digit of each drawing, 0 to 9",
    "writers": "who drew it, a number from 0 to 255",
}


def write_drawings(drawings: Drawings, path: str | os.PathLike, *, overwrite: bool = False) -> None:
    """Write drawings in the layout that `zoo.datasets.load_drawings` describes and reads, whole or not at all.

    Args:
        drawings: one or more.
        path: ends in `.npz`, `.h5` or `.hdf5`, which decides the format; its folder is made where it is missing.
        overwrite: whether to replace a file that is there.

    Raises:
        DataError: the drawings are none or not what `load_drawings` would read, the name ends otherwise, the file is
            there and not to be overwritten, or it cannot be written.
    """
    path = Path(path).expanduser()
    writers = {".npz": _write_npz, ".h5": _write_hdf5, ".hdf5": _write_hdf5}
    if path.suffix.lower() not in writers:
        raise DataError(f"Expected a name that ends in {', '.join(writers)}, found {path.name!r}: choose one of these.")
    if not drawings.drawings:
        raise DataError(f"Expected drawings to write to {path}, found none: draw or import some first.")
    arrays = drawings_as_arrays(check_drawings(drawings, "the drawings"))
    try:
        if path.exists() and not overwrite:
            raise DataError(f"Expected a new file, found {path} there already: choose another name, or overwrite it.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            writers[path.suffix.lower()](file, arrays)
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{path} cannot be written ({reason}): choose another place, or make room.") from error


def _write_npz(file: BinaryIO, arrays: dict[str, np.ndarray]) -> None:
    np.savez_compressed(file, **arrays)


def _write_hdf5(file: BinaryIO, arrays: dict[str, np.ndarray]) -> None:
    import h5py

    with h5py.File(file, "w") as content:
        content.attrs["title"] = "Handwritten digits, stroke by stroke"
        for name, array in arrays.items():
            content.create_dataset(name, data=array).attrs["meaning"] = _MEANING[name]
