"""How far each pixel of a picture is from the paper towards the ink: without paper, light and shadows, and tables."""

import numpy as np
from PIL import Image, ImageDraw

from zoo.images.pieces import find_pieces

_EVEN = 0.005  # of a full scale of 1, a little more than one level of 255: most of the border of even paper varies less

_SMALLEST = 20  # pixels: no picture of a sheet on a table has less
_RIM = 0.02  # of a sheet's side: where it ends is not looked at


def without_paper(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Take the paper away.

    Args:
        grey: float `(height, width)` in 0..1, ink darker or lighter than the paper.

    Returns:
        How deep the ink is, float `(height, width)`, 0 in the paper's noise; and whether the paper is even.
    """
    edge = border(grey)
    level = median(edge)
    even = _is_even(edge, level)
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

    coarse = reduced(255 * grey, -(-max(grey.shape) // 60))
    return np.sum((coarse - ndimage.median_filter(coarse, max(coarse.shape) // 3 + 1)) ** 3) < 0


def without_surround(grey: np.ndarray) -> np.ndarray:
    """Paint over the table around a sheet, or an even frame around the paper, with the level of the paper beside it.

    The sheet may lie askew, and the picture may cut it off. It has straight sides, and something on it: a thick digit
    has not.
    """
    height, width = grey.shape
    inside = median(grey[height // 4 : height - height // 4, width // 4 : width - width // 4])
    level = max((median(side) for side in _sides(grey)), key=lambda side: abs(side - inside))
    # Nearly always, and before anything is done with every pixel.
    if abs(level - inside) < 0.3 or min(grey.shape) < _SMALLEST:
        return grey
    limit = np.sqrt(max(inside, 0.01) * max(level, 0.01))  # a shadow takes away the same share of both
    is_paper = grey > limit if inside > level else grey < limit
    labels, _ = find_pieces(is_paper)
    sheet = _without_holes(labels == np.bincount(labels[labels > 0]).argmax())
    if sheet.mean() < 0.1:
        return grey
    is_cut = border(sheet).any()
    corners = _convex_hull(sheet) if is_cut else _four_corners(sheet)
    outline = _polygon(corners, grey.shape)
    if (sheet & outline).sum() < 0.95 * (sheet | outline).sum():
        return grey
    if is_cut and (_may_be_shadow(grey[outline], inside, level) or is_paper[~outline].mean() > 0.02):
        return grey
    middle = np.mean(corners, 0)  # a little less than the outline, as pixels at the edge are a mixture of both
    outline = _polygon(middle + (corners - middle) * (1 - _RIM), grey.shape)
    if not outline.any() or np.abs(grey[outline] - inside).max() < 0.1:
        return grey
    from scipy import ndimage

    nearest = ndimage.distance_transform_edt(~outline, return_distances=False, return_indices=True)
    return grey[tuple(nearest)]


def _four_corners(mask: np.ndarray) -> np.ndarray:
    """Return x and y of the pixels that lie farthest towards the corners of the picture, int `(4, 2)`."""
    y, x = np.nonzero(mask)
    return np.array([(x[i], y[i]) for i in ((x + y).argmin(), (x - y).argmax(), (x + y).argmax(), (x - y).argmin())])


def _convex_hull(mask: np.ndarray) -> np.ndarray:
    """Return x and y of the corners of the convex hull, int `(n, 2)`."""
    from scipy.spatial import ConvexHull

    rows = np.flatnonzero(mask.any(1))
    first, last = mask[rows].argmax(1), mask.shape[1] - 1 - mask[rows, ::-1].argmax(1)
    points = np.concatenate([np.stack([first, rows], 1), np.stack([last, rows], 1)])
    return points[ConvexHull(points).vertices]


def _may_be_shadow(paper: np.ndarray, inside: float, level: float) -> bool:
    """Tell whether what is around the paper may be paper in a shadow: it is not much darker, and the light uneven."""
    return not _is_even(paper, inside) and level > 0.3 * inside


def _is_even(paper: np.ndarray, level: float) -> bool:
    """Tell whether most of the paper has one level; of chequered paper half has each of two."""
    return bool(np.mean(np.abs(paper - level) < _EVEN) > 0.6)


def _without_holes(mask: np.ndarray) -> np.ndarray:
    """Fill what the mask encloses."""
    labels, spans = find_pieces(~mask)
    outside = np.zeros(len(spans) + 1, bool)
    outside[border(labels)] = True
    outside[0] = False
    return ~outside[labels]


def _polygon(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    mask = Image.new("1", shape[::-1])
    ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in corners], fill=1)
    return np.asarray(mask)


def reduced(grey: np.ndarray, step: int) -> np.ndarray:
    """Average blocks of `step` x `step` pixels of grey levels 0 to 255; return float32 in 0..1."""
    height, width = (max(side // step, 1) * step for side in grey.shape)
    picture = Image.fromarray(grey[:height, :width])
    return np.asarray(picture.reduce(step) if step > 1 else picture, np.float32) / 255


def median(array: np.ndarray) -> float:
    """Return the median. NumPy's own imports all of its masked arrays."""
    middle = (array.size - 1) // 2, array.size // 2
    return float(np.partition(array, middle, axis=None)[list(middle)].mean())


def border(array: np.ndarray) -> np.ndarray:
    """Return what lies along the four sides, those in the corners twice."""
    return np.concatenate(_sides(array))


def _sides(array: np.ndarray) -> tuple[np.ndarray, ...]:
    return array[0], array[-1], array[:, 0], array[:, -1]
