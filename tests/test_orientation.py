"""Labelled digits that are turned, mirrored or inverted: found by what they look like, and said by who reads them."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from builders.training.release import load_data
from zoo import Card, Prediction
from zoo.cli import main
from zoo.data.orientation import found_way
from zoo.evaluation import turned
from zoo.evaluation.scoring import measure
from zoo.evaluation.sets import Sets
from zoo.report.digit_sets import load_digits
from zoo.synthetic.digits import synthetic_digits

WAYS = {
    "transposed": lambda images: images.transpose(0, 2, 1),
    "inverted": lambda images: 255 - images,
    "turned to the left": lambda images: np.rot90(images, 1, (1, 2)),
    "turned to the right": lambda images: np.rot90(images, 3, (1, 2)),
    "upside down": lambda images: images[:, ::-1, ::-1],
    "mirrored left to right": lambda images: images[:, :, ::-1],
    "mirrored top to bottom": lambda images: images[:, ::-1],
    "transposed and upside down": lambda images: np.rot90(images, 2, (1, 2)).transpose(0, 2, 1),
    "inverted and transposed": lambda images: 255 - images.transpose(0, 2, 1),
}


@pytest.fixture(scope="module")
def digits():
    return synthetic_digits(400, seed=7)


@pytest.mark.parametrize("words", WAYS)
def test_every_way_is_found_and_what_is_said_to_mend_it_does(digits, words):
    images, labels = digits
    turned = WAYS[words](images)
    way = found_way(turned, labels)
    assert way.words == words
    np.testing.assert_array_equal(way.mend(turned), images)
    run = {"images": turned, "numpy": np}
    assert way.expression.startswith(("images", "numpy.rot90(images", "255 - "))
    np.testing.assert_array_equal(eval(way.expression, run), images)  # noqa: S307  # ours


def test_nothing_is_found_where_nothing_is_wrong(digits):
    images, labels = digits
    assert found_way(images, labels) is None
    assert found_way(images[:30].astype(np.float32), labels[:30]) is None
    assert found_way(np.zeros((3, 28, 28)), np.arange(3)) is None
    random = np.random.default_rng(0)
    assert found_way(random.integers(0, 256, (50, 28, 28), np.uint8), np.arange(50) % 10) is None


@pytest.fixture(params=["transposed", "inverted"])
def file(digits, tmp_path, request):
    np.savez(tmp_path / "turned.npz", images=WAYS[request.param](digits[0]), labels=digits[1])
    return tmp_path / "turned.npz", request.param


def test_evaluate_says_the_figure_and_how_many_would_be_right(file, capsys):
    path, words = file
    assert main(["evaluate", "small_mlp", "--data", str(path), "--json"]) == 0
    captured = capsys.readouterr()
    [result] = json.loads(captured.out)
    assert result["correct"] < 150
    [sentence] = captured.err.splitlines()
    assert sentence.startswith(f"The images are {words}: the right way round small_mlp would read 3")
    assert f"of 400 right, not {result['correct']}; " in sentence


class Blind:
    """A model that reads the same digit in everything."""

    card = Card("blind", 1, Path("blind"), "Blind")

    def predict(self, images):
        logits = np.zeros((len(images), 10), np.float32)
        logits[:, 3] = 5
        return Prediction(logits, logits)


def test_nothing_is_said_where_it_is_the_model_that_reads_badly(digits):
    sets = Sets({"images": (WAYS["transposed"](digits[0]), digits[1])})
    assert list(turned.sentences({"blind": measure(Blind(), sets)}, sets, lambda name: Blind())) == []


def test_explore_and_builders_say_it_too(file, tmp_path, capsys):
    path, words = file
    load_digits(str(path), count=50)
    assert capsys.readouterr().err.startswith(f"Your images look {words}, ")
    with np.load(path) as found:
        parts = {f"{x}_{part}": found[key] for part in ("train", "test") for x, key in zip("xy", found, strict=True)}
    np.savez(path, **parts)
    nothing = {"score_strokes": [], "score_outliers": None, "strokes": None, "validate": False}
    load_data(argparse.Namespace(data=str(path), quick=True, seed=1, **nothing))
    assert capsys.readouterr().err.startswith(f"The images to learn from look {words}, ")
