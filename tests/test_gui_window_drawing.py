"""What a person does on the page Compare: with the pad, with the digits to be explained, and with the layers."""

import pytest

from gui.compare.typical import COUNT
from tests.gui_support import UPRIGHT, WIDE


def strokes(hand):
    return hand.app.comparing.session.drawing.strokes


@pytest.fixture
def hand(window):
    """A window whose one model has read a drawing and explained it."""
    hand = window("reads", "says_3")
    hand.draw(WIDE)
    hand.until(lambda: hand.app.comparing.session.explanation is not None)
    return hand


# ---------------------------------------------------------------- pen, eraser and the way back


def test_the_buttons_do_what_the_keys_do(hand):
    tools = hand.app.compare.tools
    assert str(tools.redo["state"]) == "disabled"
    tools.undo.invoke()
    assert strokes(hand) == []
    assert [str(button["state"]) for button in (tools.undo, tools.redo, tools.clear)] == [
        "disabled",
        "normal",
        "disabled",
    ]
    tools.redo.invoke()
    assert len(strokes(hand)) == 1
    tools.clear.invoke()
    assert strokes(hand) == []
    assert hand.choose("Edit", "Undo")
    assert len(strokes(hand)) == 1


def test_the_eraser_by_key_by_button_and_by_the_right_button_of_the_mouse(hand):
    tools = hand.app.compare.tools
    hand.key("<e>", hand.pad)
    assert hand.pad.tool == "eraser"
    assert tools.eraser.instate(["selected"])
    hand.draw(UPRIGHT)
    assert len(strokes(hand)) == 2
    tools.pen.invoke()
    assert hand.pad.tool == "pen"
    hand.draw([(0.25, 0.3), (0.25, 0.7)], button=3)
    hand.key("<Control-z>", hand.pad)
    hand.key("<Control-z>", hand.pad)
    assert strokes(hand) == [[pytest.approx(point, abs=0.01) for point in WIDE]]
    tools.eraser.invoke()
    hand.key("<p>", hand.pad)
    hand.draw(UPRIGHT)
    assert len(strokes(hand)) == 2


def test_the_ink_gets_thicker_and_models_see_no_difference(hand):
    app, width = hand.app, hand.app.compare.tools.width
    app.geometry("1120x740")  # the slider has no room in a smaller window
    hand.settle()
    image, ink = app.comparing.reader.image, hand.pad.ink.coverage.mean()
    hand.key("<plus>", hand.pad)
    hand.key("<plus>", hand.pad)
    assert app.settings.pen_width == pytest.approx(0.07)
    assert hand.pad.ink.coverage.mean() > 1.2 * ink
    hand.key("<minus>", hand.pad)
    assert app.settings.pen_width == pytest.approx(0.06)
    hand.key("<Right>", width)
    assert app.settings.pen_width == hand.pad.pen_width == pytest.approx(0.07)
    for _ in range(10):
        hand.key("<plus>", hand.pad)
    assert app.settings.pen_width == pytest.approx(0.1)
    assert (app.comparing.reader.image == image).all()


def test_the_guide_goes_and_comes(hand):
    hand.app.comparing.clear()
    before = hand.pad._paper.tobytes()
    hand.key("<g>", hand.pad)
    assert not hand.app.settings.guide
    assert hand.pad._paper.tobytes() != before
    assert hand.choose("View", "Guide box")
    assert hand.pad._paper.tobytes() == before


# ---------------------------------------------------------------- what speaks for a digit


def test_the_digit_that_is_read_is_explained(hand):
    page = hand.app.compare
    assert page.occlusion_map.caption == "Evidence for 0"
    assert page.occlusion_map.image.convert("L").getextrema() != (0, 0)
    assert page.focus_panel.chart.target is None
    hand.key("<Control-Down>")
    hand.until(lambda: page.occlusion_map.caption == "Evidence for 3")
    hand.until(lambda: hand.app.comparing.session.explanation is not None)
    hand.app.comparing.clear()
    hand.settle()
    assert (page.occlusion_map.caption, page.occlusion_map.image) == ("Evidence", None)


