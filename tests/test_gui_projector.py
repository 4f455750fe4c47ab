"""The window in front of a class: the full screen in large type, and pictures that fill it."""

from tkinter import font

import pytest

from gui.widgets.enlarged import Enlarged
from tests.gui_support import WIDE


@pytest.fixture
def hand(window):
    """A window with a drawing that was read and explained."""
    hand = window("reads", "says_3")
    hand.draw(WIDE)
    hand.until(lambda: hand.app.comparing.session.explanation is not None)
    hand.settle()
    yield hand
    hand.app.set_projected(False)
    hand.settle()


def size(hand):
    return hand.app.winfo_width(), hand.app.winfo_height()


def type_size(hand):
    return font.nametofont("ZooBody", root=hand.app).metrics("linespace")


def enlarged(hand):
    return next((child for child in hand.app.winfo_children() if isinstance(child, Enlarged)), None)


def click(hand, widget, x=5, y=5):
    widget.event_generate("<Button-1>", x=x, y=y)
    hand.app.update()


def canvas_of(widget):
    return next(child for child in widget.winfo_children() if child.winfo_class() == "Canvas")


@pytest.mark.parametrize("way_out", ["<F11>", "<Escape>"])
def test_the_projector_fills_the_screen_with_drawing_answer_and_board_and_goes_back(hand, way_out):
    hand.key("<F5>")
    before = size(hand), type_size(hand), hand.app.compare.answers, hand.pad.side
    hand.key("<F11>")
    hand.settle()
    app = hand.app
    assert size(hand) == (app.winfo_screenwidth(), app.winfo_screenheight())
    assert type_size(hand) > before[1]
    assert hand.pad.side > before[3]
    page = app.compare
    for widget in (page.pad, page.focus_panel, page.comparison.list):
        assert widget.winfo_viewable()
    for widget in (page.tools, page.examples, page.received, page.reference, app.status):
        assert not widget.winfo_viewable()
    assert not str(app["menu"])
    assert hand.digit == "0"
    hand.key(way_out, hand.pad)
    hand.settle()
    assert (size(hand), type_size(hand), app.compare.answers, hand.pad.side) == before
    assert str(app["menu"])
    assert app.compare.tools.winfo_viewable()


def test_it_goes_back_to_the_page_from_which_it_was_entered_and_is_not_remembered(hand):
    hand.key("<F6>")
    hand.key("<F11>")
    assert hand.app.page == "compare"
    hand.draw(WIDE)  # one can draw there
    hand.until(lambda: hand.app.comparing.session.current)
    hand.key("<F11>", hand.pad)
    assert hand.app.page == "side_by_side"
    assert not hand.app.projector.is_on


def test_escape_takes_a_chosen_digit_back_where_there_is_no_projector(hand):
    hand.key("<Key-5>", hand.pad)
    assert hand.app.comparing.session.pinned == 5
    hand.key("<Escape>", hand.pad)
    assert hand.app.comparing.session.pinned is None


@pytest.mark.parametrize("name", ["received", "occlusion_map", "reference"])
def test_a_tile_fills_the_window_at_a_click_or_return_and_goes_back(hand, name):
    hand.app.geometry("1280x800+0+0")  # where all tiles are in sight
    hand.app.update()
    tile = getattr(hand.app.compare, name)
    canvas = canvas_of(tile)
    click(hand, canvas)
    over = enlarged(hand)
    assert (over.winfo_width(), over.winfo_height()) == size(hand)
    assert over.cget("text") == tile.caption
    click(hand, over)
    assert enlarged(hand) is None
    hand.key("<Return>", canvas)
    over = enlarged(hand)
    hand.key("<Escape>", over)
    assert enlarged(hand) is None
    assert str(hand.app.tk.call("focus")) == str(canvas)


def test_an_empty_tile_stays_small(hand):
    hand.app.comparing.clear()
    hand.settle()
    click(hand, canvas_of(hand.app.compare.received))
    assert enlarged(hand) is None


def test_the_drawing_fills_the_window(hand):
    hand.key("<Return>", hand.pad)
    assert enlarged(hand).picture.size == (hand.pad.side, hand.pad.side)
    hand.key("<Return>", enlarged(hand))
    assert hand.choose("View", "Enlarge the drawing")
    assert enlarged(hand).cget("text") == "Drawing"
    hand.app.set_theme("dark")  # nothing of the old colours stays
    hand.settle()
    assert enlarged(hand) is None
    hand.app.set_theme("light")
    hand.settle()


def test_a_feature_map_that_is_chosen_fills_the_window_at_the_next_click(hand):
    hand.app.geometry("1120x740+0+0")
    hand.key("<F5>")
    hand.settle()
    canvas = canvas_of(hand.app.compare.layers)
    left, top, *_ = canvas.bbox(next(item for item in canvas.find_all() if canvas.type(item) == "image"))
    click(hand, canvas, left + 3, top + 3)
    assert enlarged(hand) is None
    hand.settle()
    click(hand, canvas, left + 3, top + 3)
    assert enlarged(hand).cget("text") == "Convolution, map 1"
    assert enlarged(hand).picture.size == (24, 24)
    hand.key("<Escape>", enlarged(hand))
    hand.key("<Return>", canvas)
    assert enlarged(hand) is not None
    click(hand, enlarged(hand))
