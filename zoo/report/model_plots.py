"""The pictures of one model: its layers, its training, what it confuses, how honest it is, what it misreads."""

from typing import Any

import numpy as np

from zoo.evaluation.metrics import Evaluation
from zoo.evaluation.statistics import wilson
from zoo.report.digit_sheet import digits_figure
from zoo.report.results import Images, Model
from zoo.report.style import (
    AGREES,
    FAINT,
    MISREAD,
    OTHER,
    SET_COLORS,
    WIDTH,
    color_map,
    in_inches,
    ink_on,
    log_ticks,
    report_figure,
    show_digit,
)

SHOWN = 80
"""At most so many misread images are shown of a set."""

_COLUMNS = 12


def draw_layers(model: Model, image: np.ndarray):
    """Draw what becomes of an image ``(28, 28)`` on its way through the layers; each block is a layer's output."""
    blocks = [("image", (28, 28)), *_blocks(model).items()]
    # As large as fits into one row; else in several.
    tall = next((tall for tall in (1.15, 0.95, 0.75, 0.6) if len(_rows(blocks, tall)) == 1), 0.75)
    rows = _rows(blocks, tall)
    step = 1.9  # inches from row to row
    figure = report_figure(step * len(rows), layout=None)
    axes = in_inches(figure)
    for number, row in enumerate(rows):
        middle = number * step + 0.72
        spare = (WIDTH - sum(_room(*block, tall) for block in row)) / len(row)
        spare = min(spare, 0.6)
        x = 0.3 if number else (WIDTH - sum(_room(*block, tall) + spare for block in row)) / 2
        edge = None if number == 0 else 0.02
        for name, shape in row:
            room = _room(name, shape, tall) + spare
            half = _half_width(shape, tall)
            x += room / 2
            if edge is not None:
                arrow = {"arrowstyle": "-|>,head_width=0.12,head_length=0.25", "color": FAINT, "lw": 0.8}
                axes.annotate("", (x - half - 0.03, middle), (edge, middle), arrowprops=arrow)
            edge = x + half + 0.03
            if (name, shape) == blocks[0]:
                show_digit(axes, image, x - half, middle - half, 2 * half, interpolation="nearest")
            _draw_block(axes, x, middle, shape, tall, filled=(name, shape) != blocks[0])
            axes.text(x, middle + 0.78, name, ha="center", va="center", fontsize=8)
            axes.text(x, middle + 0.93, _shape_in_words(shape), ha="center", va="center", fontsize=8, color=FAINT)
            x += room / 2
    return figure


def _rows(blocks: list[tuple[str, tuple]], tall: float) -> list[list[tuple[str, tuple]]]:
    rows: list[list[tuple[str, tuple]]] = []
    left = 0.0
    for block in blocks:
        room = _room(*block, tall)
        if not rows or room > left:
            rows.append([])
            left = WIDTH - 0.1
        rows[-1].append(block)
        left -= room
    return rows


def _room(name: str, shape: tuple[int, ...], tall: float) -> float:
    """The width of a block or of what stands below it, in inches, and of the gap to the next."""
    letters = max(len(name), len(_shape_in_words(shape)))
    return max(2 * _half_width(shape, tall) + 0.3, 0.07 * letters + 0.08)


def _half_width(shape: tuple[int, ...], tall: float) -> float:
    if len(shape) >= 3:
        return (_side(shape, tall) + 0.045 * (min(shape[-1], 5) - 1)) / 2
    if shape == (28, 28):
        return tall / 2
    return 0.06 * np.log2(shape[1] + 1) * tall if len(shape) == 2 else 0.055


def _side(shape: tuple[int, ...], tall: float) -> float:
    return max(tall * min(shape[0] / 28, 1), 0.08)


def _draw_block(axes, x: float, middle: float, shape: tuple[int, ...], tall: float, filled: bool) -> None:
    from matplotlib.patches import Circle, Rectangle

    half = _half_width(shape, tall)
    fill: dict[str, Any] = {
        "facecolor": "#d9e8f3" if filled else "none",
        "edgecolor": AGREES if filled else FAINT,
        "linewidth": 0.8,
    }
    if len(shape) >= 3:  # a stack of maps
        side, sheets = _side(shape, tall), min(shape[-1], 5)
        top = middle - (side + 0.045 * (sheets - 1)) / 2
        for sheet in range(sheets):
            axes.add_patch(Rectangle((x - half + 0.045 * sheet, top + 0.045 * sheet), side, side, **fill))
    elif shape == (28, 28):
        axes.add_patch(Rectangle((x - half, middle - half), 2 * half, 2 * half, **fill))
    elif len(shape) == 2:  # a vector a row
        rows = min(shape[0], 28)
        for row in range(rows):
            corner = x - half, middle - tall / 2 + row * tall / rows
            axes.add_patch(Rectangle(corner, 2 * half, tall / rows * 0.6, color="#7fb4d8", linewidth=0, snap=False))
    elif shape[0] <= 10:  # every value a circle
        for value in range(shape[0]):
            axes.add_patch(Circle((x, middle + (value - (shape[0] - 1) / 2) * 0.128), half, **fill))
    else:
        long = min(0.13 * np.log2(shape[0]), 1.28)
        axes.add_patch(Rectangle((x - half, middle - long / 2), 2 * half, long, **fill))


