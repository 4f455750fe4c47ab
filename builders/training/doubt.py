"""How well a network's doubt tells outliers that people drew from digits, to choose between recipes by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from zoo.errors import ZooError
from zoo.evaluation.metrics import area_under_roc, threshold_for
from zoo.evaluation.scoring import FALSE_ALARMS
from zoo.evaluation.sets import Outliers


@dataclass(frozen=True)
class Doubted:
    """Outliers that a network should doubt, and by key digits that it should not: images and labels."""

    outliers: Outliers
    digits: Mapping[str, tuple[np.ndarray, np.ndarray]]

    def __post_init__(self):
        if not self.digits:
            raise ZooError("Expected digits to hold the doubt of the outliers against: name some with --score-strokes.")

    def in_words(self, logits: Callable[[np.ndarray], np.ndarray]) -> str:
        """Return the area under the ROC curve by part of the outliers, and how many are doubted with 1 % of the digits.

        Args:
            logits: of the network, float32 ``(n, 10)``, for images uint8 ``(n, 28, 28)``.
        """
        doubt, parts = _doubt(logits(self.outliers.images)), self.outliers.parts
        words = []
        for key, (images, _) in self.digits.items():
            of_digits = _doubt(logits(images))
            areas = [f"{part} {area_under_roc(of_digits, doubt[chosen]):.4f}" for part, chosen in parts.items()]
            found = threshold_for(FALSE_ALARMS[0], of_digits, doubt[parts["all"]])
            words.append(
                f"AUROC of doubt against {key}: {', '.join(areas)}, {found.outliers:.1%} doubted with "
                f"{found.digits:.1%} of these"
            )
        return "; ".join(words)


def _doubt(logits: np.ndarray) -> np.ndarray:
    from scipy.special import softmax

    return 1 - softmax(logits.astype(np.float64), axis=1).max(axis=1)
