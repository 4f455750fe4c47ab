"""The ink of one digit in the grey levels of a picture: without paper, shadows, frames and specks."""

import numpy as np

from zoo.errors import BlankImageError
from zoo.images.pieces import find_pieces
from zoo.images.placement import inked_span, length

_WORKING = 800  # pixels: a larger picture is reduced to find the digit
_CLOSER = 200  # pixels: a digit that is smaller in the reduced picture is looked at in the full one
_EVEN = 0.005  # median deviation along the border, of a full scale of 1: above one level of 255 the paper is uneven
_FAINTEST = 0.03  # of a full scale of 1: fainter ink than that is a flaw of the paper
_FAINTEST_IN_PHOTOGRAPH = 0.1  # soft pencil has 0.2; what is left of light and noise on empty paper has less than 0.1
_THRESHOLD = 0.25  # of the darkest ink: the bounding boxes of MNIST's own images are 20 pixels up to here and beyond
_NO_INK = "Expected a digit, found no ink that stands out in the picture: use a picture of one digit on plain paper."


def find_ink(grey: np.ndarray) -> tuple[np.ndarray, slice, slice]:
    """Find the ink of the digit in a picture.

    Args:
        grey: float `(height, width)` in 0..1, ink darker or lighter than the paper.

    Returns:
        The ink, float `(height, width)` of the part that was looked at closely, 0 on paper, in any positive unit; and
        the rows and columns of the digit's bounding box in it.

    Raises:
        BlankImageError: there is no ink.
    """
    grey = _without_surround(grey)
    step = -(-max(grey.shape) // _WORKING)
    ink, digit = _without_specks(*_without_paper(_reduced(grey, step)))
    rows, columns = (inked_span(digit.max(axis)) for axis in (1, 0))
    if step > 1 and max(length(rows), length(columns)) < _CLOSER:
        return find_ink(grey[_around(rows, step), _around(columns, step)])
    return ink, rows, columns


def _without_surround(grey: np.ndarray) -> np.ndarray:
    """Cut off an even frame, or table, around the paper: a border that has another level than the middle."""
    height, width = grey.shape
    inside = _median(grey[height // 4 : height - height // 4, width // 4 : width - width // 4])
    level = _median(_border(grey))
    if abs(level - inside) < 0.3:  # nearly always, and before anything is done with every pixel
        return grey
    surround = np.abs(grey - level) < 0.1
    if _border(surround).mean() < 0.95:
        return grey
    rows, columns = (surround.mean(axis) < 0.5 for axis in (1, 0))
    if not rows.any() or not columns.any():
        return grey
    rows, columns = inked_span(rows), inked_span(columns)
    outside = surround.copy()
    outside[rows, columns] = True
    # One pixel less on each side, which may be a mixture of both.
    paper = grey[rows.start + 1 : rows.stop - 1, columns.start + 1 : columns.stop - 1]
    # All that is cut off is surround, and what is left is paper to its edge: a thick digit is neither.
    if outside.mean() < 0.99 or not paper.size or abs(_median(_border(paper)) - inside) >= 0.1:
        return grey
    return paper


def _reduced(grey: np.ndarray, step: int) -> np.ndarray:
    """Average blocks of `step` x `step` pixels."""
    height, width = (max(side // step, 1) for side in grey.shape)
    grey = grey[: height * step, : width * step]
    return grey.reshape(height, -1, width, grey.shape[1] // width).mean((1, 3))


def _around(span: slice, step: int) -> slice:
    """Return the pixels of the full picture that a span of the reduced one covers, and half as many on each side."""
    margin = length(span) // 2 + 2
    return slice(max(span.start - margin, 0) * step, (span.stop + margin) * step)


def _without_paper(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return how far each pixel is from the paper towards the ink, 0 in its noise; and whether the paper is even."""
    border = _border(grey)
    level = _median(border)
    even = _median(np.abs(border - level)) < _EVEN
    if even:  # a drawing or a clean scan
        ink = level - grey if grey.mean() < level else grey - level
    else:  # a photograph
        ink = _without_uneven_paper(grey)
        low, level = np.percentile(ink, (25, 50))  # both of the paper, of which there is more than of the ink
        ink -= level + 5 * (level - low)
    return np.maximum(ink, 0), even


def _without_uneven_paper(grey: np.ndarray) -> np.ndarray:
    """Estimate the paper of a photograph, shadows and all, as what remains when everything narrow is filled in."""
    from scipy import ndimage

    window = (max(grey.shape) // 4 + 1,) * 2  # wider than any stroke of a digit, narrower than most shadows
    grey = ndimage.gaussian_filter(grey, max(grey.shape) / 500)
    if not _is_ink_dark(grey):
        return grey - ndimage.grey_opening(grey, window)
    return 1 - grey / np.maximum(ndimage.grey_closing(grey, window), 0.05)  # a share: in a shadow ink is less deep


def _is_ink_dark(grey: np.ndarray) -> bool:
    """Tell by the skew against the median around: a median keeps a shadow's edge and loses ink, which is narrow."""
    from scipy import ndimage

    coarse = _reduced(grey, -(-max(grey.shape) // 60))
    return np.sum((coarse - ndimage.median_filter(coarse, max(coarse.shape) // 3 + 1)) ** 3) < 0


def _without_specks(ink: np.ndarray, even: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the ink without what is not the digit, and a mask of the digit."""
    labels, boxes = find_pieces(ink > _THRESHOLD * ink.max())
    mass = np.bincount(labels.ravel(), ink.ravel())
    mass[0] = 0
    inside = mass.copy()
    inside[_border(labels)] = 0
    if not even or inside.max() > 0.1 * mass.max():  # what touches the border is a shadow or the edge of the paper
        mass = inside
    if mass.max() <= 0.1 * mass.sum():  # specks only
        raise BlankImageError(_NO_INK)
    mass[_frames(labels, mass, boxes)] = 0
    digit = _belonging(mass, boxes)[labels]
    if ink[digit].max() < (_FAINTEST if even else _FAINTEST_IN_PHOTOGRAPH):
        raise BlankImageError(_NO_INK)
    return np.where(digit | (labels == 0), ink, 0), digit


def _frames(labels: np.ndarray, mass: np.ndarray, boxes: list[tuple[slice, slice]]) -> list[int]:
    """Find the pieces that run along all four sides of their box, with other ink inside: a drawn frame."""
    frames = []
    for piece in np.flatnonzero(mass > 0.1 * mass.max()).tolist():
        inside = labels[boxes[piece - 1]]
        mask = inside == piece
        depth = max(1, min(mask.shape) // 10)
        sides = mask[:depth].any(0), mask[-depth:].any(0), mask[:, :depth].any(1), mask[:, -depth:].any(1)
        others = mass[np.unique(inside[~mask])].sum()
        if all(side.mean() > 0.95 for side in sides) and others > 0.05 * mass[piece]:
            frames.append(int(piece))
    return frames


def _belonging(mass: np.ndarray, boxes: list[tuple[slice, slice]]) -> np.ndarray:
    """Tell which pieces of ink belong to the digit: the largest, what is large too, and what is near and no speck."""
    main = boxes[mass.argmax() - 1]
    margin = max(map(length, main)) // 4
    belongs = mass > 0.25 * mass.max()
    for piece in np.flatnonzero(mass > 0.01 * mass.max()):
        box = boxes[piece - 1]
        belongs[piece] |= all(
            side.start < main_side.stop + margin and main_side.start - margin < side.stop
            for side, main_side in zip(box, main, strict=True)
        )
    return belongs


def _median(array: np.ndarray) -> float:
    """Return the median. NumPy's own imports all of its masked arrays."""
    middle = (array.size - 1) // 2, array.size // 2
    return float(np.partition(array, middle, axis=None)[list(middle)].mean())


def _border(array: np.ndarray) -> np.ndarray:
    return np.concatenate((array[0], array[-1], array[:, 0], array[:, -1]))