def _shape_in_words(shape: tuple[int, ...]) -> str:
    return "\N{MULTIPLICATION SIGN}".join(map(str, shape))


def _blocks(model: Model) -> dict[str, tuple[int, ...]]:
    """The layers that are drawn: not those that only scale the image or the logits, or reshape what comes before."""
    calibration = model.card.facts.calibration
    passive = calibration.layer if calibration else None
    blocks: dict[str, tuple[int, ...]] = {}
    before: tuple[int, ...] = (28, 28)
    for name, shape in model.shapes.items():
        shape_alone = shape[:2] if shape[2:] == (1,) else shape
        reshaped = shape != before and np.prod(shape) == np.prod(before)
        if name != passive and shape_alone != (28, 28) and not reshaped:
            blocks[name] = shape
        before = shape
    return blocks or {"probabilities": (10,)}


def draw_history(history: dict[str, tuple[float, ...]]):
    """Draw a training by epoch: losses at the left, the share of held-out images misread at the right."""
    names = {"loss": "training", "val_loss": "held-out images"}
    colors = {"loss": "#8c959f", "val_loss": AGREES, "val_accuracy": AGREES}
    figure = report_figure(2.8)
    panels = figure.subplots(1, 2)
    for key, name in names.items():
        values = history.get(key, ())
        panels[0].plot(range(1, len(values) + 1), values, color=colors[key], lw=1.4, label=name if values else None)
    panels[0].set(title="Loss", xlabel="epoch")
    panels[0].legend(loc="upper right")
    if "val_accuracy" in history:
        errors = 100 - 100 * np.array(history["val_accuracy"])
        panels[1].plot(range(1, len(errors) + 1), errors, color=colors["val_accuracy"], lw=1.4)
        panels[1].set(title="Held-out images misread, in %", xlabel="epoch")
        last = f"{errors[-1]:.2f} %"
        panels[1].annotate(last, (len(errors), errors[-1]), (5, 0), textcoords="offset points", va="center", fontsize=8)
        panels[1].set_xlim(right=len(errors) * 1.12 + 0.5)
    for axes in panels:
        drawn = [value for line in axes.lines for value in line.get_ydata()]
        axes.set_visible(bool(drawn))
        if drawn and min(drawn) > 0:
            axes.set_yscale("log")
            axes.margins(y=0.08)
            log_ticks(axes.yaxis)
    return figure


def draw_confusion(evaluations: dict[str, Evaluation], sets: dict[str, Images]):
    """Draw which digit is read as which, a panel a set: counts, and in colour the share of the digit misread so."""
    figure = report_figure(4.5 if len(evaluations) > 1 else 4.8)
    panels = figure.subplots(1, 2)
    for axes in panels[len(evaluations) :]:
        axes.set_visible(False)
    for axes, (name, evaluation) in zip(panels, evaluations.items(), strict=False):
        counts = evaluation.confusion
        share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        wrong = np.where(np.eye(10, dtype=bool), 0, share)
        drawn = axes.imshow(wrong, cmap=color_map(MISREAD), vmin=0, vmax=max(wrong.max(), 1e-9))
        for (row, column), count in np.ndenumerate(counts):
            if row == column:
                axes.text(column, row, count, ha="center", va="center", fontsize=8, color=FAINT)
            elif count:
                ink = ink_on(drawn.to_rgba(wrong[row, column])[:3])
                axes.text(column, row, count, ha="center", va="center", fontsize=9, color=ink)
        axes.set_title(
            f"{sets[name].heading}: {evaluation.total - evaluation.correct:,} of {evaluation.total:,} misread"
        )
        axes.set(xlabel="read as", ylabel="is a", xticks=range(10), yticks=range(10))
        axes.set_xticks(np.arange(-0.5, 10), minor=True)
        axes.set_yticks(np.arange(-0.5, 10), minor=True)
        axes.grid(False)
        axes.grid(True, which="minor")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
    return figure


