"""A sheet of what was misread: each image above what it is, what was read, how surely, and who drew it."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from zoo._support.files import atomic_write
from zoo.evaluation.metrics import Evaluation
from zoo.evaluation.scoring import Scores
from zoo.evaluation.sets import Sets
from zoo.images.placement import SIZE
from zoo.report.digit_sheet import in_rows, on_paper, tiled

MOST = 320
"""So many images a part of the sheet shows; of each kind those that were read most surely."""

_COLUMNS, _SCALE = 16, 2
_CAPTION, _GAP, _HEADING = 15, 11, 16  # pixels before scaling


def write_misread(path: Path, title: str, scores: Scores, sets: Sets) -> None:
    """Write a PNG: the drawings, or without them the images, that were misread; then the outliers not doubted.

    Args:
        path: of the file, which is replaced.
        title: of the model.
        scores: how it read the sets.
        sets: what it read.
    """
    parts = []
    name = "drawings" if "drawings" in sets.labelled else "images"
    if name in sets.labelled:
        evaluation = scores.evaluations[name]
        misread = np.flatnonzero(evaluation.digits != evaluation.labels)
        heading = f"{title} misreads {len(misread):,} of {evaluation.total:,} {name}"
        parts.append(_part(heading, sets.labelled[name][0], misread, evaluation, sets.writers))
    if sets.outliers and scores.outliers:
        evaluation, scored = scores.outliers.evaluation, sets.outliers.parts["all"]
        undoubted = np.flatnonzero(scored & ~evaluation.is_doubtful)
        heading = f"{title} does not doubt {len(undoubted):,} of {scored.sum():,} outliers"
        parts.append(_part(heading, sets.outliers.images, undoubted, evaluation, sets.outliers.writers))
    sheet = Image.new("L", (max(part.width for part in parts), sum(part.height for part in parts)), 255)
    top = 0
    for part in parts:
        sheet.paste(part, (0, top))
        top += part.height
    with atomic_write(path) as file:
        sheet.quantize(16).save(file, "PNG", optimize=True)


def _part(
    heading: str, images: np.ndarray, shown: np.ndarray, evaluation: Evaluation, writers: np.ndarray | None
) -> Image.Image:
    """Return the images of these places, in the order of what they are and what was read."""
    sure = evaluation.probabilities.max(axis=1)
    if len(shown) > MOST:
        shown = shown[np.argsort(-sure[shown], kind="stable")]
        of_kind = [evaluation.labels[shown] == kind for kind in np.unique(evaluation.labels[shown])]
        rank = np.sum([np.where(chosen, np.cumsum(chosen), 0) for chosen in of_kind], axis=0)
        shown = shown[np.argsort(rank, kind="stable")[:MOST]]
        heading += f"; {MOST} of them, the surest of each kind"
    shown = shown[np.lexsort((-sure[shown], evaluation.digits[shown], evaluation.labels[shown]))]
    rows = in_rows(images[shown], _COLUMNS) or [np.zeros((0, SIZE, SIZE))]
    pixels = tiled([*rows], _COLUMNS, across=_GAP, down=_CAPTION + _GAP)
    sheet = on_paper(pixels, margins=(_GAP, _HEADING, _GAP, _CAPTION + _GAP), scale=_SCALE)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    pen.text((_GAP * _SCALE, _HEADING), f"{heading}.", 0, ImageFont.load_default(15), anchor="lm")
    for place, index in enumerate(shown.tolist()):
        row, column = divmod(place, _COLUMNS)
        x, y = _GAP + column * (SIZE + _GAP) + SIZE / 2, _HEADING + row * (SIZE + _CAPTION + _GAP) + SIZE
        caption = f"{evaluation.labels[index]} > {evaluation.digits[index]}\n{sure[index]:.0%}"
        caption += "" if writers is None else f"  w{writers[index]}"
        pen.text((x * _SCALE, (y + 1) * _SCALE), caption, 0, font, anchor="ma", align="center")
    return sheet
