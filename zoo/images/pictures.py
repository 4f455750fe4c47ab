"""The digit in a picture as a 28 x 28 image, by the rule that MNIST was made with."""

import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from zoo._support.files import check_is_file
from zoo.errors import BlankImageError, ImageError
from zoo.images.placement import BOX, placed, span

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000

_WORKING = 800  # pixels: a larger picture is reduced to find the digit
_CLOSER = 200  # pixels: a digit that is smaller in the reduced picture is looked at in the full one
_EVEN = 0.005  # median deviation along the border, of a full scale of 1: above one level of 255 the paper is uneven
_FAINTEST = 0.03  # of a full scale of 1: fainter ink than that is a flaw of the paper
_FAINTEST_IN_PHOTOGRAPH = 0.1  # soft pencil has 0.2; what is left of light and noise on empty paper has less than 0.1
_THRESHOLD = 0.25  # of the darkest ink: the bounding boxes of MNIST's own images are 20 pixels up to here and beyond
_NO_INK = "Expected a digit, found no ink that stands out in the picture: use a picture of one digit on plain paper."


def image_from_picture(source: str | os.PathLike | BinaryIO | Image.Image | np.ndarray) -> np.ndarray:
    """Find the digit in a picture and centre it as MNIST's digits are.

    Args:
        source: a file (PNG, JPEG, BMP, GIF, TIFF, WebP) or a Pillow image of one digit, ink darker or lighter than the
            paper, or the opaque part of a transparent picture; a drawing, a scan or a photograph. Of several frames,
            the first. The file by its path or opened for reading bytes. Or a uint8 array `(height, width)`.

    Returns:
        uint8 `(28, 28)`, white ink (255) on black (0).

    Raises:
        BlankImageError: if there is no ink.
        ImageError: if the file is missing, damaged, too large, or not a picture.

    Source: LeCun et al. (1998); Yadav and Bottou (2019).
    """
    ink, rows, columns = _find_ink(_grey(source))
    return placed(_averaged(ink, rows, columns))


# ---- Pictures: from a file to grey levels


