"""What `python -m zoo evaluate` scores models on: labelled images, drawings, corruptions and outliers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zoo._support.progress import note, progress
from zoo.data.arrays import digest
from zoo.data.corruptions import CORRUPTIONS, corrupted
from zoo.data.drawing_files import load_drawings, load_outliers
from zoo.data.drawings import images_of
from zoo.data.mnist import MNIST_TEST_SHA256, load_labelled, load_mnist
from zoo.errors import DataError
from zoo.images.strokes import PEN_WIDTH

MADE = 2000
"""So many synthetic digits, outliers as models were trained to doubt, and outliers of unseen kinds."""

_SEED = 2**31 + 2  # out of the range of the seeds that builders train with


@dataclass(frozen=True)
class Outliers:
    """Images of what is no digit.

    Attributes:
        images: uint8 ``(n, 28, 28)``.
        kinds: str ``(n,)``: the kinds of synthetic outliers, which begin with ``unseen`` where models learn from none
            of their shapes; of a file the characters.
        parts: what figures are given of, by name, bool ``(n,)``: ``all`` that is scored, and parts of it, none empty.
        writers: who drew each, whole numbers ``(n,)``, or None.
        are_characters: whether they are of a file.
    """

    images: np.ndarray
    kinds: np.ndarray
    parts: dict[str, np.ndarray]
    writers: np.ndarray | None = None
    are_characters: bool = False

    @property
    def names(self) -> list[str]:
        """The kinds, each once, in alphabetical order; what is scored first."""
        scored = set(self.kinds[self.parts["all"]].tolist())
        return sorted(scored) + sorted(set(self.kinds.tolist()) - scored)

    @property
    def left_out(self) -> list[str]:
        """The characters that are not scored, as they are digits by their shape."""
        return np.unique(self.kinds[~self.parts["all"]]).tolist()


@dataclass(frozen=True)
class Sets:
    """What models are scored on.

    Attributes:
        labelled: images ``(n, 28, 28)`` and labels ``(n,)`` by name: ``images`` (MNIST's test set, or the user's),
            ``drawings``, ``synthetic``, and the names of ``CORRUPTIONS``. Any of them may be missing.
        writers: who made each of the drawings, whole numbers ``(n,)``, or None.
        outliers: images of what is no digit, or None.
    """

    labelled: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    writers: np.ndarray | None = None
    outliers: Outliers | None = None

    @property
    def title(self) -> str:
        """What the images are called in a table: MNIST if they are its test set."""
        return "MNIST" if digest(*self.labelled["images"]) == MNIST_TEST_SHA256 else "images"

    @property
    def digits(self) -> str:
        """The labelled set whose doubt is held against the doubt of the outliers."""
        return "drawings" if "drawings" in self.labelled else "synthetic"


def load_sets(
    data: str | None = None,
    strokes: str | None = None,
    pen_width: float = PEN_WIDTH,
    with_corruptions: bool = False,
    with_outliers: bool = False,
    outliers: str | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Sets:
    """Load and make what models are to be scored on.

    Args:
        data: MNIST or other labelled images; without it MNIST. Where drawings or outliers are asked for and corruptions
            are not, MNIST is not downloaded for it: it is left out, and that is said on stderr.
        strokes: a file of drawings, see ``zoo.data.drawing_files.load_drawings``.
        pen_width: of the drawings and the outliers of a file, in pixels of the 28 x 28 image.
        with_corruptions: also score on every corruption of the images.
        with_outliers: also on synthetic outliers, against the drawings, or without them against synthetic digits.
        outliers: a file of outliers in place of the synthetic, see ``zoo.data.drawing_files.load_outliers``.
        tell: is called with what is done, before each step that takes time.

    Raises:
        DataError: a file is missing, or is not such data.
        ImageError: the pen is too thin or too wide.
    """
    labelled, drawings, writers = {}, None, None
    if strokes:
        strokes_of_drawings, labels, writers = load_drawings(strokes)
        tell("drawing the strokes ...")
        drawings = images_of(strokes_of_drawings, pen_width), labels
    needed = bool(data) or with_corruptions or not (strokes or with_outliers or outliers is not None)
    try:
        labelled["images"] = _images(data, download=needed)
    except DataError as error:
        if needed:
            raise
        note(f"MNIST is left out. {error}")
    if drawings is not None:
        labelled["drawings"] = drawings
    no_digits = None
    if with_outliers or outliers is not None:
        tell("drawing outliers ...")
        no_digits = _synthetic_outliers() if outliers is None else read_outliers(outliers, pen_width)
        if drawings is None:
            from zoo.synthetic.digits import synthetic_digits

            labelled["synthetic"] = synthetic_digits(MADE, _SEED)
    if with_corruptions:
        tell("making the corruptions ...")
        labelled |= _corruptions(*labelled["images"])
    return Sets(labelled, writers, no_digits)


def _images(data: str | None, download: bool) -> tuple[np.ndarray, np.ndarray]:
    if data and Path(data).expanduser().is_file():
        return load_labelled(data)
    mnist = load_mnist(data, download=download)
    return mnist.x_test, mnist.y_test


def _corruptions(images: np.ndarray, labels: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    images = np.round(images).astype(np.uint8)
    return {name: (corrupted(name, images, _SEED), labels) for name in progress(CORRUPTIONS, "corruptions")}


def _synthetic_outliers() -> Outliers:
    from zoo.synthetic.outliers import synthetic_outliers

    seen, unseen = (synthetic_outliers(MADE, _SEED, unseen=unseen) for unseen in (False, True))
    images = np.concatenate([seen[0], unseen[0]])
    kinds = np.concatenate([seen[1], np.strings.add("unseen ", unseen[1])])
    is_unseen = np.arange(len(images)) >= len(seen[0])
    return Outliers(images, kinds, {"all": np.ones(len(images), bool), "unseen": is_unseen})


def read_outliers(path: str, pen_width: float = PEN_WIDTH) -> Outliers:
    """Return the outliers in a file, of which those are not scored that are digits by their shape.

    Raises:
        DataError: as of ``load_outliers``, or all of them are.
        ImageError: the pen is too thin or too wide.
    """
    from zoo.synthetic.outliers import DIGIT_SHAPED

    drawings, kinds, writers = load_outliers(path)
    scored = ~np.isin(kinds, list(DIGIT_SHAPED))
    if not scored.any():
        raise DataError(f"Expected other shapes than those of digits in {path}, found only {kinds[0]} and the like.")
    letters = np.array([len(kind) == 1 and kind.isalpha() for kind in kinds.tolist()])
    parts = {"all": scored, "letters": scored & letters, "symbols": scored & ~letters}
    parts = {name: part for name, part in parts.items() if part.any()}
    return Outliers(images_of(drawings, pen_width), kinds, parts, writers, are_characters=True)
