"""What `python -m zoo evaluate` scores on, and its figures as programs read them."""

import json

import numpy as np
import pytest

from tests.test_metrics import Reader
from zoo.errors import DataError
from zoo.evaluation import scoring


@pytest.fixture
def labelled(tmp_path):
    """Ten labelled images that `Reader` reads right, with a doubt of 0.2."""
    images = np.zeros((10, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1], images[:, 10:20, 10:20] = np.arange(10), 80, 255
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(10))
    return tmp_path / "mine.npz"


def test_a_path_may_begin_with_the_home_folder(labelled, monkeypatch):
    monkeypatch.setenv("HOME", str(labelled.parent))
    monkeypatch.setenv("USERPROFILE", str(labelled.parent))
    images, labels = scoring.load_sets("~/mine.npz").labelled["images"]
    assert images.shape == (10, 28, 28)
    assert labels.tolist() == list(range(10))


def test_without_mnist_what_is_asked_for_is_scored_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(tmp_path / "none.npz"))
    monkeypatch.setattr(scoring, "MADE", 20)
    sets = scoring.load_sets(with_outliers=True)
    assert list(sets.labelled) == ["synthetic"]
    assert sum(map(len, sets.outliers.values())) == 40
    assert capsys.readouterr().err.startswith("MNIST is left out.")
    with pytest.raises(DataError):
        scoring.load_sets(with_outliers=True, with_corruptions=True)


def test_the_figures_have_the_keys_that_programs_read(labelled, monkeypatch):
    monkeypatch.setattr(scoring, "MADE", 20)
    sets = scoring.load_sets(str(labelled), with_corruptions=True, with_outliers=True)
    scores = scoring.Scores(
        {name: scoring.Evaluation(labels, labels, np.eye(10)[labels]) for name, (_, labels) in sets.labelled.items()},
        dict.fromkeys([*sets.outliers, "all", "unseen"], 0.5),
    )
    figures = json.loads(json.dumps(scoring.as_json(scores, sets)))
    counts = {"correct", "total", "calibration_error", "false_alarms", "by_digit", "confusion"}
    assert figures.keys() == {"data", *counts, "generated", "shifted", "not_digits"}
    assert figures["generated"].keys() == counts
    assert figures["shifted"]["thin"].keys() == {"description", *counts}
    assert figures["not_digits"]["against"] == "generated"
    assert figures["not_digits"]["by_kind"]["dot"].keys() == {"total", "area_under_roc"}


def test_a_model_is_scored_on_all_sets(labelled):
    class Named(Reader):
        class card:  # noqa: N801
            name = "reader"

    sets = scoring.load_sets(str(labelled))
    scores = scoring.measure(Named(), sets)
    assert scores.evaluations["images"].correct == 10
    assert scores.areas == {}
    [[head, [row]]] = scoring.tables({"reader": scores}, sets)
    assert head == ["model", "of 10 images", "ECE"]
    assert row[:2] == ["reader", "10 100.00%"]
