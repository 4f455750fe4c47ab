"""How well digits are read from pictures of all kinds: pages are drawn, photographed or scanned by a program, and read.

    python docs/pictures.py [--count 200] [--strokes FILE.npz] [--only WORD ...] [--project FOLDER] [--model NAME]

Prints how many digits of each condition are read right. With ``--project`` another checkout reads the same pages;
``--save FOLDER`` writes the first pages of each condition and what was made of it.
"""

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 600  # pixels of a page
SEED = 2**31 + 14  # out of the range of those that builders train with
WHITE, BLUE, CREAM = (238, 236, 232), (40, 60, 130), (235, 230, 220)

Random = np.random.Generator
Strokes = list[np.ndarray]
"""In a box of height 1 about (0, 0)."""


def ink(strokes: Strokes, pen: float, height: float = 240, at: tuple[float, float] = (300, 300)) -> np.ndarray:
    """Return how much of each pixel of a page the ink covers, float `(SIDE, SIDE)` in 0..1."""
    page = Image.new("L", (2 * SIDE, 2 * SIDE))
    draw, radius = ImageDraw.Draw(page), max(pen, 0.5)
    for stroke in strokes:
        points = [tuple(point) for point in 2 * (stroke * height + at)]
        draw.line(points, 255, max(1, round(2 * pen)))
        for x, y in points if pen > 1 else ():
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(page.reduce(2), float) / 255


