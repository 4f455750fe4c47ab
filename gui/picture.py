"""The drawing as a picture file. Knows no Tk."""

import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 560
PEN_WIDTH = 0.05
"""Width of the ink as a fraction of the pad, on the screen too; the models' pen is scaled to the digit instead."""
OVERSAMPLING = 4

Point = tuple[float, float]


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A quadratic B-spline along the points, which is what Tk draws for a smooth line; it keeps the two ends."""
    if len(points) < 3:
        return list(points)
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(points, points[1:], strict=False)]
    middles[0], middles[-1] = points[0], points[-1]
    path = [middles[0]]
    for start, corner, end in zip(middles, points[1:], middles[1:], strict=False):
        for step in range(1, steps + 1):
            t = step / steps
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
            path.append((a * start[0] + b * corner[0] + c * end[0], a * start[1] + b * corner[1] + c * end[1]))
    return path


def render(
    strokes: Sequence[Sequence[Point]], side: int = SIDE, pen_width: float = PEN_WIDTH, ink: str = "#1c2128"
) -> Image.Image:
    """Strokes in relative units (0..1, y down) as dark, anti-aliased ink on white; mode RGB, ``side`` x ``side``."""
    scale = side * OVERSAMPLING
    image = Image.new("RGB", (scale, scale), "white")
    draw = ImageDraw.Draw(image)
    radius = pen_width * scale / 2
    for stroke in strokes:
        path = [(x * scale, y * scale) for x, y in smooth(stroke)]
        draw.line(path, fill=ink, width=round(2 * radius))
        for x, y in path:  # round joints and ends
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    return image.resize((side, side), Image.Resampling.BOX)


def write(image: Image.Image, path: Path) -> None:
    """Write a PNG in one step: a full disk or a crash leaves the file that was there. Raises OSError."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            image.save(file, "PNG", optimize=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
