"""What the window remembers, and how it looks: theme and size change while everything else stays as it is."""

import gc
import json
import os
import tkinter

import pytest

from gui import appearance, settings
from gui.appearance import DARK, LIGHT, PALETTE
from gui.drawing.drawing import Picture
from gui.settings import Settings
from tests.gui_support import UPRIGHT, WIDE


@pytest.fixture(autouse=True)
def as_it_was(display):
    """The display keeps a scale, and the module its palette, beyond the window."""
    yield
    import ttkbootstrap as ttk

    root = ttk.App(iconphoto=None)
    appearance.apply(root, is_dark=False)
    root.update()
    root.destroy()


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Settings are written without a second's wait."""
    monkeypatch.setattr("gui.app.SAVE", 20)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.json"


def write(path, **values):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(values))


# ---------------------------------------------------------------- what is remembered


def test_everything_comes_back_in_the_next_window(open_window, path):
    names = "reads", "says_3", "says_7"
    hand = open_window(*names, settings_path=path)
    app = hand.app
    assert hand.choose("View/Theme", "Dark")
    assert hand.choose("View/Size", "125 %")
    hand.key("<g>", hand.pad)
    hand.key("<plus>", hand.pad)
    hand.key("<Control-Down>")
    hand.choose("Models/Sort by", "Model")
    hand.choose("Models/Sort by", "Model")
    app.compare.comparison.button.invoke()
    app.compare.comparison.picker.ticks["says_7"].invoke()
    app.compare.comparison.picker.close()
    hand.key("<F3>")
    app.geometry("1130x760+40+30")
    hand.settle()
    app.destroy()
    app = open_window(*names, settings_path=path, size="").app
    assert PALETTE.paper == DARK["paper"]
    assert app.settings.scale == 1.25
    assert not app.settings.guide
    assert app.compare.pad.pen_width == pytest.approx(0.06)
    assert app.comparing.session.focus == "says_3"
    assert [row.name for row in app.comparing.board.rows] == ["says_3", "reads"]
    assert app.pages.index("current") == 1
    assert app.geometry() == "1130x760+40+30"
    assert PALETTE.paper == DARK["paper"]
    assert app.notice == ""


def test_settings_are_kept_without_waiting_for_the_end(open_window, path):
    hand = open_window("reads", settings_path=path)
    hand.key("<g>", hand.pad)
    hand.until(lambda: path.exists() and json.loads(path.read_text())["guide"] is False)


@pytest.mark.slow
def test_a_model_that_is_chosen_by_the_caller_wins_and_one_that_has_gone_costs_nothing(open_window, path):
    write(path, focus="says_3", models="mine", mine=["says_3", "has_gone"])
    for focus in (None, "reads"):
        app = open_window("reads", "says_3", focus=focus, settings_path=path).app
        assert app.comparing.session.focus == (focus or "says_3")
        app.destroy()
    write(path, focus="says_3", models="mine", mine=["reads", "has_gone"])
    app = open_window("reads", settings_path=path).app
    assert app.comparing.session.focus == "reads"
    assert [row.name for row in app.comparing.board.rows] == ["reads"]


def test_a_window_that_was_left_on_a_larger_screen_is_on_this_one(open_window, path):
    write(path, geometry="4000x3000+3500+-200")
    app = open_window(settings_path=path, size="").app
    assert app.geometry().endswith("+0+0")
    assert app.winfo_rooty() + app.winfo_height() < app.winfo_screenheight()


def test_damaged_settings_cost_a_sentence(open_window, path):
    path.parent.mkdir()
    path.write_text("{")
    app = open_window("reads", settings_path=path).ready().app
    assert "kept as settings.broken-" in app.status.text
    assert [file.read_text() for file in path.parent.glob("settings.broken-*")] == ["{"]


def test_a_place_that_cannot_be_written_costs_a_sentence(open_window, tmp_path):
    (tmp_path / "file").touch()
    hand = open_window("reads", settings_path=tmp_path / "file" / "settings.json").ready()
    hand.key("<g>", hand.pad)
    hand.until(lambda: "cannot be kept" in hand.app.status.text)
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.digit == "1")


