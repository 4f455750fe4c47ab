"""What `python -m zoo evaluate` scores models on, and its report as tables and as JSON."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from zoo._support.progress import note, progress
from zoo.classifier import DOUBTFUL, Classifier
from zoo.data.arrays import digest
from zoo.data.corruptions import CORRUPTIONS, corrupted
from zoo.data.drawing_files import load_drawings
from zoo.data.drawings import images_of
from zoo.data.mnist import MNIST_TEST_SHA256, load_labelled, load_mnist
from zoo.errors import DataError
from zoo.evaluation.metrics import BINS, Evaluation, area_under_roc, doubt_of, evaluate
from zoo.images.strokes import PEN_WIDTH

MADE = 2000
"""So many synthetic digits, outliers as models were trained to doubt, and outliers of unseen kinds."""

_SEED = 2**31 + 2  # out of the range of the seeds that builders train with

_KEYS = {"synthetic": "generated"}  # of a set in JSON, where it is not its name

Table = tuple[list[str], list[list]]


@dataclass(frozen=True)
class Sets:
    """What models are scored on.

    Attributes:
        labelled: images ``(n, 28, 28)`` and labels ``(n,)`` by name: ``images`` (MNIST's test set, or the user's),
            ``drawings``, ``synthetic``, and the names of ``CORRUPTIONS``. Any of them may be missing.
        writers: who made each of the drawings, uint8 ``(n,)``, or None.
        outliers: uint8 ``(n, 28, 28)``, outliers, by their kind, which begins with ``unseen`` where
            models learn from none of its shapes; may be empty.
    """

    labelled: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    writers: np.ndarray | None = None
    outliers: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the images are called in a table: MNIST if they are its test set."""
        return "MNIST" if digest(*self.labelled["images"]) == MNIST_TEST_SHA256 else "images"

    @property
    def digits(self) -> str:
        """The labelled set whose doubt is held against the doubt of the outliers."""
        return "drawings" if "drawings" in self.labelled else "synthetic"


@dataclass(frozen=True)
class Scores:
    """How a model did: by labelled set; and the area under the ROC curve by kind of outlier, ``all`` and ``unseen``."""

    evaluations: dict[str, Evaluation]
    areas: dict[str, float]


