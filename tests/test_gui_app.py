"""The window, driven by real events, with made-up models in a real worker process."""

import os
import signal
import subprocess
import sys
import tkinter
from pathlib import Path

import pytest
from PIL import Image

from gui.activation_chart import ActivationChart
from gui.worker_link import Worker, WorkerLink
from tests.gui_support import LOADER, Hand
from zoo import Card

UPRIGHT = [(0.5, 0.2), (0.5, 0.4), (0.5, 0.6), (0.5, 0.8)]
WIDE = [(0.2, 0.5), (0.4, 0.5), (0.6, 0.5), (0.8, 0.5)]


@pytest.fixture
def open_window(display, tmp_path):
    """Return a function that opens a window on models of these names; an exception in a callback fails the test."""
    from gui.app import App

    hands, errors = [], []

    def open_window(*names, broken_cards=()):
        cards = [
            Card(name, 1, tmp_path / name, f"The {name} model", parameters=1234 * (index + 1))
            for index, name in enumerate(names)
        ]
        cards += [Card(name, 1, tmp_path / name, name, error=f"The card {name} is torn.") for name in broken_cards]
        app = App(cards, WorkerLink(list(names), loader=LOADER))
        app.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
        app.geometry("900x600+0+0")
        app.update()
        hands.append(Hand(app))
        return hands[-1]

    yield open_window
    for hand in hands:
        try:
            pid = hand.app.link.pid
            hand.app.destroy()
        except tkinter.TclError:
            continue  # the test closed it
        assert pid is None or not Path(f"/proc/{pid}").exists()
    if errors:
        raise errors[0]


def ink(app):
    return app.pad.ink.coverage > 0


def focused_digit(app):
    return app.focus_panel.digit.strip()


# ---------------------------------------------------------------- drawing and answers


def test_the_answer_comes_while_the_pen_is_still_down(open_window):
    hand = open_window("reads", "says_7").ready()
    app = hand.app
    assert focused_digit(app) == ""
    hand.press(*UPRIGHT[0])
    for point in UPRIGHT[1:]:
        hand.move(*point)
    hand.until(lambda: focused_digit(app) == "1")
    assert app.focus_panel.chart.values == ["0.010", "0.910", *["0.010"] * 8]
    hand.move(0.9, 0.8)  # a foot makes it wide
    hand.move(0.1, 0.8)
    hand.until(lambda: focused_digit(app) == "0")
    hand.release(0.1, 0.8)
    hand.rest()
    assert focused_digit(app) == "0"
    assert app.reference.caption == "Reference 0"
    assert app.received.image.size == (28, 28)


def test_ink_is_taken_while_the_models_load(open_window):
    hand = open_window("slow_to_load", "says_3")
    hand.draw(UPRIGHT)
    assert ink(hand.app).any()
    hand.until(lambda: hand.app.received.image is not None)
    assert "Loading models" in hand.app.status.text
    assert {row.state for row in hand.app.comparison.list.rows} <= {"waiting…", "loading…"}
    hand.ready()
    hand.until(lambda: focused_digit(hand.app) == "1")
    assert hand.app.status.text == "2 models ready"


def test_a_fast_stroke_is_joined(open_window):
    hand = open_window()
    hand.press(0.1, 0.5)
    hand.move(0.9, 0.5)
    middle = hand.app.pad.side // 2
    assert ink(hand.app)[middle, middle]
    hand.release(0.9, 0.5)


def test_a_long_stroke_is_whole(open_window):
    hand = open_window()
    points = [(0.1 + 0.8 * (step % 100) / 100, 0.1 + 0.8 * step / 1000) for step in range(1000)]
    hand.draw(points)
    assert len(hand.app.session.drawing.strokes) == 1
    side = hand.app.pad.side
    for x, y in points[::9]:
        assert ink(hand.app)[round(y * side), round(x * side)]


def test_only_the_left_button_draws(open_window):
    hand = open_window()
    for button in (2, 3):
        hand.draw(WIDE, button)
    hand.move(0.5, 0.5)  # nor does motion without a press
    assert hand.app.session.drawing.strokes == []


def test_a_click_leaves_a_dot_and_asks_for_more(open_window):
    hand = open_window("says_7").ready()
    hand.draw([(0.5, 0.5)])
    hand.rest()
    app = hand.app
    assert ink(app).any()
    assert "larger" in app.pad.itemcget("hint", "text")
    assert app.focus_panel.chart.message == "Draw a little larger."
    assert focused_digit(app) == ""
    assert app.received.image is None


def test_the_hint_goes_with_the_first_ink_and_comes_back(open_window):
    hand = open_window("says_7").ready()
    pad = hand.app.pad
    assert pad.itemcget("hint", "text") == "Draw a digit here"
    hand.draw(WIDE)
    assert pad.itemcget("hint", "text") == ""
    hand.rest(0.1)
    hand.app.clear_button.invoke()
    assert pad.itemcget("hint", "text") == "Draw a digit here"


