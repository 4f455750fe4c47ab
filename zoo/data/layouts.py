"""The files of a set of digits in a folder, by the names under which it is published."""

from collections.abc import Iterator
from pathlib import Path

from zoo.errors import DataError


def _idx(prefix: str, test: str, labels: str) -> tuple[str, ...]:
    parts = f"{prefix}train", f"{prefix}{test}"
    return tuple(f"{part}-{kind}" for part in parts for kind in ("images-idx3-ubyte", f"labels-{labels}"))


LAYOUTS = (
    _idx("", "t10k", "idx1-ubyte"),  # MNIST itself
    _idx("qmnist-", "test", "idx2-int"),
    _idx("emnist-digits-", "test", "idx1-ubyte"),
    _idx("emnist-mnist-", "test", "idx1-ubyte"),
    ("mnist_train.csv", "mnist_test.csv"),
    ("emnist-digits-train.csv", "emnist-digits-test.csv"),
    ("emnist-mnist-train.csv", "emnist-mnist-test.csv"),
    ("train.csv", "test.csv"),
)
"""Four IDX files, or two CSV files with images and labels, each perhaps with ``.gz`` at its end. The first is taken."""


def find_set(folder: Path) -> list[Path]:
    """Return the files of the first of ``LAYOUTS`` that lies in a folder, or one or two folders down.

    torchvision puts them into MNIST/raw, and some archives each file into a folder of its own.

    Raises:
        DataError: there is none, or not all of it, or it is there several times.
    """
    found: dict[str, list[Path]] = {}
    for file in _files(folder):
        found.setdefault(_plain(file.name), []).append(file)
    for layout in LAYOUTS:
        if found.keys() >= set(layout):
            return _together(folder, [found[name] for name in layout])
    layout = max(LAYOUTS, key=lambda names: len(found.keys() & set(names)))
    missing = next(name for name in layout if name not in found)
    raise DataError(
        f"Expected {missing} or {missing}.gz in the folder {folder}, found neither there nor two folders down: "
        "put MNIST's four IDX files there, or give the mnist.npz of Keras instead."
    )


def _plain(name: str) -> str:
    return name.lower().removesuffix(".gz").replace(".idx", "-idx")


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and two folders down, the nearest first, and each before the same one gzipped."""
    for pattern in ("*", "*/*", "*/*/*"):
        yield from sorted(path for path in folder.glob(pattern) if path.is_file())


def _together(folder: Path, choices: list[list[Path]]) -> list[Path]:
    """Choose a file of each name: all from one folder, the nearest, or else what there is once only."""
    homes = [home for home in dict.fromkeys(path.parent for path in choices[0]) if _all_in(home, choices)]
    nearest = [home for home in homes if len(home.parts) == len(homes[0].parts)]
    if len(nearest) == 1:
        return [next(path for path in files if path.parent == nearest[0]) for files in choices]
    places = nearest or next((files for files in choices if len({path.parent for path in files}) > 1), [])
    if places:
        raise DataError(
            f"Expected one set of digits in {folder}, found several, in {places[0]} and {places[1]}: give one of these."
        )
    return [files[0] for files in choices]


def _all_in(home: Path, choices: list[list[Path]]) -> bool:
    return all(any(path.parent == home for path in files) for files in choices)