def turned(strokes: Strokes, degrees: float) -> Strokes:
    """Return strokes turned clockwise."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return [stroke @ np.array([[cosine, sine], [-sine, cosine]]) for stroke in strokes]


def written(strokes: Strokes, random: Random) -> np.ndarray:
    """Write a digit with some pen at some place."""
    return ink(strokes, 240 * random.uniform(0.045, 0.12), at=tuple(random.uniform(220, 380, 2)))


def scanned(page: np.ndarray, paper: float = 255, dark: float = 40) -> np.ndarray:
    """Return grey levels of a clean scan, of a page of ink."""
    return np.clip(paper + (dark - paper) * page, 0, 255).round().astype(np.uint8)


def coloured(page: np.ndarray, paper, colour) -> np.ndarray:
    """Return colours float `(height, width, 3)` of ink on paper, which may have a colour or one a pixel."""
    return np.asarray(paper) * (1 - page[..., None]) + np.asarray(colour) * page[..., None]


def photographed(colours: np.ndarray, random: Random, quality: int = 80, fall: float = 0.3, shadow: bool = True):
    """Return what a phone makes of a page: light that falls off, a soft shadow, blur, noise, JPEG."""
    y, x = np.mgrid[0 : 1 : colours.shape[0] * 1j, 0 : 1 : colours.shape[1] * 1j] - 0.5
    angle = random.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    light = 1 - fall * (along + 0.5)
    if shadow and random.random() < 0.5:
        light *= 1 - 0.25 / (1 + np.exp(-(along - 0.2) * 60))
    picture = Image.fromarray(np.clip(colours * light[..., None], 0, 255).astype(np.uint8))
    levels = np.asarray(picture.filter(ImageFilter.GaussianBlur(1)), float)
    levels = levels + random.normal(0, 4, levels.shape)
    return jpeg(np.clip(levels, 0, 255).astype(np.uint8), quality)


def jpeg(levels: np.ndarray, quality: int) -> Image.Image:
    """Return a picture after it was saved as a JPEG."""
    Image.fromarray(levels).save(file := io.BytesIO(), "JPEG", quality=quality)
    return Image.open(file)


def squares(spacing: int, width: int, random: Random, across: bool = True) -> np.ndarray:
    """Return the lines of squared paper, or of ruled paper, as ink."""
    lines = np.zeros((SIDE, SIDE))
    start = random.integers(spacing)
    for offset in range(width):
        lines[start + offset :: spacing] = 1
        if across:
            lines[:, start + offset :: spacing] = 1
    return lines


def on_lines(page: np.ndarray, lines: np.ndarray, level: float) -> np.ndarray:
    """Return a scan of a page of ink on printed lines of a grey level."""
    return np.minimum(scanned(page), scanned(lines, 255, level))


def touching(strokes: Strokes, random: Random) -> np.ndarray:
    """Write a digit in the middle of a page, and cut the page where the digit starts, at one of its sides."""
    page = ink(strokes, 240 * random.uniform(0.045, 0.1))
    rows, columns = (np.flatnonzero(page.any(axis)) for axis in (1, 0))
    side, more = int(random.integers(4)), 6
    if side < 2:
        return page[rows[0] + more :] if side else page[: rows[-1] + 1 - more]
    return page[:, columns[0] + more :] if side == 2 else page[:, : columns[-1] + 1 - more]


def chequered(page: np.ndarray) -> np.ndarray:
    """Put ink on the chequered paper that stands for transparency."""
    y, x = np.indices(page.shape) // 8
    return np.minimum(scanned(page, 255, 20), np.where((x + y) % 2, 255, 204)).astype(np.uint8)


def on_a_table(strokes: Strokes, random: Random, degrees: float, uneven: bool, is_cut_off: bool = False):
    """Photograph, or scan, a sheet that lies on a dark table, or of which three edges are in the picture."""
    page = ink(strokes, 200 * random.uniform(0.045, 0.12), 200, tuple(random.uniform(260, 340, 2)))
    sheet = Image.new("L", (SIDE, SIDE), 60)
    sheet.paste(Image.fromarray(scanned(page)).crop((100, 80, 500, 520)), (100, 80))
    sheet = sheet.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=60)
    if is_cut_off:
        sheet = sheet.crop((0, 0, SIDE, 480))
    return photographed(np.asarray(sheet.convert("RGB"), float), random, fall=0.4) if uneven else sheet


def in_a_frame(strokes: Strokes, random: Random, kind: str) -> np.ndarray:
    """Draw a cell of a form around a digit: without its foot, with broken corners, or so that the digit touches it."""
    page = ink(strokes, 240 * random.uniform(0.045, 0.1))
    rows, columns = (np.flatnonzero(page.any(axis)) for axis in (1, 0))
    gap = -2 if kind == "touched" else 40
    left, right, top, bottom = columns[0] - 60, columns[-1] + 60, rows[0] - gap, rows[-1] + 50
    frame = Image.new("L", (SIDE, SIDE))
    draw, hole = ImageDraw.Draw(frame), 25 if kind == "corners" else 0
    sides = [
        ((left + hole, top), (right - hole, top)),
        ((left, top + hole), (left, bottom - hole)),
        ((right, top + hole), (right, bottom - hole)),
        ((left + hole, bottom), (right - hole, bottom)),
    ]
    for start, stop in sides[: 3 if kind == "three" else 4]:
        draw.line((*start, *stop), 255, 4)
    return scanned(np.maximum(page, np.asarray(frame, float) / 255))


def worn(strokes: Strokes, random: Random) -> np.ndarray:
    """Write with a pen that fails: the line is broken into long and short pieces."""
    dashes = []
    for stroke in strokes:
        steps = np.hypot(*np.diff(stroke, axis=0).T)
        places = np.append(0, steps.cumsum())
        if places[-1] < 0.3:
            dashes.append(stroke)
            continue
        fine = np.arange(0, places[-1], 0.01)
        points = np.stack([np.interp(fine, places, stroke[:, axis]) for axis in (0, 1)], 1)
        start = 0
        while start < len(points):
            length = int(random.choice((9, 12, 60, 90)))
            dashes.append(points[start : start + length])
            start += length + 9
    return scanned(ink([dash for dash in dashes if len(dash) > 1], 11))


def hair_line(strokes: Strokes) -> np.ndarray:
    """Write a digit with a line of one pixel of 64."""
    page = Image.new("L", (64, 64), 255)
    for stroke in strokes:
        ImageDraw.Draw(page).line([tuple(point) for point in stroke * 52 + 32], 0, 1)
    return np.asarray(page)


PENS = [(200, 30, 40), (30, 140, 60), (240, 120, 20), (120, 40, 140), (250, 90, 160), (60, 160, 220)]
CONDITIONS: dict[str, Callable[[Strokes, Random], object]] = {
    "plain scan": lambda digit, random: scanned(written(digit, random)),
    "plain photograph": lambda digit, random: photographed(coloured(written(digit, random), WHITE, BLUE), random),
    "touches the border, photographed": lambda digit, random: photographed(
        coloured(touching(digit, random), WHITE, BLUE), random, shadow=False
    ),
    "touches the border, chequered paper": lambda digit, random: chequered(touching(digit, random)),
    "hair line, 1 px of 64": lambda digit, random: hair_line(digit),
    "hair line, 2 px of 600": lambda digit, random: scanned(ink(digit, 2, 500)),
    "grey squares": lambda digit, random: on_lines(written(digit, random), squares(40, 2, random), 150),
    "dark squares": lambda digit, random: on_lines(written(digit, random), squares(40, 2, random), 40),
    "dark rules": lambda digit, random: on_lines(written(digit, random), squares(60, 3, random, across=False), 40),
    "sheet on a table": lambda digit, random: on_a_table(digit, random, 0, uneven=False),
    "sheet on a table, askew": lambda digit, random: on_a_table(digit, random, random.choice((-10, 10)), uneven=False),
    "sheet on a table, askew, photographed": lambda digit, random: on_a_table(
        digit, random, random.uniform(-10, 10), uneven=True
    ),
    "sheet cut off, askew": lambda digit, random: on_a_table(
        digit, random, random.choice((-10, 10)), uneven=False, is_cut_off=True
    ),
    "sheet cut off, askew, photographed": lambda digit, random: on_a_table(
        digit, random, random.choice((-10, 10)), uneven=True, is_cut_off=True
    ),
    "worn ink": worn,
    "frame of three sides": lambda digit, random: in_a_frame(digit, random, "three"),
    "frame with broken corners": lambda digit, random: in_a_frame(digit, random, "corners"),
    "frame touched by the digit": lambda digit, random: in_a_frame(digit, random, "touched"),
    "highlighter on cream paper": lambda digit, random: photographed(
        coloured(written(digit, random), CREAM, (250, 235, 60)), random, fall=0.2
    ),
    "rotated by 10 degrees": lambda digit, random: scanned(written(turned(digit, random.choice((-10, 10))), random)),
    "blurred": lambda digit, random: Image.fromarray(scanned(written(digit, random))).filter(
        ImageFilter.GaussianBlur(6)
    ),
    "noise": lambda digit, random: np.clip(
        scanned(written(digit, random), 235) + random.normal(0, 25, (SIDE, SIDE)), 0, 255
    ).astype(np.uint8),
    "JPEG at quality 10": lambda digit, random: jpeg(scanned(written(digit, random)), 10),
    "coloured pens": lambda digit, random: photographed(
        coloured(written(digit, random), WHITE, random.choice(PENS)), random
    ),
    "chalk": lambda digit, random: photographed(
        coloured(written(digit, random) * random.uniform(0.5, 1, (SIDE, SIDE)), (45, 70, 55), (225, 225, 215)), random
    ),
    "whiteboard": lambda digit, random: photographed(
        coloured(written(digit, random), (225, 228, 230), (30, 60, 160)) + glare(random), random
    ),
    "sticky note": lambda digit, random: photographed(
        coloured(written(digit, random), (245, 225, 90), (40, 40, 60)), random
    ),
    "squared paper, photographed": lambda digit, random: photographed(
        coloured(written(digit, random), coloured(squares(40, 2, random), WHITE, (150, 170, 205)), BLUE), random
    ),
}


def glare(random: Random) -> np.ndarray:
    """Return the reflection of a lamp, to be added to the colours."""
    x, y = random.uniform(0, SIDE, 2)
    row, column = np.indices((SIDE, SIDE))
    return 60 * np.exp(-((row - y) ** 2 + (column - x) ** 2) / 2 / 60**2)[..., None]


def drawings(count: int, strokes_file: str | None) -> list[tuple[Strokes, int]]:
    """Return strokes and labels, of the catalogue of synthetic digits or of a file."""
    from zoo.data.drawing_files import load_drawings
    from zoo.synthetic.digits import draw_digit

    random = np.random.default_rng(SEED)
    if strokes_file:
        all_drawings, labels = load_drawings(strokes_file)[:2]
        chosen = random.choice(len(labels), count, replace=False)
        found = [(all_drawings[i], int(labels[i])) for i in chosen]
    else:
        found = [(draw_digit(i % 10, random)[0], i % 10) for i in range(count)]
    fitted = []
    for strokes, label in found:
        points = np.concatenate(strokes)
        low, high = points.min(0), points.max(0)
        fitted.append(([(stroke - (low + high) / 2) / (high - low).max() for stroke in strokes], label))
    return fitted


def main() -> None:
    """Draw pages of each condition, read them, and print a row a condition."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="digits a condition (%(default)s)")
    parser.add_argument("--strokes", metavar="FILE", help="drawings instead of synthetic digits")
    parser.add_argument("--only", nargs="*", default=[""], metavar="WORD", help="conditions with one of these words")
    parser.add_argument("--project", type=Path, default=Path(__file__).resolve().parent.parent, metavar="FOLDER")
    parser.add_argument("--model", default="four_conv_cnn", metavar="NAME")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="write pictures to look at")
    options = parser.parse_args()
    sys.path.insert(0, str(options.project))
    import zoo

    classifier = zoo.load(options.model)
    found = drawings(options.count, options.strokes)
    print("| condition | read right | found no ink |\n|---|---:|---:|")
    for name, condition in CONDITIONS.items():
        if not any(word in name for word in options.only):
            continue
        random = np.random.default_rng(SEED)
        images, blank = [], 0
        for strokes, _ in found:
            picture = condition(strokes, random)
            try:
                images.append(zoo.image_from_picture(picture))
            except (zoo.ImageError, RecursionError):
                images.append(np.zeros((28, 28), np.uint8))
                blank += 1
            if options.save and len(images) <= 8:
                save(picture, images[-1], options.save / f"{name.replace(' ', '_')}_{len(images)}.png")
        digits = classifier.predict(np.stack(images)).digits
        right = (digits == [label for _, label in found]) & np.any(images, (1, 2))
        if options.save:
            print(name, np.flatnonzero(~right)[:12].tolist(), file=sys.stderr)
        print(f"| {name} | {right.sum() / len(found):.1%} | {blank} |", flush=True)


def save(picture, image: np.ndarray, path: Path) -> None:
    """Write a page and the image beside it."""
    page = (Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture).convert("RGB")
    both = Image.new("RGB", (page.width + 300, max(page.height, 300)))
    both.paste(page, (0, 0))
    both.paste(Image.fromarray(image).resize((280, 280), Image.Resampling.NEAREST), (page.width + 10, 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    both.save(path)


if __name__ == "__main__":
    main()
