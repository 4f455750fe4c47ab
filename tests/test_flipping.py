"""The smallest change that flips an answer."""

from types import SimpleNamespace

import numpy as np
import pytest

import zoo
from zoo.flipping import smallest_flip
from zoo.synthetic.digits import draw_digit_on_sheet


def found(model, image):
    """Run the search to its end."""
    steps, done = smallest_flip(model, image), []
    while True:
        try:
            done.append(next(steps))
        except StopIteration as end:
            assert all(0 <= share <= 1 for share in done)
            return end.value


def scoring(score):
    """A model whose logits are 0 but for those of 0 and 1, which ``score`` returns; it notes its batches."""
    model = SimpleNamespace(batches=[])

    def predict(images):
        images = np.asarray(images, np.float32).reshape(-1, 28, 28)
        model.batches.append(len(images))
        logits = np.pad(np.stack(score(images / 255), axis=1), ((0, 0), (0, 8)))
        return zoo.Prediction(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), logits)

    model.predict = predict
    return model


@pytest.fixture
def bar():
    """A bar of 20 rows and 2 columns."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:15] = 255
    return image


def test_no_more_ink_goes_than_has_to(bar):
    # The five upper rows hold all that speaks for a 0: six of their ten pixels have to go.
    model = scoring(lambda images: (images[:, 4:9].sum((1, 2)), np.full(len(images), 4.5)))
    flip = found(model, bar)
    assert (flip.digit, flip.other, flip.is_flipped) == (0, 1, True)
    assert (flip.wiped, flip.ink) == (6, 40)
    np.testing.assert_array_equal(flip.images[0], bar)
    lost = np.argwhere(flip.images[-1] != bar)
    assert len(lost) == 6
    assert lost[:, 0].max() < 9
    assert [int((image > 0).sum()) for image in flip.images] == [40, 39, 38, 37, 36, 35, 34]
    assert (flip.probabilities.argmax(axis=1) == [0, 0, 0, 0, 0, 0, 1]).all()
    assert flip.images.dtype == np.uint8
    assert max(model.batches) <= 16


def test_what_was_not_needed_comes_back(bar):
    # One pixel alone counts, but only once two others have gone does the search learn of it.
    def score(images):
        bait = images[:, 4, 13] + images[:, 5, 13]
        key = np.where((bait == 0) & (images[:, 20, 14] == 0), 9.0, images[:, 20, 14] == 0)
        return bait + 3, 5.5 * (key > 0)

    flip = found(scoring(score), bar)
    assert flip.is_flipped
    assert {tuple(place) for place in np.argwhere(flip.images[-1] != bar)} == {(20, 14)}


def test_where_nothing_flips_it_half_of_the_ink_has_gone(bar):
    flip = found(scoring(lambda images: (np.ones(len(images)), np.zeros(len(images)))), bar)
    assert not flip.is_flipped
    assert flip.wiped == 20
    assert flip.other != flip.digit


def test_a_blank_image_has_nothing_to_lose():
    flip = found(scoring(lambda images: (np.ones(len(images)), np.zeros(len(images)))), np.zeros((28, 28), np.uint8))
    assert (flip.wiped, flip.ink, flip.is_flipped) == (0, 0, False)


def test_a_digit_of_a_real_model_flips():
    model = zoo.load("scratch_small_mlp")
    flip = found(model, zoo.image_from_strokes(draw_digit_on_sheet(8, np.random.default_rng(8))))
    assert flip.is_flipped
    assert 0 < flip.wiped < 10
    assert model.predict(flip.images).digits.tolist() == [flip.digit] * flip.wiped + [flip.other]
