"""MNIST and other labelled digits as arrays, found, checked and described.

Every byte comes from a file that somebody else made, so nothing is read before its header says that it fits, nothing
is unpickled, and nothing falls through silently: a path that is given and wrong is an error.
"""

import gzip
import hashlib
import math
import os
import struct
import sys
import urllib.request
import zipfile
from http.client import HTTPException
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from zoo.errors import DataError
from zoo.npz import UNREADABLE, read_array
from zoo.paths import check_is_file
from zoo.preprocessing import PEN_WIDTH, image_from_strokes

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
VARIABLE = "DIGIT_ZOO_MNIST"

HELD_OUT = 10_000
"""The last 10,000 training images of MNIST are held out for every choice; the test set is for reports only."""

# Of the arrays, not of a file: the same whatever file MNIST came in. See `describe`.
MNIST_TRAIN_SHA256 = "3ad3a4ca60c4aabe979767f471fe06afc56963f813adcae2c9872164f8a2a2e9"
MNIST_TEST_SHA256 = "35b8c3805da756c57f204819b62ada5fec2fb42e1938de0b203fa019c2c99dc4"
MNIST_CREDIT = (
    "MNIST is by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, licensed under "
    "[CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/)"
)
"""What its licence asks for wherever its images are shown, in Markdown."""

_MAX_BYTES = 2**30  # uncompressed, in one file: 20 times MNIST
_MAX_DOWNLOAD = 2**26  # Keras's file has 11 MB

_DRAWING_ARRAYS = ("points", "stroke_starts", "drawing_starts", "labels", "writers")
_HDF5, _SQLITE = b"\x89HDF\r\n\x1a\n", b"SQLite format 3\0"  # what such files begin with


