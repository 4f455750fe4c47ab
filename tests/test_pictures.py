import io
import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.test_strokes import DRAWINGS, difference, shape_difference
from zoo.errors import BlankImageError, ImageError
from zoo.images import decoding
from zoo.images.pictures import image_from_picture
from zoo.images.strokes import image_from_strokes

DIGIT = image_from_strokes(DRAWINGS["2"])


def page(digit, size=(240, 180), at=(30, 90)):
    """Put a digit on a black page."""
    paper = np.zeros(size, np.uint8)
    paper[at[0] : at[0] + digit.shape[0], at[1] : at[1] + digit.shape[1]] = digit
    return paper


def enlarged(digit, factor, filter=Image.Resampling.NEAREST):
    return np.asarray(Image.fromarray(digit).resize((28 * factor, 28 * factor), filter))


LARGE = page(enlarged(DIGIT, 4), (240, 180), (90, 50))


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("paper", [None, (100, 120), (28, 300)])
def test_an_image_made_by_the_rule_comes_out_as_it_went_in(name, inverted, paper):
    digit = image_from_strokes(DRAWINGS[name])
    picture = page(digit, paper, (paper[0] - 28, 7)) if paper else digit
    np.testing.assert_array_equal(image_from_picture(255 - picture if inverted else picture), digit)


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize(("filter", "tolerance"), [("NEAREST", 6), ("BICUBIC", 10)])
def test_an_enlarged_image_comes_out_nearly_as_it_went_in(name, filter, tolerance):
    digit = image_from_strokes(DRAWINGS[name])
    large = enlarged(digit, 10, Image.Resampling[filter])
    found = image_from_picture(255 - page(large, (600, 800), (311, 17)))
    assert shape_difference(found, digit) < tolerance
    np.testing.assert_array_equal(found, image_from_picture(large))


def test_a_small_digit_on_a_large_page_is_found():
    picture = 255 - page(enlarged(DIGIT, 4), (2400, 3200), (1700, 400))
    assert shape_difference(image_from_picture(picture), DIGIT) < 8


FILES = {
    "png": {},
    "jpg": {"quality": 80},
    "bmp": {},
    "gif": {},
    "tiff": {},
    "webp": {"lossless": True},
}


@pytest.mark.parametrize("extension", FILES)
def test_formats(tmp_path, extension):
    path = tmp_path / f"digit.{extension}"
    Image.fromarray(255 - LARGE).save(path, **FILES[extension])
    expected = image_from_picture(LARGE)
    assert difference(image_from_picture(path), expected) < 3
    assert difference(image_from_picture(str(path)), expected) < 3


ink = LARGE.astype(float) / 255
clear = np.zeros_like(LARGE)
MODES = {
    "1": Image.fromarray(LARGE).convert("1", dither=Image.Dither.NONE),
    "P": Image.fromarray(255 - LARGE).convert("P"),
    "RGB, red on yellow": Image.fromarray(np.dstack((255 - 75 * ink, 220 - 200 * ink, 30 + 0 * ink)).astype(np.uint8)),
    "CMYK": Image.fromarray(255 - LARGE).convert("RGB").convert("CMYK"),
    "I;16": Image.fromarray((4000 - 3000 * ink).astype(np.uint16)),
    "I": Image.fromarray((100_000 * ink).astype(np.int32)),
    "F": Image.fromarray((0.7 - 0.6 * ink).astype(np.float32)),
    "black on transparent": Image.fromarray(np.dstack((clear, clear, clear, LARGE)), "RGBA"),
    "white on transparent": Image.fromarray(np.dstack((clear + 255, clear + 255, clear + 255, LARGE)), "RGBA"),
    "grey on transparent": Image.fromarray(np.dstack((clear + 99, LARGE)), "LA"),
}


@pytest.mark.parametrize("mode", MODES)
def test_modes(tmp_path, mode):
    expected = image_from_picture(LARGE)
    assert difference(image_from_picture(MODES[mode]), expected) < (8 if mode == "1" else 2)
    MODES[mode].save(tmp_path / "digit.tiff")
    assert difference(image_from_picture(tmp_path / "digit.tiff"), expected) < (8 if mode == "1" else 2)


@pytest.mark.parametrize("card", [0, 255])
def test_a_card_with_a_transparent_margin_is_paper(card):
    rgba = np.zeros((300, 260, 4), np.uint8)
    rgba[30:270, 40:220, :3] = np.abs(LARGE.astype(int) - card)[:, :, None]
    rgba[30:270, 40:220, 3] = 255
    assert difference(image_from_picture(Image.fromarray(rgba)), image_from_picture(LARGE)) < 2


