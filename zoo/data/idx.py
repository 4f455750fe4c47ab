"""IDX files, the format that MNIST came in, gzipped or not."""

import gzip
import math
import struct
from pathlib import Path

import numpy as np

from zoo.data.arrays import UNREADABLE, check_size
from zoo.errors import DataError

_IMAGES, _LABELS = (0x803,), (0x801, 0xC01, 0xC02)
"""What such files begin with, a big-endian uint32: 0x0000, the type (08: uint8, 0C: int32), the dimensions."""


def read_images(path: Path) -> np.ndarray:
    """Return the images in an IDX file, uint8 `(n, height, width)`; raises DataError where it is none, or damaged."""
    return _read(path, _IMAGES)


def read_labels(path: Path) -> np.ndarray:
    """Return the labels in an IDX file, uint8 or int32 `(n,)`; raises DataError where it is none, or damaged.

    Of QMNIST, which tells more of each image, the first column: the digit.
    """
    labels = _read(path, _LABELS)
    return labels if labels.ndim == 1 else labels[:, 0]


def _read(path: Path, magics: tuple[int, ...]) -> np.ndarray:
    """Read an array: a magic number, the sizes as big-endian uint32, then the values."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.open(raw) if zipped else raw as file:
                (magic,) = struct.unpack(">I", file.read(4))
                if magic not in magics:
                    raise DataError(
                        f"Expected the magic number {' or '.join(map(str, magics))} in {path}, found {magic}: "
                        "fetch the IDX file again."
                    )
                dtype = np.dtype(np.uint8 if magic >> 8 == 8 else ">i4")
                dimensions = magic & 0xFF
                shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
                size = math.prod(shape) * dtype.itemsize
                check_size(path, size)
                values = file.read(size + 1)  # a byte more than announced is enough to know
    except UNREADABLE as error:
        raise DataError(f"Expected an IDX file at {path}, found a damaged one ({error}): fetch it again.") from error
    if len(values) != size:
        found = "more" if len(values) > size else f"{len(values):,}"
        raise DataError(f"Expected {size:,} bytes after the header of {path}, found {found}: fetch the file again.")
    return np.frombuffer(values, dtype).reshape(shape)