def test_undo_redo_and_clear_by_keyboard(open_window):
    hand = open_window("reads").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.draw(WIDE)
    hand.until(lambda: focused_digit(app) == "0")
    hand.key("<Control-z>")
    hand.until(lambda: focused_digit(app) == "1")
    middle = app.pad.side // 2
    assert not ink(app)[middle, app.pad.side // 4]
    hand.key("<Control-y>")
    hand.until(lambda: focused_digit(app) == "0")
    hand.key("<Delete>")
    assert not ink(app).any()
    assert focused_digit(app) == ""
    assert app.received.image is None
    assert str(app.clear_button["state"]) == "disabled"
    hand.key("<Control-z>")
    assert ink(app)[middle, app.pad.side // 4]
    hand.key("<Control-z>")
    hand.key("<Control-Shift-Z>")
    hand.until(lambda: len(app.session.drawing.strokes) == 2 and focused_digit(app) == "0")


def test_the_space_bar_presses_a_button(open_window):
    hand = open_window()
    hand.draw(WIDE)
    hand.rest(0.1)
    hand.app.clear_button.focus_force()
    hand.app.update()
    hand.app.clear_button.event_generate("<space>")
    assert hand.app.session.drawing.strokes == []


def test_the_drawing_survives_a_resize(open_window):
    hand = open_window("reads").ready()
    app = hand.app
    hand.draw(WIDE)
    hand.until(lambda: focused_digit(app) == "0")
    strokes, before, old_side = app.session.drawing.strokes, ink(app).mean(), app.pad.side
    app.geometry("1300x900")
    hand.until(lambda: app.pad.side > old_side * 1.2)
    assert app.session.drawing.strokes == strokes
    assert ink(app).mean() == pytest.approx(before, rel=0.1)
    assert focused_digit(app) == "0"
    app.geometry("300x200")  # below the smallest size
    hand.rest(0.1)
    assert (app.winfo_width(), app.winfo_height()) >= (900, 600)


@pytest.mark.parametrize("size", ["900x600", "1280x800", "1500x1100"])
def test_nothing_is_cut_off(open_window, size):
    hand = open_window("says_1", "says_2")
    hand.app.geometry(size)
    hand.rest(0.2)
    app = hand.app
    for widget in (
        app.pad,
        app.save_button,
        app.received,
        app.reference,
        app.focus_panel,
        app.focus_panel.chart,
        app.comparison.button,
        app.comparison.list,
    ):
        right = widget.winfo_rootx() + widget.winfo_width() - app.winfo_rootx()
        bottom = widget.winfo_rooty() + widget.winfo_height() - app.winfo_rooty()
        assert right <= app.winfo_width(), widget
        assert bottom <= app.winfo_height(), widget
        assert widget.winfo_width() >= min(widget.winfo_reqwidth(), 100), widget
    assert app.pad.winfo_width() == app.pad.winfo_height() >= 250


def test_an_answer_to_a_drawing_that_has_gone_is_not_shown(open_window):
    hand = open_window("slow").ready()
    app = hand.app
    shown = []
    refresh = app._refresh
    app._refresh = lambda: (refresh(), shown.append(focused_digit(app)))
    hand.draw(UPRIGHT)
    hand.until(lambda: app.link.is_busy)
    app.clear()
    hand.draw(WIDE)
    hand.until(lambda: focused_digit(app) != "")
    assert set(shown) == {"", "0"}


# ---------------------------------------------------------------- focus and comparison


def test_a_model_in_doubt_says_so(open_window):
    hand = open_window("doubts", "says_2").ready()
    panel = hand.app.focus_panel
    hand.draw(UPRIGHT)
    hand.until(lambda: panel.confidence == "in doubt (10%)")
    panel.dropdown.current(1)
    panel.dropdown.event_generate("<<ComboboxSelected>>")
    hand.until(lambda: panel.confidence == "91.0% sure")


def test_signs_summary_and_focus(open_window):
    hand = open_window("says_7", "says_2", "reads").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.session.answers) == 3)
    hand.rest()
    assert [row.sign for row in app.comparison.list.rows] == ["", "says 2", "says 1"]
    assert app.comparison.summary == "1 of 3 says 1 · 1 says 2 · 1 says 7"
    hand.app.focus_panel.dropdown.current(1)
    hand.app.focus_panel.dropdown.event_generate("<<ComboboxSelected>>")
    hand.until(lambda: focused_digit(app) == "2")
    assert [row.sign for row in app.comparison.list.rows] == ["says 7", "", "says 1"]
    hand.draw(WIDE)
    assert app.reference.caption == "Reference 2"


