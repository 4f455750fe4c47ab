"""Make docs/misread.png: the drawings that a model misreads, each above "its digit > what was read".

python docs/misread_sheet.py FILE.npz [MODEL]    # drawings as in `python -m zoo evaluate --strokes`; two_conv_cnn
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

COLUMNS = 16
SIDE, CAPTION, GAP = 56, 18, 10  # pixels


def main() -> None:
    """Read the drawings and draw those that were misread, by digit, dark ink on white paper."""
    import zoo
    from zoo.data.drawing_files import load_drawings
    from zoo.data.drawings import images_of

    if len(sys.argv) < 2:
        sys.exit(__doc__)
    path, name = [*sys.argv[1:], "two_conv_cnn"][:2]
    drawings = load_drawings(path)
    images = images_of(drawings.drawings)
    read = zoo.load(name).predict(images).digits
    misread = np.flatnonzero(read != drawings.labels)
    misread = misread[np.lexsort((read[misread], drawings.labels[misread]))]

    width, height = SIDE + GAP, SIDE + CAPTION + GAP
    rows = -(-len(misread) // COLUMNS)
    sheet = Image.new("L", (COLUMNS * width + GAP, rows * height + GAP), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for place, index in enumerate(misread):
        x, y = GAP + place % COLUMNS * width, GAP + place // COLUMNS * height
        sheet.paste(Image.fromarray(255 - images[index]).resize((SIDE, SIDE), Image.Resampling.BICUBIC), (x, y))
        pen.text((x + SIDE / 2, y + SIDE), f"{drawings.labels[index]} > {read[index]}", 0, font, anchor="ma")
    sheet.quantize(16).save(PROJECT / "docs" / "misread.png", optimize=True)
    print(f"{len(misread)} of {len(images):,} drawings misread by {name}.")


if __name__ == "__main__":
    main()
