"""Arrays from files that somebody else made: read, checked, and described by a hash.

Nothing is read before its header says that it fits, nothing is unpickled, and nothing falls through silently.
"""

import hashlib
import math
import os
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np

from zoo._support.files import check_is_file
from zoo.errors import DataError

UNREADABLE = (
    *(OSError, EOFError, ValueError, RuntimeError, SyntaxError),
    *(tokenize.TokenError, zlib.error, zipfile.BadZipFile, struct.error),
)
"""What reading a damaged archive may raise."""


def read_array(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    shape: tuple[int, ...] | None = None,
    dtype: type | None = None,
    *,
    text: bool = False,
) -> np.ndarray:
    """Read one array of numbers, or of text, after its header has been checked against the member's size.

    Args:
        archive: an .npz, open.
        member: which of its arrays.
        shape: what the header must say; without it, any.
        dtype: the same.
        text: whether it must hold text and no numbers.

    Raises:
        TypeError: it holds something else; the message says in which member, and what.
        ValueError, or another of ``UNREADABLE``: it is damaged, or another array than it must be.
    """
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):  # later ones have room for a header of 4 GB, which no array of numbers needs
            raise ValueError(f"{member.filename} has the format version {version}, not (1, 0)")
        found_shape, fortran, found_dtype = np.lib.format.read_array_header_1_0(file)
        if found_dtype.kind not in ("U" if text else "uif"):
            raise TypeError(f"Expected {'text' if text else 'numbers'} in {member.filename}, found {found_dtype}")
        if shape not in (None, found_shape) or dtype not in (None, found_dtype):
            expected = f"{np.dtype(dtype)} of shape {shape}"
            raise ValueError(f"{member.filename} must be {expected}, and is {found_dtype} of {found_shape}")
        size = math.prod(found_shape) * found_dtype.itemsize
        if size != member.file_size - file.tell():
            raise ValueError(f"the header of {member.filename} and its length disagree")
        values = file.read(size)
    if len(values) != size:
        raise ValueError(f"{member.filename} breaks off")
    return np.frombuffer(values, found_dtype).reshape(found_shape, order="F" if fortran else "C")


MAX_BYTES = 2**30
"""Uncompressed, in one file: 20 times MNIST."""


def digest(*arrays: np.ndarray) -> str:
    """Return the SHA-256 of the arrays' dtypes, shapes and values, whatever file or byte order they came in."""
    sha256 = hashlib.sha256()
    for array in arrays:
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        sha256.update(f"{array.dtype.str} {array.shape}\n".encode())
        sha256.update(array.data)
    return sha256.hexdigest()


def describe(images: np.ndarray, labels: np.ndarray) -> dict:
    """Return what `model.json` says of a data set: how many images, and a hash of images and labels."""
    return {"images": len(images), "sha256": digest(images, labels)}


# ---- An npz: a zip of arrays in NumPy's format


def npz_keys(path: Path, expected: str = "an .npz, a CSV or a folder of IDX files") -> set[str]:
    """Return the names of the arrays in an .npz, without their ending."""
    check_npz(path, expected)
    with opened_zip(path) as archive:
        return {name.removesuffix(".npy") for name in archive.namelist()}


def check_npz(path: Path, expected: str) -> None:
    """Raise DataError where there is no .npz at `path`; `expected` says what should be there."""
    if ".pkl" in path.name or ".pickle" in path.name:
        raise DataError(
            f"Expected {expected}, found the pickle {path}: a pickle can run any code when it is opened, so it is not; "
            "save the arrays with numpy.savez, or for MNIST use the mnist.npz of Keras."
        )
    check_is_file(path, expected, DataError)
    if not zipfile.is_zipfile(path):
        give_folder = ", or for an IDX file give its folder" if "IDX" in expected else ""
        raise DataError(
            f"Expected {expected} at {path}, found another kind of file, or one that breaks off: "
            f"fetch it again{give_folder}."
        )


def opened_zip(path: Path) -> zipfile.ZipFile:
    """Open an .npz as the zip it is; raises DataError where it is damaged."""
    try:
        return zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise DataError(f"Expected an .npz at {path}, found a damaged one ({error}): fetch it again.") from error