def draw_digits(evaluations: dict[str, Evaluation], sets: dict[str, Images]):
    """Draw the share of each digit that is misread, with its confidence interval, a colour a set."""
    figure = report_figure(2.7)
    axes = figure.subplots()
    for place, (name, evaluation) in enumerate(evaluations.items()):
        shift = 0.24 * (place - (len(evaluations) - 1) / 2)
        color = SET_COLORS[name]
        axes.plot([], [], "o", color=color, ms=5, label=sets[name].heading)
        for digit, rate in evaluation.by(evaluation.labels).items():
            low, high = rate.interval
            axes.vlines(digit + shift, 100 - 100 * high, 100 - 100 * low, color=color, lw=1.6, alpha=0.55)
            axes.plot(digit + shift, 100 * (1 - rate.share), "o", color=color, ms=5)
    axes.set(xticks=range(10), xlabel="digit", title="Misread, in % of the images of a digit")
    axes.set_ylim(bottom=0)
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper left", ncols=2, bbox_to_anchor=(0.5, 1.16))
    return figure


_NINES = 4.3  # the axis ends at a doubt of 10 ** -4.3
_EDGES = np.array([1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001, 0])


def draw_calibration(evaluations: dict[str, Evaluation], sets: dict[str, Images]):
    """Draw the share read right against the probability given to what was read, in bins of that probability.

    Both axes run by the distance to certainty, in powers of ten, as most images are read with more than 99 %.
    """
    figure = report_figure(4.3)
    panels = figure.subplots(1, 2, sharey=True)
    for axes in panels[len(evaluations) :]:
        axes.set_visible(False)
    for axes, (name, evaluation) in zip(panels, evaluations.items(), strict=False):
        color = SET_COLORS[name]
        axes.plot([0, _NINES], [0, _NINES], color=FAINT, lw=1, ls=(0, (4, 3)), zorder=1)
        for sure, right, low, high, count in reliability(evaluation):
            x, y = _nines(1 - sure), _nines(1 - right)
            axes.vlines(x, _nines(1 - low), _nines(1 - high), color=color, lw=1.6, alpha=0.55, clip_on=False)
            fill = color if right < 1 else "white"
            axes.plot(x, y, "o", color=color, mfc=fill, ms=3 + 2 * np.log10(count), clip_on=False)
        ticks = {_nines(0.5): "50 %", 1: "90 %", _nines(0.03): "97 %", 2: "99 %", 3: "99.9 %", 4: "99.99 %"}
        axes.axhline(_NINES, color=OTHER, lw=0.8, zorder=1)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_ticks(list(ticks), list(ticks.values()))
        axes.set_yticks([*ticks, _NINES], [*ticks.values(), "100 %"])
        axes.set(xlim=(0, _NINES), ylim=(0, _NINES + 0.1), xlabel="probability of the digit that was read")
        axes.set_title(f"{sets[name].heading}: calibration error {evaluation.calibration_error:.2%}")
        axes.tick_params(labelleft=True)
    panels[0].set_ylabel("share read right")
    return figure


def _nines(doubt: float) -> float:
    return float(-np.log10(np.clip(doubt, 10**-_NINES, 1)))


def reliability(evaluation: Evaluation) -> list[tuple[float, float, float, float, int]]:
    """Return for each bin that holds images: mean probability, share right, its interval's bounds, number of images."""
    doubt, right = evaluation.doubt.astype(float), evaluation.digits == evaluation.labels
    bins = np.digitize(doubt, _EDGES[1:-1])  # the edges descend
    rows = []
    for number in np.unique(bins):
        inside = bins == number
        correct, count = int(right[inside].sum()), int(inside.sum())
        rows.append((1 - doubt[inside].mean(), correct / count, *wilson(correct, count), count))
    return rows


def misread(evaluation: Evaluation) -> np.ndarray:
    """Return the places of the images that are shown as misread: all, or the most confident; by label, then digit."""
    wrong = np.flatnonzero(evaluation.digits != evaluation.labels)
    wrong = wrong[np.argsort(evaluation.doubt[wrong], kind="stable")][:SHOWN]
    return wrong[np.lexsort((evaluation.doubt[wrong], evaluation.digits[wrong], evaluation.labels[wrong]))]


def draw_misread(evaluation: Evaluation, images: Images):
    """Draw misread images, each above what it is, what it was read as, and how probable that was to the model."""
    places = misread(evaluation)
    side = 0.56
    corner = (WIDTH / _COLUMNS - side) / 2, 0.02
    figure, axes, corners = digits_figure(images.pixels[places], _COLUMNS, 0.95, side, corner)
    for place, (left, top) in zip(places, corners, strict=True):
        x, label, digit = left + side / 2, images.labels[place], evaluation.digits[place]
        axes.text(x, top + 0.65, f"{label} \N{RIGHTWARDS ARROW} {digit}", ha="center", va="center", fontsize=9)
        sure = f"{evaluation.probabilities[place, digit]:.0%}"
        axes.text(x, top + 0.8, sure, ha="center", va="center", fontsize=8, color=FAINT)
    return figure
