"""Labelled digits as CSV, as Kaggle has them: a row for each image, its label and 784 grey levels."""

import gzip
import io
from pathlib import Path

import numpy as np

from zoo.data.arrays import MAX_BYTES, UNREADABLE, check_size
from zoo.errors import DataError, first_line

_LABEL = ("label", "class")


def is_csv(path: Path) -> bool:
    """Return whether a file is called so that it holds CSV, gzipped or not."""
    return path.name.lower().removesuffix(".gz").endswith(".csv")


def read_csv(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return images uint8 `(n, 784)` and labels uint8 `(n,)` of a CSV.

    The label stands in the column that the first row calls `label` or `class`, or first where there is no such row.

    Raises:
        DataError: it holds something else, or is damaged.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.open(raw) if zipped else raw as file:
                content = file.read(MAX_BYTES + 1)
        check_size(path, len(content))
        lines = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig")
        first = lines.readline()
        heads = [head.strip().strip("\"'").lower() for head in first.split(",")]
        if len(heads) != 785:
            hint = " (of Kaggle's Digit Recognizer train.csv alone has labels)" if len(heads) == 784 else ""
            raise DataError(
                f"Expected a label and 784 grey levels in each row of {path}, found {len(heads):,} columns{hint}: "
                "give a CSV with both."
            )
        has_heads = not heads[0].isdecimal()
        if not has_heads:
            lines.seek(0)
        column = next((heads.index(name) for name in _LABEL if name in heads), None if has_heads else 0)
        if column is None:
            raise DataError(f"Expected a column called label in {path}, found {heads[0]!r} first: name it so.")
        values = np.loadtxt(lines, np.uint8, delimiter=",", ndmin=2)
    except UNREADABLE as error:
        raise DataError(
            f"Expected whole numbers from 0 to 255 in {path}, found something else ({first_line(error)}): "
            "save the CSV again."
        ) from error
    return np.delete(values, column, axis=1), values[:, column]
