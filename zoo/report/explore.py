"""`python -m zoo explore`: what labelled digits look like, in figures and as a page with pictures."""

import csv
import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from zoo._support.folders import pages_folder
from zoo.data.mnist import MNIST_CREDIT, is_mnist, load_labelled, load_mnist
from zoo.errors import DataError
from zoo.report.output import PAGE, check_folder, write_folder
from zoo.synthetic.digits import synthetic_digits

FOLDER = pages_folder("data")
COMMAND = "python -m zoo explore"
HANDWRITING = "handwriting"  # the value of --data that needs no file
COUNT = 10_000  # generated digits
SEED = 1  # of the generated digits, and of the choice of samples


@dataclass(frozen=True)
class Digits:
    """A set of labelled digits, and what is known of each class.

    Attributes:
        title: what people call it, as a heading.
        name: the same within a sentence.
        images: uint8 or float32 `(n, 28, 28)`, white ink (255) on black (0): of a set in two parts the training part,
            as nobody who still chooses a recipe should look at the other.
        labels: uint8 `(n,)` in 0..9; a class may have no images.
        parts: how many images of each class, int `(10,)`, by part: `train` and `test`, or `all`, or `generated`.
    """

    title: str
    name: str
    images: np.ndarray
    labels: np.ndarray
    parts: dict[str, np.ndarray]

    @cached_property
    def classes(self) -> list[np.ndarray]:
        """The places of each class's images, in their order."""
        return [np.flatnonzero(self.labels == digit) for digit in range(10)]

    @cached_property
    def ink(self) -> np.ndarray:
        """The mean grey level of every image, float64 `(n,)` in 0..255."""
        return self.images.mean(axis=(1, 2), dtype=np.float64)

    @cached_property
    def means(self) -> np.ndarray:
        """The mean image of each class, float64 `(10, 28, 28)` in 0..255; NaN where it has no images."""
        return self._of_each_class(np.mean)

    @cached_property
    def deviations(self) -> np.ndarray:
        """The standard deviation of each pixel within each class, float64 `(10, 28, 28)`; NaN without images."""
        return self._of_each_class(np.std)

    @cached_property
    def likeness(self) -> np.ndarray:
        """How like the mean of every class each image is, float64 `(n, 10)`: 1 if it differs in brightness alone.

        The correlation of the pixels: unlike a distance it does not call every thick pen unusual. -2 where an image has
        one grey level only, or a class no images.
        """
        means = _standardised(self.means)
        # By class, as the whole of MNIST as float64 has 376 MB.
        likeness = np.empty((len(self.images), 10))
        for places in self.classes:
            likeness[places] = _standardised(self.images[places]) @ means.T
        return np.where(np.isnan(likeness), -2, likeness)

    @cached_property
    def confusion(self) -> np.ndarray:
        """How many images of each class (row) are most like the mean of each class (column), int `(10, 10)`."""
        return np.bincount(10 * self.labels.astype(int) + self.likeness.argmax(axis=1), minlength=100).reshape(10, 10)

    def samples(self, count: int) -> list[np.ndarray]:
        """Return `count` images of each class, or all if there are fewer, picked by the seed."""
        random = np.random.default_rng(SEED)
        return [self.images[random.permutation(places)[:count]] for places in self.classes]

    def typical(self, count: int) -> list[np.ndarray]:
        """Return the images most like the mean of their class, the most typical first."""
        return [self.images[places[:count]] for places in self._by_likeness]

    def unusual(self, count: int) -> list[np.ndarray]:
        """Return the images least like the mean of their class, the most unusual first."""
        return [self.images[places[::-1][:count]] for places in self._by_likeness]

    @cached_property
    def _by_likeness(self) -> list[np.ndarray]:
        return [
            places[np.argsort(-self.likeness[places, digit], kind="stable")]
            for digit, places in enumerate(self.classes)
        ]

    def _of_each_class(self, figure: Callable) -> np.ndarray:
        blank = np.full((28, 28), np.nan)
        return np.stack(
            [figure(self.images[places], axis=0, dtype=np.float64) if len(places) else blank for places in self.classes]
        )


def _standardised(images: np.ndarray) -> np.ndarray:
    """Images as rows of mean 0 and length 1, float64 `(n, 784)`; NaN where all pixels are equal."""
    rows = images.reshape(len(images), 28 * 28).astype(np.float64)
    rows -= rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, np.nan)


def gather(
    data: str | None = None, count: int = COUNT, tell: Callable[[str], None] = lambda text: None
) -> list[Digits]:
    """Load what is to be explored; generated handwriting is always the last of it.

    Args:
        data: MNIST, or another `.npz` of labelled images, or `handwriting` for that alone. Without it MNIST where it is
            found: it is not downloaded for this, and that it is left out is said on stderr.
        count: of generated digits.
        tell: is told what takes time.

    Raises:
        DataError: a file is missing, or is not such data.
    """
    sets = []
    try:
        if data != HANDWRITING:
            tell("loading the images ...")
            sets.append(_load(data))
    except DataError as error:
        if data:
            raise
        tell("")
        print(f"MNIST is left out. {error}", file=sys.stderr)
    tell("drawing handwriting ...")
    images, labels = synthetic_digits(count, SEED)
    return [*sets, Digits("Generated digits", "generated digits", images, labels, {"generated": _counts(labels)})]