class Mnist(NamedTuple):
    """MNIST: images uint8 `(n, 28, 28)`, white ink (255) on black (0); labels uint8 `(n,)` in 0..9.

    MNIST itself has 60,000 images to train on and 10,000 to test. The arrays may be read-only.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


class Drawings(NamedTuple):
    """Digits as they were drawn, stroke by stroke.

    `drawings`: a list of drawings, each a list of strokes, each float32 `(k, 2)` of x (right) and y (down), in the
    order they were drawn. `labels`: uint8 `(n,)` in 0..9. `writers`: uint8 `(n,)`, or None where nobody noted them.
    """

    drawings: list[list[np.ndarray]]
    labels: np.ndarray
    writers: np.ndarray | None


def load_mnist(path: str | os.PathLike | None = None, *, download: bool = True) -> Mnist:
    """Load MNIST, or another set of digits in its layout.

    Args:
        path: Keras's `mnist.npz`, or a folder of the four IDX files, gzipped or not. Without it the variable
            `DIGIT_ZOO_MNIST` is such a path; without that, Keras's cache is looked at.
        download: whether to fetch the file into Keras's cache (11 MB, checked) if it is nowhere.

    Raises:
        DataError: if what was found is not such data, or nothing was found.

    Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition" (1998), sec. III.
    """
    if path is None:
        path = os.environ.get(VARIABLE) or None
    if path is not None:
        return _read_mnist(Path(path).expanduser())
    cache = _keras_cache()
    if not cache.exists():
        if not download:
            raise DataError(f"Expected MNIST at {cache}, found nothing there: {_what_to_do(cache)}")
        _download(cache)
    return _read_mnist(cache)


def load_labelled(path: str | os.PathLike) -> tuple[np.ndarray, np.ndarray]:
    """Load labelled digits to score models on, from an `.npz`.

    It holds `x_test` and `y_test` (taken first: MNIST's own test set), or `images` and `labels`, or `x` and `y`.

    Returns:
        Images `(n, 28, 28)`, uint8 or float32 in 0..255, white ink on black; labels uint8 `(n,)` in 0..9.

    Raises:
        DataError: if the file does not hold that.
    """
    path = Path(path).expanduser()
    keys = _npz_keys(path)
    for pair in (("x_test", "y_test"), ("images", "labels"), ("x", "y")):
        if keys.issuperset(pair):
            images, labels = _read_npz(path, pair)
            return _check_images(path, pair[0], images), _check_labels(path, pair[1], labels, len(images))
    raise DataError(
        f"Expected images and labels, x and y, or x_test and y_test in {path}, found {_listed(keys)}: "
        "save it with numpy.savez(path, images=images, labels=labels)."
    )


def load_drawings(path: str | os.PathLike) -> Drawings:
    """Load labelled drawings from an `.npz`, from HDF5, or from a `zoo.collection`, whatever the file is called.

    The first two hold `points` `(p, 2)`, x to the right and y down in any unit; `stroke_starts`, whole numbers
    `(s + 1,)` from 0 to p: stroke i is `points[stroke_starts[i]:stroke_starts[i + 1]]`; `drawing_starts`, whole numbers
    `(n + 1,)` from 0 to s: drawing i is the strokes `drawing_starts[i]:drawing_starts[i + 1]`; `labels` `(n,)`; and, if
    they are known, `writers` `(n,)`, numbers from 0 to 255. `zoo.drawing_files.write_drawings` writes such files.

    Raises:
        DataError: if the file does not hold that, or a drawing has no points.

    Damaged drawings of a collection are passed over, as `Collection.drawings` does.
    """
    expected = "an .npz, HDF5 or a collection of drawings"
    check_is_file(os.path.expanduser(path), expected, DataError)
    path = Path(path).expanduser()
    start = _first_bytes(path)
    if start == _SQLITE:
        from zoo.collection import Collection

        with Collection(path, read_only=True) as collection:
            drawings, damaged = collection.drawings(), len(collection.damaged)
        if not drawings.drawings:
            if damaged:
                raise DataError(f"Expected drawings in {path}, found {damaged:,} damaged ones: restore it from a copy.")
            raise DataError(f"Expected drawings in {path}, found an empty collection: collect some first.")
        return drawings
    if start.startswith(_HDF5):
        arrays = _read_hdf5(path, _DRAWING_ARRAYS)
    else:
        there = _npz_keys(path, expected)
        keys = tuple(key for key in _DRAWING_ARRAYS if key in there)
        arrays = dict(zip(keys, _read_npz(path, keys), strict=True))
    return _drawings_from_arrays(arrays, path)


def check_drawings(drawings: Drawings, source: str | os.PathLike) -> Drawings:
    """Return the drawings as `load_drawings` would: in its types, and without the strokes that have no points.

    Raises:
        DataError: if they are not what it promises; `source` is what the message calls the place where they are.
    """
    return _drawings_from_arrays(drawings_as_arrays(drawings), source)


def drawings_as_arrays(drawings: Drawings) -> dict[str, np.ndarray]:
    """Return drawings in the layout that `load_drawings` describes, unchecked, without strokes that have no points.

    Raises:
        DataError: if their strokes are not arrays.
    """
    try:
        strokes = [[stroke for stroke in map(np.asarray, drawing) if stroke.size] for drawing in drawings.drawings]
        every = list(chain.from_iterable(strokes))
        points = np.concatenate(every) if every else np.zeros((0, 2), np.float32)
        if points.dtype.kind not in "uif":
            raise TypeError(points.dtype)
    except (TypeError, ValueError) as error:
        raise DataError(f"Expected strokes as arrays (k, 2) of numbers, found others ({error}): pass points.") from None
    arrays = {
        "points": points,
        "stroke_starts": np.cumsum([0, *map(len, every)], dtype=np.int32),
        "drawing_starts": np.cumsum([0, *map(len, strokes)], dtype=np.int32),
        "labels": np.asarray(drawings.labels),
    }
    return arrays if drawings.writers is None else arrays | {"writers": np.asarray(drawings.writers)}


def _drawings_from_arrays(arrays: dict[str, np.ndarray], source: str | os.PathLike) -> Drawings:
    wanted = set(_DRAWING_ARRAYS) - {"writers"}
    if missing := wanted - arrays.keys():
        raise DataError(
            f"Expected {_listed(wanted)} in {source}, found no {_listed(missing)}: "
            "save them as described at zoo.datasets.load_drawings."
        )
    points = _check_points(source, arrays["points"])
    stroke_starts, drawing_starts = arrays["stroke_starts"], arrays["drawing_starts"]
    _check_starts(source, "stroke_starts", stroke_starts, len(points), "points")
    _check_starts(source, "drawing_starts", drawing_starts, len(stroke_starts) - 1, "strokes")
    points_before = stroke_starts[drawing_starts]
    empty = np.flatnonzero(points_before[1:] == points_before[:-1])
    if len(empty):
        raise DataError(
            f"Expected points in every drawing of {source}, found none in drawing {empty[0]}: leave it out."
        )
    count = len(drawing_starts) - 1
    labels = _check_labels(source, "labels", arrays["labels"], count, "a drawing")
    writers = _check_writers(source, arrays["writers"], count) if "writers" in arrays else None
    strokes = [points[start:end] for start, end in pairwise(stroke_starts.tolist())]
    drawings = [strokes[start:end] for start, end in pairwise(drawing_starts.tolist())]
    return Drawings(drawings, labels, writers)


def images_of(drawings: list[list[np.ndarray]], pen_width: float = PEN_WIDTH) -> np.ndarray:
    """Draw drawings as `zoo.image_from_strokes` does, uint8 `(n, 28, 28)`; a thousand take a fifth of a second."""
    return np.stack([image_from_strokes(strokes, pen_width) for strokes in drawings])


def split_held_out(
    mnist: Mnist, count: int = HELD_OUT
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Split the training images into `(x, y)` to learn from and `(x, y)` held out: the last `count`.

    Of a set smaller than MNIST, at most the last sixth.
    """
    total = len(mnist.x_train)
    if total < 2:
        raise DataError(f"Expected at least 2 training images to hold some out, found {total}: use a larger data set.")
    cut = total - min(count, max(1, total // 6))
    return (mnist.x_train[:cut], mnist.y_train[:cut]), (mnist.x_train[cut:], mnist.y_train[cut:])


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


def is_mnist(mnist: Mnist) -> bool:
    """Tell MNIST itself from another data set in its layout."""
    return (
        digest(mnist.x_train, mnist.y_train) == MNIST_TRAIN_SHA256
        and digest(mnist.x_test, mnist.y_test) == MNIST_TEST_SHA256
    )


def _keras_cache() -> Path:
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


def _what_to_do(cache: Path) -> str:
    return f"put Keras's mnist.npz there ({URL}), or say where MNIST is with --data PATH or {VARIABLE}."


def _read_mnist(path: Path) -> Mnist:
    if path.is_dir():
        arrays = _read_idx_folder(path)
    else:
        missing = set(Mnist._fields) - _npz_keys(path)
        if missing:
            raise DataError(
                f"Expected {_listed(Mnist._fields)} in {path}, found no {_listed(missing)}: "
                f"use the mnist.npz of Keras ({URL})."
            )
        arrays = _read_npz(path, Mnist._fields)
    checked = []
    for images, labels, part in zip(arrays[::2], arrays[1::2], ("train", "test"), strict=True):
        if images.dtype != np.uint8:
            raise DataError(
                f"Expected x_{part} as uint8 in {path}, found {images.dtype}: save the images as uint8, 0 to 255."
            )
        checked.append(_check_images(path, f"x_{part}", images))
        checked.append(_check_labels(path, f"y_{part}", labels, len(images)))
    return Mnist(*checked)


# ---- The four IDX files


def _read_idx_folder(folder: Path) -> list[np.ndarray]:
    return [
        _read_idx(_idx_file(folder, f"{part}-{kind}", dimensions), dimensions)
        for part in ("train", "t10k")
        for kind, dimensions in (("images", 3), ("labels", 1))
    ]


def _idx_file(folder: Path, stem: str, dimensions: int) -> Path:
    name = f"{stem}-idx{dimensions}-ubyte"
    for spelling in (name, f"{stem}.idx{dimensions}-ubyte"):
        for suffix in ("", ".gz"):
            if (folder / (spelling + suffix)).is_file():
                return folder / (spelling + suffix)
    raise DataError(
        f"Expected {name} or {name}.gz in the folder {folder}, found neither: "
        "put MNIST's four IDX files there, or give the mnist.npz of Keras instead."
    )


def _read_idx(path: Path, dimensions: int) -> np.ndarray:
    """Read unsigned bytes: a magic number 0x0000 08 dimensions, the sizes as big-endian uint32, then the values."""
    header = struct.Struct(f">{1 + dimensions}I")
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.open(raw) if zipped else raw as file:
                magic, *shape = header.unpack(file.read(header.size))
                expected = 0x800 + dimensions
                if magic != expected:
                    raise DataError(
                        f"Expected the magic number {expected} in {path}, found {magic}: fetch the IDX file again."
                    )
                size = math.prod(shape)
                _check_size(path, size)
                values = file.read(size + 1)  # a byte more than announced is enough to know
    except UNREADABLE as error:
        raise DataError(f"Expected an IDX file at {path}, found a damaged one ({error}): fetch it again.") from error
    if len(values) != size:
        found = "more" if len(values) > size else f"{len(values):,}"
        raise DataError(f"Expected {size:,} bytes after the header of {path}, found {found}: fetch the file again.")
    return np.frombuffer(values, np.uint8).reshape(shape)


# ---- An npz: a zip of arrays in NumPy's format


def _npz_keys(path: Path, expected: str = "an .npz or a folder of IDX files") -> set[str]:
    _check_npz(path, expected)
    with _opened_zip(path) as archive:
        return {name.removesuffix(".npy") for name in archive.namelist()}


def _check_npz(path: Path, expected: str) -> None:
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


def _opened_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise DataError(f"Expected an .npz at {path}, found a damaged one ({error}): fetch it again.") from error


def _read_npz(path: Path, keys: tuple[str, ...]) -> list[np.ndarray]:
    with _opened_zip(path) as archive:
        try:
            members = [archive.getinfo(f"{key}.npy") for key in keys]
            _check_size(path, sum(member.file_size for member in members))
            return [read_array(archive, member) for member in members]
        except TypeError as error:
            raise DataError(f"{error}, in {path}: save it as uint8.") from error
        except KeyError as error:
            raise DataError(f"Expected arrays only in {path}, found {error}: save it with numpy.savez.") from error
        except UNREADABLE as error:
            raise DataError(f"Expected an .npz at {path}, found a damaged one ({error}): fetch it again.") from error


# ---- HDF5


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE))
    except OSError:
        return b""


def _read_hdf5(path: Path, keys: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Read those arrays that are there, and lie in this very file: HDF5 would follow what points to others."""
    import h5py

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
            _check_size(path, sum(sizes))
            return {key: array[()] for key, array in found.items()}
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"Expected HDF5 at {path}, found a damaged file ({error}): fetch it again.") from error


# ---- Checks that every source shares


def _check_size(path: Path, size: int) -> None:
    if size > _MAX_BYTES:
        raise DataError(
            f"Expected at most {_MAX_BYTES:,} bytes in {path}, found {size:,} announced: use a smaller data set."
        )


def _check_images(path: Path, key: str, images: np.ndarray) -> np.ndarray:
    if images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) < 1:
        raise DataError(
            f"Expected {key} as (n, 28, 28) in {path}, found {images.shape}: "
            "make 28 x 28 images, for example with zoo.image_from_picture."
        )
    if images.dtype == np.uint8:
        return images
    low, high = images.min(), images.max()
    if not (low >= 0 and 1 < high <= 255):  # also true of NaN; 0..1 would look black to every model
        raise DataError(
            f"Expected {key} from 0 to 255 in {path}, found {low:g} to {high:g}: "
            "rescale the images to white ink 255 on black 0."
        )
    return images.astype(np.float32 if images.dtype.kind == "f" else np.uint8)


def _check_labels(path: Path, key: str, labels: np.ndarray, count: int, each: str = "an image") -> np.ndarray:
    _check_count(path, key, labels, count, each)
    low, high = labels.min(), labels.max()
    if low < 0 or high > 9:
        raise DataError(f"Expected {key} from 0 to 9 in {path}, found {low} to {high}: keep the digits only.")
    return labels.astype(np.uint8, copy=False)


def _check_writers(path: Path, writers: np.ndarray, count: int) -> np.ndarray:
    _check_count(path, "writers", writers, count, "a drawing")
    low, high = writers.min(), writers.max()
    if low < 0 or high > 255:
        raise DataError(f"Expected writers from 0 to 255 in {path}, found {low} to {high}: number them anew.")
    return writers.astype(np.uint8, copy=False)


def _check_count(path: Path, key: str, values: np.ndarray, count: int, each: str) -> None:
    if values.shape != (count,) or values.dtype.kind not in "ui":
        raise DataError(
            f"Expected {key} as {count:,} integers in {path}, one {each}, found {values.dtype} {values.shape}: "
            "save all arrays together, in the same order."
        )


def _check_points(path: Path, points: np.ndarray) -> np.ndarray:
    if points.ndim != 2 or points.shape[1] != 2:
        raise DataError(f"Expected points as (p, 2) in {path}, found {points.shape}: save x and y of every point.")
    with np.errstate(over="ignore"):
        points = points.astype(np.float32, copy=False)
    if not np.isfinite(points).all():
        raise DataError(f"Expected finite points in {path}, found NaN, infinity or huge ones: leave such points out.")
    return points


def _check_starts(path: Path, key: str, starts: np.ndarray, total: int, of: str) -> None:
    whole = starts.ndim == 1 and starts.dtype.kind in "ui" and len(starts) > 1
    falls = whole and (starts[1:] < starts[:-1]).any()
    if not whole or falls or starts[0] != 0 or starts[-1] != total:
        found = (
            f"{starts[0]} to {starts[-1]}{', not in order' if falls else ''}"
            if whole
            else f"{starts.dtype} {starts.shape}"
        )
        raise DataError(
            f"Expected {key} in {path} as whole numbers that rise from 0 to {total:,}, the number of {of}, found "
            f"{found}: save where each begins, and the end of the last."
        )


def _listed(keys) -> str:
    return ", ".join(sorted(keys)[:8]) or "nothing"


# ---- The download


def _download(target: Path) -> None:
    """Fetch MNIST to `target`, whole and checked or not at all."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                found = _fetch(file)
            if found != SHA256:
                raise OSError(f"it sent a file whose sha256 is {found[:12]}..., not {SHA256[:12]}...")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise DataError(
            f"Expected MNIST at {target}, found nothing, and the download failed ({reason}): {_what_to_do(target)}"
        ) from error


def _fetch(file) -> str:
    """Copy the download to `file`, showing how far it is, and return its SHA-256."""
    sha256, received = hashlib.sha256(), 0
    with urllib.request.urlopen(URL, timeout=30) as response:
        total = int(response.headers.get("Content-Length") or 0)
        while chunk := response.read(2**16):
            received += len(chunk)
            if received > _MAX_DOWNLOAD:
                raise OSError(f"it sent more than {_MAX_DOWNLOAD:,} bytes")
            file.write(chunk)
            sha256.update(chunk)
            _show_progress(received, total)
    if received < total:
        raise OSError(f"the connection broke off after {received:,} of {total:,} bytes")
    file.flush()
    os.fsync(file.fileno())
    return sha256.hexdigest()


def _show_progress(received: int, total: int) -> None:
    """Draw a bar on a terminal; elsewhere say it once, at the end."""
    if sys.stderr.isatty():
        done = 30 * received // total if total else 0
        end = "\n" if received == total else ""
        print(f"\rMNIST [{'#' * done:30}] {received / 1e6:.1f} of {total / 1e6:.1f} MB", end=end, file=sys.stderr)
    elif received == total:
        print(f"Downloaded MNIST, {total / 1e6:.1f} MB", file=sys.stderr)