def load_sets(
    data: str | None = None,
    strokes: str | None = None,
    pen_width: float = PEN_WIDTH,
    with_corruptions: bool = False,
    with_outliers: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Sets:
    """Load and make what models are to be scored on.

    Args:
        data: MNIST or other labelled images; without it MNIST. Where drawings or outliers are asked for and corruptions
            are not, MNIST is not downloaded for it: it is left out, and that is said on stderr.
        strokes: a file of drawings, see ``zoo.data.drawing_files.load_drawings``.
        pen_width: of the drawings, in pixels of the 28 x 28 image.
        with_corruptions: also score on every corruption of the images.
        with_outliers: also on outliers, against the drawings, or without them against synthetic digits.
        tell: is called with what is done, before each step that takes time.

    Raises:
        DataError: a file is missing, or is not such data.
        ImageError: the pen is too thin or too wide.
    """
    labelled, drawings, writers = {}, None, None
    if strokes:
        strokes_of_drawings, labels, writers = load_drawings(strokes)
        tell("drawing the strokes ...")
        drawings = images_of(strokes_of_drawings, pen_width), labels
    needed = bool(data) or with_corruptions or not (strokes or with_outliers)
    try:
        labelled["images"] = _images(data, download=needed)
    except DataError as error:
        if needed:
            raise
        note(f"MNIST is left out. {error}")
    if drawings is not None:
        labelled["drawings"] = drawings
    outliers: dict[str, np.ndarray] = {}
    if with_outliers:
        tell("drawing outliers ...")
        outliers = _outliers()
        if drawings is None:
            from zoo.synthetic.digits import synthetic_digits

            labelled["synthetic"] = synthetic_digits(MADE, _SEED)
    if with_corruptions:
        tell("making the corruptions ...")
        labelled |= _corruptions(*labelled["images"])
    return Sets(labelled, writers, outliers)


def _images(data: str | None, download: bool) -> tuple[np.ndarray, np.ndarray]:
    if data and Path(data).expanduser().is_file():
        return load_labelled(data)
    mnist = load_mnist(data, download=download)
    return mnist.x_test, mnist.y_test


def _corruptions(images: np.ndarray, labels: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    images = np.round(images).astype(np.uint8)
    return {name: (corrupted(name, images, _SEED), labels) for name in progress(CORRUPTIONS, "corruptions")}


def _outliers() -> dict[str, np.ndarray]:
    from zoo.synthetic.outliers import synthetic_outliers

    outliers: dict[str, np.ndarray] = {}
    for prefix, unseen in (("", False), ("unseen ", True)):
        images, kinds = synthetic_outliers(MADE, _SEED, unseen=unseen)
        outliers |= {f"{prefix}{kind}": images[kinds == kind] for kind in np.unique(kinds)}
    return outliers


def measure(classifier: Classifier, sets: Sets) -> Scores:
    """Score a model on all the sets."""
    name = classifier.card.name
    evaluations = {part: evaluate(classifier, *images) for part, images in progress(sets.labelled.items(), name)}
    doubts = {kind: doubt_of(classifier, images) for kind, images in progress(sets.outliers.items(), name)}
    if doubts:
        unseen = [doubt for kind, doubt in doubts.items() if kind.startswith("unseen")]
        doubts |= {"all": np.concatenate(list(doubts.values())), "unseen": np.concatenate(unseen)}
    areas = {kind: area_under_roc(evaluations[sets.digits].doubt, doubt) for kind, doubt in doubts.items()}
    return Scores(evaluations, areas)


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
            "by_digit": evaluation.by(evaluation.labels),
            "confusion": evaluation.confusion.tolist(),
        }
        if name == "images":
            figures |= {"data": sets.title, **counts}
        elif name in CORRUPTIONS:
            figures.setdefault("shifted", {})[name] = {"description": CORRUPTIONS[name].description, **counts}
        else:
            figures[_KEYS.get(name, name)] = counts
    if sets.writers is not None:
        figures["drawings"]["by_writer"] = scores.evaluations["drawings"].by(sets.writers)
    if sets.outliers:
        figures["not_digits"] = {
            "against": _KEYS.get(sets.digits, sets.digits),
            "area_under_roc": scores.areas["all"],
            "area_under_roc_unseen": scores.areas["unseen"],
            "by_kind": {
                kind: {"total": len(images), "area_under_roc": scores.areas[kind]}
                for kind, images in sets.outliers.items()
            },
        }
    return figures


def tables(scores: dict[str, Scores], sets: Sets) -> list[Table]:
    """Return headings and rows, a row a model: first of all sets; then what was misread, and doubt, in detail."""
    found = [_main_table(scores, sets)]
    if "drawings" in sets.labelled:
        found.append(_misread("digit", scores, sets.labelled["drawings"][1]))
    if sets.writers is not None:
        found.append(_misread("writer", scores, sets.writers))
    if sets.outliers:
        rows = [[name, *(f"{score.areas[kind]:.4f}" for kind in sets.outliers)] for name, score in scores.items()]
        found.append((["AUROC by kind", *sets.outliers], [*rows, ["of", *map(len, sets.outliers.values())]]))
    return found


def _main_table(scores: dict[str, Scores], sets: Sets) -> Table:
    head, rows = ["model"], [[name] for name in scores]
    for name, (images, _) in sets.labelled.items():
        if name in CORRUPTIONS:
            head.append(name)
        else:
            head += [f"of {len(images):,} {sets.title if name == 'images' else name}", "ECE"]
            head += ["false alarms"] * (name != "images")
        for row, score in zip(rows, scores.values(), strict=True):
            row += _cells(name, score.evaluations[name])
    if sets.outliers:
        head += ["AUROC", "unseen"]
        for row, score in zip(rows, scores.values(), strict=True):
            row += [f"{score.areas[part]:.4f}" for part in ("all", "unseen")]
    return head, rows


def _cells(name: str, evaluation: Evaluation) -> list[str]:
    def with_share(count: int) -> str:
        return f"{count:,} {count / evaluation.total:7.2%}"

    if name in CORRUPTIONS:
        return [f"{evaluation.correct:,}"]
    alarms = [with_share(evaluation.false_alarms)] * (name != "images")
    return [with_share(evaluation.correct), f"{evaluation.calibration_error:.2%}", *alarms]


def _misread(title: str, scores: dict[str, Scores], groups: np.ndarray) -> Table:
    members, totals = np.unique(groups, return_counts=True)
    rows = []
    for name, score in scores.items():
        counts = score.evaluations["drawings"].by(groups).values()
        rows.append([name, *(count["total"] - count["correct"] for count in counts)])
    return [f"misread by {title}", *map(str, members)], [*rows, ["of", *totals]]


def legend(sets: Sets) -> list[str]:
    """Return lines that say what the headings of the first table mean, and how the corruptions are made."""
    lines = [f"ECE: expected calibration error, in {BINS} bins of equal count."]
    if "drawings" in sets.labelled or "synthetic" in sets.labelled:
        lines.append(f"False alarms: digits that raise a doubt above {DOUBTFUL}.")
    if sets.outliers:
        count = sum(map(len, sets.outliers.values()))
        lines += [
            f"AUROC: area under the ROC curve, how well doubt tells {count:,} outliers from "
            f"the digits ({sets.digits}): 1 always, 0.5 no better than chance.",
            "Unseen: the same of the half of them whose shapes no model learned from.",
        ]
    if set(CORRUPTIONS) <= set(sets.labelled):
        lines.append("Right of the same images, each of them changed:")
        lines += [f"  {name + ':':<8} {corruption.description}" for name, corruption in CORRUPTIONS.items()]
    return lines
