"""The window, driven by real events, with made-up models in a real worker process."""

import pytest

from tests.gui_support import UPRIGHT, WIDE, texts
from zoo.ensemble import NOT_ONE_DIGIT


def ink(hand):
    return hand.pad.ink.coverage > 0


def bar_height(chart, digit):
    x = chart.bar_middle(digit)
    bars = [item for item in chart.find_overlapping(x, 0, x, chart.winfo_height()) if chart.type(item) == "rectangle"]
    return max(chart.coords(bar)[3] - chart.coords(bar)[1] for bar in bars)


# ---------------------------------------------------------------- drawing and answers


def test_the_answer_comes_while_the_pen_is_still_down(window):
    hand = window("reads", "says_7")
    app = hand.app
    assert hand.digit == ""
    hand.press(*UPRIGHT[0])
    for point in UPRIGHT[1:]:
        hand.move(*point)
    hand.until(lambda: hand.digit == "1")
    chart = app.compare.focus_panel.chart
    assert chart.values == ["1.0 %", "91.0 %", *["1.0 %"] * 8]
    assert bar_height(chart, 1) > 20 * bar_height(chart, 2)
    hand.move(0.9, 0.8)  # a foot makes it wide
    hand.move(0.1, 0.8)
    hand.until(lambda: hand.digit == "0")
    hand.release(0.1, 0.8)
    hand.settle()
    assert hand.digit == "0"
    assert app.compare.reference.caption == "Reference 0"
    assert app.compare.received.image.size == (28, 28)


def test_ink_is_taken_while_the_models_load(open_window, tmp_path):
    hand = open_window("slow_to_load", "says_3")
    hand.draw(UPRIGHT)
    assert ink(hand).any()
    hand.until(lambda: hand.app.compare.received.image is not None)
    assert hand.app.status.text == "Loading models…"
    (tmp_path / "go_on").touch()
    hand.ready()
    hand.until(lambda: hand.digit == "1")
    assert hand.app.status.text == "2 models ready"


def test_a_fast_stroke_is_joined(window):
    hand = window("reads", "says_7")
    hand.press(0.1, 0.5)
    hand.move(0.9, 0.5)
    middle = hand.pad.side // 2
    assert ink(hand)[middle, middle]
    hand.release(0.9, 0.5)


def test_a_long_stroke_is_whole(window):
    hand = window("reads", "says_7")
    points = [(0.1 + 0.8 * (step % 100) / 100, 0.1 + 0.8 * step / 1000) for step in range(1000)]
    hand.draw(points)
    assert len(hand.app.comparing.session.drawing.strokes) == 1
    side = hand.pad.side
    for x, y in points[::9]:
        assert ink(hand)[round(y * side), round(x * side)]


def test_only_the_left_button_draws(window):
    hand = window("reads", "says_7")
    for button in (2, 3):
        hand.draw(WIDE, button)
    hand.move(0.5, 0.5)  # nor does motion without a press
    assert hand.app.comparing.session.drawing.strokes == []


def test_a_click_leaves_a_dot_and_asks_for_more(window):
    hand = window("reads", "says_7")
    hand.draw([(0.5, 0.5)])
    hand.settle()
    app = hand.app
    assert ink(hand).any()
    assert "larger" in hand.pad.itemcget("hint", "text")
    assert app.compare.focus_panel.chart.message == "Draw a little larger."
    assert hand.digit == ""
    assert app.compare.received.image is None


def test_the_hint_goes_with_the_first_ink_and_comes_back(window):
    hand = window("reads", "says_7")
    pad = hand.pad
    assert pad.itemcget("hint", "text") == "Draw a digit here"
    hand.draw(WIDE)
    assert pad.itemcget("hint", "text") == ""
    hand.settle()
    hand.app.compare.tools.clear.invoke()
    assert pad.itemcget("hint", "text") == "Draw a digit here"


