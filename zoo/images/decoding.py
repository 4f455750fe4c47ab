"""The grey levels of a picture: from a file, a Pillow image or an array."""

import contextlib
import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from zoo._support.files import check_is_file
from zoo._support.processes import without_stderr
from zoo.errors import ImageError
from zoo.images.placement import inked_span

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000


def grey_levels(source: str | os.PathLike | BinaryIO | Image.Image | np.ndarray) -> np.ndarray:
    """Return a picture's grey levels, float `(height, width)` in 0..1; what is transparent is paper.

    Args:
        source: as ``zoo.image_from_picture`` takes it.

    Raises:
        ImageError: the file is missing, damaged, too large, or not a picture.
    """
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


def load_pixels(picture: Image.Image) -> None:
    """Decode a picture that Pillow has opened, with nothing on stderr.

    There libtiff says what it finds wrong in a TIFF, and Pillow (13) has no option against it; it raises errors too.
    """
    with without_stderr() if picture.format == "TIFF" else contextlib.nullcontext():
        picture.load()


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
    load_pixels(picture)
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
    box = opaque[inked_span(opaque.max(1)), inked_span(opaque.max(0))]
    is_card = box.mean() > 0.6 and np.ptp(grey[opaque]) > 0.15
    return np.where(opaque, grey, np.median(grey[opaque])) if is_card else alpha
