"""The ink of each digit in the grey levels of a picture: without paper, shadows, frames and specks."""

import contextlib
from typing import NamedTuple

import numpy as np

from zoo.errors import BlankImageError, ImageError
from zoo.images.lines import without_lines
from zoo.images.paper import border, reduced, without_paper, without_surround
from zoo.images.pieces import find_pieces, joined
from zoo.images.placement import inked_span, length, stroke_width

_WORKING = 800  # pixels: a larger picture is reduced to find the digit
_CLOSER = 200  # pixels: a digit that is smaller in the reduced picture is looked at in the full one
_FAINTEST = 0.03  # of a full scale of 1: fainter ink than that is a flaw of the paper
_FAINTEST_IN_PHOTOGRAPH = 0.1  # soft pencil has 0.2; what is left of light and noise on empty paper has less than 0.1
THRESHOLD = 0.25  # of the darkest ink: the bounding boxes of MNIST's own images are 20 pixels up to here and beyond
_LARGE = 0.25  # of the ink of the largest piece
_MANY = 12  # pieces that are higher than wide: more than a worn line's dashes
_FAR_TOO_MANY = 400  # pieces that would take long to compare with each other
_SPECK = 0.015  # of the picture's longer side
_NO_INK = "Expected a digit, found no ink that stands out in the picture: use a picture of one digit on plain paper."
_MANY_PIECES = (
    "Expected a picture of one digit, found many pieces of ink ({}): crop it to one digit, or give a box around it."
)

_FAR_TOO_MANY_PIECES = "Expected a picture of one digit or a few, found {} pieces of ink: crop it to these."


class Cutout(NamedTuple):
    """The ink of one digit, cut out of a picture."""

    ink: np.ndarray
    """How deep it is, float `(height, width)` of the part that was looked at, 0 on paper, in any positive unit."""
    rows: slice
    columns: slice
    """The digit's bounding box in the ink."""
    box: tuple[int, int, int, int]
    """x, y, width and height of the digit in the picture, in its pixels."""


class _Page(NamedTuple):
    """The pieces of ink in a picture, or in a part of it; a piece hangs together."""

    ink: np.ndarray
    labels: np.ndarray
    """The number of each pixel's piece, 0 outside of them."""
    mass: np.ndarray
    """How much ink each piece has; 0 of what is no digit's."""
    boxes: np.ndarray
    """Top, bottom, left and right of each piece, int `(pieces + 1, 4)`."""

    def part(self, piece: int) -> tuple[slice, slice]:
        """Return where the box of a piece is."""
        top, bottom, left, right = self.boxes[piece]
        return slice(top, bottom), slice(left, right)


