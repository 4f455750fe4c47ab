"""Read arrays from an ``.npz`` that somebody else made, whose headers ``numpy.load`` would trust."""

import math
import struct
import tokenize
import zipfile
import zlib

import numpy as np

UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, SyntaxError, tokenize.TokenError, zlib.error)
UNREADABLE += (zipfile.BadZipFile, struct.error)
"""What reading a damaged archive may raise."""


def read_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """Read one array of numbers after its header has been checked against the member's size.

    Raises:
        TypeError: it does not hold numbers; the message says in which member, and what.
        ValueError, or another of ``UNREADABLE``: it is damaged.
    """
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"{member.filename} has the unknown format version {version}")
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read_header(file)
        if dtype.kind not in "uif":
            raise TypeError(f"Expected numbers in {member.filename}, found {dtype}")
        size = math.prod(shape) * dtype.itemsize
        if size != member.file_size - file.tell():
            raise ValueError(f"the header of {member.filename} and its length disagree")
        values = file.read(size)
    if len(values) != size:
        raise ValueError(f"{member.filename} breaks off")
    return np.frombuffer(values, dtype).reshape(shape, order="F" if fortran else "C")
