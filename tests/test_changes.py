"""Images changed step by step after they were centred."""

import numpy as np
import pytest

from zoo.changes import CHANGES, NEUTRAL, along, changed


@pytest.fixture
def bar():
    """An upright bar, 4 pixels wide, whose middle is the centre of the image."""
    image = np.zeros((28, 28), np.uint8)
    image[7:22, 13:17] = 255
    return image


def centre(image):
    ink = image / image.sum()
    return ink.sum(0) @ np.arange(28), ink.sum(1) @ np.arange(28)


def test_neutral_levels_change_nothing(bar):
    assert np.array_equal(changed(bar, NEUTRAL), bar)
    assert np.array_equal(changed(bar, {}), bar)
    for name, change in CHANGES.items():
        assert np.array_equal(along(bar, {}, name)[change.levels.index(change.neutral)], bar)


@pytest.mark.parametrize(("name", "axis"), [("right", 0), ("down", 1)])
def test_a_shift_moves_the_ink_by_whole_pixels(bar, name, axis):
    before, after = centre(bar), centre(changed(bar, {name: 3}))
    assert after[axis] - before[axis] == pytest.approx(3)
    assert after[1 - axis] == pytest.approx(before[1 - axis])


def test_a_rotation_is_clockwise_about_the_centre(bar):
    bar[7:9, 17:23] = 255  # a flag at the upper right
    turned = changed(bar, {"rotation": 90})
    assert turned[17:23, 20:22].mean() > 200  # which comes to the lower right
    assert turned.sum() == pytest.approx(bar.sum(), rel=0.1)


def test_scale_and_pen_change_the_amount_of_ink(bar):
    amount = bar.sum(dtype=float)
    assert changed(bar, {"scale": 50}).sum() == pytest.approx(amount / 4, rel=0.1)
    assert changed(bar, {"pen": 1}).sum() == pytest.approx(amount * 17 * 6 / 60, rel=0.05)
    assert changed(bar, {"pen": -0.5}).sum() == pytest.approx(amount * 14 * 3 / 60, rel=0.05)


def test_the_thinnest_pen_leaves_a_digit():
    line = np.zeros((28, 28), np.uint8)
    line[5:24, 14] = 255
    assert changed(line, {"pen": -1}).sum() > 0.2 * line.sum(dtype=float)


def test_noise_is_the_same_each_time_and_comes_last(bar):
    noisy = changed(bar, {"noise": 60})
    assert np.array_equal(noisy, changed(bar, {"noise": 60}))
    assert noisy[0].any()
    assert np.array_equal(changed(bar, {"noise": 60, "right": 2})[0], noisy[0])  # the noise does not move


def test_levels_have_words_and_snap():
    assert CHANGES["right"].text(-3) == "\N{MINUS SIGN}3 px"
    assert CHANGES["rotation"].text(15) == "+15°"
    assert CHANGES["scale"].text(100) == "100 %"
    assert CHANGES["rotation"].nearest(17.6) == 20