def test_a_transparent_palette(tmp_path):
    Image.fromarray(np.where(LARGE > 127, 1, 0).astype(np.uint8), "P").save(tmp_path / "a.gif", transparency=0)
    assert shape_difference(image_from_picture(tmp_path / "a.gif"), image_from_picture(LARGE)) < 8


def test_exif_rotation_is_undone(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right to see it upright
    Image.fromarray(np.rot90(255 - LARGE)).save(tmp_path / "phone.jpg", exif=exif, quality=90)
    assert difference(image_from_picture(tmp_path / "phone.jpg"), image_from_picture(LARGE)) < 3


def test_the_first_frame_counts(tmp_path):
    frames = [Image.fromarray(LARGE), Image.fromarray(np.rot90(LARGE, 2))]
    for name in ("frames.gif", "frames.tiff"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        assert difference(image_from_picture(tmp_path / name), image_from_picture(LARGE)) < 2


def photograph(digit, light_ink=False, shadow=False, specks=12):
    """Put ink on uneven, noisy paper with stray specks, as a phone sees it."""
    random = np.random.default_rng(5)
    depth = page(enlarged(digit, 8, Image.Resampling.BICUBIC), (450, 600), (120, 250)) / 255
    for y, x in random.integers(0, (440, 590), (specks, 2)):
        depth[y : y + 2, x : x + 2] = 0.8
    y, x = np.mgrid[0:1:450j, 0:1:600j]
    light = 1 - 0.4 * x - 0.1 * y * y
    if shadow:
        light *= np.where(x + 0.3 * y > 0.75, 0.6, 1)
    picture = (0.15 + 0.6 * depth if light_ink else 0.85 * (1 - 0.7 * depth)) * light * 255
    picture = np.clip(picture + random.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    Image.fromarray(picture).save(file := io.BytesIO(), "JPEG", quality=80)
    return Image.open(file)


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("kind", [{}, {"light_ink": True}, {"shadow": True}], ids=str)
def test_a_photograph(name, kind):
    digit = image_from_strokes(DRAWINGS[name])
    assert shape_difference(image_from_picture(photograph(digit, **kind)), digit) < 10


def test_specks_of_a_scan_are_dropped():
    picture = page(enlarged(DIGIT, 10), (600, 500), (200, 100))
    noise = np.random.default_rng(1).random(picture.shape) < 0.0005
    scan = np.where(picture > 127, 0, 255) * ~noise
    assert shape_difference(image_from_picture(scan.astype(np.uint8)), DIGIT) < 10


def test_a_detached_stroke_is_kept():
    drawing = [np.array([(0, 0), (0, 10)]), np.array([(3.5, 1), (5, 1)])]
    digit = image_from_strokes(drawing)
    assert shape_difference(image_from_picture(enlarged(digit, 10)), digit) < 6


BLANK = {
    "black": np.zeros((28, 28), np.uint8),
    "white": np.full((300, 200), 255, np.uint8),
    "nearly white": np.where(np.eye(100) > 0, 254, 255).astype(np.uint8),
    "one pixel": np.zeros((1, 1), np.uint8),
    "transparent": Image.new("RGBA", (50, 50)),
    "16 bits": Image.fromarray(np.full((40, 40), 4000, np.uint16)),
    "noisy paper": np.random.default_rng(0).normal(180, 5, (300, 300)).clip(0, 255).astype(np.uint8),
}


@pytest.mark.parametrize("name", BLANK)
def test_blank_pictures_say_so(name):
    with pytest.raises(BlankImageError, match="found no ink"):
        image_from_picture(BLANK[name])


def test_not_finite_pixels():
    pixels = np.zeros((40, 40), np.float32)
    pixels[3, 3] = np.nan
    with pytest.raises(ImageError, match="NaN"):
        image_from_picture(Image.fromarray(pixels))


def saved(extension, **options):
    Image.fromarray(255 - LARGE).save(file := io.BytesIO(), extension, **options)
    return file.getvalue()


@pytest.mark.parametrize("extension", ["PNG", "JPEG", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5])
def test_truncated_files(tmp_path, extension, share):
    data = saved(extension)
    path = tmp_path / f"cut.{extension.lower()}"
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ImageError, match="Expected a") as error:
        image_from_picture(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.4", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_other_files(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(ImageError, match="another kind of file"):
        image_from_picture(tmp_path / "other")


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(ImageError, match="found nothing"):
        image_from_picture(tmp_path / "none.png")
    with pytest.raises(ImageError, match="found a folder"):
        image_from_picture(tmp_path)
    with pytest.raises(ImageError, match=r"found what cannot be read \(.*too long\)"):
        image_from_picture(tmp_path / ("a" * 999))


def test_large_pictures_are_refused_before_they_are_decoded(tmp_path, monkeypatch):
    Image.new("1", (8000, 7000)).save(tmp_path / "large.png")
    with pytest.raises(ImageError, match="8000 x 7000"):
        image_from_picture(tmp_path / "large.png")
    Image.new("1", (20000, 10000)).save(tmp_path / "bomb.png")
    with pytest.raises(ImageError, match="at most 50,000,000 pixels"):
        image_from_picture(tmp_path / "bomb.png")
    monkeypatch.setattr(decoding, "MAX_BYTES", 100)
    with pytest.raises(ImageError, match="at most 100 bytes"):
        image_from_picture(tmp_path / "large.png")


def test_arrays_of_another_kind():
    with pytest.raises(ImageError, match="uint8 array"):
        image_from_picture(np.zeros((28, 28)))


def test_warnings_of_pillow_do_not_leak(tmp_path):
    data = saved("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03\0\0\xff\xff")  # a damaged EXIF block
    (tmp_path / "odd.jpg").write_bytes(data)
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        image_from_picture(tmp_path / "odd.jpg")
    assert leaked == []


def damaged_tiff(compression, where):
    """A TIFF of which bytes at a place, a share of its length, are zeros."""
    data = bytearray(saved("TIFF", compression=compression))
    start = int(where * len(data))
    data[start : start + 20] = bytes(20)
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
@pytest.mark.parametrize("where", [0.3, 0.8, 0.95])
def test_of_a_damaged_tiff_nobody_writes_to_stderr(tmp_path, compression, where):
    (tmp_path / "damaged.tiff").write_bytes(damaged_tiff(compression, where))
    code = """
import sys, zoo
try:
    zoo.image_from_picture(sys.argv[1])
except zoo.ImageError as error:
    print(error)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "damaged.tiff")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout == "" or re.fullmatch("Expected a .*picture.*\n", done.stdout)


def test_scipy_is_not_imported_before_it_is_needed():
    code = "import sys, zoo.images.pictures; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif("DIGIT_ZOO_MNIST" not in os.environ, reason="DIGIT_ZOO_MNIST does not say where MNIST is")
def test_images_of_mnist_come_out_as_they_went_in():
    from zoo.data.mnist import load_mnist, split_held_out

    images = split_held_out(load_mnist())[1][0][:40]
    assert np.mean([difference(image_from_picture(image), image) for image in images]) < 0.2
    assert np.mean([difference(image_from_picture(255 - enlarged(image, 10)), image) for image in images]) < 4


FRAMED = Image.fromarray(255 - page(enlarged(DIGIT, 10), (400, 500), (60, 120)))


def with_frame(inset, width):
    picture = FRAMED.copy()
    ImageDraw.Draw(picture).rectangle((inset, inset, 499 - inset, 399 - inset), outline=0, width=width)
    return picture


def on_a_table():
    picture = Image.new("L", (800, 700), 70)
    picture.paste(FRAMED, (150, 120))
    return picture


def red_on_equally_light_green():
    ink = 1 - np.asarray(FRAMED, float)[..., None] / 255
    return Image.fromarray((ink * [255, 0, 0] + (1 - ink) * [0, 130, 0]).astype(np.uint8))


@pytest.mark.parametrize(
    "picture",
    [with_frame(20, 5), with_frame(0, 8), with_frame(3, 3), on_a_table(), red_on_equally_light_green()],
    ids=["frame", "frame at the edge", "frame near the edge", "on a table", "red on green"],
)
def test_frames_tables_and_colours_do_not_matter(picture):
    assert difference(image_from_picture(picture), image_from_picture(FRAMED)) < 3


def test_an_open_file_is_read():
    np.testing.assert_array_equal(
        image_from_picture(io.BytesIO(saved("PNG"))), image_from_picture(Image.open(io.BytesIO(saved("PNG"))))
    )


@pytest.mark.parametrize("source", [None, 3, [[0]]])
def test_what_is_no_picture_at_all(source):
    with pytest.raises(ImageError, match="Expected the path of a picture or a Pillow image"):
        image_from_picture(source)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_thick_digit_is_no_frame(name):
    digit = image_from_strokes(DRAWINGS[name], pen_width=9)
    for picture in (digit, 255 - digit):
        assert difference(image_from_picture(picture), digit) < 3
