"""Pictures of comparisons, drawn by matplotlib."""

from pathlib import Path

from zoo.canvas import AGREES, DIFFERS, OTHER
from zoo.comparison import Comparison
from zoo.errors import ZooError


def plot_comparison(comparison: Comparison, path: Path) -> None:
    """Draw the image and, side by side, each model's ten probabilities; the suffix of `path` chooses the format.

    Raises:
        ZooError: the file cannot be written, or its suffix is no format of matplotlib's.
    """
    from matplotlib.figure import Figure

    winner = next(iter(comparison.votes))
    count = len(comparison.predictions)
    figure = Figure(figsize=(2.6 + 3.2 * min(count, 4), 0.6 + 2.4 * -(-count // 4)), layout="constrained")
    figure.suptitle(comparison.summary, parse_math=False)  # a $ in a title is a $
    left, right = figure.subfigures(1, 2, width_ratios=[2.4, 3.2 * min(count, 4)])
    axes = left.subplots()
    axes.imshow(comparison.image, cmap="gray", vmin=0, vmax=255)
    axes.set_title("The models receive", fontsize=10)
    axes.set_axis_off()
    grid = right.subplots(-(-count // 4), min(count, 4), squeeze=False, sharey=True).flat
    for (name, prediction), axes in zip(comparison.predictions.items(), grid, strict=False):
        digit, probabilities = int(prediction.digits[0]), prediction.probabilities[0]
        colors = [OTHER] * 10
        colors[digit] = AGREES if digit == winner else DIFFERS
        bars = axes.bar(range(10), probabilities, color=colors)
        axes.bar_label(bars, [f"{p:.3f}" if p >= 0.01 else "" for p in probabilities], fontsize=7, padding=2)
        title = f"{comparison.cards[name].title}\nsays {digit} ({probabilities[digit]:.1%})"
        axes.set_title(title, fontsize=10, parse_math=False)
        axes.set_xticks(range(10))
        axes.set_ylim(0, 1.12)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in list(grid):
        axes.set_visible(False)
    if not path.parent.is_dir():
        raise ZooError(f"The folder {path.parent} does not exist: make it, or name another for the picture.")
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise ZooError(f"The picture cannot be written to {path} ({error}): name a .png, .pdf or .svg file.") from None
