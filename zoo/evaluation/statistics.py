"""How sure the counts are: intervals of shares, and tests of whether one model reads better than another."""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

LEVEL = 0.05
"""A difference counts as significant where its corrected p-value is below this; intervals hold at 1 - LEVEL."""


class Pair(NamedTuple):
    """Two models on the same images.

    Attributes:
        first, second: their places in the list of models.
        differ: images that they read as different digits.
        only_first, only_second: images that only one of them reads right.
        p: McNemar's, 0..1.
        p_holm: the same, corrected for the number of pairs.
    """

    first: int
    second: int
    differ: int
    only_first: int
    only_second: int
    p: float
    p_holm: float

    @property
    def significant(self) -> bool:
        """Whether one of the two is better, after the correction."""
        return self.p_holm < LEVEL


def wilson(correct: int, total: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share, its bounds in 0..1.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
    """
    z, share = NormalDist().inv_cdf(1 - LEVEL / 2), correct / total
    middle = share + z**2 / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the p-value of McNemar's exact test, two-sided: whether two models err equally often on the same images.

    Of the images that only one of the two reads right, each should get half.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions or percentages"
    (1947); for classifiers, Dietterich, "Approximate statistical tests for comparing supervised classification learning
    algorithms" (1998).
    """
    from scipy.stats import binomtest

    return float(binomtest(only_first, only_first + only_second).pvalue) if only_first + only_second else 1.0


def holm(p_values: list[float]) -> list[float]:
    """Return p-values corrected for their number, so that a false alarm among all of them stays as rare as among one.

    Source: Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    p = np.asarray(p_values, float)
    ascending = np.argsort(p, kind="stable")
    corrected = np.empty(len(p))
    corrected[ascending] = np.maximum.accumulate(p[ascending] * np.arange(len(p), 0, -1)) if len(p) else []
    return np.minimum(corrected, 1).tolist()


def compare_pairs(digits: np.ndarray, labels: np.ndarray) -> list[Pair]:
    """Compare every model with every later one: digits read, integers ``(m, n)``; labels, integers ``(n,)``."""
    right = digits == labels
    counts = [
        (
            first,
            second,
            int((digits[first] != digits[second]).sum()),
            int((right[first] & ~right[second]).sum()),
            int((right[second] & ~right[first]).sum()),
        )
        for first in range(len(digits))
        for second in range(first + 1, len(digits))
    ]
    p_values = [mcnemar(only_first, only_second) for *_, only_first, only_second in counts]
    return [Pair(*pair, p, p_holm) for pair, p, p_holm in zip(counts, p_values, holm(p_values), strict=True)]
