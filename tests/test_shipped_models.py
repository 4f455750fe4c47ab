"""The models that ship: whole, described, and as good as they say."""

import os

import numpy as np
import pytest
from PIL import Image

import zoo
from builders.training.networks import network_names
from zoo import artifacts
from zoo.classifier import DOUBTFUL
from zoo.data.drawing_files import load_drawings
from zoo.data.drawings import images_of
from zoo.data.mnist import MNIST_TEST_SHA256, load_mnist
from zoo.evaluation.metrics import area_under_roc, evaluate
from zoo.synthetic.digits import draw_digit
from zoo.synthetic.outliers import synthetic_outliers

CARDS = [card for card in zoo.list_models() if card.name in network_names()]  # not what somebody tries out

# Digits as somebody draws them in a window: x to the right, y down.
DRAWINGS = {
    0: [[(50, 10), (25, 30), (20, 60), (35, 88), (60, 88), (78, 60), (74, 28), (50, 10)]],
    1: [[(50, 5), (50, 95)]],
    2: [[(22, 28), (35, 10), (60, 8), (75, 25), (68, 48), (45, 70), (20, 90), (80, 90)]],
    3: [[(25, 15), (50, 5), (72, 20), (65, 40), (45, 48), (70, 56), (76, 78), (55, 93), (24, 85)]],
    4: [[(40, 8), (20, 55), (80, 55)], [(62, 30), (62, 95)]],
    5: [[(72, 8), (32, 8), (28, 42), (55, 38), (74, 55), (70, 82), (48, 93), (24, 84)]],
    6: [[(62, 6), (38, 30), (26, 62), (34, 88), (58, 92), (72, 76), (62, 58), (40, 58), (28, 70)]],
    7: [[(20, 10), (78, 10), (58, 50), (42, 92)]],
    8: [[(66, 18), (48, 8), (32, 20), (40, 40), (62, 55), (68, 78), (50, 92), (32, 78), (40, 55), (64, 36), (66, 18)]],
    9: [[(68, 28), (50, 12), (32, 26), (38, 46), (58, 46), (69, 26), (66, 60), (60, 92)]],
}


def test_every_network_ships_once():
    assert sorted(card.name for card in CARDS) == network_names()
    for card in CARDS:
        assert artifacts.list_versions(card.name) == [card.version]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_files_match_their_checksums_and_metadata_is_complete(card):
    artifacts.verify(card.path)
    metadata = card.metadata
    assert metadata["metrics"]["mnist_test"]["total"] == 10_000
    assert metadata["data"]["training"] | {"sha256": ""} == {"name": "MNIST", "images": 57_000, "sha256": ""}
    assert metadata["data"]["mnist_test"]["sha256"] == MNIST_TEST_SHA256
    assert metadata["metrics"]["drawings"]["total"] == 7_494
    assert metadata["metrics"]["unipen"]["total"] == 7_450
    assert metadata["calibration"]["layer"] in metadata["layers"]
    assert len(metadata["history"]["loss"]) == metadata["recipe"]["epochs"]
    assert {"seed", "seconds", "libraries", "weights_sha256", "layers", "latency_us"} <= metadata.keys()


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
@pytest.mark.slow
def test_weights_are_those_of_model_json(card):
    from zoo.data.arrays import digest

    if card.metadata["runtime"] == "numpy":
        with np.load(card.path / "weights.npz") as file:
            weights = [file[name] for name in file.files]
    else:
        import tensorflow as tf

        loaded = tf.saved_model.load(str(card.path))
        weights = [variable.numpy() for variable in loaded.model_variables]
    assert digest(*weights) == card.metadata["weights_sha256"]
    assert sum(weight.size for weight in weights) == card.parameters


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_drawn_digits_are_read(card):
    strokes = {digit: [np.array(stroke, float) for stroke in drawing] for digit, drawing in DRAWINGS.items()}
    images = np.stack([zoo.image_from_strokes(drawing) for drawing in strokes.values()])
    assert zoo.load(card.name).predict(images).digits.tolist() == list(range(10))


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_generated_digits_are_read_at_any_pen_and_what_is_no_digit_is_doubted(card):
    model, random = zoo.load(card.name), np.random.default_rng(9)
    digits = np.arange(300) % 10
    drawn = [draw_digit(int(digit), random)[0] for digit in digits]
    recorded = card.metrics["drawings"]
    for pen_width in (1.7, 2.4, 3.4):
        read = model.predict(images_of(drawn, pen_width))
        assert (read.digits == digits).mean() > recorded["correct"] / recorded["total"] - 0.05
        assert (read.doubt > DOUBTFUL).mean() < 0.08
    others, _ = synthetic_outliers(300, seed=9, unseen=True)
    assert area_under_roc(read.doubt, model.predict(others).doubt) > (0.95 if card.facts.learned_doubt else 0.65)
    no_ink = model.predict(np.zeros((28, 28), np.uint8))
    assert no_ink.doubt > 0.7 or not card.facts.learned_doubt


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_recorded_score_is_the_score(card):
    if not os.environ.get("DIGIT_ZOO_MNIST"):
        pytest.skip("needs MNIST: set DIGIT_ZOO_MNIST to count again")
    mnist = load_mnist()
    recorded = card.metrics["mnist_test"]["correct"]
    # Another processor may add floats in another order, and tip an image that a model is all but undecided about.
    assert abs(evaluate(zoo.load(card.name), mnist.x_test, mnist.y_test).correct - recorded) <= 2


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
@pytest.mark.parametrize(("key", "variable"), [("drawings", "DIGIT_ZOO_STROKES"), ("unipen", "DIGIT_ZOO_UNIPEN")])
def test_recorded_score_on_drawings_is_the_score(card, key, variable):
    if not os.environ.get(variable):
        pytest.skip(f"needs the drawings: set {variable} to count again")
    if key not in card.metrics:
        pytest.skip(f"{card.name} records no score on {key}")
    drawings = load_drawings(os.environ[variable])
    recorded = card.metrics[key]["correct"]
    found = evaluate(zoo.load(card.name), images_of(drawings.drawings), drawings.labels).correct
    assert abs(found - recorded) <= 2  # as above


@pytest.mark.slow
def test_mnist_images_as_pictures_are_read_as_well_as_the_originals():
    if not os.environ.get("DIGIT_ZOO_MNIST"):
        pytest.skip("needs MNIST: set DIGIT_ZOO_MNIST to compare")
    mnist, model = load_mnist(), zoo.load("two_conv_cnn")
    originals = mnist.x_test[:300]

    def page(image):
        paper = np.zeros((400, 500), np.uint8)
        paper[40:320, 190:470] = np.asarray(Image.fromarray(image).resize((280, 280), Image.Resampling.BICUBIC))
        return 255 - paper

    digits = model.predict(originals).digits
    for variant in (lambda image: image, lambda image: 255 - image, page):
        pictures = np.stack([zoo.image_from_picture(variant(image)) for image in originals])
        assert (model.predict(pictures).digits != digits).sum() <= 2
