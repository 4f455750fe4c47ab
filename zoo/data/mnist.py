"""MNIST, and other labelled images in its layout: found, checked, split, and downloaded where it is asked for."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from zoo._support.files import atomic_write, check_is_file
from zoo._support.progress import note, reading
from zoo.data.arrays import check_images, check_labels, digest, listed, npz_keys, read_npz
from zoo.data.digit_csv import is_csv, read_csv
from zoo.data.idx import read_images, read_labels
from zoo.data.layouts import find_set
from zoo.errors import DataError

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
_MAX_DOWNLOAD = 2**26  # bytes; Keras's file has 11 MB


class Mnist(NamedTuple):
    """MNIST: images uint8 `(n, 28, 28)`, white ink (255) on black (0); labels uint8 `(n,)` in 0..9.

    MNIST itself has 60,000 images to train on and 10,000 to test. The arrays may be read-only.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load_mnist(path: str | os.PathLike | None = None, *, download: bool = True) -> Mnist:
    """Load MNIST, or another set of digits in its layout.

    Args:
        path: Keras's `mnist.npz`, or a folder of files that `zoo.data.layouts` knows: MNIST's, QMNIST's or EMNIST's
            IDX files, or CSV. Without it the variable `DIGIT_ZOO_MNIST` is such a path; without that, Keras's cache is
            looked at.
        download: whether to fetch the file into Keras's cache (11 MB, checked) if it is nowhere.

    Raises:
        DataError: if what was found is not such data, or nothing was found.

    Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition" (1998), sec. III.
    """
    if path is None:
        path = os.environ.get(VARIABLE) or None
    if path is not None:
        return _read_mnist(Path(path).expanduser())
    cache = cache_path()
    if not cache.exists():
        if not download:
            raise DataError(f"Expected MNIST at {cache}, found nothing there: {_what_to_do(cache)}")
        _download(cache)
    try:
        return _read_mnist(cache)
    except DataError as error:
        raise DataError(
            f"Expected MNIST in Keras's cache, found another or a damaged file there: remove {cache}, and "
            "`python -m zoo evaluate` fetches it anew."
        ) from error


def load_labelled(path: str | os.PathLike) -> tuple[np.ndarray, np.ndarray]:
    """Load labelled digits to score models on, from an `.npz`, or a CSV as `zoo.data.digit_csv` reads it.

    An `.npz` holds `x_test` and `y_test` (taken first: MNIST's own test set), or `images` and `labels`, or `x` and `y`.

    Returns:
        Images `(n, 28, 28)`, uint8 or float32 in 0..255, white ink on black; labels uint8 `(n,)` in 0..9.

    Raises:
        DataError: if the file does not hold that.
    """
    path = Path(path).expanduser()
    if is_csv(path):
        check_is_file(path, "a CSV", DataError)
        return _checked(path, "images", "labels", *read_csv(path))
    keys = npz_keys(path)
    for pair in (("x_test", "y_test"), ("images", "labels"), ("x", "y")):
        if keys.issuperset(pair):
            return _checked(path, *pair, *read_npz(path, pair))
    raise DataError(
        f"Expected images and labels, x and y, or x_test and y_test in {path}, found {listed(keys)}: "
        "save it with numpy.savez(path, images=images, labels=labels)."
    )


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


def is_mnist(mnist: Mnist) -> bool:
    """Tell MNIST itself from another data set in its layout."""
    return (
        digest(mnist.x_train, mnist.y_train) == MNIST_TRAIN_SHA256
        and digest(mnist.x_test, mnist.y_test) == MNIST_TEST_SHA256
    )


def cache_path() -> Path:
    """Return where Keras keeps its MNIST."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


def _what_to_do(cache: Path) -> str:
    return f"put Keras's mnist.npz there ({URL}), or say where MNIST is with --data PATH or {VARIABLE}."


def _read_mnist(path: Path) -> Mnist:
    if path.is_dir():
        files = find_set(path)
        if len(files) == 2:
            arrays = [array for file in files for array in read_csv(file)]
        else:
            arrays = [read(file) for file, read in zip(files, (read_images, read_labels) * 2, strict=True)]
    elif is_csv(path):
        raise DataError(
            f"Expected images to learn from and others to test on, found the one CSV {path}: give the folder of a "
            "train.csv and a test.csv, both with labels."
        )
    else:
        missing = set(Mnist._fields) - npz_keys(path)
        if missing:
            raise DataError(
                f"Expected {listed(Mnist._fields)} in {path}, found no {listed(missing)}: "
                f"use the mnist.npz of Keras ({URL})."
            )
        arrays = read_npz(path, Mnist._fields)
    checked: list[np.ndarray] = []
    for images, labels, part in zip(arrays[::2], arrays[1::2], ("train", "test"), strict=True):
        if images.dtype != np.uint8:
            raise DataError(
                f"Expected x_{part} as uint8 in {path}, found {images.dtype}: save the images as uint8, 0 to 255."
            )
        checked += _checked(path, f"x_{part}", f"y_{part}", images, labels)
    return Mnist(*checked)


def _checked(
    path: Path, images_key: str, labels_key: str, images: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    return check_images(path, images_key, images), check_labels(path, labels_key, labels, len(images))


# ---- The download


def _download(target: Path) -> None:
    """Fetch MNIST to `target`, whole and checked or not at all."""
    import urllib.request  # which takes a while, and most find MNIST on their disk
    from http.client import HTTPException

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(URL, timeout=30) as response, atomic_write(target) as file:
            size = int(response.headers.get("Content-Length") or 0)
            with reading(response, "MNIST", size or None) as content:
                sha256 = _copy(content, file)
            if file.tell() < size:
                raise OSError(f"the connection broke off after {file.tell():,} of {size:,} bytes")
            if sha256 != SHA256:
                raise OSError(f"it sent a file whose sha256 is {sha256[:12]}..., not {SHA256[:12]}...")
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise DataError(
            f"Expected MNIST at {target}, found nothing, and the download failed ({reason}): {_what_to_do(target)}"
        ) from error
    note(f"Downloaded MNIST to {target}.")


def _copy(source: BinaryIO, target: BinaryIO) -> str:
    """Copy a file and return its SHA-256; raise OSError where it is longer than any MNIST."""
    sha256 = hashlib.sha256()
    while chunk := source.read(2**16):
        target.write(chunk)
        sha256.update(chunk)
        if target.tell() > _MAX_DOWNLOAD:
            raise OSError(f"it sent more than {_MAX_DOWNLOAD:,} bytes")
    return sha256.hexdigest()