def test_a_bar_that_is_pointed_at_is_explained_as_long_as_that_lasts(hand):
    page = hand.app.compare
    chart, read = page.focus_panel.chart, page.occlusion_map.image.tobytes()
    chart.event_generate("<Motion>", x=chart.bar_middle(8), y=20)
    assert (page.occlusion_map.caption, page.reference.caption) == ("Evidence for 8", "Reference 8")
    assert chart.target == 8
    assert page.occlusion_map.image.tobytes() != read
    chart.event_generate("<Leave>")
    assert (page.occlusion_map.caption, page.reference.caption) == ("Evidence for 0", "Reference 0")
    assert page.occlusion_map.image.tobytes() == read


def test_a_digit_is_pinned_by_its_key_or_a_click_and_let_go_by_escape(hand):
    page = hand.app.compare
    chart = page.focus_panel.chart
    hand.key("<Key-3>", hand.pad)
    assert (page.occlusion_map.caption, chart.target) == ("Evidence for 3", 3)
    hand.draw(UPRIGHT)  # it stays while one draws on
    hand.settle()
    assert page.occlusion_map.caption == "Evidence for 3"
    chart.event_generate("<Button-1>", x=chart.bar_middle(5), y=20)
    assert page.occlusion_map.caption == "Evidence for 5"
    hand.key("<Escape>", hand.pad)
    assert (page.occlusion_map.caption, chart.target) == (f"Evidence for {hand.digit}", None)
    hand.key("<Key-7>", hand.pad)
    hand.key("<Delete>", hand.pad)
    hand.draw(WIDE)
    hand.until(lambda: page.occlusion_map.caption == "Evidence for 0")  # another drawing has another digit


def test_typical_digits_are_shown_and_tried_with_a_click(hand):
    strip = hand.app.compare.typical
    hand.until(lambda: strip.count == COUNT)
    assert strip.caption == "Typical 0s: click one to try it"
    drawn, (x, y) = strokes(hand), strip.place_of(2)
    strip._canvas.event_generate("<Button-1>", x=x, y=y)
    assert hand.app.comparing.session.drawing.picture is not None
    hand.until(lambda: hand.app.comparing.reader.image is hand.app.comparing.session.drawing.picture.image)
    hand.until(lambda: hand.digit != "")
    hand.key("<Control-z>", hand.pad)
    assert hand.app.comparing.session.drawing.picture is None
    assert strokes(hand) == drawn
    hand.until(lambda: hand.digit == "0")


def test_typical_digits_come_for_every_digit_that_is_pointed_at(hand):
    chart, strip = hand.app.compare.focus_panel.chart, hand.app.compare.typical
    for digit in (4, 5, 6):  # before the ones are there, those of the next are wanted
        chart.event_generate("<Motion>", x=chart.bar_middle(digit), y=20)
        hand.app.update()
    assert strip.caption.startswith("Typical 6s")
    hand.until(lambda: strip.count == COUNT)
    chart.event_generate("<Leave>")
    hand.until(lambda: strip.count == COUNT)


# ---------------------------------------------------------------- layers


def test_the_layers_are_those_of_the_model_in_focus(hand):
    layers = hand.app.compare.layers
    hand.key("<F5>", hand.pad)
    hand.until(lambda: layers.layers)
    assert [layer.kind for layer in layers.layers] == ["feature maps", "units", "digits"]
    drawn = layers.layers[0].values
    hand.key("<Control-Down>")
    hand.until(lambda: [layer.kind for layer in layers.layers] == ["units", "digits"])
    hand.key("<Control-Up>")
    hand.until(lambda: len(layers.layers) == 3)
    hand.draw(UPRIGHT)
    hand.until(lambda: layers.layers and (layers.layers[0].values != drawn).any())
    hand.key("<F4>", hand.pad)
    assert hand.app.compare.pages.index("current") == 0


