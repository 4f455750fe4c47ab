"""Make docs/synthetic_digits.png: synthetic digits and, where MNIST is there, MNIST's beside them.

And docs/outliers.png: outliers of each kind, those that models learn from and those kept for measuring.
"""

import sys
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from zoo.report.digit_sheet import in_rows, joined, on_paper, tiled  # noqa: E402

SEED = 1
ROWS, COLUMNS = 2, 14  # of each digit or kind, and as many beside them
GAP = 14  # pixels between what stands side by side, and half of it between two digits or kinds
SCALE = 2


def main() -> None:
    """Draw the sheets, dark ink on white paper."""
    _save("synthetic_digits", digits())
    _save("outliers", outliers())


def digits() -> list[np.ndarray]:
    """Return sheets `(h, w)` of synthetic digits and, where it is there, of MNIST's."""
    from zoo.data.mnist import load_mnist
    from zoo.errors import DataError
    from zoo.images.strokes import image_from_strokes
    from zoo.synthetic.digits import draw_digit

    random = np.random.default_rng(SEED)
    synthetic = [[image_from_strokes(*draw_digit(d, random)) for _ in range(ROWS * COLUMNS)] for d in range(10)]
    blocks = [_sheet(synthetic)]
    try:
        images, labels = load_mnist(download=False)[:2]  # of the training images: nobody should look at the others
        blocks.append(_sheet([images[labels == d][: ROWS * COLUMNS] for d in range(10)]))
    except DataError as error:
        print(f"Without MNIST beside it: {error}")
    return blocks


def outliers() -> list[np.ndarray]:
    """Return sheets `(h, w)` of the outliers that models learn to doubt, and of those kept for measuring."""
    from zoo.images.strokes import image_from_strokes
    from zoo.synthetic.outliers import KINDS, draw_outlier

    def images(kind, unseen):
        random = np.random.default_rng(SEED)
        return [image_from_strokes(*draw_outlier(kind, random, unseen=unseen)) for _ in range(ROWS * COLUMNS)]

    drawn = [kind for kind in KINDS if kind != "blank"]
    return [_sheet([images(kind, unseen) for kind in drawn]) for unseen in (False, True)]


def _sheet(classes: list) -> np.ndarray:
    """Put images uint8 `(28, 28)` in rows, a list of them for each digit or kind: one sheet, float64 `(h, w)`."""
    return joined([tiled(in_rows(images, COLUMNS), COLUMNS) for images in classes], GAP // 2, axis=0)


def _save(name: str, blocks: list[np.ndarray]) -> None:
    """Write sheets side by side to docs/NAME.png."""
    picture = on_paper(joined(blocks, GAP, axis=1), margins=(GAP, 0, GAP, GAP // 2), scale=SCALE)
    picture.quantize(16).save(PROJECT / "docs" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
