"""The pad, driven by real events."""

import tkinter

import numpy as np
import pytest
from PIL import Image, ImageColor

from gui import appearance
from gui.appearance import PALETTE, Fonts, use_palette
from gui.drawing.drawing import Drawing, Picture
from gui.drawing.ink import render
from gui.drawing.sketchpad import ERASER_RADIUS, Sketchpad

SIDE = 300
ACROSS = [(0.2, 0.5), (0.4, 0.5), (0.6, 0.5), (0.8, 0.5)]
OBLIQUE = [(0.1, 0.2), (0.4, 0.4), (0.9, 0.7)]


@pytest.fixture
def pad(display):
    root = tkinter.Tk()
    errors = []
    root.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
    fonts = Fonts(root)
    pad = Sketchpad(root, Drawing())
    pad.set_side(SIDE)
    pad.pack()
    root.update()
    yield pad
    use_palette(False)
    root.destroy()
    if errors:
        raise errors[0]
    assert fonts


def event(pad, sequence, x, y, **more):
    pad.event_generate(sequence, x=round(x * pad.side), y=round(y * pad.side), **more)
    pad.update()


def press(pad, points, button=1):
    event(pad, f"<ButtonPress-{button}>", *points[0])
    for point in points[1:]:
        event(pad, f"<B{button}-Motion>", *point)


def draw(pad, points, button=1):
    press(pad, points, button)
    event(pad, f"<ButtonRelease-{button}>", *points[-1])


def shown(pad):
    """The pad's pixels as Tk has them, uint8 (side, side, 3)."""
    data = pad.tk.call(pad._photo, "data", "-format", "ppm")
    return np.frombuffer(data, np.uint8)[-3 * pad.side**2 :].reshape(pad.side, pad.side, 3)


def colour(name):
    return ImageColor.getrgb(getattr(PALETTE, name))


def has_colour(pixels, name):
    return (pixels == colour(name)).all(-1).any()


# ---------------------------------------------------------------- ink


def test_an_oblique_edge_is_smooth(pad):
    draw(pad, OBLIQUE)
    grey = shown(pad).mean(axis=2)
    dark, light = np.mean(colour("ink")), np.mean(colour("paper"))
    assert (grey.min(), grey.max()) == pytest.approx((dark, light))
    across = grey[:, round(0.4 * SIDE)]
    between = across[(across > dark + 20) & (across < light - 20)]
    assert 2 <= len(between) <= 8  # a pixel or a few on either edge, not a blur


def test_ink_looks_the_same_live_redrawn_and_in_a_file(pad):
    rounded = [(0.5 + 0.3 * np.cos(angle), 0.5 + 0.35 * np.sin(angle)) for angle in np.linspace(0, 5, 40)]
    draw(pad, rounded)
    draw(pad, [(0.1, 0.1)])
    draw(pad, OBLIQUE)
    live = shown(pad)
    pad.redraw()
    np.testing.assert_array_equal(live, shown(pad))
    file = np.asarray(render(pad.drawing.strokes, pad.side, pad.pen_width, PALETTE.ink))
    np.testing.assert_array_equal(live, file)


def test_ink_reaches_the_pen_at_once(pad):
    press(pad, [(0.2, 0.5), (0.5, 0.3), (0.8, 0.6)])
    assert tuple(shown(pad)[round(0.6 * SIDE), round(0.8 * SIDE)]) == colour("ink")


def test_a_motion_costs_the_same_however_long_the_stroke_is(pad, monkeypatch):
    painted = []
    show = pad._show
    monkeypatch.setattr(pad, "_show", lambda box: (painted.append((box[2] - box[0]) * (box[3] - box[1])), show(box)))
    points = [(0.5 + 0.4 * np.cos(step / 20), 0.5 + 0.3 * np.sin(step / 20)) for step in range(400)]
    press(pad, points[:1])
    costs = []
    for point in points[1:]:
        painted.clear()
        event(pad, "<B1-Motion>", *point)
        costs.append(sum(painted))
    assert max(costs) < 60 * 60
    assert np.mean(costs[-100:]) < 1.1 * np.mean(costs[:100])
    painted.clear()
    event(pad, "<B1-Motion>", 0.1, 0.1)  # far away: along the way, not all that lies in the box around it
    assert sum(painted) < SIDE**2 / 2


