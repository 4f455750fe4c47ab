"""The figures of a report as CSV: shares in 0..1, floats written out, an empty cell where nothing is known."""

import csv
from pathlib import Path

import numpy as np

from zoo.evaluation.metrics import Evaluation
from zoo.evaluation.statistics import mcnemar, wilson
from zoo.report.results import Results


def write_tables(results: Results, folder: Path) -> None:
    """Write all tables into `folder`."""
    for name, make in TABLES.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[_plain(cell) for cell in row] for row in make(results)])


def _plain(cell: object) -> object:
    """Six significant digits and no exponent."""
    if isinstance(cell, float | np.floating):
        return np.format_float_positional(cell, 6, unique=False, fractional=False, trim="-")
    return "" if cell is None else cell


def _counts(evaluation: Evaluation) -> list:
    low, high = wilson(evaluation.correct, evaluation.total)
    return [evaluation.correct, evaluation.total, evaluation.accuracy, low, high]


_COUNTS = ["correct", "total", "accuracy", "low_95", "high_95"]


def scores(results: Results) -> list[list]:
    """A row a model and set: raw counts, the interval, calibration, and what the model costs."""
    rows: list[list] = [["model", "version", "family", "set", *_COUNTS, "calibration_error", "false_alarms"]]
    rows[0] += ["parameters", "bytes", "latency_us", "training_seconds"]
    for model in results.models:
        card = model.card
        for name, evaluation in model.evaluations.items():
            row = [card.name, card.version, model.family, name, *_counts(evaluation)]
            row += [evaluation.calibration_error, evaluation.false_alarms]
            rows.append([*row, card.parameters, card.bytes, model.latency_us, card.facts.seconds])
    return rows


def pairs(results: Results) -> list[list]:
    """A row a set and pair: n10 counts what only the first model reads right, n01 what only the second does."""
    rows: list[list] = [["set", "first", "second", "differ", "n10", "n01", "p", "p_holm"]]
    for name in results.sets:
        rows += [
            [name, results.models[first].name, results.models[second].name, *figures]
            for first, second, *figures in results.ensemble(name).pairs
        ]
    return rows


def per_digit(results: Results) -> list[list]:
    """A row a model, set and digit."""
    rows: list[list] = [["model", "set", "digit", *_COUNTS]]
    for model in results.models:
        for name, evaluation in model.evaluations.items():
            for digit, rate in evaluation.by(evaluation.labels).items():
                rows.append([model.name, name, digit, rate.count, rate.total, rate.share, *rate.interval])
    return rows


def confusion(results: Results) -> list[list]:
    """A row a model, set, digit and reading."""
    rows: list[list] = [["model", "set", "digit", "read_as", "images"]]
    for model in results.models:
        for name, evaluation in model.evaluations.items():
            counts = np.ndenumerate(evaluation.confusion)
            rows += [[model.name, name, digit, read, int(count)] for (digit, read), count in counts]
    return rows


def disagreements(results: Results) -> list[list]:
    """A row an image that not all models read alike, those first of which they differ the most, and its votes."""
    rows: list[list] = [["set", "image", "label", "entropy_bits", *(f"votes_{digit}" for digit in range(10))]]
    for name, images in results.sets.items():
        ensemble = results.ensemble(name)
        rows += [
            [name, int(place), int(images.labels[place]), ensemble.entropy[place], *ensemble.votes[place].tolist()]
            for place in ensemble.disagreements
        ]
    return rows


def votes(results: Results) -> list[list]:
    """A row a set and vote, against the model that reads most of that set right: n10, n01 and p as in pairs."""
    rows: list[list] = [["set", "vote", *_COUNTS, "best_model", "n10", "n01", "p"]]
    for name in results.sets:
        ensemble, best = results.ensemble(name), results.best(name)
        for title, vote in (("mean probability", ensemble.mean), ("plurality", ensemble.plurality)):
            only = against(vote, best.evaluations[name])
            rows.append([name, title, *_counts(vote), best.name, *only, mcnemar(*only)])
    return rows


def against(first: Evaluation, second: Evaluation) -> tuple[int, int]:
    """Return how many images only the first reads right, and how many only the second."""
    one, other = first.digits == first.labels, second.digits == second.labels
    return int((one & ~other).sum()), int((other & ~one).sum())


TABLES = {
    "scores": scores,
    "pairs": pairs,
    "per-digit": per_digit,
    "confusion": confusion,
    "splits": disagreements,
    "vote": votes,
}
"""What makes each table, by the name of its file."""