def test_undo_redo_and_clear_by_keyboard(window):
    hand = window("reads", "says_7")
    app = hand.app
    hand.draw(UPRIGHT)
    hand.draw(WIDE)
    hand.until(lambda: hand.digit == "0")
    hand.key("<Control-z>")
    hand.until(lambda: hand.digit == "1")
    middle = hand.pad.side // 2
    assert not ink(hand)[middle, hand.pad.side // 4]
    hand.key("<Control-y>")
    hand.until(lambda: hand.digit == "0")
    hand.key("<Delete>")
    assert not ink(hand).any()
    assert hand.digit == ""
    assert app.compare.received.image is None
    assert str(app.compare.tools.clear["state"]) == "disabled"
    hand.key("<Control-z>")
    assert ink(hand)[middle, hand.pad.side // 4]
    hand.key("<Control-z>")
    hand.key("<Control-Shift-Z>")
    hand.until(lambda: len(app.comparing.session.drawing.strokes) == 2 and hand.digit == "0")


def test_the_space_bar_presses_a_button(window):
    hand = window("reads", "says_7")
    hand.draw(WIDE)
    hand.settle()
    hand.app.compare.tools.clear.focus_force()
    hand.app.update()
    hand.app.compare.tools.clear.event_generate("<space>")
    assert hand.app.comparing.session.drawing.strokes == []


def test_the_drawing_survives_a_resize(window):
    hand = window("reads", "says_7")
    app = hand.app
    hand.draw(WIDE)
    hand.until(lambda: hand.digit == "0")
    strokes, before, old_side = app.comparing.session.drawing.strokes, ink(hand).mean(), hand.pad.side
    app.geometry("1300x900")
    hand.until(lambda: hand.pad.side > old_side * 1.2)
    assert app.comparing.session.drawing.strokes == strokes
    assert ink(hand).mean() == pytest.approx(before, rel=0.1)
    assert hand.digit == "0"
    app.geometry("300x200")  # below the smallest size
    hand.settle()
    assert (app.winfo_width(), app.winfo_height()) >= (760, 440)


@pytest.mark.parametrize("size", ["900x600", "1280x800", "1500x1100"])
def test_nothing_is_cut_off(window, size):
    hand = window("reads", "says_7")
    hand.app.geometry(size)
    hand.settle()
    app = hand.app
    for widget in (
        hand.pad,
        app.compare.examples.next,
        app.compare.tools.clear,
        app.compare.received,
        app.compare.occlusion_map,
        app.compare.reference,
        app.compare.typical,
        app.compare.focus_panel,
        app.compare.focus_panel.chart,
        app.compare.comparison.button,
        app.compare.comparison.list,
        app.status,
    ):
        right = widget.winfo_rootx() + widget.winfo_width() - app.winfo_rootx()
        bottom = widget.winfo_rooty() + widget.winfo_height() - app.winfo_rooty()
        assert right <= app.winfo_width(), widget
        assert bottom <= app.winfo_height(), widget
        assert widget.winfo_width() >= min(widget.winfo_reqwidth(), 100), widget
    assert hand.pad.winfo_width() == hand.pad.winfo_height() >= 250


@pytest.mark.parametrize("size", ["900x600", "1120x740", "1500x1100"])
def test_what_stands_with_the_pad_is_not_cut_off_by_its_panel(window, size):
    hand = window("reads", "says_7")
    hand.app.geometry(size)
    hand.draw(UPRIGHT)
    hand.settle()
    page = hand.app.compare
    panel = page.pad.master
    for widget in (page.tools.clear, page.received, page.reference, page.typical):
        assert widget.winfo_rootx() + widget.winfo_width() <= panel.winfo_rootx() + panel.winfo_width(), widget


def test_an_answer_to_a_drawing_that_has_gone_is_not_shown(open_window, tmp_path):
    hand = open_window("slow").ready()
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.link.is_busy)
    hand.app.comparing.clear()
    hand.draw(WIDE)
    (tmp_path / "go_on").touch()
    shown = []
    hand.until(lambda: shown.append(hand.digit) or shown[-1] != "")
    assert set(shown) <= {"", "0"}


# ---------------------------------------------------------------- focus and comparison


def test_a_sure_model_is_not_believed_where_the_vote_doubts(window):
    hand = window("doubts", "says_2")
    panel = hand.app.compare.focus_panel
    hand.draw(UPRIGHT)
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    assert panel.verdict == NOT_ONE_DIGIT
    assert panel.more == "nearest: 0 (10.0 %)"
    assert hand.app.compare.comparison.vote_line.digit == "?"
    hand.app.comparing.set_focus("says_2")
    assert panel.verdict == NOT_ONE_DIGIT
    assert panel.more == "this model alone: 2, 91.0 % confidence"


def test_models_that_never_learned_to_doubt_are_not_doubted_for_it(open_window):
    hand = open_window("doubts", "says_2", learned=False).ready()
    hand.draw(UPRIGHT)
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    hand.app.comparing.set_focus("says_2")
    assert hand.app.compare.focus_panel.verdict == "2"
    assert hand.app.compare.focus_panel.confidence == "91.0 % confidence"


def test_the_board_is_set_against_its_vote_and_not_against_the_model_in_focus(window):
    hand = window("reads", "says_1", "says_also_1", "says_7")
    app = hand.app
    app.comparing.set_focus("says_7")
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.comparing.session.answers) == 4)
    hand.settle()
    signs = {"says_7": "says 7", "reads": "", "says_1": "", "says_also_1": ""}
    assert {name: row.sign for name, row in hand.rows.items()} == signs
    assert app.compare.comparison.vote_line.text == "3 of 4 say 1 · 1 says 7 · 68.5 % mean confidence"
    assert app.compare.comparison.vote_line.digit == "1"
    assert (hand.digit, app.compare.reference.caption) == ("7", "Reference 7")
    app.compare.focus_panel.dropdown.current(0)  # by title the first
    app.compare.focus_panel.dropdown.event_generate("<<ComboboxSelected>>")
    hand.until(lambda: hand.digit == "1")
    assert {name: row.sign for name, row in hand.rows.items()} == signs
    hand.draw(WIDE)
    hand.until(lambda: app.compare.reference.caption == "Reference 0")


