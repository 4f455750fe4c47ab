"""What the report recorded of a model: which digits it read as which."""

import csv
from pathlib import Path

import numpy as np

from zoo._support.folders import pages_folder
from zoo.card import Card

TITLES = {"images": "MNIST test images", "drawings": "Drawings"}
"""What a person calls the sets of the report; others bear their own names."""


def recorded_confusions(card: Card, folder: Path | None = None) -> dict[str, np.ndarray]:
    """Return the confusion matrices that ``python -m zoo report`` wrote of this version of a model.

    Args:
        card: of the model.
        folder: of the report; by default ``docs/report``.

    Returns:
        int64 ``(10, 10)`` by title of the set, row by row a digit as what it was read; none where none was recorded.
    """
    tables = (pages_folder("report") if folder is None else folder) / "tables"
    confusions: dict[str, np.ndarray] = {}
    try:
        if not any(row["version"] == str(card.version) for row in _rows(tables / "scores.csv", card.name)):
            return {}
        for row in _rows(tables / "confusion.csv", card.name):
            title = TITLES.get(row["set"], row["set"])
            counts = confusions.setdefault(title, np.zeros((10, 10), np.int64))
            counts[int(row["digit"]), int(row["read_as"])] = int(row["images"])
    except (OSError, ValueError, KeyError, IndexError):
        return {}  # of another report, or none
    return confusions


def _rows(file: Path, model: str) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["model"] == model]
