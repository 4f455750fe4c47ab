"""The tables that `python -m zoo evaluate` prints."""

from zoo.classifier import DOUBTFUL
from zoo.data.corruptions import CORRUPTIONS
from zoo.evaluation.metrics import BINS, Evaluation, Rate
from zoo.evaluation.scoring import FALSE_ALARMS, LEAST_DRAWINGS, LEAST_SHARE, OutlierScores, Scores
from zoo.evaluation.sets import Sets

WORST = 10
"""So many characters are named of each model, where there are several."""

Table = tuple[list[str], list[list]]


def tables(scores: dict[str, Scores], sets: Sets) -> list[Table]:
    """Return headings and rows: first a row a model with all sets; then what was misread, and doubt, in detail.

    Args:
        scores: by model; of one alone, all writers and characters are listed.
        sets: what they read.
    """
    found = [_main_table(scores, sets)]
    if "drawings" in sets.labelled:
        found += _by_digit(scores)
    if sets.writers is not None:
        found.append(_by_writer(scores))
    if sets.outliers:
        of_outliers = {name: score.outliers for name, score in scores.items() if score.outliers}
        by_kind = _by_character if sets.outliers.are_characters else _by_kind
        found += [by_kind(of_outliers), _thresholds(of_outliers)]
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
        head += ["doubted", *("AUROC" if part == "all" else part for part in sets.outliers.parts)]
        for row, score in zip(rows, scores.values(), strict=True):
            parts = score.outliers.by_part() if score.outliers else {}
            row += [_with_share(parts["all"].rate), *(f"{doubted.area:.4f}" for doubted in parts.values())]
    return head, rows


def _cells(name: str, evaluation: Evaluation) -> list[str]:
    if name in CORRUPTIONS:
        return [f"{evaluation.correct:,}"]
    alarms = [_with_share(Rate(evaluation.false_alarms, evaluation.total))] * (name != "images")
    right = _with_share(Rate(evaluation.correct, evaluation.total))
    return [right, f"{evaluation.calibration_error:.2%}", *alarms]


def _with_share(rate: Rate) -> str:
    return f"{rate.count:,} {rate.share:7.2%}"


def _interval(rate: Rate) -> str:
    low, high = rate.interval
    return f"{100 * low:.1f}-{100 * high:.1f}"


def _by_digit(scores: dict[str, Scores]) -> list[Table]:
    misread, intervals, totals = [], [], []
    for name, score in scores.items():
        evaluation = score.evaluations["drawings"]
        rates = evaluation.by(evaluation.labels)
        misread.append([name, *(rate.total - rate.count for rate in rates.values())])
        intervals.append([name, *map(_interval, rates.values())])
        totals = [rate.total for rate in rates.values()]
    digits = list(map(str, rates))
    return [(["misread by digit", *digits], [*misread, ["of", *totals]]), (["right, 95 %", *digits], intervals)]


def _by_writer(scores: dict[str, Scores]) -> Table:
    rows: list[list] = []
    for name, score in scores.items():
        rates = score.writers if len(scores) == 1 else score.badly_read
        rows += [[name, writer, _with_share(rate), rate.total, _interval(rate)] for writer, rate in rates.items()]
        if not rates:
            rows.append([name, "none", "", "", ""])
    title = "by writer" if len(scores) == 1 else f"writers below {LEAST_SHARE:.0%}"
    return [title, "writer", "right", "of", "95 %"], rows


def _by_kind(scores: dict[str, OutlierScores]) -> Table:
    rows = [[name, *(f"{kind.area:.4f}" for kind in score.by_kind().values())] for name, score in scores.items()]
    kinds = next(iter(scores.values())).by_kind()
    return ["AUROC by kind", *kinds], [*rows, ["of", *(kind.rate.total for kind in kinds.values())]]


def _by_character(scores: dict[str, OutlierScores]) -> Table:
    rows = []
    for name, score in scores.items():
        scored = [entry for entry in score.by_kind().items() if entry[0] not in score.outliers.left_out]
        scored.sort(key=lambda entry: entry[1].rate.share)
        for kind, (rate, area) in scored if len(scores) == 1 else scored[:WORST]:
            rows.append([name, kind, _with_share(rate), rate.total, _interval(rate), f"{area:.4f}"])
    return ["by character", "character", "doubted", "of", "95 %", "AUROC"], rows


def _thresholds(scores: dict[str, OutlierScores]) -> Table:
    head = ["doubted above", "used", "digits", "outliers"]
    for share in FALSE_ALARMS:
        head += [f"for {share:.1%} of the digits", "outliers"]
    rows = []
    for name, score in scores.items():
        used, *others = score.thresholds()
        row = [name, f"{used.doubt:.3f}", f"{used.digits:.2%}", f"{used.outliers:.2%}"]
        for threshold in others:
            row += [f"{threshold.doubt:.3f}", f"{threshold.outliers:.2%}"]
        rows.append(row)
    return head, rows


def legend(scores: dict[str, Scores], sets: Sets) -> list[str]:
    """Return lines that say what the headings of the first table mean, and how the corruptions are made."""
    lines = [f"ECE: expected calibration error, in {BINS} bins of equal count."]
    if "drawings" in sets.labelled or "synthetic" in sets.labelled:
        votes = [evaluation.vote for score in scores.values() for evaluation in score.evaluations.values()]
        of_votes = {f"; of the ensemble, above {vote.doubtful}" for vote in votes if vote is not None}
        lines.append(f"False alarms: digits that raise a doubt above {DOUBTFUL}{''.join(of_votes)}.")
    if "drawings" in sets.labelled:
        lines.append("95 %: where the share lies with so much confidence, in per cent, by Wilson.")
    if sets.writers is not None:
        lines.append(f"Writers below {LEAST_SHARE:.0%}: of {LEAST_DRAWINGS} drawings and more, the worst first.")
    if sets.outliers:
        count = sets.outliers.parts["all"].sum()
        lines.append(
            f"AUROC: area under the ROC curve, how well doubt tells {count:,} outliers from "
            f"the digits ({sets.digits}): 1 always, 0.5 no better than chance."
        )
        if "unseen" in sets.outliers.parts:
            lines.append("Unseen: the same of the half of them whose shapes no model learned from.")
        if sets.outliers.left_out:
            left_out = " ".join(sets.outliers.left_out)
            lines.append(f"Left out of these figures, as they are digits by their shape: {left_out}")
    if set(CORRUPTIONS) <= set(sets.labelled):
        lines.append("Right of the same images, each of them changed:")
        lines += [f"  {name + ':':<8} {corruption.description}" for name, corruption in CORRUPTIONS.items()]
    return lines
