"""Examples on the pad: generated, of MNIST, and those the models disagree on."""

import re
import shutil

import numpy as np
import pytest

from tests.gui_support import WIDE


@pytest.fixture
def hand(open_window):
    return open_window("reads", "says_3").ready()


def strokes(hand):
    return hand.app.comparing.session.drawing.strokes


def title(hand):
    return hand.app.comparing.examples.title


def test_generated_digits_are_walked_through_by_keys_and_by_buttons(hand):
    bar = hand.app.compare.examples
    hand.draw(WIDE)
    drawn = strokes(hand)
    hand.key("<n>", hand.pad)
    hand.until(lambda: title(hand).startswith("Synthetic 1 ("))
    first = strokes(hand)
    assert first != drawn
    hand.until(lambda: hand.digit != "")
    bar.next.invoke()
    hand.until(lambda: title(hand).startswith("Synthetic 2 ("))
    assert strokes(hand) != first
    hand.key("<Control-Right>", hand.pad)
    hand.until(lambda: title(hand).startswith("Synthetic 3 ("))
    hand.key("<b>", hand.pad)
    bar.previous.invoke()
    assert title(hand).startswith("Synthetic 1 (")
    assert bar.title in title(hand) or bar.title.endswith("…")
    assert strokes(hand) == first
    hand.key("<b>", hand.pad)  # there is none before
    assert strokes(hand) == first
    for _ in range(5):
        hand.key("<Control-z>", hand.pad)
    assert strokes(hand) == drawn


def test_an_example_is_no_drawing_that_could_be_lost(hand):
    hand.key("<n>", hand.pad)
    hand.until(lambda: title(hand).startswith("Synthetic 1 ("))
    hand.settle()
    assert hand.app.title() == "Digit Zoo"


def test_the_digits_that_split_the_models_are_found(hand):
    assert hand.choose("Examples", "Synthetic digits the models disagree on")
    hand.until(lambda: re.fullmatch(r"1 of 40 · Synthetic [\d,]+ \(an? \d\)", title(hand)))
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    hand.settle()
    assert {row.answer.digit for row in hand.rows.values()} in ({0, 3}, {1, 3})
    hand.app.compare.examples.next.invoke()
    assert title(hand).startswith("2 of 40")


def test_one_model_cannot_be_split(open_window):
    hand = open_window("reads").ready()
    hand.draw(WIDE)
    drawn = strokes(hand)
    hand.choose("Examples", "Synthetic digits the models disagree on")
    hand.until(lambda: hand.sentences)
    assert "two models" in hand.sentences[0]
    assert title(hand) == ""
    assert strokes(hand) == drawn


def test_without_mnist_a_dialog_asks_where_it_is_and_the_answer_is_remembered(hand, made_up_mnist, tmp_path):
    app = hand.app
    hand.draw(WIDE)
    drawn = strokes(hand)
    hand.chosen = ""  # nobody knows
    hand.choose("Examples", "MNIST test images")
    hand.until(lambda: title(hand) == "" and not app.link.is_requested)
    assert (strokes(hand), hand.sentences) == (drawn, [])
    hand.chosen = tmp_path / "no_mnist.npz"
    hand.chosen.touch()
    hand.choose("Examples", "MNIST test images")
    hand.until(lambda: hand.sentences)
    assert "no_mnist.npz" in hand.sentences[0]
    assert app.settings.mnist == ""
    hand.chosen = made_up_mnist
    hand.choose("Examples", "MNIST test images")
    hand.until(lambda: title(hand).startswith("MNIST test image 0 ("))
    assert app.settings.mnist == str(made_up_mnist)


def test_an_example_tells_who_is_right(open_window, made_up_mnist, tmp_path):
    shutil.copy(made_up_mnist, tmp_path / "mnist.npz")
    hand = open_window("says_3", "says_4", "doubts").ready()
    hand.choose("Examples", "MNIST test images")
    hand.until(lambda: title(hand).startswith("MNIST test image 0 "))
    assert hand.choose("Examples/Digit", "Only 3s")
    hand.until(lambda: title(hand) == "MNIST test image 3 (a 3)")
    hand.until(lambda: len(hand.app.comparing.session.current) == 3)
    hand.until(lambda: hand.app.compare.comparison.vote_line.text.startswith("Label 3: 1 of 3 right"))
    assert {name: row.is_right for name, row in hand.rows.items()} == {"says_3": True, "says_4": False, "doubts": False}
    hand.app.comparing.set_focus("says_4")
    hand.app.update()
    assert hand.app.compare.focus_panel.more.endswith("✗ wrong: it is labelled 3")
    hand.app.dialogs.ask_number = lambda *_about: 21
    assert hand.choose("Examples", "Number…")
    hand.until(lambda: title(hand) == "MNIST test image 23 (a 3)")
    hand.draw(WIDE)
    hand.until(lambda: not hand.app.compare.comparison.vote_line.text.startswith("Label"))
    assert {row.is_right for row in hand.rows.values()} == {None}


def test_test_images_of_mnist_come_as_pictures(open_window, made_up_mnist, tmp_path):
    shutil.copy(made_up_mnist, tmp_path / "mnist.npz")
    hand = open_window("reads").ready()
    hand.choose("Examples", "MNIST test images")
    hand.until(lambda: re.fullmatch(r"MNIST test image \d+ \(an? \d\)", title(hand)))
    number, label = map(int, re.findall(r"\d+", title(hand)))
    with np.load(made_up_mnist) as arrays:
        assert arrays["y_test"][number] == label
        assert (hand.app.comparing.session.drawing.picture.image == arrays["x_test"][number]).all()
    hand.until(lambda: hand.digit != "")
    assert hand.app.compare.received.image.size == (28, 28)