def test_a_click_on_a_row_puts_its_model_in_focus(open_window):
    hand = open_window("says_7", "says_2").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.session.answers) == 2)
    rows = app.comparison.list
    rows.event_generate("<Button-1>", x=60, y=rows.row_middle("says_2"))
    hand.until(lambda: focused_digit(app) == "2")
    assert app.focus_panel.dropdown.get() == "The says_2 model"
    rows.focus_force()
    app.update()
    rows.event_generate("<Up>")
    rows.event_generate("<Return>")
    hand.until(lambda: focused_digit(app) == "7")


def test_the_wheel_over_the_dropdown_changes_nothing(open_window):
    hand = open_window("says_7", "says_2")
    for wheel in ("<Button-4>", "<Button-5>"):
        hand.app.focus_panel.dropdown.event_generate(wheel)
    hand.rest(0.05)
    assert hand.app.focus_panel.dropdown.get() == "The says_7 model"


def test_models_are_taken_out_of_the_comparison(open_window):
    hand = open_window("says_7", "says_2", "says_3").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.session.answers) == 3)
    app.comparison.menu.invoke(1)
    assert [row.name for row in app.comparison.list.rows] == ["says_7", "says_3"]
    assert app.comparison.summary == "1 of 2 says 3 · 1 says 7"
    app.comparison.menu.invoke("None")
    assert app.comparison.list.rows == []
    app.comparison.menu.invoke("All models")
    hand.until(lambda: app.comparison.summary.startswith("1 of 3"))


def test_a_long_list_scrolls_under_its_heading(open_window):
    hand = open_window(*(f"says_{digit}" for digit in range(10)), "reads", "slow", "slower", "slowest")
    app = hand.app
    rows = app.comparison.list
    hand.rest(0.2)
    assert rows.yview() != (0.0, 1.0)
    rows.focus_force()
    app.update()
    rows.event_generate("<End>")
    hand.rest(0.1)
    assert rows.yview()[1] == pytest.approx(1.0, abs=0.01)
    assert rows.row_at(rows.row_middle("slowest")).name == "slowest"
    assert rows.row_at(5) is None  # the heading covers what is beneath it
    rows.event_generate("<Return>")
    assert app.session.focus == "slowest"


def test_rows_that_just_fit_do_not_make_the_scrollbar_come_and_go(open_window):
    hand = open_window("says_1", "says_2", broken_cards=["torn"])
    for height in range(600, 700, 7):
        hand.app.geometry(f"900x{height}")
        hand.rest(0.03)  # an endless layout would never return from here


# ---------------------------------------------------------------- failures


def test_broken_models_say_so_in_their_place_and_the_rest_works(open_window):
    hand = open_window("broken", "says_7", "says_2", broken_cards=["torn"]).ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: len(app.session.answers) == 2)
    hand.rest(0.1)
    errors = {row.name: row.error for row in app.comparison.list.rows}
    assert errors["broken"] == "The artifact broken is damaged: build it again."
    assert errors["torn"] == "The card torn is torn."
    assert not errors["says_7"]
    assert app.focus_panel.chart.message == errors["broken"]  # it is in focus
    assert focused_digit(app) == ""
    assert app.status.text == "2 models ready · 2 failed"
    app.set_focus("says_7")
    assert focused_digit(app) == "7"
    assert app.comparison.summary == "1 of 2 says 2 · 1 says 7"


def test_a_killed_worker_comes_back_and_answers_the_drawing(open_window):
    hand = open_window("says_7").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: focused_digit(app) == "7")
    os.kill(app.link.pid, signal.SIGKILL)
    hand.until(lambda: "stopped" in app.status.text)
    assert focused_digit(app) == ""
    hand.draw(WIDE)  # ink is taken all the while
    hand.until(lambda: focused_digit(app) == "7")
    assert app.status.text == "1 model ready"


def test_a_worker_that_is_given_up_has_a_restart_button(open_window, monkeypatch):
    monkeypatch.setattr("gui.worker_link.RESTARTS", 0)
    hand = open_window("says_7").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    os.kill(app.link.pid, signal.SIGKILL)
    hand.until(lambda: app.link.worker is Worker.GIVEN_UP)
    hand.rest(0.1)
    assert app.status.button.winfo_ismapped()
    app.status.button.invoke()
    hand.until(lambda: focused_digit(app) == "7")
    assert not app.status.button.winfo_ismapped()


def test_without_models_the_window_names_the_command(open_window):
    app = open_window().app
    assert "python -m builders" in app.focus_panel.chart.message
    assert app.status.text == "No models"
    assert app.link.pid is None


def test_closing_ends_everything(open_window):
    hand = open_window("slow").ready()
    hand.draw(UPRIGHT)
    hand.rest(0.05)
    pid, app = hand.app.link.pid, hand.app
    app.destroy()
    assert not Path(f"/proc/{pid}").exists()
    assert app._timers == {}