def _grey(source: str | os.PathLike | BinaryIO | Image.Image | np.ndarray) -> np.ndarray:
    """Return a picture's grey levels, float `(height, width)`, 0 to 1 for 8 bits; what is transparent is paper."""
    if isinstance(source, np.ndarray):
        source = _from_array(source)
    elif isinstance(source, str | os.PathLike):
        _check_file(Path(source))
    elif not isinstance(source, Image.Image) and not hasattr(source, "read"):
        raise ImageError(f"Expected the path of a picture or a Pillow image, found a {type(source).__name__}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata, which does not matter here
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if isinstance(source, Image.Image):
                return _decoded(source)
            with Image.open(source, formats=FORMATS) as picture:
                return _decoded(picture)
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError(f"Expected a picture ({', '.join(FORMATS)}), found another kind of file: {source}.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large("far more") from error
    except Exception as error:  # whatever a decoder makes of a damaged file
        raise ImageError(f"Expected a whole picture, found a damaged one ({error}): save it again.") from error


def _from_array(array: np.ndarray) -> Image.Image:
    if array.dtype != np.uint8 or array.ndim != 2 or not array.size:
        raise ImageError(
            f"Expected a picture as a uint8 array (height, width), found {array.dtype} {array.shape}: "
            "pass grey levels from 0 to 255."
        )
    return Image.fromarray(array)


def _check_file(path: Path) -> None:
    check_is_file(path, "a picture", ImageError)
    if path.stat().st_size > MAX_BYTES:
        raise ImageError(
            f"Expected a picture of at most {MAX_BYTES:,} bytes, found {path.stat().st_size:,}: save {path} smaller."
        )


def _too_large(found: object) -> ImageError:
    return ImageError(
        f"Expected a picture of at most {MAX_PIXELS:,} pixels, found {found}: crop it or save it smaller."
    )


def _decoded(picture: Image.Image) -> np.ndarray:
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large(f"{picture.width} x {picture.height}")
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        grey, alpha = np.moveaxis(np.asarray(picture.convert("RGBA").convert("LA"), np.float32) / 255, 2, 0)
        return _on_paper(grey, alpha)
    if picture.mode in ("F", "I") or picture.mode.startswith("I;16"):
        grey = np.asarray(picture, float)
        if not np.isfinite(grey).all():
            raise ImageError("Expected finite pixels, found NaN or infinity in the picture: replace them.")
        return (grey - grey.min()) / (np.ptp(grey) or 1)
    return _luminance(picture)


def _luminance(picture: Image.Image) -> np.ndarray:
    """Return grey levels 0 to 1; of colours that are equally light, the channel that tells them apart."""
    grey = np.asarray(picture.convert("L"), np.float32) / 255
    if picture.mode == "L":
        return grey
    channels = np.moveaxis(np.asarray(picture.convert("RGB"), np.float32) / 255, 2, 0)
    best = max(channels, key=np.std)
    return best if best.std() > 3 * grey.std() else grey


def _on_paper(grey: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Take the opaque part of a picture for the ink, or, if it is a card with ink of its own, extend the card."""
    opaque = alpha > 0.5
    if opaque.all():
        return grey
    if not opaque.any():
        return alpha
    box = opaque[span(opaque.any(1)), span(opaque.any(0))]
    is_card = box.mean() > 0.6 and np.ptp(grey[opaque]) > 0.15
    return np.where(opaque, grey, np.median(grey[opaque])) if is_card else alpha


# ---- Pictures: from grey levels to the ink of one digit


def _find_ink(grey: np.ndarray) -> tuple[np.ndarray, slice, slice]:
    """Return the digit's ink, 0 on paper, in any positive unit, and the rows and columns of its bounding box."""
    grey = _without_surround(grey)
    step = -(-max(grey.shape) // _WORKING)
    ink, digit = _without_specks(*_without_paper(_reduced(grey, step)))
    rows, columns = (span(digit.any(axis)) for axis in (1, 0))
    if step > 1 and max(_length(rows), _length(columns)) < _CLOSER:
        return _find_ink(grey[_around(rows, step), _around(columns, step)])
    return ink, rows, columns


def _without_surround(grey: np.ndarray) -> np.ndarray:
    """Cut off an even frame, or table, around the paper: a border that has another level than the middle."""
    height, width = grey.shape
    inside = np.median(grey[height // 4 : height - height // 4, width // 4 : width - width // 4])
    level = np.median(_border(grey))
    if abs(level - inside) < 0.3:  # nearly always, and before anything is done with every pixel
        return grey
    surround = np.abs(grey - level) < 0.1
    if _border(surround).mean() < 0.95:
        return grey
    rows, columns = (surround.mean(axis) < 0.5 for axis in (1, 0))
    if not rows.any() or not columns.any():
        return grey
    rows, columns = span(rows), span(columns)
    outside = surround.copy()
    outside[rows, columns] = True
    # One pixel less on each side, which may be a mixture of both.
    paper = grey[rows.start + 1 : rows.stop - 1, columns.start + 1 : columns.stop - 1]
    # All that is cut off is surround, and what is left is paper to its edge: a thick digit is neither.
    if outside.mean() < 0.99 or not paper.size or abs(np.median(_border(paper)) - inside) >= 0.1:
        return grey
    return paper


def _reduced(grey: np.ndarray, step: int) -> np.ndarray:
    """Average blocks of `step` x `step` pixels."""
    height, width = (max(side // step, 1) for side in grey.shape)
    grey = grey[: height * step, : width * step]
    return grey.reshape(height, -1, width, grey.shape[1] // width).mean((1, 3))


def _around(span: slice, step: int) -> slice:
    """Return the pixels of the full picture that a span of the reduced one covers, and half as much on each side."""
    margin = _length(span) // 2 + 2
    return slice(max(span.start - margin, 0) * step, (span.stop + margin) * step)


def _without_paper(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return how far each pixel is from the paper towards the ink, 0 in its noise; and whether the paper is even."""
    border = _border(grey)
    level = np.median(border)
    even = np.median(np.abs(border - level)) < _EVEN
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
    from scipy import ndimage

    labels, _ = ndimage.label(ink > _THRESHOLD * ink.max(), np.ones((3, 3)))
    mass = np.bincount(labels.ravel(), ink.ravel())
    mass[0] = 0
    inside = mass.copy()
    inside[_border(labels)] = 0
    if not even or inside.max() > 0.1 * mass.max():  # what touches the border is a shadow or the edge of the paper
        mass = inside
    if mass.max() <= 0.1 * mass.sum():  # specks only
        raise BlankImageError(_NO_INK)
    boxes = ndimage.find_objects(labels)
    mass[_is_frame(labels, mass, boxes)] = 0
    digit = _belonging(mass, boxes)[labels]
    if ink[digit].max() < (_FAINTEST if even else _FAINTEST_IN_PHOTOGRAPH):
        raise BlankImageError(_NO_INK)
    return np.where(digit | (labels == 0), ink, 0), digit


def _is_frame(labels: np.ndarray, mass: np.ndarray, boxes: list[tuple[slice, slice]]) -> list[int]:
    """Find the pieces that run along all four sides of their box, with other ink inside: a drawn frame."""
    frames = []
    for piece in np.flatnonzero(mass > 0.1 * mass.max()):
        inside = labels[boxes[piece - 1]]
        mask = inside == piece
        depth = max(1, min(mask.shape) // 10)
        sides = mask[:depth].any(0), mask[-depth:].any(0), mask[:, :depth].any(1), mask[:, -depth:].any(1)
        others = mass[np.unique(inside[~mask])].sum()
        if all(side.mean() > 0.95 for side in sides) and others > 0.05 * mass[piece]:
            frames.append(piece)
    return frames


def _belonging(mass: np.ndarray, boxes: list[tuple[slice, slice]]) -> np.ndarray:
    """Tell which pieces of ink belong to the digit: the largest, what is large too, and what is near and no speck."""
    main = boxes[mass.argmax() - 1]
    margin = max(map(_length, main)) // 4
    belongs = mass > 0.25 * mass.max()
    for piece in np.flatnonzero(mass > 0.01 * mass.max()):
        box = boxes[piece - 1]
        belongs[piece] |= all(
            side.start < main_side.stop + margin and main_side.start - margin < side.stop
            for side, main_side in zip(box, main, strict=True)
        )
    return belongs


def _averaged(ink: np.ndarray, rows: slice, columns: slice) -> np.ndarray:
    """Average the ink over the 20 x 20 cells of the square around its bounding box."""
    side = max(_length(rows), _length(columns))
    top, down = _cells(rows, side, ink.shape[0])
    left, across = _cells(columns, side, ink.shape[1])
    return down @ ink[top : top + down.shape[1], left : left + across.shape[1]] @ across.T


def _cells(span: slice, side: int, pixels: int) -> tuple[int, np.ndarray]:
    """Return the first pixel of a square around the span, and how much of it and the next lies in each of 20 cells."""
    pad = (side - _length(span)) // 2  # whole, so that MNIST's own images come out as they went in
    edges = span.start - pad + side / BOX * np.arange(BOX + 1)
    pixel = np.arange(max(int(edges[0]), 0), min(int(np.ceil(edges[-1])), pixels))
    cells = np.clip(np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel), 0, None)
    return pixel[0], cells


def _length(span: slice) -> int:
    return span.stop - span.start


def _border(array: np.ndarray) -> np.ndarray:
    return np.concatenate((array[0], array[-1], array[:, 0], array[:, -1]))
