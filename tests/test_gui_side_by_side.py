"""Two models side by side on a drawing that changes, with real widgets and made-up models."""

import numpy as np
import pytest

from tests.gui_support import UPRIGHT, WIDE, draw, texts
from zoo.changes import CHANGES


@pytest.fixture
def hand(window):
    """A window on that page, with a digit that "reads" takes for a 1."""
    hand = window("reads", "says_7", "doubts")
    hand.app.beside.reset()
    hand.app.beside.set_level("right", 0)
    hand.app.beside.choose_other("says_7")
    hand.key("<F6>")
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.beside.pair is not None and hand.app.beside.curves)
    hand.settle()
    return hand


def page(hand):
    return hand.app.side_by_side


def move(hand, name, level):
    slider, levels = page(hand).sliders[name], CHANGES[name].levels
    slider.set(levels.index(level))
    hand.app.update()
    hand.settle()


def test_two_models_stand_side_by_side_with_answer_evidence_and_layers(hand):
    left, right = page(hand).readings
    assert (left.answer, right.answer) == ("1 · 91.0 %", "7 · 91.0 %")
    assert [reading.dropdown.get() for reading in (left, right)] == ["The reads model", "The says_7 model"]
    assert left.evidence.caption == right.evidence.caption == "Evidence for 1"
    assert left.evidence.image.size == (28, 28)
    assert [layer.name for layer in left.layers.layers] == ["conv_1", "hidden", "logits"]
    assert [layer.name for layer in right.layers.layers] == ["hidden", "logits"]


def test_the_curves_say_how_far_each_model_reads_the_digit(hand):
    curves = {curve.name: curve for curve in hand.app.beside.curves}
    assert curves["reads"].span == (-10, 10)  # wherever the stroke stands
    assert curves["reads"].confidence == pytest.approx(np.full(21, 0.91))
    assert curves["says_7"].span is None
    assert dict(page(hand).curves.lines) == {
        "The reads model": "everywhere",
        "The says_7 model": "nowhere",
        "The doubts model": "nowhere",
    }
    assert "Confidence that this is a 1" in texts(page(hand).curves)
    move(hand, "rotation", 90)  # turned to lie, it is a 0 to the model
    (curve,) = (curve for curve in hand.app.beside.curves if curve.name == "reads")
    first, last = curve.span
    assert -90 < first < 0 < last < 90
    assert page(hand).readings[0].answer == "0 · 91.0 %"


def test_the_image_changes_after_it_was_centred_and_the_models_see_it(hand):
    before = hand.app.beside.pair.image
    move(hand, "down", 5)
    after = hand.app.beside.pair.image
    assert np.array_equal(after[5:], before[:-5])
    assert np.array_equal(hand.app.comparing.reader.image, before)
    page(hand).reset.invoke()
    hand.settle()
    assert np.array_equal(hand.app.beside.pair.image, before)
    assert page(hand).reset.instate(["disabled"])


def test_the_level_is_chosen_by_keys_and_by_a_click_on_the_curves(hand):
    chart = page(hand).curves
    hand.key("<Right>", chart)
    hand.key("<Right>", chart)
    assert hand.app.beside.levels["right"] == 2
    hand.settle()
    chart.event_generate("<Button-1>", x=round(chart.x_of(-4)), y=80)
    hand.settle()
    assert hand.app.beside.levels["right"] == -4
    assert page(hand).sliders["right"].get() == CHANGES["right"].levels.index(-4)


def test_a_line_of_the_list_puts_its_model_beside_the_one_in_focus(hand):
    chart = page(hand).curves
    (line,) = (
        item
        for item in chart.find_all()
        if chart.type(item) == "text" and chart.itemcget(item, "text") == "The doubts model"
    )
    x, y = chart.coords(line)
    chart.event_generate("<Motion>", x=round(x) + 3, y=round(y))
    chart.event_generate("<Button-1>", x=round(x) + 3, y=round(y))
    hand.settle()
    assert page(hand).readings[1].dropdown.get() == "The doubts model"
    left = page(hand).readings[0]
    left.dropdown.current(left.dropdown["values"].index("The doubts model"))
    left.dropdown.event_generate("<<ComboboxSelected>>")
    hand.settle()
    assert [reading.dropdown.get() for reading in page(hand).readings] == ["The doubts model", "The reads model"]
    assert hand.app.comparing.session.focus == "doubts"


def test_both_pages_show_one_drawing(hand):
    hand.app.show_page("compare")
    assert (hand.app.compare.pad.ink.coverage > 0).any()
    hand.key("<F6>")
    hand.app.comparing.clear()
    draw(page(hand).pad, WIDE)
    hand.until(lambda: page(hand).readings[0].answer == "0 · 91.0 %")
    hand.app.show_page("compare")
    assert np.array_equal(hand.app.compare.pad.drawing.image(), hand.app.beside.pair.image)
    assert (hand.app.compare.pad.ink.coverage > 0).any()
    hand.key("<F6>")
    page(hand).steps.clear.invoke()
    hand.settle()
    assert page(hand).readings[0].answer == ""
    assert hand.app.beside.curves == []
    assert not (hand.app.compare.pad.ink.coverage > 0).any()


def test_nothing_is_asked_while_another_page_is_in_sight(hand):
    hand.app.show_page("compare")
    pair = hand.app.beside.pair
    hand.draw(WIDE)
    hand.settle()
    assert hand.app.beside.pair is pair


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "scale", "size"), [("dark", 2.0, "1600x1000"), ("light", 1.0, "720x420")])
def test_it_stands_in_both_themes_and_at_every_scale(hand, theme, scale, size):
    hand.app.set_theme(theme)
    hand.app.set_scale(scale)
    hand.app.minsize(1, 1)
    hand.app.geometry(size)
    hand.app.update()
    hand.settle()
    chart = page(hand).curves
    assert chart.winfo_height() > 90 * scale
    assert page(hand).readings[0].chart.winfo_ismapped()
    assert page(hand).readings[0].answer == "1 · 91.0 %"
    bottom = page(hand).sliders["noise"]
    assert bottom.winfo_rooty() + bottom.winfo_height() <= hand.app.winfo_rooty() + hand.app.winfo_height()
    hand.app.set_theme("light")
    hand.app.set_scale(0)
    hand.settle()  # a window that closes while it is built anew leaves Tk a focus that is nowhere


def test_the_second_model_is_that_of_last_time(open_window, tmp_path):
    path = tmp_path / "settings.json"
    hand = open_window("reads", "says_7", "doubts", settings_path=path).ready()
    first = hand.app.beside.other
    chosen = "doubts" if first != "doubts" else "says_7"
    hand.app.beside.choose_other(chosen)
    hand.close()
    hand = open_window("reads", "says_7", "doubts", settings_path=path).ready()
    assert hand.app.beside.other == chosen
    hand.app.beside.choose_focus(chosen)  # they change places
    hand.close()
    hand = open_window("reads", "says_7", "doubts", settings_path=path).ready()
    assert (hand.app.comparing.session.focus, hand.app.beside.other) == (chosen, "reads")
