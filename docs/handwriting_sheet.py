"""Make docs/handwriting.png: drawings of each digit made from rules and, where MNIST is there, MNIST's beside them."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

SEED = 1
ROWS, COLUMNS = 2, 14  # of each digit, and as many of MNIST's
GAP = 14  # pixels between what is generated and MNIST, and half of it between two digits
SCALE = 2


def main() -> None:
    """Draw the sheet, dark ink on white paper."""
    from zoo.datasets import load_mnist
    from zoo.errors import DataError
    from zoo.handwriting import draw
    from zoo.preprocessing import image_from_strokes

    random = np.random.default_rng(SEED)
    generated = [[image_from_strokes(*draw(d, random)) for _ in range(ROWS * COLUMNS)] for d in range(10)]
    blocks = [_sheet(generated)]
    try:
        images, labels = load_mnist(download=False)[:2]  # of the training images: nobody should look at the others
        blocks.append(_sheet([images[labels == d][: ROWS * COLUMNS] for d in range(10)]))
    except DataError as error:
        print(f"Without MNIST beside it: {error}")
    gap = np.zeros((len(blocks[0]), GAP), np.uint8)
    sheet = np.hstack([part for block in blocks for part in (gap, block)] + [gap])
    picture = Image.fromarray(255 - sheet)
    picture = picture.resize((picture.width * SCALE, picture.height * SCALE), Image.Resampling.BICUBIC)
    picture.quantize(16).save(PROJECT / "docs" / "handwriting.png", optimize=True)


def _sheet(digits) -> np.ndarray:
    """Put images uint8 `(28, 28)` in rows, a list of them for each digit."""
    rows = []
    for images in digits:
        rows += [np.hstack(images[start : start + COLUMNS]) for start in range(0, ROWS * COLUMNS, COLUMNS)]
        rows.append(np.zeros((GAP // 2, COLUMNS * 28), np.uint8))
    return np.vstack(rows)


if __name__ == "__main__":
    main()
