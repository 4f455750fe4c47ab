"""The card of a model: its texts, its pictures under real events, and the window that follows the focus."""

from pathlib import Path

import numpy as np
import pytest

import zoo
from gui.cards import texts
from gui.cards.pictures import ConfusionMatrix, Curves, LayerGraph
from tests.gui_support import texts as texts_on
from zoo.evaluation.recorded import recorded_confusions

MADE_UP = zoo.Card(
    "net",
    2,
    Path("models/net/2"),
    "Net (2-10)",
    "One hidden layer of two units.",
    parameters=1600,
    metrics={"mnist_test": {"correct": 9, "total": 10}},
    metadata={
        "layers": {"flatten": [784], "hidden": [2], "logits": [10]},
        "architecture": [{"kind": "Dense", "name": "hidden", "parameters": 1570, "activation": "relu"}],
        "recipe": {"epochs": 3, "teacher": ""},
        "data": {"training": {"name": "MNIST", "images": 57000}},
        "seconds": 438.4,
        "files": {"model.tflite": {"sha256": "", "size": 5000}},
    },
)


@pytest.fixture
def app(display):
    import ttkbootstrap as ttk

    from gui import appearance

    app = ttk.App(title="Card", iconphoto=None)
    appearance.apply(app, is_dark=False)
    app.geometry("500x500")
    yield app
    app.destroy()


def test_the_card_says_what_model_json_says():
    assert texts.headline(MADE_UP) == "1,600 parameters · 0.01 MB on disk · fully connected · version 2"
    assert dict(texts.training(MADE_UP)) == {
        "Images": "training: 57,000 of MNIST",
        "Recipe": "epochs 3",
        "Took": "7 min",
    }
    assert texts.scores(MADE_UP, {}) == ["9 of 10 MNIST test images (90.00 %)"]
    matrix = np.diag([1] * 9 + [0])
    matrix[9, 4] = 1
    assert texts.scores(MADE_UP, {"MNIST test images": matrix}) == []  # which says it


def test_the_lines_of_python_run(models):
    card = next(card for card in zoo.list_models(models) if card.name == "small_mlp")
    code = texts.code(card, is_delivered=False)
    picture = Path("zoo/images/reference_digits/7.png").resolve()
    said = []
    exec(code.replace("digit.png", str(picture)), {"print": said.append})
    assert len(said) == 2
    assert said[0] == said[1].argmax(axis=1)


def test_layers_curves_and_confusions_are_drawn(app):
    counts = np.diag([10] * 10)
    counts[7, 1] = 2
    pictures = [
        LayerGraph(app, MADE_UP),
        Curves(app, "Loss", {"training": (0.9, 0.3, 0.25), "held out": (0.5, 0.4, 0.375)}),
        ConfusionMatrix(app, "Drawings", counts),
    ]
    for picture in pictures:
        picture.pack(fill="x")
    app.update()
    layers, curves, matrix = map(texts_on, pictures)
    assert {"flatten", "hidden · Dense relu", "784", "1,570"} <= set(layers)
    assert {"training (0.250)", "held out (0.375)"} <= set(curves)
    assert "Drawings: 100 of 102 (98.04 %)" in matrix
    assert {"2", "83.3 %", "100.0 %"} <= set(matrix)


def test_the_report_is_read_for_the_version_it_is_of(tmp_path):
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "scores.csv").write_text("model,version,set\nnet,2,images\n")
    (tables / "confusion.csv").write_text("model,set,digit,read_as,images\nnet,images,3,5,4\nother,images,0,0,9\n")
    (counts,) = recorded_confusions(MADE_UP, tmp_path).values()
    assert counts[3, 5] == counts.sum() == 4
    (tables / "scores.csv").write_text("model,version,set\nnet,1,images\n")
    assert recorded_confusions(MADE_UP, tmp_path) == {}
    assert recorded_confusions(MADE_UP, tmp_path / "nowhere") == {}


def test_the_card_follows_the_focus_and_reads_digits_where_none_are_recorded(window):
    hand = window("reads", "says_7")
    hand.key("<F7>")
    card = hand.app.cards.window
    assert "The reads model" in card.title()

    def matrices():
        below = [card.content.inside]
        while below:
            widget = below.pop()
            below += widget.winfo_children()
            if isinstance(widget, ConfusionMatrix):
                yield widget

    hand.until(lambda: list(matrices()))
    hand.app.comparing.set_focus("says_7")
    assert "The says_7 model" in card.title()
    hand.until(lambda: [matrix for matrix in matrices() if (matrix.counts.sum(axis=0) > 0).tolist().count(True) == 1])
    hand.key("<Next>", card)
    hand.app.set_theme("dark")
    assert not hand.app.cards.is_open  # it would keep the old colours
    hand.app.cards.open()
    hand.key("<Escape>", hand.app.cards.window)
    assert not hand.app.cards.is_open
    hand.app.set_theme("light")
    hand.settle()