def find_digit(grey: np.ndarray) -> Cutout:
    """Find the ink of the one digit in a picture.

    Args:
        grey: uint8 or float32 `(height, width)` in 0..255, ink darker or lighter than the paper.

    Raises:
        BlankImageError: there is no ink.
        ImageError: there are many pieces of ink.
    """
    step = -(-max(grey.shape) // _WORKING)
    page = _look(without_surround(reduced(grey, step)))
    belongs = _belonging(page)
    _check_one(page)
    return _cut_out(grey, step, page, belongs)


def find_digits(grey: np.ndarray) -> list[Cutout]:
    """Find the ink of each digit in a picture of several, row by row from left to right; arguments as above.

    Raises:
        BlankImageError: there is no ink.
        ImageError: there are hundreds of pieces of ink.
    """
    step = -(-max(grey.shape) // _WORKING)
    page = _look(without_surround(reduced(grey, step)))
    return [_cut_out(grey, step, page, belongs) for belongs in _side_by_side(page)]


def _look(grey: np.ndarray) -> _Page:
    """Find the pieces of ink in grey levels 0 to 1, and which may be a digit's."""
    ink, even = without_paper(grey)
    ink = without_lines(ink)
    labels, spans = find_pieces(ink > THRESHOLD * ink.max())
    boxes = np.array([(0, 0, 0, 0)] + [(y.start, y.stop, x.start, x.stop) for y, x in spans])
    mass = np.bincount(labels.ravel(), ink.ravel())
    mass[0] = 0
    page = _Page(ink, labels, mass, boxes)
    shadows = _shadows(page)
    if not even or np.delete(mass, shadows).max() > 0.1 * mass.max():  # a drawing may be of thick lines to the border
        mass[shadows] = 0
    mass[_cut_off(page)] = 0
    mass[_frames(page)] = 0
    large = mass > _LARGE * mass.max()
    if not large.any() or ink[large[labels]].max() < (_FAINTEST if even else _FAINTEST_IN_PHOTOGRAPH):
        raise BlankImageError(_NO_INK)
    if mass.max() <= 0.1 * mass.sum() and _sides(boxes[large]).max() < _SPECK * max(grey.shape):
        raise BlankImageError(_NO_INK)
    if np.count_nonzero(large) > _FAR_TOO_MANY:
        raise ImageError(_FAR_TOO_MANY_PIECES.format(np.count_nonzero(large)))
    return page


def _shadows(page: _Page) -> np.ndarray:
    """Find what lies along the border and is no stroke: a shadow, the edge of a table, a finger, a dark corner."""
    pieces = np.unique(border(page.labels))
    pieces = pieces[page.mass[pieces] > 0.01 * page.mass.max()]
    sides = (page.labels[0], page.labels[-1], page.labels[:, 0], page.labels[:, -1])
    contacts = np.stack([np.bincount(side, minlength=len(page.mass))[pieces] for side in sides], 1)
    lengths = np.array([len(side) for side in sides])
    extents = _sides(page.boxes[pieces])
    thickness = np.array([stroke_width(page.labels[page.part(piece)] == piece) for piece in pieces]) / extents.max(1)
    # Along a side, and nowhere far from it.
    depths = extents[:, [0, 0, 1, 1]]
    bands = ((contacts > 0.8 * lengths) & (depths < 0.25 * lengths)).any(1)
    along = contacts.sum(1)
    around = along > 0.45 * lengths.sum()
    wide = (thickness > 0.15) & (along > extents.max(1)) | (thickness > 0.3)
    return pieces[bands | around | wide]


def _cut_off(page: _Page) -> np.ndarray:
    """Find what the border cuts off, where the digit is elsewhere: it does not reach into the digit's box."""
    pieces = np.unique(border(page.labels))
    inside = page.mass.copy()
    inside[pieces] = 0
    if inside.max() <= _LARGE * page.mass.max():
        return pieces[:0]  # the digit itself touches the border
    return pieces[_gaps(page.boxes[pieces], page.boxes[inside.argmax()]) >= 0]


def _frames(page: _Page) -> list[int]:
    """Find the pieces that run along all four sides of their box, with other ink inside: a drawn frame."""
    frames = []
    for piece in np.flatnonzero(page.mass > 0.1 * page.mass.max()).tolist():
        inside = page.labels[page.part(piece)]
        mask = inside == piece
        depth = max(1, min(mask.shape) // 10)
        sides = mask[:depth].any(0), mask[-depth:].any(0), mask[:, :depth].any(1), mask[:, -depth:].any(1)
        others = page.mass[np.unique(inside[~mask])].sum()
        if all(side.mean() > 0.95 for side in sides) and others > 0.05 * page.mass[piece]:
            frames.append(piece)
    return frames


def _belonging(page: _Page) -> np.ndarray:
    """Tell which pieces belong to the one digit: what is large, and what is near or between and no speck.

    What is near to that belongs too, as dash after dash of a worn line does.
    """
    belongs = page.mass > _LARGE * page.mass.max()
    inked = page.mass > 0.01 * page.mass.max()
    margin = reach = _sides(page.boxes[page.mass.argmax()]).max() // 4
    newest = np.flatnonzero(belongs)
    while len(newest):
        near = _gaps(page.boxes, _hull(page.boxes[belongs])) < 0
        for box in page.boxes[newest]:
            near |= _gaps(page.boxes, box) < margin
        newest = np.flatnonzero(near & inked & ~belongs)
        belongs[newest] = True
        margin = reach // 2
    return belongs


def _check_one(page: _Page) -> None:
    """Raise an ImageError if the pieces are far more than a digit's: a page of digits, or a strip."""
    boxes = page.boxes[page.mass > _LARGE * page.mass.max()]
    height, width = _sides(_hull(boxes))
    heights, widths = _sides(boxes).T
    upright = np.count_nonzero(heights > 1.2 * widths)  # as most digits are, and dots are not
    if len(boxes) > 2 and width > 3 * height or upright > _MANY:
        raise ImageError(_MANY_PIECES.format(len(boxes)))


def _side_by_side(page: _Page) -> list[np.ndarray]:
    """Tell of each digit in the picture which pieces belong to it, row by row from left to right."""
    large = np.flatnonzero(page.mass > 0.1 * page.mass.max())
    boxes = page.boxes[large]
    # Pieces above each other are of one digit, as the bar of a 5 is.
    upright, across = _overlaps(boxes[:, :2]), _overlaps(boxes[:, 2:])
    narrower = np.minimum(*np.meshgrid(boxes[:, 3] - boxes[:, 2], boxes[:, 3] - boxes[:, 2]))
    margins = _sides(boxes).max(1) // 4
    digit = joined(len(large), *np.nonzero((across > 0.4 * narrower) & (upright > -margins)))
    digits, digit = np.unique(digit, return_inverse=True)
    # What is small goes with the nearest, if it is near.
    gaps = np.array([_gaps(page.boxes, box) for box in boxes])
    nearest = gaps.argmin(0)
    owner = np.where((gaps.min(0) < margins[nearest]) & (page.mass > 0.01 * page.mass.max()), digit[nearest], -1)
    owner[large] = digit
    groups = [owner == number for number in range(len(digits))]
    hulls = np.array([_hull(page.boxes[group]) for group in groups])
    heights, widths = _sides(hulls).T
    certain = (heights > 0.4 * np.median(heights)) & (widths < 1.6 * heights)
    middles = hulls[:, :2].mean(1)
    rows = np.zeros(len(hulls), int)
    order = np.argsort(middles)
    rows[order[1:]] = np.cumsum(np.diff(middles[order]) > 0.5 * np.median(heights))
    return [groups[number] for number in np.lexsort((hulls[:, 2], rows)) if certain[number]]


def _cut_out(grey: np.ndarray, step: int, page: _Page, belongs: np.ndarray) -> Cutout:
    """Cut out the pieces that belong to a digit; if they are small, as they are in the full picture."""
    digit = belongs[page.labels]
    rows, columns = _spans(digit)
    side = max(length(rows), length(columns))
    closer = -(-2 * side * step // _WORKING)
    if closer < step and side < _CLOSER:
        part = _around(rows, step), _around(columns, step)
        other = _enlarged(~digit & (page.labels > 0), step, part, closer)
        with contextlib.suppress(BlankImageError):  # what stands out only among what was left out stays as it is
            return _cut_closer(reduced(grey[part], closer), other, part, closer)
    return _cutout(page, digit, 0, 0, step)


def _cut_closer(grey: np.ndarray, other: np.ndarray, part: tuple[slice, slice], step: int) -> Cutout:
    """Look again at a part of the picture, at what does not belong to something else."""
    page = _look(grey)
    pixels = np.maximum(np.bincount(page.labels.ravel()), 1)
    height, width = page.labels.shape
    page.mass[np.bincount(page.labels.ravel(), other[:height, :width].ravel()) > 0.5 * pixels] = 0
    if not page.mass.any():
        raise BlankImageError(_NO_INK)
    return _cutout(page, _belonging(page)[page.labels], part[0].start, part[1].start, step)


def _cutout(page: _Page, digit: np.ndarray, top: int, left: int, step: int) -> Cutout:
    rows, columns = _spans(digit)
    box = left + columns.start * step, top + rows.start * step, length(columns) * step, length(rows) * step
    return Cutout(np.where(digit | (page.labels == 0), page.ink, 0), rows, columns, box)


def _enlarged(mask: np.ndarray, step: int, part: tuple[slice, slice], closer: int) -> np.ndarray:
    """Return a part of a mask, of which a pixel has `step` of the picture, with pixels of `closer`."""
    y, x = (
        np.minimum(np.arange(span.start, span.stop, closer) // step, side - 1)
        for span, side in zip(part, mask.shape, strict=True)
    )
    return mask[y[:, None], x]


def _around(span: slice, step: int) -> slice:
    """Return the pixels of the full picture that a span of the reduced one covers, and half as many on each side."""
    margin = length(span) // 2 + 2
    return slice(max(span.start - margin, 0) * step, (span.stop + margin) * step)


def _spans(mask: np.ndarray) -> tuple[slice, slice]:
    return inked_span(mask.any(1)), inked_span(mask.any(0))


def _sides(boxes: np.ndarray) -> np.ndarray:
    """Return the heights and widths of boxes, int `(..., 2)`."""
    return boxes[..., 1::2] - boxes[..., ::2]


def _hull(boxes: np.ndarray) -> np.ndarray:
    """Return the one box around boxes, `(4,)`."""
    return np.where([True, False, True, False], boxes.min(0), boxes.max(0))


def _overlaps(spans: np.ndarray) -> np.ndarray:
    """Return by how much spans `(n, 2)` overlap each other, `(n, n)`; less than 0 where there is a gap."""
    starts, stops = spans[:, :1], spans[:, 1:]
    return np.minimum(stops, stops.T) - np.maximum(starts, starts.T)


def _gaps(boxes: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Return how far each of the boxes is from one box, int `(n,)`; 0 or less where they touch or overlap."""
    return np.maximum(box[::2] - boxes[:, 1::2], boxes[:, ::2] - box[1::2]).max(1)
