"""Score models on labelled images, in raw counts, and tell how far their confidence and their doubt can be trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zoo.classifier import DOUBTFUL, Classifier, Prediction

BATCH = 1000
BINS = 15


@dataclass(frozen=True)
class Evaluation:
    """How a model read `n` labelled images.

    Attributes:
        labels: integers 0..9 ``(n,)``, the digits that the images show.
        digits: integers 0..9 ``(n,)``, the digits that were read.
        probabilities: float ``(n, 10)``, as in ``Prediction.probabilities``.
    """

    labels: np.ndarray
    digits: np.ndarray
    probabilities: np.ndarray

    @cached_property
    def doubt(self) -> np.ndarray:
        """float ``(n,)``, as in ``Prediction.doubt``."""
        return 1 - self.probabilities.max(axis=1)

    @cached_property
    def confusion(self) -> np.ndarray:
        """int64 ``(10, 10)``; entry `[i, j]` counts the images of digit `i` that were read as `j`."""
        confusion = np.zeros((10, 10), np.int64)
        np.add.at(confusion, (self.labels, self.digits), 1)
        return confusion

    @property
    def correct(self) -> int:
        """Images read right."""
        return int(self.confusion.trace())

    @property
    def total(self) -> int:
        """Images read."""
        return len(self.labels)

    @property
    def accuracy(self) -> float:
        """Share read right, 0..1."""
        return self.correct / self.total

    @property
    def calibration_error(self) -> float:
        """Expected calibration error, 0..1, of the highest probability in 15 bins; see ``calibration_error``."""
        return calibration_error(1 - self.doubt.astype(float), self.digits == self.labels)

    @property
    def false_alarms(self) -> int:
        """Images that the model takes for outliers: those of a doubt above ``DOUBTFUL``."""
        return int((self.doubt > DOUBTFUL).sum())

    def by(self, groups: np.ndarray) -> dict[int, dict[str, int]]:
        """Count by group: by digit with ``labels``, by writer with the writer of each image; integers ``(n,)``.

        Returns:
            ``{"correct": ..., "total": ...}`` for each group, in ascending order.
        """
        right = self.digits == self.labels
        return {
            int(group): {"correct": int(right[groups == group].sum()), "total": int((groups == group).sum())}
            for group in np.unique(groups)
        }


def evaluate(classifier: Classifier, images: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Score a model on images, ``(n, 28, 28)`` in 0..255, and their labels, integers 0..9 ``(n,)``."""
    reads = [(read.digits, read.probabilities) for read in _predictions(classifier, images)]
    digits, probabilities = zip(*reads, strict=True)
    return Evaluation(np.asarray(labels), np.concatenate(digits), np.concatenate(probabilities))


def doubt_of(classifier: Classifier, images: np.ndarray) -> np.ndarray:
    """Return a model's doubt about images ``(n, 28, 28)`` in 0..255, float32 ``(n,)``, as in ``Prediction.doubt``."""
    return np.concatenate([read.doubt for read in _predictions(classifier, images)])


def _predictions(classifier: Classifier, images: np.ndarray) -> Iterator[Prediction]:
    return (classifier.predict(images[start : start + BATCH]) for start in range(0, len(images), BATCH))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = BINS) -> float:
    """Return the expected calibration error, 0..1: how far apart confidence and the share read right are on average.

    The images are sorted by confidence and cut into bins of equal count, the bins weighted by their count. Images of
    the same confidence each count as right by the share of them that is, so that their order does not matter.

    Args:
        confidence: float ``(n,)`` in 0..1, the probability given to the digit that was read.
        right: bool ``(n,)``, whether it was the right one.
        bins: how many.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (2015); bins
    of equal mass, Nguyen and O'Connor, "Posterior calibration and exploratory analysis for natural language processing
    models" (2015), and Nixon et al., "Measuring calibration in deep learning" (2019).
    """
    levels, level = np.unique(confidence, return_inverse=True)
    share = np.bincount(level, right) / np.bincount(level)
    gaps = (levels - share)[np.sort(level)]  # one an image, in the order of confidence
    return float(sum(abs(gap.sum()) for gap in np.array_split(gaps, bins)) / len(gaps))


def area_under_roc(doubt_of_digits: np.ndarray, doubt_of_outliers: np.ndarray) -> float:
    """Return how well doubt tells outliers from digits, 0..1: 1 always, 0.5 no better than chance.

    It is the area under the receiver operating characteristic: the probability that an outlier, picked at random,
    raises more doubt than a digit picked at random; an equal doubt counts half.

    Args:
        doubt_of_digits: float ``(n,)``, as ``doubt_of`` returns it.
        doubt_of_outliers: float ``(m,)``, the same.

    Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve" (1982).
    """
    ascending = np.sort(doubt_of_digits)
    below = np.searchsorted(ascending, doubt_of_outliers, "left")
    up_to = np.searchsorted(ascending, doubt_of_outliers, "right")
    return float((below + up_to).mean() / 2 / len(ascending))