def test_layers_that_cannot_be_had_are_said_and_not_waited_for(window):
    hand = window("without_layers", "reads")
    hand.app.comparing.set_focus("without_layers")
    hand.app.compare.show_answers("layers")
    hand.draw(UPRIGHT)
    view = hand.app.compare.layers
    hand.until(lambda: view.message.startswith("The artifact without_layers has no signature"))
    hand.app.comparing.set_focus("reads")
    hand.until(lambda: view.layers)


def test_a_model_that_cannot_answer_says_so_instead_of_its_layers(window):
    hand = window("broken", "says_3")
    hand.draw(WIDE)
    hand.key("<F5>", hand.pad)
    view = hand.app.compare.layers
    assert view.message == "The artifact broken is damaged: build it again."


# ---------------------------------------------------------------- a hand that is quick


def test_nothing_but_the_ink_is_drawn_while_the_pen_moves(hand, monkeypatch):
    hand.app.comparing.clear()
    hand.until(lambda: hand.digit == "")
    monkeypatch.setattr("gui.compare.comparing.HELD", 10**6)  # the hand has only just moved
    hand.press(*UPRIGHT[0])
    for point in UPRIGHT[1:]:
        hand.move(*point)
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    hand.app.update()
    assert hand.digit == ""
    hand.release(*UPRIGHT[-1])
    hand.until(lambda: hand.digit == "1")


def test_the_drawing_is_read_once_where_the_pen_is_lifted_and_not_at_every_motion(hand, monkeypatch):
    asked = []
    monkeypatch.setattr(hand.app.link, "ask", lambda generation, *_about: asked.append(generation))
    monkeypatch.setattr("gui.compare.reader.STILL", 10**3)
    hand.draw([(0.3 + step / 100, 0.5) for step in range(40)])
    hand.app.update()
    assert asked == [hand.app.comparing.session.drawing.generation]


def test_answers_come_without_looking_for_them(window, monkeypatch):
    hand = window("reads", "says_3")
    if not hand.app.timers.watch(hand.app.link.file, lambda: None):
        pytest.skip("this system does not tell when a process has said something")
    monkeypatch.setattr("gui.compare.reader.POLL_WATCHED", 10**7)
    hand.app.comparing.reader.start()
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.digit == "1")


# ---------------------------------------------------------------- the rows of the board


def test_rows_keep_their_places_under_the_pointer_and_for_a_moment_after(hand_over_rows):
    hand, last = hand_over_rows
    order = list(hand.rows)
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.comparing.is_settled and len(hand.app.comparing.session.answers) == 4)
    hand.app.update()
    assert list(hand.rows) == order
    hand.app.compare.comparison.list.event_generate("<Leave>")
    hand.until(lambda: list(hand.rows) != order)
    assert list(hand.rows)[0] == last


@pytest.fixture
def hand_over_rows(open_window):
    """A window whose board is sorted by the vote, with the pointer over its rows; and the model that will differ."""
    hand = open_window("says_1", "also_1", "too_1", "says_7", size="1000x700").ready()
    hand.app.comparing.sort_by("vote")
    hand.app.update()
    table = hand.app.compare.comparison.list
    table.event_generate("<Motion>", x=40, y=table.row_middle("says_1"))
    return hand, "says_7"


def test_the_evidence_stands_large_beside_the_bars_where_there_is_room(hand):
    page = hand.app.compare
    hand.app.geometry("1280x740+0+0")
    hand.settle()
    tile, chart = page.occlusion_map, page.focus_panel.chart
    assert tile.winfo_width() >= 168
    assert tile.winfo_rootx() >= chart.winfo_rootx() + chart.winfo_width()
    hand.app.geometry("900x600+0+0")
    hand.settle()
    assert tile.winfo_viewable()
    assert tile.winfo_rooty() > page.pad.winfo_rooty() + page.pad.winfo_height()
    hand.app.geometry("700x440+0+0")  # all of it is on the page of the model
    hand.settle()
    assert tile.winfo_viewable()
    page.show_answers("board")
    hand.app.update()
    assert not tile.winfo_viewable()
