"""Drawings from and to files: an .npz for NumPy, HDF5, or the collection of a person."""

import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from zoo._support.files import atomic_write, check_is_file
from zoo.data.arrays import npz_keys, read_hdf5, read_npz
from zoo.data.collection import Collection
from zoo.data.drawings import DRAWING_ARRAYS, Drawings, check_drawings, drawings_as_arrays, drawings_from_arrays
from zoo.errors import DataError

_HDF5, _SQLITE = b"\x89HDF\r\n\x1a\n", b"SQLite format 3\0"  # what such files begin with


def load_drawings(path: str | os.PathLike) -> Drawings:
    """Load labelled drawings from an `.npz`, from HDF5, or from a `zoo.data.collection`, whatever the file is called.

    The first two hold `points` `(p, 2)`, x to the right and y down in any unit; `stroke_starts`, whole numbers
    `(s + 1,)` from 0 to p: stroke i is `points[stroke_starts[i]:stroke_starts[i + 1]]`; `drawing_starts`, whole numbers
    `(n + 1,)` from 0 to s: drawing i is the strokes `drawing_starts[i]:drawing_starts[i + 1]`; `labels` `(n,)`; and, if
    they are known, `writers` `(n,)`, whole numbers from 0 to 65,535. `write_drawings` writes such files.

    Raises:
        DataError: if the file does not hold that, or a drawing has no points.

    Damaged drawings of a collection are passed over, as `Collection.drawings` does.
    """
    expected = "an .npz, HDF5 or a collection of drawings"
    check_is_file(os.path.expanduser(path), expected, DataError)
    path = Path(path).expanduser()
    start = _first_bytes(path)
    if start == _SQLITE:
        with Collection(path, read_only=True) as collection:
            drawings, damaged = collection.drawings(), len(collection.damaged)
        if not drawings.drawings:
            if damaged:
                raise DataError(f"Expected drawings in {path}, found {damaged:,} damaged ones: restore it from a copy.")
            raise DataError(f"Expected drawings in {path}, found an empty collection: collect some first.")
        return drawings
    is_hdf5 = start.startswith(_HDF5)
    arrays = read_hdf5(path, DRAWING_ARRAYS) if is_hdf5 else _read_npz(path, expected, DRAWING_ARRAYS)
    return drawings_from_arrays(arrays, path)


def load_outliers(path: str | os.PathLike) -> Drawings:
    """Load drawings of what is no digit from an `.npz` as `load_drawings` reads, but for `labels`.

    These are str `(n,)` and say what each drawing is: the character, or a word for what is none.

    Raises:
        DataError: if the file does not hold that, a drawing has no points, or a label is empty or a digit.
    """
    expected = "an .npz of drawings"
    check_is_file(os.path.expanduser(path), expected, DataError)
    path = Path(path).expanduser()
    arrays = _read_npz(path, expected, tuple(key for key in DRAWING_ARRAYS if key != "labels"))
    arrays |= _read_npz(path, expected, ("labels",), text=True)
    return drawings_from_arrays(arrays, path, of_digits=False)


def _read_npz(path: Path, expected: str, keys: tuple[str, ...], *, text: bool = False) -> dict[str, np.ndarray]:
    """Return those of the arrays that are there."""
    there = npz_keys(path, expected)
    keys = tuple(key for key in keys if key in there)
    return dict(zip(keys, read_npz(path, keys, text=text), strict=True))


# ---- HDF5


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE))
    except OSError:
        return b""


_MEANING = {
    "points": "x (to the right) and y (down) of every point in the order of drawing; a drawing is in a unit of its own",
    "stroke_starts": "stroke i is points[stroke_starts[i]:stroke_starts[i + 1]]",
    "drawing_starts": "drawing i is the strokes drawing_starts[i]:drawing_starts[i + 1]",
    "labels": "the digit of each drawing, 0 to 9",
    "writers": "who drew it, a number from 0",
}


def write_drawings(drawings: Drawings, path: str | os.PathLike, *, overwrite: bool = False) -> None:
    """Write drawings in the layout that `load_drawings` describes and reads, whole or not at all.

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
        with atomic_write(path) as file:
            writers[path.suffix.lower()](file, arrays)
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{path} cannot be written ({reason}): choose another place, or make room.") from error


def _write_npz(file: BinaryIO, arrays: dict[str, Any]) -> None:  # Any, as savez has an option among its keywords
    np.savez_compressed(file, **arrays)


def _write_hdf5(file: BinaryIO, arrays: dict[str, np.ndarray]) -> None:
    import h5py

    with h5py.File(file, "w") as content:
        content.attrs["title"] = "Handwritten digits, stroke by stroke"
        for name, array in arrays.items():
            content.create_dataset(name, data=array).attrs["meaning"] = _MEANING[name]
