"""What `python -m zoo evaluate` scores on, and its figures as programs read them."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.test_drawings import made_up_drawings
from tests.test_metrics import Reader
from zoo.data.drawing_files import write_drawings
from zoo.data.drawings import drawings_as_arrays
from zoo.ensemble import DOUBTFUL_VOTE
from zoo.errors import DataError
from zoo.evaluation import sets as evaluated
from zoo.evaluation.metrics import Evaluation, Rate
from zoo.evaluation.scoring import OutlierScores, Scores, as_json, measure, vote_of
from zoo.evaluation.sets import Outliers, Sets, load_sets
from zoo.evaluation.tables import tables
from zoo.report import misread_sheet


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
    images, labels = load_sets("~/mine.npz").labelled["images"]
    assert images.shape == (10, 28, 28)
    assert labels.tolist() == list(range(10))


def test_without_mnist_what_is_asked_for_is_scored_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(tmp_path / "none.npz"))
    monkeypatch.setattr(evaluated, "MADE", 20)
    sets = load_sets(with_outliers=True)
    assert list(sets.labelled) == ["synthetic"]
    assert len(sets.outliers.images) == len(sets.outliers.kinds) == 40
    assert {part: int(chosen.sum()) for part, chosen in sets.outliers.parts.items()} == {"all": 40, "unseen": 20}
    assert sets.outliers.left_out == []
    assert capsys.readouterr().err.startswith("MNIST is left out.")
    with pytest.raises(DataError):
        load_sets(with_outliers=True, with_corruptions=True)


def test_the_figures_have_the_keys_that_programs_read(labelled, monkeypatch):
    monkeypatch.setattr(evaluated, "MADE", 20)
    sets = load_sets(str(labelled), with_corruptions=True, with_outliers=True)
    evaluations = {name: Evaluation(labels, labels, np.eye(10)[labels]) for name, (_, labels) in sets.labelled.items()}
    read = Evaluation(sets.outliers.kinds, np.zeros(40, int), np.eye(10)[np.zeros(40, int)])
    scores = Scores(evaluations, {}, OutlierScores(sets.outliers, read, evaluations["synthetic"]))
    figures = json.loads(json.dumps(as_json(scores, sets)))
    counts = {"correct", "total", "calibration_error", "false_alarms", "by_digit", "confusion"}
    assert figures.keys() == {"data", *counts, "generated", "shifted", "not_digits"}
    assert figures["generated"].keys() == counts
    assert figures["generated"]["by_digit"]["3"].keys() == {"correct", "total", "interval"}
    assert figures["shifted"]["thin"].keys() == {"description", *counts}
    assert figures["not_digits"]["against"] == "generated"
    assert figures["not_digits"]["area_under_roc_unseen"] == 0.5
    assert figures["not_digits"]["by_kind"]["dot"].keys() == {"total", "doubted", "interval", "area_under_roc"}


class Named(Reader):
    class card:  # noqa: N801
        name = "reader"


def test_a_model_is_scored_on_all_sets(labelled):
    sets = load_sets(str(labelled))
    scores = measure(Named(), sets)
    assert scores.evaluations["images"].correct == 10
    assert (scores.writers, scores.outliers) == ({}, None)
    [[head, [row]]] = tables({"reader": scores}, sets)
    assert head == ["model", "of 10 images", "ECE"]
    assert row[:2] == ["reader", "10 100.00%"]


def says(digits, sure):
    """Images that `Reader` reads as these digits, as sure as these numbers, in percent."""
    images = np.zeros((len(digits), 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = digits, sure
    return images


@pytest.fixture
def drawn():
    """Sixty drawings by three writers, of which the reader misreads four; ten outliers, of which it doubts three."""
    labels = np.arange(60) % 10
    read = labels.copy()
    read[[3, 4, 24, 55]] = 8
    writers = np.repeat([300, 7, 20], [20, 35, 5])
    kinds = np.array(list("aabbb??oo<"))
    sure = [30, 90, 95, 92, 40, 99, 45, 20, 90, 99]
    scored = kinds != "o"
    parts = {"all": scored, "letters": np.isin(kinds, ["a", "b"])}
    outliers = Outliers(says([6] * 10, sure), kinds, parts, np.arange(10), are_characters=True)
    return Sets({"drawings": (says(read, 97), labels)}, writers, outliers)


def test_writers_are_sorted_and_those_badly_read_are_named(drawn):
    scores = measure(Named(), drawn)
    assert list(scores.writers.items()) == [(20, Rate(4, 5)), (300, Rate(18, 20)), (7, Rate(34, 35))]
    assert scores.badly_read == {}
    drawn.labelled["drawings"][0][:2, 0, 0] = 9
    scores = measure(Named(), drawn)
    assert list(scores.writers) == [300, 20, 7]  # of equals the one first who made more
    assert scores.badly_read == {300: Rate(16, 20)}  # the other has made too few drawings
    figures = as_json(scores, drawn)["drawings"]
    assert (list(figures["by_writer"]), figures["badly_read_writers"]) == ([7, 20, 300], [300])
    alone, several = (tables(named, drawn)[3] for named in ({"one": scores}, {"one": scores, "other": scores}))
    assert [row[:2] for row in alone[1]] == [["one", 300], ["one", 20], ["one", 7]]
    assert [row[:2] for row in several[1]] == [["one", 300], ["other", 300]]
    assert alone[1][0][2:] == ["16  80.00%", 20, "58.4-91.9"]


def test_outliers_are_told_by_character_without_those_that_are_digits_by_their_shape(drawn):
    scores = measure(Named(), drawn)
    by_kind = scores.outliers.by_kind()
    assert {kind: (one.rate.count, one.rate.total) for kind, one in by_kind.items()} == {
        "<": (0, 1), "?": (1, 2), "a": (1, 2), "b": (1, 3), "o": (1, 2),
    }  # fmt: skip
    assert by_kind["b"].area == 1  # of a doubt of 0.05 and more, above the 0.03 of every digit
    assert by_kind["<"].area == 0
    figures = as_json(scores, drawn)["not_digits"]
    assert (figures["total"], figures["doubted"], figures["left_out"]) == (8, 3, ["o"])
    assert figures["area_under_roc"] == pytest.approx(6 / 8)
    assert figures["area_under_roc_letters"] == 1
    assert figures["by_character"]["o"]["doubted"] == 1
    used, one_percent, _ = figures["thresholds"]
    assert used == {"doubt": 0.5, "digits": 0, "outliers": 3 / 8}
    assert one_percent["doubt"] == pytest.approx(0.03)
    assert one_percent["outliers"] == 6 / 8
    alone, several = (tables(named, drawn)[4] for named in ({"one": scores}, {"one": scores, "other": scores}))
    assert [row[1] for row in alone[1]] == ["<", "b", "?", "a"]
    assert len(several[1]) == 8


def test_the_vote_is_scored_as_it_is_counted(drawn):
    sure, doubting = measure(Named(), drawn), measure(Named(), drawn)
    probabilities = doubting.outliers.evaluation.probabilities
    probabilities[:] = 0.1
    vote = vote_of([sure, doubting], [False, True], drawn)
    assert vote.evaluations["drawings"].correct == 56
    assert vote.outliers.by_part()["all"].rate == Rate(8, 8)
    assert vote.outliers.thresholds()[0].doubt == DOUBTFUL_VOTE
    np.testing.assert_allclose(vote.outliers.evaluation.doubt, 0.9, rtol=1e-6)
    alike = vote_of([sure, doubting], [True, True], drawn)
    assert alike.outliers.evaluation.doubt[0] == pytest.approx(1 - (0.3 + 0.1) / 2)
    by_one = sure.evaluations["drawings"].calibration_error
    assert alike.evaluations["drawings"].calibration_error == pytest.approx(by_one)


def test_a_file_of_outliers_is_read_and_what_is_shaped_as_a_digit_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(tmp_path / "none.npz"))
    write_drawings(made_up_drawings(20, np.full(20, 300)), tmp_path / "drawn.npz")
    arrays = drawings_as_arrays(made_up_drawings(6)) | {"labels": np.array(list("Oa+l?a"))}
    np.savez(tmp_path / "others.npz", **arrays)
    sets = load_sets(strokes=str(tmp_path / "drawn.npz"), outliers=str(tmp_path / "others.npz"))
    assert (sets.digits, sets.outliers.left_out) == ("drawings", ["O", "l"])
    assert sets.writers.tolist() == [300] * 20
    assert {part: int(chosen.sum()) for part, chosen in sets.outliers.parts.items()} == {
        "all": 4, "letters": 2, "symbols": 2,
    }  # fmt: skip
    np.savez(tmp_path / "others.npz", **arrays | {"labels": np.array(list("OOllSZ"))})
    with pytest.raises(DataError, match="other shapes than those of digits"):
        load_sets(outliers=str(tmp_path / "others.npz"))


def test_a_sheet_shows_what_was_misread_and_not_doubted(drawn, tmp_path, monkeypatch):
    def size():
        misread_sheet.write_misread(tmp_path / "sheet.png", "A model", measure(Named(), drawn), drawn)
        with Image.open(tmp_path / "sheet.png") as sheet:
            assert sheet.format == "PNG"
            return sheet.size

    few = size()
    drawn.labelled["drawings"][0][:, 0, 0] = 9
    many = size()
    assert many[0] == few[0]
    assert many[1] > few[1]
    monkeypatch.setattr(misread_sheet, "MOST", 10)
    assert size() == few
    drawn.labelled["drawings"][0][:, 0, 0] = drawn.labelled["drawings"][1]  # none misread
    assert size() == few
