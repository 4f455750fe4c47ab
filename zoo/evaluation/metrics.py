"""Score models on labelled images, in raw counts, and tell how far their confidence and their doubt can be trusted."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zoo.classifier import DOUBTFUL, Classifier
from zoo.ensemble import Votes
from zoo.evaluation.statistics import wilson

BATCH = 1000
BINS = 15


@dataclass(frozen=True)
class Evaluation:
    """How a model, or the vote of several, read `n` labelled images.

    Attributes:
        labels: integers 0..9 ``(n,)``, the digits that the images show; of outliers str ``(n,)``, what they are.
        digits: integers 0..9 ``(n,)``, the digits that were read.
        probabilities: float ``(n, 10)``, as in ``Prediction.probabilities``.
        vote: of the ensemble that read them; None where it was one model.
    """

    labels: np.ndarray
    digits: np.ndarray
    probabilities: np.ndarray
    vote: Votes | None = None

    @property
    def doubt(self) -> np.ndarray:
        """float ``(n,)``, as in ``Prediction.doubt`` or ``Votes.doubt``."""
        return 1 - self.probabilities.max(axis=1) if self.vote is None else self.vote.doubt

    @property
    def decisive_doubt(self) -> np.ndarray:
        """float ``(n,)``: the doubt that decides what is taken for an outlier; of a vote ``Votes.decisive_doubt``."""
        return self.doubt if self.vote is None else self.vote.decisive_doubt

    @property
    def doubtful(self) -> float:
        """A doubt above this says: rather not one digit."""
        return DOUBTFUL if self.vote is None else self.vote.doubtful

    @property
    def is_doubtful(self) -> np.ndarray:
        """bool ``(n,)``: which images are taken for outliers."""
        return self.decisive_doubt > self.doubtful

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
        return calibration_error(self.probabilities.max(axis=1).astype(float), self.digits == self.labels)

    @property
    def false_alarms(self) -> int:
        """Digits that are taken for outliers."""
        return int(self.is_doubtful.sum())

    def by(self, groups: np.ndarray) -> "dict[int, Rate]":
        """Count by group: by digit with ``labels``, by writer with the writer of each image; integers ``(n,)``.

        Returns:
            How many of each group were read right, in ascending order.
        """
        right = self.digits == self.labels
        return {
            int(group): Rate(int(right[groups == group].sum()), int((groups == group).sum()))
            for group in np.unique(groups)
        }


@dataclass(frozen=True)
class Rate:
    """How many of how many, one or more."""

    count: int
    total: int

    @property
    def share(self) -> float:
        """The same, 0..1."""
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share lies with 95 % confidence, by Wilson."""
        return wilson(self.count, self.total)


def evaluate(classifier: Classifier, images: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Score a model on images, ``(n, 28, 28)`` in 0..255, and their labels ``(n,)``, as ``Evaluation`` has them."""
    reads = [classifier.predict(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
    digits, probabilities = zip(*((read.digits, read.probabilities) for read in reads), strict=True)
    return Evaluation(np.asarray(labels), np.concatenate(digits), np.concatenate(probabilities))


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
        doubt_of_digits: float ``(n,)``, as ``Evaluation.doubt``.
        doubt_of_outliers: float ``(m,)``, the same.

    Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve" (1982).
    """
    ascending = np.sort(doubt_of_digits)
    below = np.searchsorted(ascending, doubt_of_outliers, "left")
    up_to = np.searchsorted(ascending, doubt_of_outliers, "right")
    return float((below + up_to).mean() / 2 / len(ascending))


class Threshold(NamedTuple):
    """What share of digits and of outliers, 0..1, have a doubt above ``doubt``."""

    doubt: float
    digits: float
    outliers: float


def threshold_at(doubt: float, doubt_of_digits: np.ndarray, doubt_of_outliers: np.ndarray) -> Threshold:
    """Return what is doubted at a threshold."""
    return Threshold(doubt, float((doubt_of_digits > doubt).mean()), float((doubt_of_outliers > doubt).mean()))


def threshold_for(false_alarms: float, doubt_of_digits: np.ndarray, doubt_of_outliers: np.ndarray) -> Threshold:
    """Return the least threshold at which no more digits are doubted than the share `false_alarms`, 0..1."""
    descending = np.sort(doubt_of_digits)[::-1]
    allowed = int(false_alarms * len(descending))
    doubt = descending[allowed] if allowed < len(descending) else 0.0
    return threshold_at(float(doubt), doubt_of_digits, doubt_of_outliers)
