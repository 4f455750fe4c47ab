"""The pictures of all models side by side: who reads how well, at what cost, who differs from whom, and where."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from zoo.evaluation.metrics import Evaluation
from zoo.evaluation.statistics import Pair, wilson
from zoo.report.digit_sheet import digits_figure
from zoo.report.results import Ensemble, Images, Model, Results
from zoo.report.style import (
    AGREES,
    DIFFER,
    DIFFERS,
    FAINT,
    INK,
    MISREAD,
    WIDTH,
    apart,
    color_map,
    colors_of,
    in_inches,
    ink_on,
    log_ticks,
    report_figure,
    shortened,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 35
"""At most so many images on which models disagree are shown of a set."""

_COLUMNS = 5
_WRONG = (DIFFERS, "#e69f00", "#a8480a", "#f3b37c")  # of wrong votes, the most frequent first


def draw_accuracy(results: Results):
    """Draw the share of each set that every model, and their vote, misreads, with its confidence interval."""
    rows = [(title, model.family, model.evaluations) for title, model in _numbered_titles(results.models)]
    if len(results.models) > 1:
        rows.append(("Vote by mean probability", "", {name: results.ensemble(name).mean for name in results.sets}))
    colors = colors_of(model.family for model in results.models) | {"": INK}
    figure = report_figure(0.75 + 0.3 * len(rows))
    panels = np.atleast_1d(figure.subplots(1, len(results.sets), sharey=True))
    for axes, (name, images) in zip(panels, results.sets.items(), strict=True):
        total = len(images.labels)
        ends = []
        for row, (_, family, evaluations) in enumerate(rows):
            evaluation = evaluations[name]
            low, high = wilson(evaluation.correct, total)
            wrong = total - evaluation.correct
            # On the log axis no error at all stands where half an image would.
            axes.hlines(row, 100 * max(1 - high, 0.5 / total), 100 - 100 * low, color=colors[family], lw=1.8, alpha=0.5)
            axes.plot(100 * max(wrong, 0.5) / total, row, "D" if not family else "o", color=colors[family], ms=6)
            ends.append((100 - 100 * low, row, f"{wrong:,}"))
        axes.set_xscale("log")
        low, high = axes.get_xlim()
        axes.set_xlim(low, high * (high / low) ** 0.13)
        for end, row, text in ends:
            axes.annotate(text, (end, row), (4, 0), textcoords="offset points", va="center", fontsize=8)
        log_ticks(axes.xaxis, " %")
        axes.set(ylim=(len(rows) - 0.4, -0.6), title=f"{images.heading}: misread of {total:,}")
        axes.set_yticks(range(len(rows)), [title for title, *_ in rows])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        if len(results.models) > 1:
            axes.axhline(len(rows) - 1.5, color=FAINT, lw=0.8)
    _family_legend(figure, results.models, "o")
    return figure


def _numbered_titles(models: list[Model]) -> list[tuple[str, Model]]:
    return [(f"{shortened(model.card.title)}  {number}", model) for number, model in enumerate(models, 1)]


def _family_legend(figure, models: list[Model], marker: str, **where) -> None:
    from matplotlib.lines import Line2D

    colors = colors_of(model.family for model in models)
    if len(colors) < 2:
        return
    handles = [Line2D([], [], ls="", marker=marker, color=color, label=family) for family, color in colors.items()]
    figure.legend(handles=handles, **({"loc": "outside lower center", "ncols": len(handles)} | where))


COSTS: dict[str, Callable[[Model], float | None]] = {
    "parameters": lambda model: model.card.parameters or None,
    "size on disk, MB": lambda model: model.megabytes or None,
    "one image takes, ms": lambda model: model.latency_ms,
    "training took, minutes": lambda model: model.training_minutes,
}
"""What a model costs, None where its ``model.json`` does not say, by the label of the axis."""


def draw_costs(results: Results):
    """Draw the share of the first set that is misread against what each model costs, a panel a cost."""
    name = next(iter(results.sets))
    errors = [_error(model.evaluations[name]) for model in results.models]
    panels = []
    for title, cost in COSTS.items():
        costs = [cost(model) for model in results.models]
        if any(costs):
            panels.append((title, costs))
    rows = -(-len(panels) // 2)
    return _numbered(
        results.models, [(title, costs, errors) for title, costs in panels], rows, results.sets[name].heading
    )


def draw_sets(results: Results):
    """Draw the share misread of the second set against that of the first."""
    (first, images), (second, drawings) = list(results.sets.items())[:2]
    across, up = ([_error(model.evaluations[name]) for model in results.models] for name in (first, second))
    return _numbered(results.models, [(f"{images.heading}: misread, %", across, up)], 1, drawings.heading, equal=True)


def _error(evaluation: Evaluation) -> float:
    """Percent misread; half an image where there is none, for a log axis."""
    return 100 * max(evaluation.total - evaluation.correct, 0.5) / evaluation.total


def _numbered(models: list[Model], panels: list[tuple[str, list, list]], rows: int, title: str, equal: bool = False):
    """Panels on log axes on which each model is a numbered disc, moved aside where discs would cover each other.

    Args:
        models: all, in the order of their numbers.
        panels: the label of the axis across, the values across (None: left out), the values up.
        rows: of panels, at most two side by side.
        title: of what the values up are percentages.
        equal: whether to draw the line on which both values are the same.
    """
    colors = colors_of(model.family for model in models)
    key_columns = 3
    key_rows = -(-len(models) // key_columns)
    tall, key = 3.9 if rows == 1 else 3.1, 0.2 * key_rows + (0.5 if len(colors) > 1 else 0.2)
    height = rows * tall + key
    figure = report_figure(height, layout=None)
    columns = min(len(panels), 2)
    left, gap = 0.6, 0.75
    wide = (WIDTH - left - 0.15 - gap * (columns - 1)) / columns
    for place, (label, across, up) in enumerate(panels):
        row, column = divmod(place, columns)
        bottom = height - (row + 1) * tall + 0.6
        corner = (left + column * (wide + gap)) / WIDTH, bottom / height
        axes = figure.add_axes((*corner, wide / WIDTH, (tall - 0.9) / height))
        axes.set(xscale="log", yscale="log", xlabel=label)
        axes.set_title(f"{title}: misread, %", fontsize=9)
        known = [i for i, value in enumerate(across) if value is not None]
        points = np.array([[across[i], up[i]] for i in known])
        axes.set(xlim=_limits(points[:, 0]), ylim=_limits(points[:, 1]))
        log_ticks(axes.xaxis)
        log_ticks(axes.yaxis)
        if equal:
            axes.axline((1, 1), (10, 10), color=FAINT, lw=1, ls=(0, (4, 3)), zorder=1)
        pixels, box = axes.transData.transform(points), axes.get_window_extent()
        moved = apart(pixels, 0.21 * figure.dpi, np.add(box.min, 12), np.subtract(box.max, 12))
        for i, point, (x, y) in zip(known, points, axes.transData.inverted().transform(moved), strict=True):
            color = colors[models[i].family]
            axes.plot([point[0], x], [point[1], y], color=color, lw=0.9, zorder=2)
            axes.plot(*point, "o", color=color, ms=3, zorder=3)
            _disc(axes, x, y, i + 1, color)
    key_axes = in_inches(figure)
    key_axes.set_zorder(-1)
    for i, (model, color) in enumerate((model, colors[model.family]) for model in models):
        column, row = divmod(i, key_rows)
        x, y = 0.2 + column * (WIDTH - 0.1) / key_columns, rows * tall + 0.1 + 0.2 * row
        _disc(key_axes, x, y, i + 1, color)
        key_axes.text(x + 0.15, y, shortened(model.card.title), fontsize=8, va="center")
    _family_legend(figure, models, "s", loc="lower center", ncols=len(colors))
    return figure


def _limits(values: np.ndarray) -> tuple[float, float]:
    """The limits of a logarithmic axis with some room around values above 0."""
    low, high = values.min(), values.max()
    room = max(high / low, 3) ** 0.07 * (3 / min(high / low, 3)) ** 0.5
    return low / room, high * room


def _disc(axes, x: float, y: float, number: int, color: str) -> None:
    axes.plot(x, y, "o", color=color, ms=13.5, mec="white", mew=0.8, zorder=4)
    axes.annotate(
        str(number),
        (x, y),
        (0, -0.5),
        textcoords="offset points",
        color="white",
        fontsize=8,
        ha="center",
        va="center",
        zorder=5,
    )


def draw_digits(results: Results):
    """Draw how many images of each digit every model misreads, a block of ten columns a set."""
    from matplotlib.colors import LogNorm

    models = results.models
    figure, panels = _matrices(models, [10] * len(results.sets))
    for axes, (name, images) in zip(panels, results.sets.items(), strict=True):
        of = np.maximum(np.bincount(images.labels, minlength=10), 1)
        wrong = np.array([misread_by_digit(model.evaluations[name]) for model in models])
        shares = np.maximum(wrong / of, 1e-3)
        drawn = axes.imshow(shares, cmap=color_map(MISREAD), norm=LogNorm(1e-3, max(shares.max(), 0.1)), aspect="auto")
        for (row, column), count in np.ndenumerate(wrong):
            ink = ink_on(drawn.to_rgba(shares[row, column])[:3])
            axes.text(column, row, count, ha="center", va="center", fontsize=8, color=ink)
        axes.set_xticks(range(10), list("0123456789"))
        axes.set_title(images.heading, pad=18)
    return figure


def misread_by_digit(evaluation: Evaluation) -> np.ndarray:
    """Return how many images of each digit are misread, integers ``(10,)``."""
    return evaluation.confusion.sum(axis=1) - evaluation.confusion.diagonal()


def draw_differing_pairs(results: Results):
    """Draw how many images each two models read as different digits: the first set above the diagonal, else below."""
    from matplotlib.colors import LogNorm

    models = results.models
    counts = np.full((len(models), len(models)), np.nan)
    shares = counts.copy()
    for below, (name, images) in enumerate(list(results.sets.items())[:2]):
        for pair in results.ensemble(name).pairs:
            cell = (pair.second, pair.first) if below else (pair.first, pair.second)
            counts[cell], shares[cell] = pair.differ, max(pair.differ, 0.5) / len(images.labels)
    figure, [axes] = _matrices(models, [len(models)])
    low, high = np.nanmin(shares), np.nanmax(shares)
    drawn = axes.imshow(shares, cmap=color_map(DIFFER), norm=LogNorm(low / 1.3, high * 1.3), aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if not np.isnan(count):
            ink = ink_on(drawn.to_rgba(shares[row, column])[:3])
            axes.text(column, row, f"{count:.0f}", ha="center", va="center", fontsize=8, color=ink)
    return figure


def draw_tests(models: list[Model], pairs: list[Pair]):
    """Draw for each two models by how many images one reads more right, and in colour whether that is significant."""
    from matplotlib.patches import Rectangle

    figure, [axes] = _matrices(models, [len(models)])
    for pair in pairs:
        lead = pair.only_first - pair.only_second
        for row, column, more in ((pair.first, pair.second, lead), (pair.second, pair.first, -lead)):
            color = (AGREES if more > 0 else DIFFERS) if pair.significant else "#eef0f2"
            axes.add_patch(Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, color=color, lw=0))
            text = f"{more:+d}".replace("-", "\N{MINUS SIGN}") if more else "0"
            ink = "white" if pair.significant else FAINT
            axes.text(column, row, text, ha="center", va="center", fontsize=8, color=ink)
    return figure


def _matrices(models: list[Model], columns: list[int]) -> "tuple[Figure, list[Axes]]":
    """A figure with panels of so many columns side by side, and in each a row a model, its title at the left."""
    titles = [title for title, _ in _numbered_titles(models)]
    left, gap = 0.15 + 0.058 * max(map(len, titles)), 0.25
    cell = min(0.62, (WIDTH - left - 0.1 - gap * (len(columns) - 1)) / sum(columns))
    tall, head = max(min(cell, 0.44), 0.28), 0.32 if len(columns) == 1 and columns[0] == len(models) else 0.55
    height = head + tall * len(models) + 0.05
    figure = report_figure(height, layout=None)
    panels: list[Axes] = []
    for count in columns:
        axes = figure.add_axes((left / WIDTH, 0.05 / height, cell * count / WIDTH, tall * len(models) / height))
        left += cell * count + gap
        axes.set(xlim=(-0.5, count - 0.5), ylim=(len(models) - 0.5, -0.5), autoscale_on=False)
        axes.set_xticks(range(count), [str(number) for number in range(1, count + 1)])
        axes.set_yticks([] if panels else range(len(models)), [] if panels else titles)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.grid(False)
        axes.spines[:].set_visible(False)
        panels.append(axes)
    return figure, panels


def draw_disagreements(images: Images, ensemble: Ensemble):
    """Draw the images on which the models disagree the most: beside each its label, below it the votes as a bar."""
    from matplotlib.patches import Rectangle

    places = ensemble.disagreements[:SHOWN]
    side = 0.82
    figure, axes, corners = digits_figure(images.pixels[places], _COLUMNS, 1.42, side, corner=(0.1, 0.05))
    count = len(ensemble.digits)
    for place, (x, y) in zip(places, corners, strict=True):
        label, votes = images.labels[place], ensemble.votes[place]
        axes.text(x + side + 0.08, y + 0.2, "is a", fontsize=8, color=FAINT, va="center")
        axes.text(x + side + 0.08, y + 0.44, str(label), fontsize=15, va="center")
        wide, start = WIDTH / _COLUMNS - 0.2, x
        digits = [digit for digit in np.argsort(-votes, kind="stable") if votes[digit]]
        wrong = iter(_WRONG * 3)
        for digit in digits:
            part = wide * votes[digit] / count
            color = AGREES if digit == label else next(wrong)
            axes.add_patch(Rectangle((start, y + side + 0.06), part, 0.17, facecolor=color, edgecolor="white", lw=1.2))
            if part > 0.11:
                axes.text(
                    start + part / 2,
                    y + side + 0.15,
                    digit,
                    color=ink_on(color),
                    fontsize=8,
                    ha="center",
                    va="center",
                    weight="bold",
                )
            start += part
        said = ", ".join(_votes_in_words(votes))
        axes.text(x, y + side + 0.33, said, fontsize=8, va="center")
    return figure


def _votes_in_words(votes: np.ndarray) -> list[str]:
    """The votes ``(10,)``, the most first; digits of as many votes stand together: ``["7: 9", "2: 5", "1/4: 1"]``."""
    counts = sorted({int(count) for count in votes if count}, reverse=True)
    return [f"{'/'.join(map(str, np.flatnonzero(votes == count)))}: {count}" for count in counts]


def draw_doubt(results: Results):
    """Draw how many errors remain where the images of the highest doubt are left to a person, a panel a set."""
    figure = report_figure(3.0)
    panels = np.atleast_1d(figure.subplots(1, len(results.sets)))
    for axes, (name, images) in zip(panels, results.sets.items(), strict=True):
        best, ensemble = results.best(name), results.ensemble(name)
        total = len(images.labels)
        curves = {
            shortened(best.card.title): (best.evaluations[name], DIFFERS),
            "vote by mean probability": (ensemble.mean, AGREES),
        }
        for title, (evaluation, color) in curves.items():
            left = remaining_errors(evaluation)
            upto = min(total, max(10, total // 20)) + 1
            axes.plot(100 * np.arange(upto) / total, left[:upto], color=color, lw=1.6, label=title)
        axes.set(title=f"{images.heading}: errors that remain", xlabel="images set aside, the most doubtful first, %")
        axes.set_ylim(bottom=0)
        axes.set_xlim(0, 100 * upto / total)
        axes.legend(loc="upper right")
    return figure


def remaining_errors(evaluation: Evaluation) -> np.ndarray:
    """Return the errors, integers ``(n + 1,)``, that remain when the 0, 1, ... n images of most doubt are set aside."""
    wrong = (evaluation.digits != evaluation.labels)[np.argsort(-evaluation.doubt, kind="stable")]
    return wrong.sum() - np.concatenate([[0], np.cumsum(wrong)])