@pytest.mark.slow
def test_settings_are_forgotten_on_demand(open_window, path):
    hand = open_window("reads", "says_3", settings_path=path)
    app = hand.app
    hand.draw(UPRIGHT)
    app.set_theme("dark")
    app.set_scale(1.5)
    app.comparing.board.tick("reads")
    app.comparing.board_changed()
    hand.key("<g>", hand.pad)
    hand.agrees = False
    hand.choose("Help", "Reset the settings…")
    assert app.settings.theme == "dark"
    hand.agrees = True
    hand.choose("Help", "Reset the settings…")
    app.settings.geometry, app.settings.page = "", "compare"
    assert app.settings == Settings(focus=app.settings.focus)
    assert list(hand.rows) == ["reads", "says_3"]
    assert app.comparing.board.sort == "parameters"
    assert PALETTE.paper == LIGHT["paper"]
    assert len(app.comparing.session.drawing.strokes) == 1


# ---------------------------------------------------------------- theme and size


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "scale"), [("dark", 1.0), ("light", 1.5), ("dark", 2.5)])
def test_a_change_of_looks_changes_nothing_else(open_window, theme, scale):
    hand = open_window("says_3", "reads", size="1500x1100+0+0").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    app.set_tool("eraser")
    app.comparing.set_focus("reads")
    hand.key("<Key-4>", hand.pad)
    hand.until(lambda: len(app.comparing.session.answers) == 2 and app.comparing.session.explanation is not None)
    strokes, answers = app.comparing.session.drawing.strokes, dict(app.comparing.session.answers)
    app.set_theme(theme)
    app.set_scale(scale)
    app.update()
    assert PALETTE.paper == (DARK if theme == "dark" else LIGHT)["paper"]
    assert app.comparing.session.drawing.strokes == strokes
    assert app.comparing.session.answers == answers
    assert hand.digit == "1"
    assert app.compare.occlusion_map.caption == "Evidence for 4"
    assert app.compare.focus_panel.dropdown.get() == "The reads model"
    assert hand.pad.tool == "eraser"
    assert app.compare.received.image is not None
    assert app.status.text == "2 models ready"
    assert hand.pad.ink.coverage.max() > 0
    hand.key("<p>", hand.pad)
    hand.draw(WIDE)
    hand.until(lambda: hand.digit == "0")
    hand.key("<Control-z>")
    hand.until(lambda: hand.digit == "1")
    hand.key("<Control-z>")
    assert app.comparing.session.drawing.strokes == []


@pytest.mark.slow
def test_changes_of_looks_leave_nothing_behind(open_window):
    """Old widgets are kept by what still calls them: a command in Tcl, or a picture."""
    hand = open_window("reads", "says_3").ready()
    app = hand.app

    def count():
        hand.settle(400)  # till the timers of the change are over
        gc.collect()
        widgets = sum(isinstance(thing, tkinter.Misc) for thing in gc.get_objects())
        listed = [len(app.tk.splitlist(app.tk.eval(names))) for names in ("info commands", "font names", "after info")]
        return widgets, len(app.image_names()), *listed

    def change():
        for theme, scale in (("dark", 1.5), ("light", 1.0)):
            app.set_theme(theme)
            app.set_scale(scale)
            app.show_keys()
            app.compare.choose_models()
            app.update()

    change()  # each look has pictures of its own, which stay
    change()
    before = count()
    change()
    grown = [now - then for now, then in zip(count(), before, strict=True)]
    assert max(grown) < 6  # a page that is kept has a hundred of each; a timer comes and goes


def test_a_change_of_looks_in_the_middle_of_a_stroke_ends_it(open_window):
    hand = open_window("reads").ready()
    hand.press(*UPRIGHT[0])
    hand.move(*UPRIGHT[1])
    hand.app.set_theme("dark")
    hand.until(lambda: hand.app.comparing.is_settled)
    hand.move(*UPRIGHT[2])
    assert len(hand.app.comparing.session.drawing.strokes[0]) == 2
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.digit == "1")


