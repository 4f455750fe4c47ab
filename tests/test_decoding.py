"""Kinds of picture that need more than Pillow."""

import io
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gui.system.opening import open_picture
from zoo import ImageError, image_from_picture
from zoo._support.folders import REFERENCE_DIGITS

THREE = REFERENCE_DIGITS / "3.png"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


def register():
    """Stand in for what pillow-heif adds to Pillow: it takes every such file for a three."""
    Image.OPEN["HEIF"] = (
        lambda file, name: Image.open(io.BytesIO(THREE.read_bytes())),
        lambda head: head[4:8] == b"ftyp",
    )


@pytest.fixture
def photograph(tmp_path):
    (tmp_path / "IMG_0001.HEIC").write_bytes(HEIC)
    return tmp_path / "IMG_0001.HEIC"


def test_heic_is_named_with_what_helps(photograph, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    for source in (photograph, io.BytesIO(HEIC), io.BytesIO(HEIC.replace(b"ftypheic", b"ftypmif1"))):
        with pytest.raises(ImageError, match=r"found HEIC.*Export it as JPEG.*pip install pillow-heif") as error:
            image_from_picture(source)
        assert "\n" not in str(error.value)
    with pytest.raises(ImageError, match="another kind of file"):
        image_from_picture(io.BytesIO(HEIC.replace(b"heic", b"avif")))


def test_heic_is_read_where_pillow_heif_is_installed(photograph, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", SimpleNamespace(register_heif_opener=register))
    monkeypatch.setattr(Image, "OPEN", dict(Image.OPEN))
    three = image_from_picture(THREE)
    np.testing.assert_array_equal(image_from_picture(photograph), three)
    np.testing.assert_array_equal(image_from_picture(io.BytesIO(HEIC)), three)
    opened = open_picture(photograph)
    np.testing.assert_array_equal(opened.image, three)
    assert (opened.title, opened.shown.size) == ("IMG_0001.HEIC", (256, 256))
