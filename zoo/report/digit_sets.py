"""Sets of labelled digits to be shown: what is known of each class, and where the images come from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from zoo._support.progress import note
from zoo.data.arrays import npz_keys
from zoo.data.digit_csv import is_csv
from zoo.data.mnist import is_mnist, load_labelled, load_mnist
from zoo.data.orientation import tell_way
from zoo.errors import DataError
from zoo.synthetic.digits import DATA_WORDS, synthetic_digits

COUNT = 10_000  # synthetic digits
SEED = 1  # of the synthetic digits, and of the choice of samples


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
        """The places of each class's images, integers `(m,)`, in their order."""
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
        """Return `(count, 28, 28)` images of each class, or all if there are fewer, picked by the seed."""
        random = np.random.default_rng(SEED)
        return [self.images[random.permutation(places)[:count]] for places in self.classes]

    def typical_images(self, count: int) -> list[np.ndarray]:
        """Return the `(count, 28, 28)` images most like the mean of their class, the most typical first."""
        return [self.images[places[:count]] for places in self._by_likeness]

    def unusual_images(self, count: int) -> list[np.ndarray]:
        """Return the `(count, 28, 28)` images least like the mean of their class, the most unusual first."""
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
    """Return images `(n, 28, 28)` as rows of mean 0 and length 1, float64 `(n, 784)`; NaN where all are equal."""
    rows = images.reshape(len(images), 28 * 28).astype(np.float64)
    rows -= rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, np.nan)


def load_digits(
    data: str | None = None, count: int = COUNT, tell: Callable[[str], None] = lambda text: None
) -> list[Digits]:
    """Load the sets that are to be explored; synthetic digits are always the last of them.

    Args:
        data: MNIST, or another `.npz` of labelled images, or `synthetic` for synthetic digits alone. Without it MNIST
            where it is found: it is not downloaded for this, and that it is left out is said on stderr.
        count: of synthetic digits.
        tell: is told what takes time.

    Raises:
        DataError: a file is missing, or is not such data.
    """
    sets = []
    try:
        if data not in DATA_WORDS:
            tell("loading the images ...")
            sets.append(_load(data))
    except DataError as error:
        if data:
            raise
        tell("")
        note(f"MNIST is left out. {error}")
    tell("drawing synthetic digits ...")
    images, labels = synthetic_digits(count, SEED)
    return [*sets, Digits("Synthetic digits", "synthetic digits", images, labels, {"generated": _counts(labels)})]


def _load(data: str | None) -> Digits:
    yours = ("Your images", "your images")
    if data and Path(data).expanduser().is_file():
        images, labels = load_labelled(data)
        file = Path(data).expanduser()
        if is_csv(file) or "x_train" not in npz_keys(file):
            tell_way(images, labels, yours[0])
            return Digits(*yours, images, labels, {"all": _counts(labels)})
    mnist = load_mnist(data, download=False)
    parts = {"train": _counts(mnist.y_train), "test": _counts(mnist.y_test)}
    if not is_mnist(mnist):
        tell_way(mnist.x_train, mnist.y_train, yours[0])
    return Digits(*(("MNIST", "MNIST") if is_mnist(mnist) else yours), mnist.x_train, mnist.y_train, parts)


def _counts(labels: np.ndarray) -> np.ndarray:
    """Return how many labels there are of each digit, int `(10,)`."""
    return np.bincount(labels, minlength=10)
