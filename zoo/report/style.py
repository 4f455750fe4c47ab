"""The style of plots on pages: their size, colours and fonts, and how a figure becomes PNG."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

# Told apart by colour-blind people (Okabe and Ito 2008).
AGREES, DIFFERS, OTHER = "#0072b2", "#d55e00", "#b8bcc8"
WIDTH = 8.6  # inches: about as wide as GitHub shows a page
DPI = 125
INK, FAINT, GRID = "#24292f", "#6e7781", "#e4e7eb"
# Of families and sets; Okabe and Ito's as well.
PALETTE = (AGREES, DIFFERS, "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444")
SET_COLORS = {"images": AGREES, "drawings": DIFFERS}
# From little to much.
MISREAD = ("#ffffff", "#fbd9bd", "#f0995c", "#d55e00", "#8a3d00")
DIFFER = ("#f4f8fb", "#b6d3e8", "#5a9bc8", "#0072b2", "#003a5c")

_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.edgecolor": OTHER,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": OTHER,
    "ytick.color": OTHER,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "text.parse_math": False,  # titles and names are anybody's: a $ is a $
}


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Draw in the style of the pages within this context, whatever the user's own settings of matplotlib are."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def report_figure(height: float, layout: Literal["constrained"] | None = "constrained") -> "Figure":
    """Return an empty figure of a report's width; `height` in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), dpi=DPI, layout=layout)


def in_inches(figure: "Figure") -> "Axes":
    """Return axes without ticks that cover the whole figure, in inches from its upper left corner."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def show_digit(
    axes: "Axes", image: np.ndarray, x: float, y: float, side: float, interpolation: str = "bicubic"
) -> None:
    """Draw an image ``(28, 28)`` as dark ink on white paper, its upper left corner at `x`, `y` of axes in inches."""
    extent = (x, x + side, y + side, y)
    axes.imshow(
        255 - image.astype(float), "gray", vmin=0, vmax=255, extent=extent, interpolation=interpolation, clip_on=False
    )
    figure: Any = axes.figure
    axes.set(xlim=(0, figure.get_figwidth()), ylim=(figure.get_figheight(), 0), aspect="auto")


def png(figure: "Figure", colors: int | None = None) -> bytes:
    """Return a figure as PNG: the same figure, the same bytes.

    Args:
        figure: drawn at its own resolution.
        colors: so many; by default 48 where the figure shows digits in grey, else 256.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.fromarray(np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[:, :, :3]))
    if colors is None:
        grey = any(axes.images and axes.images[0].get_cmap().name == "gray" for axes in figure.axes)
        colors = 48 if grey else 256
    file = io.BytesIO()
    picture.quantize(colors, kmeans=1, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def color_map(colors: tuple[str, ...]) -> "Colormap":
    """Return a map of colours that runs from the first to the last."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("", colors, N=257)  # odd: there is a middle


def ink_on(color) -> str:
    """Return white or the colour of ink, whichever is easier to read on `color`."""
    from matplotlib.colors import to_rgb

    return "white" if np.dot(to_rgb(color), (0.299, 0.587, 0.114)) < 0.6 else INK


def shortened(title: str, letters: int = 44) -> str:
    """Return a title that is not longer than so many letters."""
    return title if len(title) <= letters else f"{title[: letters - 3].rstrip()}..."


def log_ticks(axis, unit: str = "") -> None:
    """Label an axis of a logarithmic scale, whose limits are set, with two to seven round numbers."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    def label(value: float, _: int = 0) -> str:
        return f"{value:,.0f}{unit}" if value >= 1000 else f"{value:.4g}{unit}"

    low, high = sorted(axis.get_view_interval())
    for steps in ((1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8), (1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        ticks = [step * 10.0**decade for decade in decades for step in steps if low <= step * 10.0**decade <= high]
        if len(ticks) <= 7 and sum(len(label(tick)) for tick in ticks) <= 38:  # no label covers the next
            break
    if len(ticks) < 2:  # a short axis between round numbers
        thirds = np.geomspace(low, high, 4)[1:3]
        ticks = [float(f"{third:.3g}") for third in thirds]
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(label))


def colors_of(families: Iterable[str]) -> dict[str, str]:
    """Return a colour for each family."""
    names = sorted(set(families))
    return {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(names)}


def apart(points: np.ndarray, distance: float, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Move points ``(n, 2)`` until all are `distance` apart, no further than they must and within `low` and `high`."""
    points = np.asarray(points, float)
    # A little, so that equal points part, always in the same way.
    moved = points + 1e-3 * np.arange(len(points))[:, None] * np.array([1, -1])
    for _ in range(400):
        gaps = moved[:, None] - moved
        lengths = np.hypot(*np.moveaxis(gaps, -1, 0)) + np.eye(len(points)) * 1e9
        push = np.clip(distance - lengths, 0, None) / 2
        moved = moved + (gaps / lengths[..., None] * push[..., None]).sum(axis=1)
        if push.max(initial=0) < 0.02 * distance:
            break
        moved += (points - moved) * 0.02
        moved = np.clip(moved, low, high)
    return moved
