"""The pictures of `python -m zoo explore`, as PNG: dark ink on white paper, sets of digits side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.report.digit_sets import Digits
from zoo.report.digit_sheet import joined, tiled
from zoo.report.style import AGREES, DIFFERS, FAINT, INK, OTHER, color_map, png, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = (AGREES, DIFFERS)  # of the first set and the second
_DARK = ("#9d7cc4", "#3b1466")  # violet, no colour of a set

_WIDTH = 9  # inches
DPI = 180  # shown at about half of it
_COLUMNS = 24  # images in a row of a sheet, of all sets together
_GAP = 14  # pixels of 28 between what stands side by side


def draw_pictures(sets: list[Digits]) -> dict[str, bytes]:
    """Draw one set, or two side by side, whatever the user's own settings of matplotlib are.

    Returns:
        The pictures by file name, PNG; the same sets, the same bytes.
    """
    with style():
        charts = (samples, balance, means, unusual, ink, alike)
        return {f"{chart.__name__}.png": chart(sets) for chart in charts}


def samples(sets: list[Digits]) -> bytes:
    """A row of images a class, picked at random, the sets side by side."""
    count = _COLUMNS // len(sets)
    return _sheet([(digits.title, digits.samples(count)) for digits in sets], count)


def unusual(sets: list[Digits]) -> bytes:
    """The images that are most and least like the mean of their class."""
    count = _COLUMNS // len(sets) // 2
    blocks = []
    for digits in sets:
        blocks += [
            (f"{digits.title}:\ntypical", digits.typical_images(count)),
            ("\nunusual", digits.unusual_images(count)),
        ]
    return _sheet(blocks, count)


def _sheet(blocks: list[tuple[str, list[np.ndarray]]], columns: int) -> bytes:
    """Draw blocks side by side under their titles; each has a row for each digit, at most `columns` images long."""
    sheet = joined([tiled(rows, columns, down=4) for _, rows in blocks], _GAP, axis=1)
    height, width = sheet.shape
    margin = 26  # for the digits, in pixels of the sheet
    scale = _WIDTH / (width + margin)
    lines = max(title.count("\n") for title, _ in blocks) + 1
    figure, axes = _plain_figure(margin, width, height, scale, top=0.3 * lines)
    axes.imshow(sheet, cmap="gray_r", vmin=0, vmax=255, interpolation="bicubic", aspect="auto")
    for digit in range(10):
        axes.text(-margin / 2, 32 * digit + 13.5, str(digit), fontsize=13, ha="center", va="center")
    for block, (title, _) in enumerate(blocks):
        axes.text(block * (28 * columns + _GAP), -8, title, fontsize=11, ha="left", va="bottom")
    return png(figure, colors=16)


def means(sets: list[Digits]) -> bytes:
    """The mean image of each class, and how its pixels vary; of two sets above one another, and their difference."""
    rows: list[tuple[str, np.ndarray, Any, tuple[int, int]]]
    rows = [(f"{digits.title}:\nmean", digits.means, "gray_r", (0, 255)) for digits in sets]
    if len(sets) == 2:
        first, second = sets
        rows.append(
            ("Difference\nof the means", second.means - first.means, color_map((AGREES, "white", DIFFERS)), (-120, 120))
        )
    rows += [
        (f"{digits.title}:\ndeviation", digits.deviations, color_map(("white", *_DARK)), (0, 128)) for digits in sets
    ]
    margin, width, height, gap = 58, 10 * 28, 28, 5
    scale = _WIDTH / (margin + width)
    figure, axes = _plain_figure(margin, width, (height + gap) * len(rows), scale, top=0.3)
    for row, (title, images, colors, (low, high)) in enumerate(rows):
        top = row * (height + gap)
        strip = tiled([np.nan_to_num(images)], 10)
        extent = (-0.5, width - 0.5, top + height - 0.5, top - 0.5)
        axes.imshow(strip, cmap=colors, vmin=low, vmax=high, interpolation="bicubic", extent=extent, aspect="auto")
        axes.text(-margin + 2, top + height / 2, title, fontsize=11, ha="left", va="center")
    for digit in range(10):
        axes.text(28 * digit + 13.5, -3, str(digit), fontsize=13, ha="center", va="bottom")
    axes.set_xlim(-0.5, width - 0.5)
    axes.set_ylim((height + gap) * len(rows) - 0.5, -0.5)
    return png(figure, colors=256)


def balance(sets: list[Digits]) -> bytes:
    """How many images of each class there are, as bars with their counts."""
    figure, grid = _charts(rows=len(sets), height=2.1)
    for digits, color, axes in zip(sets, COLORS, grid, strict=False):
        width = 0.42 if len(digits.parts) > 1 else 0.6
        for place, (part, counts) in enumerate(digits.parts.items()):
            left = np.arange(10) + (place - (len(digits.parts) - 1) / 2) * width
            bars = axes.bar(left, counts, width * 0.92, color=OTHER if part == "test" else color, label=part)
            axes.bar_label(bars, [f"{count:,}" for count in counts], fontsize=8.5, padding=2, color=FAINT)
        axes.set_title(digits.title, loc="left", fontsize=11)
        if len(digits.parts) > 1:
            _legend(axes)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.margins(y=0.12)
    return png(figure)


def ink(sets: list[Digits]) -> bytes:
    """How much ink the images of each class have: where the middle 90 of 100 are, the middle 50, and the median."""
    figure, [axes] = _charts(rows=1, height=3.4)
    for place, (digits, color) in enumerate(zip(sets, COLORS, strict=False)):
        levels = np.full((10, 5), np.nan)
        for digit, places in enumerate(digits.classes):
            if len(places):
                levels[digit] = np.percentile(digits.ink[places], (5, 25, 50, 75, 95))
        x = np.arange(10) + (place - (len(sets) - 1) / 2) * 0.3
        axes.vlines(x, levels[:, 0], levels[:, 4], color=color, linewidth=1.5)
        axes.vlines(x, levels[:, 1], levels[:, 3], color=color, linewidth=9, label=digits.title)
        axes.plot(x, levels[:, 2], "o", color="white", markersize=4.5)
    _legend(axes)
    axes.set_title("mean grey level of an image, 0 to 255", loc="left", fontsize=10, color=FAINT)
    axes.set_ylim(bottom=0)
    axes.spines["left"].set_visible(False)
    return png(figure)


def alike(sets: list[Digits]) -> bytes:
    """How many images of each class are most like the mean of each class, in raw counts."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(_WIDTH, 0.53 * _WIDTH), dpi=DPI, layout=ConstrainedLayoutEngine(wspace=0.05))
    for digits, color, axes in zip(sets, COLORS, figure.subplots(1, len(sets), squeeze=False).flat, strict=False):
        counts = digits.confusion
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        np.fill_diagonal(shares, 0)
        axes.imshow(shares, cmap=color_map(("white", color)), vmin=0, vmax=0.3)
        for row, column in np.argwhere(counts):
            own = row == column
            axes.text(
                column,
                row,
                f"{counts[row, column]}",
                ha="center",
                va="center",
                fontsize=7.5,
                fontweight="bold" if own else "normal",
                color="white" if shares[row, column] > 0.18 else INK if own or shares[row, column] > 0.07 else FAINT,
            )
        axes.set_title(digits.title, loc="left", fontsize=11, pad=8)
        axes.set_xlabel("most like the mean of", fontsize=10, color=FAINT)
        axes.set_ylabel("digit", fontsize=10, color=FAINT)
        axes.set_xticks(range(10))
        axes.set_yticks(range(10))
        axes.tick_params(length=0, labelsize=11)
        axes.grid(False)
        axes.spines[:].set_visible(False)
    return png(figure)