def read_npz(path: Path, keys: tuple[str, ...], *, text: bool = False) -> list[np.ndarray]:
    """Return these arrays of an .npz, in this order; raises DataError where they are missing or damaged.

    They hold numbers, or all of them text.
    """
    with opened_zip(path) as archive:
        try:
            members = [archive.getinfo(f"{key}.npy") for key in keys]
            check_size(path, sum(member.file_size for member in members))
            return [read_array(archive, member, text=text) for member in members]
        except TypeError as error:
            raise DataError(f"{error}, in {path}: save it as {'str' if text else 'uint8'}.") from error
        except KeyError as error:
            raise DataError(f"Expected arrays only in {path}, found {error}: save it with numpy.savez.") from error
        except UNREADABLE as error:
            raise DataError(f"Expected an .npz at {path}, found a damaged one ({error}): fetch it again.") from error


def read_hdf5(path: Path, keys: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Read those arrays that are there, and lie in this very file: HDF5 would follow what points to others."""
    import h5py

    check_closed(path)
    found = {}
    try:
        with h5py.File(path, "r") as file:
            for key in keys:
                if (link := file.get(key, getlink=True)) is not None:
                    array = file[key] if isinstance(link, h5py.HardLink) else None
                    if not isinstance(array, h5py.Dataset) or array.external or array.is_virtual:
                        raise DataError(
                            f"Expected {key} as an array inside {path}, found a group or a reference to another "
                            "place: save the numbers themselves."
                        )
                    if array.dtype.kind not in "uif":
                        raise DataError(f"Expected numbers in {key}, found {array.dtype}, in {path}: save numbers.")
                    found[key] = array
            sizes = [math.prod(shape) * a.dtype.itemsize for a in found.values() for shape in (a.shape, a.chunks or ())]
            check_size(path, sum(sizes))
            return {key: array[()] for key, array in found.items()}
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"Expected HDF5 at {path}, found a damaged file ({error}): fetch it again.") from error


def check_closed(path: Path) -> None:
    """Raise DataError where another program has an HDF5 file open to write; what else may be wrong with it is not."""
    import h5py

    try:
        h5py.File(path, "r").close()
    except OSError as error:
        if "unable to lock file" in str(error) or "already open for write" in str(error):
            raise DataError(
                f"Expected HDF5 at {path} that can be read, found it open in another program: close it there first."
            ) from error


# ---- Checks that every source shares


def check_size(path: Path, size: int) -> None:
    """Raise DataError where a file announces more bytes than any data set here needs."""
    if size > MAX_BYTES:
        raise DataError(
            f"Expected at most {MAX_BYTES:,} bytes in {path}, found {size:,} announced: use a smaller data set."
        )


_SHAPES = ((28, 28), (784,), (28, 28, 1), (1, 28, 28))
"""Of an image, row by row, as data sets and libraries have it."""


def check_images(path: Path, key: str, images: np.ndarray) -> np.ndarray:
    """Return images as uint8 or float32 ``(n, 28, 28)`` in 0..255; raises DataError where they are not such.

    They may come as ``(n, 784)``, and with an axis for the one channel.
    """
    if images.shape[1:] not in _SHAPES or len(images) < 1:
        raise DataError(
            f"Expected {key} as (n, 28, 28) in {path}, found {images.shape}: "
            "make 28 x 28 images, for example with zoo.image_from_picture."
        )
    images = images.reshape(-1, 28, 28)
    if images.dtype == np.uint8:
        return images
    low, high = images.min(), images.max()
    if not (low >= 0 and 1 < high <= 255):  # also true of NaN; 0..1 would look black to every model
        raise DataError(
            f"Expected {key} from 0 to 255 in {path}, found {low:g} to {high:g}: "
            "rescale the images to white ink 255 on black 0."
        )
    return images.astype(np.float32 if images.dtype.kind == "f" else np.uint8)


def check_labels(
    path: str | os.PathLike, key: str, labels: np.ndarray, count: int, each: str = "an image"
) -> np.ndarray:
    """Return labels as uint8 ``(count,)`` in 0..9; raises DataError where they are not such."""
    check_count(path, key, labels, count, each)
    low, high = labels.min(), labels.max()
    if low < 0 or high > 9:
        raise DataError(f"Expected {key} from 0 to 9 in {path}, found {low} to {high}: keep the digits only.")
    return labels.astype(np.uint8, copy=False)


def check_count(path: str | os.PathLike, key: str, values: np.ndarray, count: int, each: str) -> None:
    """Raise DataError where `values` are not integers ``(count,)``."""
    if values.shape != (count,) or values.dtype.kind not in "ui":
        raise DataError(
            f"Expected {key} as {count:,} integers in {path}, one {each}, found {values.dtype} {values.shape}: "
            "save all arrays together, in the same order."
        )


def listed(keys) -> str:
    """Return up to eight names in alphabetical order, for a message."""
    return ", ".join(sorted(keys)[:8]) or "nothing"
