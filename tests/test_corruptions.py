import numpy as np
import pytest

from zoo.data.corruptions import CORRUPTIONS, corrupted

ROWS, COLUMNS = np.mgrid[:28, :28]


@pytest.fixture
def bars():
    """Forty upright bars, 5 pixels wide and 17 high, whose centre of mass is where MNIST puts it."""
    images = np.zeros((40, 28, 28), np.uint8)
    images[:, 6:23, 12:17] = 255
    return images


def centre(image):
    return np.array([(image * axis).sum() / image.sum() for axis in (ROWS, COLUMNS)])


def lean(image):
    """Return how many columns the ink goes to the right from one row to the next below."""
    inked = image.sum(1) > 0
    middles = (image * COLUMNS).sum(1)[inked] / image.sum(1)[inked]
    return np.polyfit(np.flatnonzero(inked), middles, 1, w=image.sum(1)[inked])[0]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_set_is_new_images_that_its_seed_decides(name, bars):
    before = bars.copy()
    made = corrupted(name, bars, seed=5)
    assert (made.dtype, made.shape) == (np.uint8, bars.shape)
    assert (made != bars).any((1, 2)).all()
    np.testing.assert_array_equal(bars, before)
    np.testing.assert_array_equal(made, corrupted(name, bars, seed=5))
    is_random = name not in ("thin", "thick", "blur")
    assert (made != corrupted(name, bars, seed=6)).any() == is_random
    assert (made != made[0]).any() == is_random  # by image, not by set


@pytest.mark.parametrize(("name", "expected"), [("rotated", np.tan(np.radians(20))), ("sheared", 0.4)])
def test_bars_lean_by_as_much_as_the_set_says_to_either_side(name, expected, bars):
    leans = np.array([lean(image) for image in corrupted(name, bars).astype(float)])
    np.testing.assert_allclose(np.abs(leans), expected, rtol=0.1)
    assert {-1, 1} == set(np.sign(leans))


def test_rotation_keeps_the_centre_and_the_ink(bars):
    bars[:, 6:10, 10:13] = 255
    for image, before in zip(corrupted("rotated", bars).astype(float), bars.astype(float), strict=True):
        assert image.sum() == pytest.approx(before.sum(), rel=0.03)
        turned = np.linalg.norm(centre(image) - 14), np.linalg.norm(centre(before) - 14)
        assert turned[0] == pytest.approx(turned[1], abs=0.2)


def test_small_is_small_and_off_centre(bars):
    made = corrupted("small", bars).astype(float)
    for image in made:
        assert image.sum() == pytest.approx(0.6**2 * bars[0].sum(), rel=0.1)
        assert (np.abs(centre(image) - 14) > 3).all()
        assert (np.abs(centre(image) - 14) < 6).all()
    assert len({tuple(np.sign(centre(image) - 14)) for image in made}) == 4  # towards every corner


def test_pens(bars):
    def width(images):
        return images[0, 13].sum() / 255

    assert width(corrupted("thick", bars)) == pytest.approx(5 + 2 * 0.75, abs=0.1)
    assert 2.5 <= width(corrupted("thin", bars)) <= 3.5
    bars[:, :, :15] = 0  # two pixels wide now; a thin line gets thinner, and does not break
    assert 1 <= width(corrupted("thin", bars)) <= 1.75
    assert (corrupted("thin", bars)[0, 8:20].sum(1) > 200).all()


def test_noise_and_blur(bars):
    grey = np.full_like(bars, 128)
    assert (corrupted("noise", grey).astype(float) - grey).std() == pytest.approx(50, rel=0.05)
    blurred = corrupted("blur", bars)[0]
    assert blurred.sum() == pytest.approx(bars[0].sum(), rel=0.02)
    profile = blurred.sum(0) / blurred.sum()
    spread = (profile * COLUMNS[0] ** 2).sum() - (profile * COLUMNS[0]).sum() ** 2
    assert spread == pytest.approx(1.2**2 + (5**2 - 1) / 12, rel=0.1)


def test_a_round_spot_is_erased_wherever_there_is_ink(bars):
    lost = (bars - corrupted("erased", bars)).astype(float)
    assert (lost.max((1, 2)) == 255).all()
    assert lost.sum((1, 2)).max() / 255 < 5 * 6  # of the 85 pixels of a bar
    rows = [round(centre(image)[0]) for image in lost]
    assert min(rows) < 10
    assert max(rows) > 18
    white = np.full_like(bars, 255)
    for image in (white - corrupted("erased", white)).astype(float):
        inside = (np.abs(centre(image) - 13.5) < 9).all()
        assert not inside or image.sum() / 255 == pytest.approx(np.pi * 3**2, rel=0.1)
