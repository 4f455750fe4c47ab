"""Score models on sets, and the vote of an ensemble; what was measured, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from zoo._support.progress import progress
from zoo.classifier import Classifier
from zoo.data.corruptions import CORRUPTIONS
from zoo.ensemble import Votes
from zoo.evaluation.metrics import Evaluation, Rate, Threshold, area_under_roc, evaluate, threshold_at, threshold_for
from zoo.evaluation.sets import Outliers, Sets

FALSE_ALARMS = (0.01, 0.015)
"""At the thresholds that doubt so many digits it is told how many outliers are doubted."""
LEAST_DRAWINGS, LEAST_SHARE = 10, 0.9
"""Writers of so many drawings and more are named where less than this share is read right."""

_KEYS = {"synthetic": "generated"}  # of a set in JSON, where it is not its name


class Doubted(NamedTuple):
    """How many of some outliers are doubted, and the area under the ROC curve, 0..1, against the digits."""

    rate: Rate
    area: float


@dataclass(frozen=True)
class OutlierScores:
    """How outliers are told from digits.

    Attributes:
        outliers: what was read.
        evaluation: how.
        digits: how the digits were read that their doubt is held against.
    """

    outliers: Outliers
    evaluation: Evaluation
    digits: Evaluation

    def by_part(self) -> dict[str, Doubted]:
        """Return how many are doubted by part: ``all``, and others."""
        return {part: self._doubted(chosen) for part, chosen in self.outliers.parts.items()}

    def by_kind(self) -> dict[str, Doubted]:
        """Return the same by kind, what is scored first."""
        return {kind: self._doubted(self.outliers.kinds == kind) for kind in self.outliers.names}

    def thresholds(self) -> list[Threshold]:
        """Return what is doubted at the threshold that is used, then at those of `FALSE_ALARMS`."""
        doubts = self.digits.decisive_doubt, self.evaluation.decisive_doubt[self.outliers.parts["all"]]
        used = threshold_at(self.digits.doubtful, *doubts)
        return [used, *(threshold_for(share, *doubts) for share in FALSE_ALARMS)]

    def _doubted(self, chosen: np.ndarray) -> Doubted:
        doubt, is_doubtful = self.evaluation.doubt[chosen], self.evaluation.is_doubtful[chosen]
        return Doubted(Rate(int(is_doubtful.sum()), len(doubt)), area_under_roc(self.digits.doubt, doubt))


@dataclass(frozen=True)
class Scores:
    """How a model, or the vote of several, did.

    Attributes:
        evaluations: by labelled set.
        writers: of the drawings how many are read right by writer, the worst first; empty where they are not known.
        outliers: None where there were none.
    """

    evaluations: dict[str, Evaluation]
    writers: dict[int, Rate] = field(default_factory=dict)
    outliers: OutlierScores | None = None

    @property
    def badly_read(self) -> dict[int, Rate]:
        """The writers of ten drawings and more of whom less than 90 % is read right, the worst first."""
        return {
            writer: rate
            for writer, rate in self.writers.items()
            if rate.total >= LEAST_DRAWINGS and rate.share < LEAST_SHARE
        }


def measure(classifier: Classifier, sets: Sets) -> Scores:
    """Score a model on all the sets."""
    name = classifier.card.name
    evaluations = {part: evaluate(classifier, *images) for part, images in progress(sets.labelled.items(), name)}
    outliers = evaluate(classifier, sets.outliers.images, sets.outliers.kinds) if sets.outliers else None
    return _scores(sets, evaluations, outliers)


def vote_of(scores: Sequence[Scores], learned: Sequence[bool], sets: Sets) -> Scores:
    """Return how the vote of models did, as ``zoo.compare`` counts it.

    Args:
        scores: of one model or more.
        learned: for each model, whether it learned from outliers.
        sets: what all of them read.
    """

    def voted(evaluations: list[Evaluation]) -> Evaluation:
        votes = Votes([one.probabilities for one in evaluations], [one.digits for one in evaluations], learned)
        return Evaluation(evaluations[0].labels, votes.by_mean, votes.probabilities, votes)

    evaluations = {name: voted([one.evaluations[name] for one in scores]) for name in sets.labelled}
    of_outliers = [one.outliers.evaluation for one in scores if one.outliers]
    return _scores(sets, evaluations, voted(of_outliers) if of_outliers else None)


def _scores(sets: Sets, evaluations: dict[str, Evaluation], outliers: Evaluation | None) -> Scores:
    writers = {} if sets.writers is None else evaluations["drawings"].by(sets.writers)
    writers = dict(sorted(writers.items(), key=lambda entry: (entry[1].share, -entry[1].total)))
    if sets.outliers is None or outliers is None:
        return Scores(evaluations, writers)
    return Scores(evaluations, writers, OutlierScores(sets.outliers, outliers, evaluations[sets.digits]))


def as_json(scores: Scores, sets: Sets) -> dict:
    """Return all that was measured of a model; what was measured on the images at the top level.

    The keys are those that programs read since the first version, whatever the sets are called here.
    """
    figures: dict[str, Any] = {}
    for name, evaluation in scores.evaluations.items():
        counts = {
            "correct": evaluation.correct,
            "total": evaluation.total,
            "calibration_error": evaluation.calibration_error,
            "false_alarms": evaluation.false_alarms,
            "by_digit": _rates(evaluation.by(evaluation.labels)),
            "confusion": evaluation.confusion.tolist(),
        }
        if name == "images":
            figures |= {"data": sets.title, **counts}
        elif name in CORRUPTIONS:
            figures.setdefault("shifted", {})[name] = {"description": CORRUPTIONS[name].description, **counts}
        else:
            figures[_KEYS.get(name, name)] = counts
    if scores.writers:
        figures["drawings"]["by_writer"] = _rates(dict(sorted(scores.writers.items())))
        figures["drawings"]["badly_read_writers"] = list(scores.badly_read)
    if scores.outliers:
        against = _KEYS.get(sets.digits, sets.digits)
        figures["not_digits"] = {"against": against, **_doubt_as_json(scores.outliers)}
    return figures


def _rates(rates: dict[int, Rate]) -> dict[int, dict]:
    return {
        group: {"correct": rate.count, "total": rate.total, "interval": rate.interval} for group, rate in rates.items()
    }


def _doubt_as_json(scores: OutlierScores) -> dict:
    def figures(doubted: Doubted) -> dict:
        rate = doubted.rate
        counts = {"total": rate.total, "doubted": rate.count, "interval": rate.interval}
        return {**counts, "area_under_roc": doubted.area}

    parts = scores.by_part()
    areas = {f"area_under_roc_{part}": doubted.area for part, doubted in parts.items() if part != "all"}
    return {
        **figures(parts["all"]),
        **areas,
        "thresholds": [threshold._asdict() for threshold in scores.thresholds()],
        "by_character" if scores.outliers.are_characters else "by_kind": {
            kind: figures(doubted) for kind, doubted in scores.by_kind().items()
        },
        "left_out": scores.outliers.left_out,
    }