def _charts(rows: int, height: float) -> "tuple[Figure, Sequence[Axes]]":
    """A figure of charts above one another, `height` inches each, with a place for each digit and no frame."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(_WIDTH, rows * height), dpi=DPI, layout=ConstrainedLayoutEngine(h_pad=0.08))
    grid = list(figure.subplots(rows, 1, squeeze=False)[:, 0])
    for axes in grid:
        axes.set_xticks(range(10))
        axes.set_xlim(-0.5, 9.5)
        axes.tick_params(length=0, labelsize=12)
        axes.tick_params(axis="y", labelsize=10, labelcolor=FAINT)
        axes.grid(False, axis="x")
    return figure, grid


def _plain_figure(margin: float, width: float, height: float, scale: float, top: float) -> "tuple[Figure, Axes]":
    """A figure with axes of `width` x `height` units of `scale` inches, `margin` units left and `top` inches above."""
    from matplotlib.figure import Figure

    total = top + height * scale + 0.05
    figure = Figure(figsize=(_WIDTH, total), dpi=DPI)
    left = margin / (margin + width)
    axes = figure.add_axes((left, 0.05 / total, 1 - left, height * scale / total))
    axes.set_axis_off()
    return figure, axes


def _legend(axes: "Axes") -> None:
    """Put a legend above the chart at the right, level with its title."""
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=2,
        fontsize=10,
        borderpad=0,
        borderaxespad=0.6,
        handlelength=1,
        columnspacing=1.5,
    )
