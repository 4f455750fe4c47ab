"""Several models on one image: votes, words for them, and models that cannot be loaded."""

import shutil

import numpy as np
import pytest

import zoo
from zoo.comparison import Comparison


def comparison(**digits):
    one_hot = np.eye(10, dtype=np.float32)
    predictions = {
        name: zoo.Prediction(one_hot[digit : digit + 1], one_hot[digit : digit + 1]) for name, digit in digits.items()
    }
    return Comparison(np.zeros((28, 28), np.uint8), {}, predictions)


def test_votes_and_their_words():
    split = comparison(a=7, b=2, c=7)
    assert split.votes == {7: ["a", "c"], 2: ["b"]}
    assert not split.agree
    assert split.summary == "2 of 3 say 7 · 1 says 2"
    assert comparison(a=3, b=3).agree
    assert comparison(a=3, b=3).summary == "Both say 3"
    assert comparison(a=9, b=1).votes == {1: ["b"], 9: ["a"]}
    assert comparison(a=4).summary == "1 says 4"


def test_every_model_reads_the_same_image(models, images):
    result = zoo.compare(images[0], root=models)
    assert set(result.predictions) == {"small_mlp", "two_conv_cnn"}
    for name, prediction in result.predictions.items():
        np.testing.assert_array_equal(prediction.logits, zoo.load(name, root=models).predict(images[0]).logits)
    loaded = zoo.load("small_mlp", root=models)
    assert list(zoo.compare(images[0], "small_mlp", root=models).predictions) == ["small_mlp"]
    assert list(zoo.compare(images[0], [loaded, "two_conv_cnn"], root=models).predictions) == [
        "small_mlp",
        "two_conv_cnn",
    ]


def test_a_damaged_model_does_not_keep_the_others_from_answering(models, images, tmp_path):
    root = tmp_path / "models"
    shutil.copytree(models, root)
    (root / "small_mlp" / "1" / "saved_model.pb").unlink()
    result = zoo.compare(images[0], root=root)
    assert list(result.predictions) == ["two_conv_cnn"]
    assert "saved_model.pb is missing" in result.errors["small_mlp"]
    with pytest.raises(zoo.ZooError, match=r"saved_model\.pb is missing"):
        zoo.compare(images[0], ["small_mlp"], root=root)
    with pytest.raises(zoo.ModelNotFoundError, match="No model 'nobody'"):
        zoo.compare(images[0], ["nobody"], root=root)
    with pytest.raises(zoo.ImageError, match=r"one image of shape \(28, 28\) to compare, found 7"):
        zoo.compare(images, root=root)


def test_no_models_at_all(tmp_path, images):
    with pytest.raises(zoo.ModelNotFoundError, match="python -m builders"):
        zoo.compare(images[0], root=tmp_path)
