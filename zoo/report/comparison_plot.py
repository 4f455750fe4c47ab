"""Pictures of comparisons, drawn by matplotlib."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.ensemble import Comparison
from zoo.errors import ZooError
from zoo.report import style
from zoo.report.style import AGREES, DIFFERS, OTHER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 150
_COLUMNS = 4
_PANEL = 3.05  # inches: a title of 38 letters
_LABELLED = 0.05  # a lower probability is seen without a number above its bar


def plot_comparison(comparison: Comparison, path: Path) -> None:
    """Draw the image, each model's ten probabilities, and their vote; the suffix of `path` chooses the format.

    Raises:
        ZooError: the file cannot be written, or its suffix is no format of matplotlib's.
    """
    try:
        with style.style():
            _draw(comparison).savefig(path)
    except (OSError, ValueError) as error:
        raise ZooError(f"The picture cannot be written to {path} ({error}): name a .png, .pdf or .svg file.") from None


def comparison_png(comparison: Comparison) -> bytes:
    """Return the same picture as PNG."""
    file = io.BytesIO()
    with style.style():
        _draw(comparison).savefig(file, format="png")
    return file.getvalue()


def _draw(comparison: Comparison) -> "Figure":
    from matplotlib.figure import Figure

    count = len(comparison.predictions)
    columns, rows = min(count, _COLUMNS), -(-count // _COLUMNS)
    height = 0.5 + max(1.85 * rows, 4.3 if count > 1 else 2.5)
    figure = Figure(figsize=(_PANEL * (1 + columns), height), dpi=DPI, layout="constrained")
    is_one_digit = comparison.vote.candidates == (comparison.vote.digit,)
    verdict = "" if is_one_digit else f"{comparison.verdict} · "
    figure.suptitle(verdict + comparison.summary, fontsize=13, fontweight="bold")
    halves: Any = figure.subfigures(1, 2, width_ratios=[1, columns])
    left, right = halves
    heights = [2, 1.4] if count > 1 else [1]
    image, *below = left.subplots(len(heights), squeeze=False, height_ratios=heights).flat
    image.imshow(comparison.image, cmap="gray", vmin=0, vmax=255)
    image.set(title="Model input (28 × 28)")
    image.set_axis_off()
    vote = comparison.vote
    for axes in below:
        _bars(axes, vote.probabilities, vote.digit, AGREES)
        axes.set_title(f"Vote\n{vote.digit} at {vote.probability:.1%}", fontweight="bold")
    grid = list(right.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flat)
    for (name, prediction), axes in zip(comparison.predictions.items(), grid, strict=False):
        digit, probabilities = int(prediction.digits[0]), prediction.probabilities[0]
        _bars(axes, probabilities, digit, AGREES if digit == vote.digit else DIFFERS)
        axes.set_title(f"{style.shortened(comparison.cards[name].title, 38)}\n{digit} at {probabilities[digit]:.1%}")
    for axes in grid[count:]:
        axes.set_visible(False)
    return figure


def _bars(axes: "Axes", probabilities, digit: int, color: str) -> None:
    bars = axes.bar(range(10), probabilities, color=[color if place == digit else OTHER for place in range(10)])
    texts = [f"{probability:.2f}" if probability >= _LABELLED else "" for probability in probabilities]
    axes.bar_label(bars, texts, fontsize=7, padding=2)
    axes.set(xticks=range(10), yticks=(0, 0.5, 1), ylim=(0, 1.15))
    axes.grid(axis="x", visible=False)
    axes.tick_params(length=0, labelbottom=True)
    axes.title.set_fontsize(9)