def test_the_pen_can_be_wider(pad):
    draw(pad, ACROSS)
    assert pad.ink.coverage[:, SIDE // 2].sum() / 255 == pytest.approx(0.05 * SIDE, abs=0.1)
    pad.set_pen_width(0.1)
    assert pad.ink.coverage[:, SIDE // 2].sum() / 255 == pytest.approx(0.1 * SIDE, abs=0.1)
    for asked, used in ((0.5, 0.1), (0.001, 0.02)):
        pad.set_pen_width(asked)
        assert pad.pen_width == used


def test_colours_are_those_of_the_theme(pad):
    draw(pad, ACROSS)
    use_palette(True)
    pad.redraw()
    pixels = shown(pad)
    assert tuple(pixels[5, 5]) == tuple(ImageColor.getrgb(appearance.DARK["paper"])) == colour("paper")
    assert tuple(pixels[SIDE // 2, SIDE // 2]) == colour("ink")
    assert str(pad["background"]) == PALETTE.paper


# ---------------------------------------------------------------- buttons, touch and focus


def test_the_right_button_erases_whatever_the_tool(pad):
    draw(pad, ACROSS)
    assert len(pad.drawing.strokes) == 1
    draw(pad, [(0.5, 0.3), (0.5, 0.7)], button=3)
    assert len(pad.drawing.strokes) == 2
    column = pad.ink.coverage[SIDE // 2, :]
    gap = np.flatnonzero(column[60:240] == 0)
    assert len(gap) == pytest.approx(2 * ERASER_RADIUS * SIDE, abs=2)  # as wide as the circle
    pad.drawing.undo()
    pad.redraw()
    assert pad.ink.coverage[SIDE // 2, SIDE // 2] == 255


def test_the_eraser_shows_its_size_and_leaves_what_a_redraw_draws(pad):
    draw(pad, ACROSS)
    draw(pad, OBLIQUE)
    event(pad, "<Motion>", 0.3, 0.3)
    assert pad.itemcget("eraser", "state") == "hidden"
    pad.set_tool("eraser")
    assert pad.itemcget("eraser", "state") == "normal"
    assert str(pad["cursor"]) == "none"
    press(pad, [(0.3, 0.3), (0.5, 0.5), (0.52, 0.46)])
    left, _, right, _ = pad.coords("eraser")
    assert (left + right) / 2 == pytest.approx(0.52 * SIDE, abs=1)
    assert right - left == pytest.approx(2 * ERASER_RADIUS * SIDE, abs=1)
    event(pad, "<ButtonRelease-1>", 0.52, 0.46)
    live = shown(pad)
    pad.redraw()
    np.testing.assert_array_equal(live, shown(pad))
    event(pad, "<Leave>", 0, 0)
    assert pad.itemcget("eraser", "state") == "hidden"
    pad.set_tool("pen")
    draw(pad, ACROSS)  # the pen draws on from what the eraser left
    live = shown(pad)
    pad.redraw()
    np.testing.assert_array_equal(live, shown(pad))
    with pytest.raises(ValueError, match="'brush'"):
        pad.set_tool("brush")


def test_motion_without_the_button_ends_a_stroke_whose_release_was_lost(pad):
    press(pad, [(0.2, 0.2), (0.4, 0.2)])
    assert pad.drawing.pen_is_down
    event(pad, "<Motion>", 0.8, 0.8)
    assert not pad.drawing.pen_is_down
    event(pad, "<B1-Motion>", 0.9, 0.9)
    assert pad.drawing.strokes == [[(0.2, 0.2), (0.4, 0.2)]]


def test_a_second_finger_draws_no_line_across(pad):
    press(pad, [(0.1, 0.1), (0.2, 0.1)])
    press(pad, [(0.9, 0.9), (0.8, 0.9)])
    event(pad, "<ButtonRelease-1>", 0.8, 0.9)
    assert len(pad.drawing.strokes) == 2
    assert not pad.ink.coverage[SIDE // 2, SIDE // 2]
    pad.drawing.undo()
    assert len(pad.drawing.strokes) == 1


def test_a_cleared_pad_ignores_the_rest_of_the_stroke(pad):
    press(pad, ACROSS[:2])
    pad.drawing.clear()
    pad.redraw()
    event(pad, "<B1-Motion>", 0.6, 0.5)
    event(pad, "<ButtonRelease-1>", 0.8, 0.5)
    assert pad.drawing.strokes == []
    assert not pad.ink.coverage.any()


def test_a_window_that_grows_in_the_middle_of_a_stroke_keeps_it(pad):
    press(pad, ACROSS[:2])
    pad.set_side(400)
    pad.update()
    press_on = [(0.6, 0.5), (0.8, 0.5)]
    for point in press_on:
        event(pad, "<B1-Motion>", *point)
    event(pad, "<ButtonRelease-1>", *press_on[-1])
    live = shown(pad)
    assert live.shape == (400, 400, 3)
    assert len(pad.drawing.strokes) == 1
    pad.redraw()
    np.testing.assert_array_equal(live, shown(pad))


def test_changes_are_announced(pad):
    generations = []
    pad.bind("<<DrawingChanged>>", lambda _event: generations.append(pad.drawing.generation))
    draw(pad, ACROSS)
    assert generations == [1, 2, 3, 4, 4]  # lifting the pen counts too
    generations.clear()
    press(pad, [(0.5, 0.1), (0.5, 0.2)], button=3)
    assert generations == []
    event(pad, "<B3-Motion>", 0.5, 0.5)
    assert generations == [5]


def test_the_pad_is_reached_by_tab_and_shows_it(pad):
    assert str(pad["takefocus"]) == "1"
    assert pad.itemcget("frame", "outline") == PALETTE.line
    pad.focus_force()
    pad.update()
    assert pad.itemcget("frame", "outline") == PALETTE.accent
    left, top, right, bottom = pad.bbox("frame")
    assert (left >= -1, top >= -1, right <= SIDE + 1, bottom <= SIDE + 1) == (True,) * 4
    pad.master.focus_force()
    pad.update()
    assert pad.itemcget("frame", "outline") == PALETTE.line


# ---------------------------------------------------------------- what lies under the ink


def test_the_guide_lies_under_the_ink(pad):
    assert not has_colour(shown(pad), "line")
    pad.set_guide(True)
    pixels = shown(pad)
    rows, columns = np.nonzero((pixels == colour("line")).all(-1))
    for places in (rows, columns):
        assert (places.min(), places.max()) == pytest.approx((0.16 * SIDE, 0.84 * SIDE), abs=1)
    assert 0.3 < len(rows) / (4 * 0.68 * SIDE) < 0.8  # dashed
    draw(pad, [(0.16, 0.1), (0.16, 0.9)])  # over its left edge
    assert not has_colour(shown(pad)[:, round(0.16 * SIDE) - 3 : round(0.16 * SIDE) + 3], "line")
    pad.set_guide(False)
    assert not has_colour(shown(pad), "line")


def test_a_picture_lies_on_the_pad_until_a_stroke_and_comes_back_by_undo(pad):
    picture = Picture(np.zeros((28, 28), np.uint8), Image.new("RGB", (20, 10), "#c00000"), "red")
    pad.drawing.show_picture(picture)
    pad.redraw()
    pixels = shown(pad)
    red = (pixels == (192, 0, 0)).all(-1)
    assert red[SIDE // 4 + 2 : -SIDE // 4 - 2].all()  # fitted to the width, in the middle of the height
    assert red.mean() == pytest.approx(0.5, abs=0.01)
    assert pad.itemcget("hint", "text") == ""
    draw(pad, ACROSS)
    pixels = shown(pad)
    assert not (pixels == (192, 0, 0)).all(-1).any()
    assert tuple(pixels[SIDE // 2, SIDE // 2]) == colour("ink")
    pad.drawing.undo()
    pad.redraw()
    np.testing.assert_array_equal((shown(pad) == (192, 0, 0)).all(-1), red)


def test_the_hint_keeps_clear_of_the_guide(pad):
    pad.set_guide(True)
    for points, word in (([], "Draw a digit"), ([(0.5, 0.5)], "larger")):
        if points:
            draw(pad, points)
        assert word in pad.itemcget("hint", "text")
        _, top, _, bottom = pad.bbox("hint")
        guide = 0.16 * SIDE, 0.84 * SIDE
        assert top > guide[1] or (top > guide[0] and bottom < guide[1])
        assert bottom < SIDE
