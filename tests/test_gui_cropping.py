"""A part of a picture is chosen: by a click, a drag or keys, with the model input in sight before it is read."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import zoo
from gui.cropping.cropping import LEAST, Cropping
from gui.cropping.dialog import LOOKING, ONE, SEVERAL
from gui.worker.messages import OpenedPicture

DIGITS = {"1": (50, 40, 60, 160), "0": (150, 40, 230, 160), "1 again": (320, 40, 330, 160)}
"""Boxes of two upright strokes and a ring between them, which the model "reads" takes for these digits."""


def paint(path, *names, size=(400, 200)):
    picture = Image.new("L", size, 235)
    for name in names or DIGITS:
        if name == "0":
            ImageDraw.Draw(picture).ellipse(DIGITS[name], outline=25, width=10)
        else:
            picture.paste(25, DIGITS[name])
    picture.save(path)
    return path


@pytest.fixture
def hand(window):
    return window("reads", "says_1")


@pytest.fixture
def several(hand, tmp_path):
    """The dialog on a picture of three strokes."""
    hand.app.drop([paint(tmp_path / "row.png")])
    hand.until(lambda: hand.app.crop.dialog is not None)
    hand.app.update()
    yield hand.app.crop.dialog
    hand.app.crop.close()


def mouse(dialog, event, x, y):
    """Do with the left button what a person does at a place of the picture."""
    left, top = dialog.place_of(x, y)
    dialog.canvas.event_generate(event, x=left, y=top)
    dialog.update()


def drag(dialog, start, end):
    mouse(dialog, "<ButtonPress-1>", *start)
    mouse(dialog, "<B1-Motion>", (start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    mouse(dialog, "<B1-Motion>", *end)
    mouse(dialog, "<ButtonRelease-1>", *end)


def shown(dialog):
    return None if dialog.tile.image is None else np.asarray(dialog.tile.image)


def is_enabled(button):
    return str(button.cget("state")) != "disabled"


def texts(widget):
    """Return all that labels of a window say."""
    own = [str(widget.cget("text"))] if "text" in widget.keys() else []  # noqa: SIM118  # of Tk
    return own + [text for child in widget.winfo_children() for text in texts(child)]


def test_a_picture_of_several_digits_offers_them_from_left_to_right(hand, several, tmp_path):
    pieces = zoo.images_from_picture(tmp_path / "row.png")
    assert len(pieces) == 3
    assert {SEVERAL, "1 of 3"} <= set(texts(several))
    for number, piece in enumerate(pieces, start=1):
        assert f"{number} of 3" in texts(several)
        np.testing.assert_array_equal(shown(several), piece.image)
        several.next.invoke()
    assert "1 of 3" in texts(several)  # after the last the first
    hand.key("<Next>", several.canvas)
    assert hand.app.comparing.session.drawing.picture is None  # nothing is read unasked
    hand.key("<Return>", several.canvas)
    assert hand.app.crop.dialog is None
    np.testing.assert_array_equal(hand.app.comparing.reader.image, pieces[1].image)
    hand.until(lambda: hand.digit == "0")
    hand.app.comparing.undo()
    assert hand.app.comparing.reader.image is None


def test_a_click_chooses_a_digit_and_a_drag_a_box(hand, several, tmp_path):
    mouse(several, "<ButtonPress-1>", 325, 100)
    mouse(several, "<ButtonRelease-1>", 326, 100)  # a hand that trembles
    assert "3 of 3" in texts(several)
    drag(several, (120, 20), (290, 180))
    assert several.message == LOOKING or shown(several) is not None
    assert "– of 3" in texts(several)
    hand.until(lambda: shown(several) is not None)
    x, y, width, height = hand.app.crop.cropping.box
    assert abs(np.array([x, y, width, height]) - (120, 20, 170, 160)).max() <= 2
    np.testing.assert_array_equal(
        shown(several), zoo.image_from_picture(tmp_path / "row.png", box=(x, y, width, height))
    )
    several.read_button.invoke()
    hand.until(lambda: hand.digit == "0")
    part = hand.app.comparing.session.drawing.picture.shown
    assert 170 < part.width < 330  # what lies on the pad is the part, not all of it


def test_what_is_found_in_a_box_is_not_taken_for_the_digit_chosen_after_it(hand, several, tmp_path):
    drag(several, (120, 20), (290, 180))
    crop = hand.app.crop
    crop.cropping.choose(2)
    hand.until(lambda: not hand.app.link.is_requested)
    several.show()
    np.testing.assert_array_equal(shown(several), zoo.images_from_picture(tmp_path / "row.png")[2].image)


def test_a_box_without_ink_says_so_and_is_not_read(hand, several):
    drag(several, (70, 20), (130, 180))
    hand.until(lambda: "no ink" in several.message)
    assert hand.sentences == []
    assert not is_enabled(several.read_button)
    hand.key("<Return>", several.canvas)
    assert hand.app.crop.dialog is several
    several.back.invoke()
    assert is_enabled(several.read_button)
    hand.key("<Escape>", several.canvas)
    assert hand.app.crop.dialog is None
    assert hand.app.comparing.reader.image is None


def test_keys_move_and_size_the_box(hand, several):
    box = hand.app.crop.cropping.box
    hand.key("<Right>", several.canvas)
    hand.key("<Down>", several.canvas)
    assert hand.app.crop.cropping.box == (box[0] + 8, box[1] + 8, *box[2:])
    hand.key("<Shift-Left>", several.canvas)
    hand.key("<Shift-Down>", several.canvas)
    assert hand.app.crop.cropping.box == (box[0] + 8, box[1] + 8, max(box[2] - 8, LEAST), box[3] + 8)


def test_of_a_picture_of_one_digit_another_part_can_be_read(hand, tmp_path):
    hand.app.drop([paint(tmp_path / "one.png", "1")])
    hand.until(lambda: hand.digit == "1")
    assert hand.app.crop.dialog is None
    hand.key("r", hand.pad)
    dialog = hand.app.crop.dialog
    assert ONE in texts(dialog)
    assert not is_enabled(dialog.next)
    drag(dialog, (40, 30), (70, 100))
    hand.until(lambda: shown(dialog) is not None)
    hand.app.set_theme("dark")
    hand.app.update()
    dialog = hand.app.crop.dialog
    assert shown(dialog) is not None
    dialog.read_button.invoke()
    assert hand.choose("File", "Read another part…")
    hand.app.crop.dialog.cancel_button.invoke()
    hand.app.set_theme("light")
    hand.app.update()
    hand.draw([(0.2, 0.2), (0.8, 0.8)])
    assert not hand.choose("File", "Read another part…")


def test_another_picture_takes_the_place_of_the_one_in_the_dialog(hand, several, tmp_path):
    hand.app.drop([paint(tmp_path / "two.png", "0", "1 again")])
    hand.until(lambda: "1 of 2" in texts(several))
    assert hand.app.crop.dialog is several


def opened(boxes, size=(400, 200), image=None):
    images = [np.full((28, 28), number, np.uint8) for number in range(len(boxes))]
    shown = np.zeros((size[1] // 2, size[0] // 2, 3), np.uint8)
    return OpenedPicture(image, shown, "a picture", list(size), [0, 0, 0, 0], boxes, images, "Many pieces of ink.")


def test_a_box_stays_in_the_picture():
    cropping = Cropping()
    cropping.open(opened([[10, 20, 30, 40], [100, 20, 30, 40]]))
    for corners in ((-50, -50, 9999, 9999), (399, 199, 420, 260), (30, 30, 30, 30), (400, 0, 500, 0)):
        cropping.drag(*corners)
        x, y, width, height = cropping.box
        assert (x >= 0, y >= 0, x + width <= 400, y + height <= 200) == (True,) * 4
        assert min(width, height) >= LEAST
        assert cropping.image is cropping.number is None
    for _ in range(30):
        cropping.move(0.1, 0.1)
    assert cropping.box[0] + cropping.box[2] == 400
    cropping.step(1)
    assert cropping.number == 0
    cropping.step(-1)
    assert cropping.number == 1


def test_a_picture_in_which_nothing_is_certain_begins_with_all_of_it():
    cropping = Cropping()
    cropping.open(opened([]))
    assert cropping.box == (0, 0, 400, 200)
    assert cropping.error == "Many pieces of ink."
    cropping.drag(100, 50, 140, 90)
    assert cropping.error == ""
    cropping.image = np.ones((28, 28), np.uint8)
    assert cropping.picture().shown.size == (31, 31)