def test_rows_keep_their_places_while_one_draws(window):
    hand = window("reads", "says_1", "says_also_1", "says_7")
    app = hand.app
    app.comparing.sort_by("vote")
    hand.press(*UPRIGHT[0])
    for point in UPRIGHT[1:]:
        hand.move(*point)
    hand.until(lambda: len(app.comparing.session.answers) == 4)
    hand.settle(600)
    assert list(hand.rows) == ["reads", "says_1", "says_also_1", "says_7"]
    hand.release(*UPRIGHT[-1])
    hand.until(lambda: list(hand.rows)[0] == "says_7")  # the one that differs, once all is quiet


def test_a_click_on_a_row_puts_its_model_in_focus(window):
    hand = window("reads", "says_7")
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.comparing.session.answers) == 2)
    rows = app.compare.comparison.list
    rows.event_generate("<Button-1>", x=60, y=rows.row_middle("says_7"))
    hand.until(lambda: hand.digit == "7")
    assert app.compare.focus_panel.dropdown.get() == "The says_7 model"
    rows.focus_force()
    app.update()
    rows.event_generate("<Up>")
    rows.event_generate("<Return>")
    hand.until(lambda: hand.digit == "1")


def test_the_wheel_over_the_dropdown_changes_nothing(window):
    hand = window("reads", "says_7")
    for wheel in ("<Button-4>", "<Button-5>"):
        hand.app.compare.focus_panel.dropdown.event_generate(wheel)
    hand.app.update()
    assert hand.app.compare.focus_panel.dropdown.get() == "The reads model"


def test_models_are_taken_off_the_board_and_put_back(window):
    hand = window("reads", "says_1", "says_also_1", "says_7")
    app = hand.app
    comparison = app.compare.comparison
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.comparing.session.answers) == 4)
    comparison.button.invoke()
    for name in ("reads", "says_1"):
        comparison.picker.ticks[name].invoke()
    assert list(hand.rows) == ["says_also_1", "says_7"]
    assert comparison.vote_line.text.startswith("1 of 2 says 1 · 1 says 7")
    comparison.picker.sets["none"].invoke()
    assert hand.rows == {}
    assert any(text.startswith("No model is chosen") for text in texts(comparison.list))
    comparison.picker.sets["all"].invoke()
    hand.until(lambda: comparison.vote_line.text.startswith("3 of 4 say 1 · 1 says 7"))
    comparison.picker.close()


def test_a_long_list_scrolls_under_its_heading(open_window):
    hand = open_window(*(f"says_{digit}" for digit in range(10)), "reads", "slow", "slower", "slowest")
    app = hand.app
    rows = app.compare.comparison.list
    hand.settle()
    assert rows.yview() != (0.0, 1.0)
    rows.focus_force()
    app.update()
    rows.event_generate("<End>")
    hand.settle()
    assert rows.row_middle(rows.rows[-1].name) < rows.winfo_height()
    assert rows.row_at(rows.row_middle("slowest")).name == "slowest"
    assert rows.row_at(5) is None  # the heading covers what is beneath it
    rows.event_generate("<Return>")
    assert app.comparing.session.focus == "slowest"


def test_rows_that_just_fit_do_not_make_the_scrollbar_come_and_go(open_window):
    hand = open_window("says_1", "says_2", broken_cards=["torn"])
    for height in range(600, 700, 14):
        hand.app.geometry(f"900x{height}")
        hand.settle(30)  # an endless layout would never return from here
        rows = hand.app.compare.comparison.list
        shown = rows.yview(), rows.winfo_width()
        hand.settle(30)
        assert (rows.yview(), rows.winfo_width()) == shown


# ---------------------------------------------------------------- failures


def test_broken_models_say_so_in_their_place_and_the_rest_works(open_window):
    hand = open_window("broken", "says_7", "says_2", broken_cards=["torn"]).ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.comparing.session.answers) == 2)
    hand.settle()
    errors = {row.name: row.error for row in app.compare.comparison.list.rows}
    assert errors["broken"] == "The artifact broken is damaged: build it again."
    assert errors["torn"] == "The card torn is torn."
    assert not errors["says_7"]
    assert app.compare.focus_panel.chart.message == errors["broken"]  # it is in focus
    assert hand.digit == ""
    assert app.status.text == "2 models ready · 2 failed"
    app.comparing.set_focus("says_7")
    assert hand.digit == "7"
    assert app.compare.comparison.vote_line.text.startswith("1 of 2 says 2 · 1 says 7")


# ---------------------------------------------------------------- parts
