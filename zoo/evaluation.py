"""Score models on labelled images, in raw counts."""

from dataclasses import dataclass

import numpy as np

from zoo.classifier import Classifier

BATCH = 1000


@dataclass(frozen=True)
class Evaluation:
    """How a model read labelled images.

    Attributes:
        confusion: int64 ``(10, 10)``; entry ``[i, j]`` counts the images of digit `i` that were read as `j`.
    """

    confusion: np.ndarray

    @property
    def correct(self) -> int:
        """Images read right."""
        return int(self.confusion.trace())

    @property
    def total(self) -> int:
        """Images read."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share read right, 0..1."""
        return self.correct / self.total


def evaluate(classifier: Classifier, images: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Score `classifier` on images, uint8 ``(n, 28, 28)``, and their labels, integers 0..9 ``(n,)``."""
    confusion = np.zeros((10, 10), np.int64)
    for start in range(0, len(images), BATCH):
        digits = classifier.predict(images[start : start + BATCH]).digits
        np.add.at(confusion, (labels[start : start + BATCH], digits), 1)
    return Evaluation(confusion)
