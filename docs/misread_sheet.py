"""Make docs/misread.png: the drawings that a model misreads, each above "its digit > what was read".

python docs/misread_sheet.py FILE.npz [MODEL]    # drawings as in `python -m zoo evaluate --strokes`; two_conv_cnn
"""

import sys
from pathlib import Path

import numpy as np
from PIL import ImageDraw, ImageFont

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

COLUMNS = 16
SCALE = 2
CAPTION, GAP = 9, 5  # pixels before scaling


def main() -> None:
    """Read the drawings and draw those that were misread, by digit, dark ink on white paper."""
    import zoo
    from zoo.data.drawing_files import load_drawings
    from zoo.data.drawings import images_of
    from zoo.report.digit_sheet import in_rows, on_paper, tiled

    if len(sys.argv) < 2:
        sys.exit(__doc__)
    path, name = [*sys.argv[1:], "two_conv_cnn"][:2]
    drawings = load_drawings(path)
    images = images_of(drawings.drawings)
    read = zoo.load(name).predict(images).digits
    misread = np.flatnonzero(read != drawings.labels)
    misread = misread[np.lexsort((read[misread], drawings.labels[misread]))]

    pixels = tiled(in_rows(images[misread], COLUMNS), COLUMNS, across=GAP, down=CAPTION + GAP)
    sheet = on_paper(pixels, margins=(GAP, GAP, GAP, CAPTION + GAP), scale=SCALE)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for place, index in enumerate(misread):
        row, column = divmod(place, COLUMNS)
        x, y = GAP + column * (28 + GAP) + 14, GAP + row * (28 + CAPTION + GAP) + 28
        caption = f"{drawings.labels[index]} > {read[index]}"
        pen.text((x * SCALE, y * SCALE), caption, 0, font, anchor="ma")
    sheet.quantize(16).save(PROJECT / "docs" / "misread.png", optimize=True)
    print(f"{len(misread)} of {len(images):,} drawings misread by {name}.")


if __name__ == "__main__":
    main()