# ---------------------------------------------------------------- saving


def test_save_asks_before_it_overwrites(open_window, tmp_path, monkeypatch):
    app = open_window().app
    path, asked = tmp_path / "digit.png", []
    assert not app.save_drawing(path)  # nothing drawn, nothing saved
    Hand(app).draw(WIDE)
    Hand(app).until(lambda: app.title().startswith("•"))
    assert app.save_drawing(path)
    assert app.title() == "Digit Zoo"
    with Image.open(path, formats=("PNG",)) as image:
        assert image.size == (560, 560)
        assert image.convert("L").getpixel((280, 280)) < 50
    before = path.read_bytes()
    Hand(app).draw(UPRIGHT)
    monkeypatch.setattr("tkinter.messagebox.askyesno", lambda *_args, **_options: asked.append(1))
    assert not app.save_drawing(path)
    assert path.read_bytes() == before
    monkeypatch.setattr("tkinter.messagebox.askyesno", lambda *_args, **_options: True)
    assert app.save_drawing(path)
    assert path.read_bytes() != before
    assert asked == [1]


def test_the_dialog_asks_itself_but_a_completed_name_is_asked_about(open_window, tmp_path, monkeypatch):
    hand = open_window()
    app = hand.app
    hand.draw(WIDE)
    (tmp_path / "seven.png").write_bytes(b"old")
    options = {}
    chosen = [str(tmp_path / "seven")]
    monkeypatch.setattr(
        "tkinter.filedialog.asksaveasfilename", lambda **given: (options.update(given), chosen.pop())[1]
    )
    monkeypatch.setattr(app, "confirm_overwrite", lambda _path: False)
    hand.key("<Control-s>")
    assert options["confirmoverwrite"] is True
    assert (tmp_path / "seven.png").read_bytes() == b"old"
    chosen.append("")  # cancelled
    assert not app.save_drawing()
    chosen.append(str(tmp_path / "seven.png"))
    assert app.save_drawing()
    assert (tmp_path / "seven.png").read_bytes() != b"old"


def test_a_picture_that_cannot_be_written_gives_one_sentence(open_window, tmp_path, monkeypatch):
    hand = open_window()
    hand.draw(WIDE)
    sentences = []
    monkeypatch.setattr(hand.app, "show_error", sentences.append)
    path = tmp_path / "nowhere" / "digit.png"
    assert not hand.app.save_drawing(path)
    assert sentences == [f"The drawing could not be saved as {path}: No such file or directory."]


# ---------------------------------------------------------------- parts and the command


def test_the_chart_moves_its_bars(display):
    root = tkinter.Tk()
    try:
        from gui.appearance import Fonts

        fonts = Fonts(root)
        chart = ActivationChart(root)
        chart.pack(fill="both", expand=True)
        root.geometry("400x300")
        root.update()
        items = chart.find_all()
        chart.show([0.0] * 9 + [1.0])
        left, top, right, bottom = chart.coords(chart._bars[9])
        assert bottom - top > 200
        assert chart.coords(chart._bars[0])[1] > bottom - 5
        assert chart.find_all() == items
        chart.show(None, "Nothing yet")
        assert chart.values == [""] * 10
        assert fonts
    finally:
        root.destroy()


def run_gui(*arguments, prelude="", **environment):
    script = f"import sys\n{prelude}\nfrom gui.__main__ import main\nif __name__ == '__main__': sys.exit(main())"
    merged = {key: value for key, value in (os.environ | environment).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, env=merged, check=False
    )


def one_sentence(done):
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_without_tkinter_one_sentence_names_the_package():
    done = run_gui(prelude="sys.modules['tkinter'] = sys.modules['_tkinter'] = None")
    assert done.returncode == 1
    assert "python3-tk" in one_sentence(done)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display here")
def test_without_a_display_one_sentence_says_what_to_do():
    done = run_gui(DISPLAY=None)
    assert done.returncode == 1
    assert "python -m zoo compare" in one_sentence(done)


def test_wrong_use_exits_with_2(tmp_path):
    done = run_gui("--root", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert str(tmp_path / "nowhere") in one_sentence(done)
    done = run_gui("--root", str(tmp_path), "--model", "nobody")
    assert done.returncode == 2
    assert "nobody" in one_sentence(done)


def test_help_needs_no_display():
    done = run_gui("--help", DISPLAY=None)
    assert done.returncode == 0
    assert "--root" in done.stdout


def test_every_module_of_the_window_is_light():
    modules = [f"gui.{path.stem}" for path in Path("gui").glob("*.py") if path.stem not in ("__init__", "__main__")]
    heavy = ("tensorflow", "keras", "matplotlib")
    script = f"import sys, {', '.join(modules)}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
