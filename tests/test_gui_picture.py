import numpy as np
import pytest
from PIL import Image

from gui.picture import render, smooth, write


def test_dark_round_ink_on_white():
    pixels = np.asarray(render([[(0.2, 0.5), (0.8, 0.5)]], side=100, pen_width=0.1)).mean(axis=2)
    assert pixels.shape == (100, 100)
    assert pixels[50, 50] < 40
    assert pixels[0, 0] == pixels[40, 50] == 255
    assert pixels[50, 16] < 40  # a round cap reaches half a pen beyond the end
    assert pixels[46, 16] > 100  # but its corners are round
    assert len(np.unique(pixels)) > 4  # anti-aliased


def test_a_point_is_a_dot_and_nothing_is_white():
    assert np.asarray(render([[(0.5, 0.5)]], side=100)).min() < 40
    assert np.asarray(render([], side=20)).min() == 255


def test_smooth_keeps_the_ends_and_cuts_the_corner():
    path = smooth([(0, 0), (1, 0), (1, 1)])
    assert (path[0], path[-1]) == ((0, 0), (1, 1))
    assert (1, 0) not in path
    assert smooth([(0, 0), (1, 1)]) == [(0, 0), (1, 1)]


def test_write_replaces_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "digit.png"
    write(render([[(0.5, 0.5)]]), path)
    with Image.open(path, formats=("PNG",)) as image:
        assert image.size == (560, 560)
    before = path.read_bytes()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write(render([]), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("digit", range(10))
def test_reference_digits_ship_and_are_what_the_script_draws(digit, tmp_path):
    from gui.app import REFERENCE_DIGITS
    from gui.reference_digits import make

    with Image.open(REFERENCE_DIGITS / f"{digit}.png", formats=("PNG",)) as image:
        shipped = np.asarray(image.convert("L"), int)
    relative = [[(x / 100, y / 100) for x, y in stroke] for stroke in make.DIGITS[digit]]
    drawn = np.asarray(render(relative, make.SIDE, make.PEN_WIDTH / 100).convert("L"), int)
    assert shipped.shape == (256, 256)
    assert np.abs(shipped - drawn).mean() < 1  # pixels at edges may differ between versions of Pillow
