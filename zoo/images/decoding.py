"""The grey levels of a picture: from a file, a Pillow image or an array."""

import contextlib
import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageFilter, ImageOps, UnidentifiedImageError

from zoo._support.files import check_is_file
from zoo._support.processes import without_stderr
from zoo.errors import ImageError
from zoo.images.placement import inked_span

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000


def grey_levels(source: str | os.PathLike | BinaryIO | Image.Image | np.ndarray) -> np.ndarray:
    """Return a picture's grey levels, uint8 or float32 `(height, width)` in 0..255; what is transparent is paper.

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
            with opened(source) as picture:
                return _decoded(picture)
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError(f"Expected a picture ({', '.join(FORMATS)}), found another kind of file: {source}.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large("far more") from error
    except Exception as error:  # whatever a decoder makes of a damaged file
        raise ImageError(f"Expected a whole picture, found a damaged one ({error}): save it again.") from error


def opened(source: str | os.PathLike | BinaryIO) -> Image.Image:
    """Open a file of one of ``FORMATS``, or HEIC where pillow-heif is installed.

    Raises:
        ImageError: it is HEIC, and that is not installed.
        Exception: whatever Pillow raises for another kind of file, or a damaged one.
    """
    try:
        return Image.open(source, formats=FORMATS)
    except UnidentifiedImageError:
        if not _is_heic(source):
            raise
    try:
        import pillow_heif
    except ImportError:
        raise ImageError(
            f"Expected a picture ({', '.join(FORMATS)}), found HEIC, the iPhone's format: {source}. Export it as JPEG "
            "(on a Mac in Preview, File, Export; on the phone choose Settings, Camera, Formats, Most Compatible), or "
            "install what reads it: `pip install pillow-heif`."
        ) from None
    pillow_heif.register_heif_opener()
    return Image.open(source, formats=("HEIF",))


def _is_heic(source: str | os.PathLike | BinaryIO) -> bool:
    """Return whether a file begins as HEIC does; one that is open is rewound."""
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            return _is_heic(file)
    source.seek(0)
    head = source.read(64)
    source.seek(0)
    brand, is_general = head[8:11], head[8:12] in (b"mif1", b"msf1")
    return head[4:8] == b"ftyp" and (brand in (b"hei", b"hev") or is_general and b"avi" not in head)


def load_pixels(picture: Image.Image) -> None:
    """Decode a picture that Pillow has opened, with nothing on stderr.

    There libtiff says what it finds wrong in a TIFF, and Pillow (13) has no option against it; it raises errors too.
    """
    with without_stderr() if picture.format == "TIFF" else contextlib.nullcontext():
        picture.load()


def _from_array(array: np.ndarray) -> Image.Image:
    is_coloured = array.ndim == 3 and array.shape[2] in (3, 4)
    if array.dtype != np.uint8 or not (array.ndim == 2 or is_coloured) or not array.size:
        raise ImageError(
            "Expected a picture as a uint8 array (height, width), or (height, width, 3) or (height, width, 4) of "
            f"colours, found {array.dtype} {array.shape}: pass levels from 0 to 255."
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
    if picture.getexif().get(ExifTags.Base.Orientation, 1) != 1:  # it would copy the others too
        picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        grey, alpha = np.moveaxis(np.asarray(picture.convert("RGBA").convert("LA"), np.float32), 2, 0)
        return _on_paper(grey, alpha)
    if picture.mode in ("F", "I") or picture.mode.startswith("I;16"):
        grey = np.asarray(picture, float)
        if not np.isfinite(grey).all():
            raise ImageError("Expected finite pixels, found NaN or infinity in the picture: replace them.")
        return ((grey - grey.min()) * (255 / (np.ptp(grey) or 1))).astype(np.float32)
    return np.asarray(picture if picture.mode == "L" else _luminance(picture))


def _luminance(picture: Image.Image) -> Image.Image:
    """Return grey levels; where ink and paper are about equally light, the channel that tells them apart."""
    picture = picture if picture.mode == "RGB" else picture.convert("RGB")
    small = picture.reduce(max(1, max(picture.size) // 200))
    grey, *channels = (_variation(channel) for channel in (small.convert("L"), *small.split()))
    best = int(np.argmax(channels))
    return picture.getchannel(best) if channels[best] > 3 * grey else picture.convert("L")


def _variation(channel: Image.Image) -> float:
    """Return how much a channel varies within narrow parts of the picture, as ink does, and light does not."""
    broad = channel.filter(ImageFilter.BoxBlur(max(channel.size) / 8))
    return float(np.std(np.asarray(channel, float) - np.asarray(broad, float)))


def _on_paper(grey: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Take the opaque part of a picture for the ink, or, if it is a card with ink of its own, extend the card."""
    opaque = alpha > 127
    if opaque.all():
        return grey
    if not opaque.any():
        return alpha
    box = opaque[inked_span(opaque.max(1)), inked_span(opaque.max(0))]
    is_card = box.mean() > 0.6 and np.ptp(grey[opaque]) > 38
    return np.where(opaque, grey, np.median(grey[opaque])) if is_card else alpha