def _load(data: str | None) -> Digits:
    yours = ("Your images", "your images")
    if data and Path(data).expanduser().is_file():
        images, labels = load_labelled(data)
        with zipfile.ZipFile(Path(data).expanduser()) as archive:
            in_parts = "x_train.npy" in archive.namelist()
        if not in_parts:
            return Digits(*yours, images, labels, {"all": _counts(labels)})
    mnist = load_mnist(data, download=False)
    parts = {"train": _counts(mnist.y_train), "test": _counts(mnist.y_test)}
    return Digits(*(("MNIST", "MNIST") if is_mnist(mnist) else yours), mnist.x_train, mnist.y_train, parts)


def _counts(labels: np.ndarray) -> np.ndarray:
    return np.bincount(labels, minlength=10)


def explore(
    data: str | None = None,
    folder: Path = FOLDER,
    count: int = COUNT,
    tell: Callable[[str], None] = lambda text: None,
) -> Path:
    """Write a page that shows the data, its pictures, and a table of each class's figures: the same of the same data.

    Args:
        data, count, tell: as `gather` takes them.
        folder: missing, empty, or what this wrote before; see `zoo.report.output.write_folder`.

    Returns:
        The page.

    Raises:
        ZooError: if the folder holds something else.
        DataError: a file is missing, or is not such data.
    """
    from zoo.report.explore_plots import draw

    check_folder(folder, COMMAND)
    sets = gather(data, count, tell)

    def write(folder: Path) -> None:
        (folder / PAGE).write_bytes(page(sets, missing=data is None and len(sets) == 1).encode())
        (folder / "classes.csv").write_bytes(as_csv(sets).encode())
        for name, picture in draw(sets).items():
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


def page(sets: list[Digits], missing: bool = False) -> str:
    """Return the page in Markdown; `missing`: say that MNIST was not there."""
    parts = [f"# What {' and '.join(digits.name for digits in sets)} look like", _introduction(sets)]
    if missing:
        parts.append(
            "**MNIST is missing here**: it was not found when this page was made. "
            f"`{COMMAND} --data PATH` shows it beside them."
        )
    shows_mnist = any(digits.title == "MNIST" for digits in sets)
    credit = f"\n\n<sub>{MNIST_CREDIT}; so is this picture.</sub>" if shows_mnist else ""
    for heading, name, sentence, shows_images in (
        ("Samples", "samples.png", "Picked by lot: look along a row for the ways in which one digit is written.", True),
        ("Class balance", "balance.png", _on_balance(sets), False),
        ("Mean and standard deviation", "means.png", _on_means(sets), True),
        ("Typical and unusual", "unusual.png", _ON_UNUSUAL, True),
        ("Ink", "ink.png", _on_ink(sets), False),
        ("What looks alike", "alike.png", _on_alike(sets), False),
    ):
        parts.append(f"## {heading}\n\n{sentence}\n\n![{heading}]({name})" + credit * shows_images)
    parts.append(
        f"The figures of every class are in [classes.csv](classes.csv). `{COMMAND}` made this page, and makes the same "
        "again from the same data."
    )
    return "\n\n".join(parts) + "\n"


_ON_UNUSUAL = (
    "Of each digit the images most and least like its mean, by the correlation of their pixels: the typical are bold, "
    "as the mean is blurred; the unusual are often squat, wide, slanted the other way, or of a rare style."
)


def _introduction(sets: list[Digits]) -> str:
    lines = []
    for digits in sets:
        counts = [f"{sum(counts):,}{_PARTS[part]}" for part, counts in digits.parts.items()]
        lines.append(f"- **{digits.title}**: {' and '.join(counts)}.")
    if any("test" in digits.parts for digits in sets):
        lines.append("\nOf the images to test on only the labels are counted: all else here is of the others.")
    return "\n".join(lines)


_PARTS = {
    "train": " images to train on",
    "test": " to test on",
    "all": " images",
    "generated": " images, drawn by the rules of `zoo/synthetic/digits.py`",
}


def _on_balance(sets: list[Digits]) -> str:
    def of(digits: Digits) -> str:
        counts = next(iter(digits.parts.values()))
        most, least = counts.argmax(), counts.argmin()
        return f"{most} and {least} of {digits.name} ({counts[most]:,} and {counts[least]:,} of {counts.sum():,})"

    return f"The commonest and the rarest digit: {'; '.join(map(of, sets))}."


def _on_means(sets: list[Digits]) -> str:
    text = "The mean is dark where most people put ink, the deviation (violet) where some do and some do not"
    if len(sets) == 2:
        first, second = (digits.name for digits in sets)
        text += f"; between them, orange where {second} have more ink in the mean than {first}, blue where less"
    return text + "."


def _on_ink(sets: list[Digits]) -> str:
    def of(digits: Digits) -> str:
        medians = [np.median(digits.ink[places]) if len(places) else np.nan for places in digits.classes]
        most, least = np.nanargmax(medians), np.nanargmin(medians)
        return f"{most} and {least} of {digits.name} (medians {medians[most]:.0f} and {medians[least]:.0f})"

    return (
        f"The digits with most and least ink: {'; '.join(map(of, sets))}. Of 100 images the line holds the middle 90, "
        "the bar the middle 50; the dot is the median."
    )


def _on_alike(sets: list[Digits]) -> str:
    def of(digits: Digits) -> str:
        astray = digits.confusion * (1 - np.eye(10, dtype=int))
        digit, other = np.unravel_index(astray.argmax(), astray.shape)
        text = f"{np.trace(digits.confusion):,} of {len(digits.images):,} {digits.name}"
        return text + (f" (a {digit} goes to {other} most often, {astray.max():,} times)" if astray.any() else "")

    return (
        f"Give every image to the digit whose mean it is most like, and right are {'; '.join(map(of, sets))}: "
        "the rest takes more than means, so a network."
    )
