"""Pictures and answers that come into the window and go out of it: files, the clipboard, and what is dropped."""

import csv
import io
import json
import sys

import numpy as np
import pytest
from PIL import Image

from tests.gui_support import UPRIGHT, WIDE


@pytest.fixture
def hand(window):
    """A window whose two models have read an upright stroke."""
    hand = window("reads", "says_1")
    hand.draw(UPRIGHT)
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    hand.settle()
    return hand


@pytest.fixture
def seven(tmp_path):
    """A picture of a dark upright stroke on a light ground."""
    picture = Image.new("L", (120, 90), 230)
    picture.paste(20, (55, 10, 65, 80))
    picture.save(tmp_path / "a stroke.png")
    return tmp_path / "a stroke.png"


def opened(path):
    with Image.open(path, formats=("PNG",)) as picture:
        picture.load()
        return picture


def answers_in(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


# ---------------------------------------------------------------- saving


def test_the_drawing_is_saved_as_it_looks(hand, tmp_path):
    assert hand.app.title() == "• Digit Zoo"
    hand.chosen = tmp_path / "digit.png"
    hand.key("<Control-s>")
    assert hand.app.title() == "Digit Zoo"
    assert hand.app.status.text == "Saved digit.png."
    picture = opened(hand.chosen).convert("L")
    assert picture.size == (560, 560)
    assert picture.getpixel((280, 280)) < 50
    assert picture.getpixel((20, 20)) == 255
    assert hand.questions == hand.sentences == []


def test_the_name_that_is_proposed_says_the_digit_and_is_free(hand, tmp_path, monkeypatch):
    proposed = []
    hand.app.settings.folder = str(tmp_path)
    (tmp_path / "digit-1.png").touch()
    monkeypatch.setattr(hand.app.dialogs, "choose_save", lambda _title, name, _types: proposed.append(name))
    hand.key("<Control-s>")
    assert hand.choose("File", "Save model input (28 × 28)…")
    assert hand.choose("File", "Export predictions…")
    assert proposed == ["digit-1-2.png", "image-1.png", "predictions-1.csv"]


def test_nothing_is_overwritten_unasked(hand, tmp_path):
    path = tmp_path / "seven.png"
    path.write_bytes(b"old")
    hand.chosen, hand.agrees = tmp_path / "seven", False  # the dialog asked about another name
    hand.key("<Control-s>")
    assert path.read_bytes() == b"old"
    assert hand.questions == ["seven.png exists already. Replace it?"]
    hand.agrees = True
    hand.key("<Control-s>")
    assert path.read_bytes() != b"old"
    path.write_bytes(b"old")
    hand.chosen = path  # about which the dialog has asked
    hand.key("<Control-s>")
    assert path.read_bytes() != b"old"
    assert len(hand.questions) == 2


def test_a_cancelled_dialog_changes_nothing(hand):
    hand.chosen = ""
    hand.key("<Control-s>")
    assert hand.choose("File", "Export predictions…")
    assert hand.choose("File", "Open picture…")
    assert hand.app.title() == "• Digit Zoo"
    assert hand.sentences == []


def test_a_place_that_cannot_be_written_gives_one_sentence(hand, tmp_path):
    hand.chosen = tmp_path / "nowhere" / "digit.png"
    hand.key("<Control-s>")
    assert hand.sentences == [
        f"{hand.chosen} could not be written (No such file or directory): choose another place, or make room."
    ]
    assert hand.app.title() == "• Digit Zoo"  # it is not saved


def test_what_the_models_receive_is_saved_as_it_is(hand, tmp_path):
    hand.chosen = tmp_path / "image.png"
    assert hand.choose("File", "Save model input (28 × 28)…")
    assert (np.asarray(opened(hand.chosen)) == hand.app.comparing.reader.image).all()


def test_the_activations_are_saved_as_csv_and_as_json(hand, tmp_path):
    hand.chosen = tmp_path / "answers.csv"
    assert hand.choose("File", "Export predictions…")
    rows = answers_in(hand.chosen)
    assert [(row["model"], row["digit"], row["p1"]) for row in rows] == [
        ("reads", "1", "0.91"),
        ("says_1", "1", "0.91"),
        ("vote", "1", "0.91"),
    ]
    hand.chosen = tmp_path / "answers.json"
    assert hand.choose("File", "Export predictions…")
    saved = json.loads(hand.chosen.read_text(encoding="utf-8"))
    assert [model["title"] for model in saved["models"]] == ["The reads model", "The says_1 model"]
    assert np.array(saved["image"]).shape == (28, 28)
    assert len(saved["strokes"]) == 1


def test_only_models_on_the_board_are_saved(hand, tmp_path):
    hand.app.comparing.board.tick("says_1")
    hand.app.comparing.board_changed()
    hand.chosen = tmp_path / "answers.csv"
    hand.choose("File", "Export predictions…")
    assert [row["model"] for row in answers_in(hand.chosen)] == ["reads"]


def test_the_comparison_is_saved_as_a_picture(hand, tmp_path):
    hand.chosen = tmp_path / "comparison.png"
    hand.key("<Control-Shift-S>")
    hand.until(hand.chosen.exists)
    hand.until(lambda: hand.app.status.text == "Saved comparison.png.")
    assert opened(hand.chosen).width > 500


def test_nothing_drawn_nothing_to_save(window, monkeypatch):
    hand = window("reads", "says_1")
    monkeypatch.setattr(hand.app.dialogs, "choose_save", pytest.fail)
    for key in ("<Control-s>", "<Control-Shift-S>", "<Control-c>", "<Control-Shift-C>"):
        hand.key(key)
    for label in ("Save drawing…", "Save model input (28 × 28)…", "Export predictions…"):
        assert not hand.choose("File", label)


# ---------------------------------------------------------------- opening


def test_a_picture_is_opened_and_read(hand, seven):
    hand.draw(WIDE)
    hand.chosen = seven
    hand.key("<Control-o>")
    hand.until(lambda: hand.app.comparing.session.drawing.picture is not None)
    assert hand.app.comparing.session.drawing.picture.shown.size == (120, 90)
    hand.until(lambda: hand.digit == "1")
    assert hand.app.title() == "Digit Zoo"  # it is on disk already
    hand.key("<Control-z>")
    assert len(hand.app.comparing.session.drawing.strokes) == 2


def test_a_picture_that_cannot_be_read_costs_nothing_that_is_on_the_pad(hand, tmp_path):
    drawn = hand.app.comparing.session.drawing.strokes
    damaged, blank = tmp_path / "damaged.png", tmp_path / "blank.png"
    damaged.write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    Image.new("L", (50, 50), 255).save(blank)
    for count, path in enumerate((damaged, blank, tmp_path / "nowhere.png"), start=1):
        hand.chosen = path
        hand.key("<Control-o>")
        hand.until(lambda count=count: len(hand.sentences) == count)
        assert "\n" not in hand.sentences[-1]
    assert hand.app.comparing.session.drawing.strokes == drawn
    assert not hand.app.comparing.session.drawing.can_redo
    hand.draw(WIDE)
    hand.until(lambda: hand.digit == "0")


def test_a_picture_that_is_dropped_is_read(hand, seven):
    register = hand.app.tk.call("bind", hand.pad, "<<Drop>>")
    if not register:
        pytest.skip("tkinterdnd2 cannot be loaded here")
    # As tkdnd calls it: the files as a Tcl list for %D.
    hand.app.tk.eval(str(register).replace("%D", f"{{{{{seven}}}}}"))
    hand.until(lambda: hand.app.comparing.session.drawing.picture is not None)
    hand.until(lambda: hand.digit == "1")


# ---------------------------------------------------------------- the clipboard


@pytest.fixture
def clipboard_of_x(display):
    """The clipboard of an X server, which belongs to the program that copied last."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("this would change the clipboard of the person who runs the tests")


@pytest.mark.usefixtures("clipboard_of_x")
def test_the_table_is_copied_for_a_spreadsheet(hand):
    hand.key("<Control-Shift-C>")
    rows = list(csv.reader(io.StringIO(hand.app.clipboard_get()), delimiter="\t"))
    assert rows[0][:5] == ["model", "title", "version", "digit", "confidence"]
    assert [row[0] for row in rows[1:]] == ["reads", "says_1", "vote"]
    assert hand.app.status.text == "The predictions are copied."


@pytest.mark.usefixtures("clipboard_of_x")
def test_what_was_copied_can_be_pasted(hand):
    strokes = hand.app.comparing.session.drawing.strokes
    for copy in (lambda: hand.key("<Control-c>"), lambda: hand.choose("Edit", "Copy model input (28 × 28)")):
        copy()
        hand.key("<Control-v>")
        hand.until(lambda: hand.app.comparing.session.drawing.picture is not None)
        hand.until(lambda: hand.digit == "1")
        hand.key("<Control-z>")
        assert hand.app.comparing.session.drawing.strokes == strokes
    assert hand.choose("Edit", "Copy predictions as a picture")
    hand.until(lambda: hand.app.status.text == "The comparison is copied.")


@pytest.mark.usefixtures("clipboard_of_x")
def test_a_clipboard_without_a_picture_gives_one_sentence(hand):
    drawn = hand.app.comparing.session.drawing.strokes
    hand.app.clipboard_clear()
    hand.key("<Control-v>")
    hand.until(lambda: hand.sentences)
    assert hand.sentences == ["No picture on the clipboard: copy one first."]
    assert hand.app.comparing.session.drawing.strokes == drawn
