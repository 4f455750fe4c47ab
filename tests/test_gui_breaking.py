"""What is the smallest change that flips the answer, on the page Compare: real widgets and made-up models."""

import numpy as np
import pytest

from tests.gui_support import UPRIGHT, WIDE


@pytest.fixture
def hand(window):
    """A window with that page in sight."""
    hand = window("counts_ink", "says_7")
    hand.key("<F8>")
    return hand


@pytest.fixture
def broken(hand):
    """The same with a drawing whose answer flips."""
    hand.draw(WIDE)
    hand.until(lambda: "becomes" in panel(hand).sentence)
    return hand


def panel(hand):
    return hand.app.compare.break_panel


def test_it_says_how_much_ink_has_to_go_and_what_the_digit_becomes(broken):
    ink = int((broken.app.comparing.reader.image > 0).sum())
    assert panel(broken).sentence == f"{ink - 60} of {ink} ink pixels wiped: 8 becomes 3."
    assert panel(broken).now == f"{ink - 60} of {ink - 60} pixels wiped · 8: 1.0 % · 3: 91.0 %"
    assert panel(broken).chart.values[3] == "91.0 %"


def test_one_goes_through_it_step_by_step(broken):
    panel(broken).back.invoke()
    assert "8: 91.0 % · 3: 1.0 %" in panel(broken).now
    before = np.asarray(panel(broken).image.image)
    panel(broken).slider.set(0)
    assert panel(broken).now.startswith("0 of ")
    assert (np.asarray(panel(broken).image.image) != before).any()
    panel(broken).forth.invoke()
    assert panel(broken).now.startswith("1 of ")


@pytest.mark.slow
def test_it_plays_from_the_beginning_to_the_end_and_can_be_stopped(broken):
    seen = []
    end = panel(broken).now
    panel(broken).play.invoke()
    broken.until(lambda: seen.append(panel(broken).now) or panel(broken).now == end)
    assert seen[0].startswith("0 of ")
    assert len(set(seen)) > 3
    assert panel(broken).play.cget("text") == "Play"
    panel(broken).play.invoke()
    panel(broken).play.invoke()
    stopped = panel(broken).now
    broken.settle(400)
    assert panel(broken).now == stopped


def test_where_nothing_flips_it_that_is_said(broken):
    broken.app.comparing.set_focus("says_7")
    broken.until(lambda: "Nothing flips it" in panel(broken).sentence)
    assert panel(broken).sentence.endswith("it still reads 7.")


def test_another_drawing_is_searched_anew_and_none_is_not(broken):
    before = broken.app.comparing.breaking.flip
    broken.app.comparing.clear()
    broken.settle()
    assert panel(broken).sentence == "Draw a digit, and every model answers while you draw."
    assert panel(broken).image.image is None
    assert panel(broken).play.instate(["disabled"])
    broken.draw(UPRIGHT)
    broken.until(lambda: "8 becomes 3" in panel(broken).sentence)
    assert broken.app.comparing.breaking.flip is not before


def test_nothing_is_searched_for_while_another_page_is_in_sight(broken):
    broken.key("<F4>")
    flip = broken.app.comparing.breaking.flip
    assert flip is not None
    broken.draw(UPRIGHT)
    broken.settle(300)
    assert broken.app.comparing.breaking.flip is None
    broken.key("<F8>")
    broken.until(lambda: broken.app.comparing.breaking.flip is not None)


def test_it_outlives_a_change_of_the_theme(broken):
    before = panel(broken).sentence
    broken.app.set_theme("dark")
    broken.settle()
    assert panel(broken).sentence == before
    assert panel(broken).winfo_viewable()
    broken.app.set_theme("light")
    broken.settle()