def test_page_answers_and_picture_stay_through_a_change_of_looks(open_window):
    hand = open_window("reads").ready()
    hand.draw(WIDE)
    hand.until(lambda: hand.app.compare.typical.count)
    hand.app.comparing.load_typical(0)
    picture = hand.app.comparing.session.drawing.picture
    assert isinstance(picture, Picture)
    hand.key("<F5>", hand.pad)
    hand.until(lambda: hand.app.compare.layers.layers and hand.digit)
    digit = hand.digit
    hand.app.comparing.set_hovered(8)
    hand.key("<F3>")
    hand.app.set_theme("dark")
    hand.app.update()
    assert hand.app.page == "collect"
    assert hand.app.pages.index("current") == 1
    hand.key("<F2>")
    assert hand.app.compare.pages.index("current") == 1
    assert hand.app.compare.layers.layers
    assert hand.app.comparing.session.drawing.picture is picture
    assert hand.digit == digit
    assert hand.app.comparing.session.target == int(digit)  # a bar that goes is not pointed at any more


def test_what_lies_over_the_window_goes_with_a_change_of_looks(open_window):
    hand = open_window("reads", "says_3")
    hand.key("<F1>")
    hand.app.compare.comparison.button.invoke()
    there = len(hand.app.winfo_children())
    hand.app.set_theme("dark")
    hand.settle()
    assert len(hand.app.winfo_children()) == there - 2
    hand.app.compare.comparison.button.invoke()
    hand.key("<F1>")
    assert len(hand.app.winfo_children()) == there


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="asks by other means there")
def test_the_theme_follows_the_system(open_window, monkeypatch):
    hand = open_window("reads")
    app = hand.app
    assert PALETTE.paper == LIGHT["paper"]
    monkeypatch.setattr("gui.system.theme.PAUSE", 0)
    monkeypatch.setattr("gui.system.theme.system_is_dark", lambda: True)
    hand.app.event_generate("<FocusIn>")  # it asks when one comes back to it
    hand.until(lambda: PALETTE.paper == DARK["paper"])
    app.set_theme("light")
    hand.app.event_generate("<FocusIn>")
    hand.settle()
    assert PALETTE.paper == LIGHT["paper"]
    app.set_theme("system")
    assert PALETTE.paper == DARK["paper"]


@pytest.mark.parametrize(("screen", "scale"), [((1280, 720), 1.0), ((1366, 768), 1.25), ((1920, 1080), 2.0)])
def test_the_window_fits_the_screen_with_its_menu_and_a_title_bar(open_window, monkeypatch, screen, scale, tmp_path):
    for side, pixels in zip(("width", "height"), screen, strict=True):
        monkeypatch.setattr(tkinter.Misc, f"winfo_screen{side}", lambda _self, pixels=pixels: pixels)
    path = tmp_path / "settings.json"
    settings.save(Settings(scale=scale), path)
    app = open_window("reads", size="", settings_path=path).app
    width, height = app.winfo_width(), app.winfo_height()
    menu = app.winfo_rooty() - app.winfo_y()
    title = round(30 * scale)
    assert width <= screen[0]
    assert menu + height + title <= screen[1]
    assert app.minsize()[1] < height
    app.geometry("1x1")
    app.update()
    assert app.winfo_height() < height - 20  # it can be shrunk


@pytest.mark.slow
def test_a_window_that_nobody_moved_has_no_place_to_come_back_to(open_window, tmp_path):
    path = tmp_path / "settings.json"
    hand = open_window("reads", size="", settings_path=path)
    hand.app.geometry("950x650")
    hand.app.update()
    hand.close()
    assert settings.load(path)[0].geometry == "950x650"
    hand = open_window("reads", size="", settings_path=path)
    assert (hand.app.winfo_width(), hand.app.winfo_height()) == (950, 650)
    hand.app.geometry("+40+30")
    hand.until(lambda: hand.app.geometry() == "950x650+40+30")
    hand.close()
    assert settings.load(path)[0].geometry == "950x650+40+30"
    open_window("reads", size="", settings_path=path).close()
    assert settings.load(path)[0].geometry == "950x650+40+30"


def test_the_reference_digit_is_dark_in_the_dark(open_window):
    hand = open_window("reads").ready()
    hand.app.set_theme("dark")
    hand.app.update()
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.compare.reference.image is not None)
    corner = hand.app.compare.reference.image.getpixel((0, 0))
    assert "#{:02x}{:02x}{:02x}".format(*corner) == DARK["paper"]


def test_files_are_looked_for_in_the_home_of_a_person_at_first(open_window, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert open_window("reads").app.dialogs.folder == str(tmp_path)
