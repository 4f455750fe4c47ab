"""`python -m zoo explore`: what labelled digits look like, in figures and as a page with pictures."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from zoo._support.folders import pages_folder
from zoo.data.mnist import MNIST_CREDIT
from zoo.report.digit_sets import COUNT, Digits, load_digits
from zoo.report.explore_plots import draw_pictures
from zoo.report.markdown import render
from zoo.report.output import PAGE, check_folder, write_folder

FOLDER = pages_folder("data")
COMMAND = "python -m zoo explore"


def explore(
    data: str | None = None,
    folder: Path = FOLDER,
    count: int = COUNT,
    tell: Callable[[str], None] = lambda text: None,
) -> Path:
    """Write a page that shows the data, its pictures, and a table of each class's figures: the same of the same data.

    Args:
        data, count, tell: as `load_digits` takes them.
        folder: missing, empty, or what this wrote before; see `zoo.report.output.write_folder`.

    Returns:
        The page.

    Raises:
        ZooError: if the folder holds something else.
        DataError: a file is missing, or is not such data.
    """
    check_folder(folder, COMMAND)
    sets = load_digits(data, count, tell)

    def write(folder: Path) -> None:
        (folder / PAGE).write_bytes(page(sets, missing=data is None and len(sets) == 1).encode())
        (folder / "classes.csv").write_bytes(as_csv(sets).encode())
        for name, picture in draw_pictures(sets).items():
            (folder / name).write_bytes(picture)

    tell("drawing the pictures ...")
    write_folder(folder, COMMAND, write)
    return folder / PAGE


def as_csv(sets: list[Digits]) -> str:
    """Return the figures of every class: a row for each set, part and digit.

    Images of the test part are only counted. Ink is the mean grey level of an image, in 0..255: its mean, standard
    deviation, and the levels that 5, 50 and 95 of 100 images do not exceed. `most_like_own_mean`: so many images are
    more like the mean image of their class than like that of any other.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    ink_columns = ["ink_mean", "ink_deviation", "ink_5", "ink_50", "ink_95"]
    rows.writerow(["set", "part", "digit", "images", *ink_columns, "most_like_own_mean"])
    for digits in sets:
        for part, counts in digits.parts.items():
            for digit, places in enumerate(digits.classes):
                figures = []
                if part != "test" and len(places):
                    ink = digits.ink[places]
                    figures = [f"{x:.3f}" for x in (ink.mean(), ink.std(), *np.percentile(ink, (5, 50, 95)))]
                    figures.append(digits.confusion[digit, digit])
                rows.writerow([digits.title, part, digit, counts[digit], *(figures or [""] * 6)])
    return text.getvalue()


# ---- The page


_PARTS = {
    "train": "images to train on",
    "test": "to test on",
    "all": "images",
    "generated": "images, drawn by the rules of `zoo/synthetic/digits/`",
}


def page(sets: list[Digits], missing: bool = False) -> str:
    """Return the page in Markdown; `missing`: say that MNIST was not there."""
    return render(
        "explore",
        sets=sets,
        parts=_PARTS,
        has_test_images=any("test" in digits.parts for digits in sets),
        shows_mnist=any(digits.title == "MNIST" for digits in sets),
        mnist_is_missing=missing,
        mnist_credit=MNIST_CREDIT,
        command=COMMAND,
        balance="; ".join(map(_balance_in_words, sets)),
        ink="; ".join(map(_ink_in_words, sets)),
        alike="; ".join(map(_likeness_in_words, sets)),
    )


def _balance_in_words(digits: Digits) -> str:
    counts = next(iter(digits.parts.values()))
    most, least = counts.argmax(), counts.argmin()
    return f"{most} and {least} of {digits.name} ({counts[most]:,} and {counts[least]:,} of {counts.sum():,})"


def _ink_in_words(digits: Digits) -> str:
    medians = [np.median(digits.ink[places]) if len(places) else np.nan for places in digits.classes]
    most, least = np.nanargmax(medians), np.nanargmin(medians)
    return f"{most} and {least} of {digits.name} (medians {medians[most]:.0f} and {medians[least]:.0f})"


def _likeness_in_words(digits: Digits) -> str:
    astray = digits.confusion * (1 - np.eye(10, dtype=int))
    digit, other = np.unravel_index(astray.argmax(), astray.shape)
    text = f"{np.trace(digits.confusion):,} of {len(digits.images):,} {digits.name}"
    return text + (f" (a {digit} goes to {other} most often, {astray.max():,} times)" if astray.any() else "")
