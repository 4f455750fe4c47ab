"""What happens to the window: models that fail or appear, a worker that is killed, and its own end."""

import dataclasses
import gc
import os
import shutil
import signal

import numpy as np
import pytest
from PIL import Image

import zoo
from gui.drawing.drawing import Picture
from gui.worker.link import Worker, WorkerLink
from tests.gui_support import UPRIGHT, WIDE, Hand
from tests.waiting import is_running, until


def kill(hand):
    os.kill(hand.app.link.pid, signal.SIGKILL)


# ---------------------------------------------------------------- models


def test_where_all_models_are_broken_the_pad_still_works(open_window):
    hand = open_window("broken", "odd", broken_cards=["torn"]).ready()
    hand.draw(UPRIGHT)
    hand.settle()
    assert hand.pad.ink.coverage.any()
    assert hand.app.status.text == "0 models ready · 3 failed"
    assert hand.app.compare.focus_panel.chart.message == "The artifact broken is damaged: build it again."
    hand.key("<n>", hand.pad)
    hand.until(lambda: hand.app.comparing.examples.title.startswith("Synthetic 1 ("))


def test_where_every_card_is_torn_the_window_says_so(open_window):
    hand = open_window(broken_cards=["torn", "torn_too"])
    hand.draw(UPRIGHT)
    hand.settle()
    assert hand.app.status.text == "0 models ready · 2 failed"
    assert hand.app.compare.focus_panel.chart.message == "The card torn is torn."


def test_without_models_everything_that_can_be_pressed_is_harmless(open_window):
    hand = open_window()
    assert "python -m builders" in hand.app.compare.focus_panel.chart.message
    assert hand.app.status.text == "No models"
    for key in ("<n>", "<b>", "<Control-Down>", "<Key-3>", "<Escape>", "<F5>", "<F3>", "<F2>", "<Control-v>"):
        hand.key(key, hand.pad)
    hand.draw(UPRIGHT)
    hand.settle()
    hand.choose("Examples", "Synthetic digits the models disagree on")
    hand.until(lambda: hand.sentences and "two models" in hand.sentences[-1])  # rather than a search without an end
    hand.choose("Examples", "Synthetic digits")  # for these no model is needed
    hand.until(lambda: hand.app.comparing.examples.title.startswith("Synthetic 1 ("))


def test_a_model_that_appears_is_in_the_dropdown_and_answers(open_window, scratch_models, tmp_path):
    from gui.app import App

    for name in ("scratch_small_mlp", "scratch_two_conv_cnn"):
        shutil.copytree(scratch_models / name, tmp_path / "made" / name)
    root = tmp_path / "models"
    shutil.copytree(tmp_path / "made" / "scratch_small_mlp", root / "scratch_small_mlp")
    app = App(zoo.list_models(root), WorkerLink(["scratch_small_mlp"], root), root=root)
    hand = Hand(app).ready()
    try:
        hand.draw(UPRIGHT)
        hand.until(lambda: "scratch_small_mlp" in app.comparing.session.answers)
        hand.press(*UPRIGHT[0])
        hand.move(*UPRIGHT[1])
        shutil.copytree(tmp_path / "made" / "scratch_two_conv_cnn", root / "scratch_two_conv_cnn")
        app.models_changed("scratch_two_conv_cnn")
        assert app.comparing.session.drawing.pen_is_down  # a model that appears does not end the stroke
        hand.move(*UPRIGHT[2])
        hand.move(*UPRIGHT[3])
        hand.release(*UPRIGHT[3])
        assert [len(stroke) for stroke in app.comparing.session.drawing.strokes] == [4, 4]
        hand.until(lambda: "scratch_two_conv_cnn" in app.comparing.session.answers)
        hand.ready()
        assert app.status.text == "2 models ready"
        assert list(hand.rows) == ["scratch_small_mlp", "scratch_two_conv_cnn"]
        assert len(app.compare.focus_panel.dropdown.cget("values")) == 2
        app.comparing.set_focus("scratch_two_conv_cnn")
        assert hand.digit or app.compare.focus_panel.verdict
        hand.key("<Control-z>")
        assert len(app.comparing.session.drawing.strokes) == 1
    finally:
        app.destroy()


# ---------------------------------------------------------------- a worker that is killed


@pytest.mark.slow
def test_the_worker_is_killed_in_the_middle_of_a_stroke(open_window):
    hand = open_window("reads").ready()
    hand.press(*UPRIGHT[0])
    hand.move(*UPRIGHT[1])
    hand.until(lambda: hand.digit == "1")
    pid = hand.app.link.pid
    kill(hand)
    for point in UPRIGHT[2:]:
        hand.move(*point)
        hand.settle(20)
    hand.until(lambda: hand.app.link.pid not in (pid, None))
    hand.release(*UPRIGHT[-1])
    hand.until(lambda: hand.digit == "1")
    hand.until(lambda: hand.app.comparing.session.explanation is not None)
    hand.ready()
    assert hand.app.status.text == "1 model ready"
    assert len(hand.app.comparing.session.drawing.strokes) == 1


def test_old_answers_stay_greyed_until_the_models_are_there_again(open_window, tmp_path):
    from gui.appearance import PALETTE

    hand = open_window("reads", "says_7").ready()
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.digit == "1" and len(hand.app.comparing.session.current) == 2)
    hand.app.link.loader = "tests.gui_support:load_late"  # of the next worker
    os.kill(hand.app.link.pid, signal.SIGKILL)
    hand.until(lambda: not hand.app.comparing.session.current)
    hand.app.update()
    assert (hand.digit, hand.rows["says_7"].answer.digit) == ("1", 7)
    assert hand.app.compare.comparison.vote_line.text
    assert str(hand.app.compare.focus_panel._digit.cget("foreground")) == PALETTE.muted
    assert "ready" not in hand.app.status.text
    (tmp_path / "go_on").touch()
    hand.until(lambda: len(hand.app.comparing.session.current) == 2)
    hand.until(lambda: str(hand.app.compare.focus_panel._digit.cget("foreground")) == PALETTE.accent)


def test_ready_is_said_only_of_models_that_answer(open_window, tmp_path):
    hand = open_window("reads", "slow").ready()
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.status.text == "1 model ready · waiting for 1")
    (tmp_path / "go_on").touch()
    hand.until(lambda: hand.app.status.text == "2 models ready")


@pytest.mark.slow
def test_the_worker_is_killed_while_it_looks_for_examples(open_window):
    hand = open_window("reads", "says_3").ready()
    hand.draw(WIDE)
    hand.choose("Examples", "Synthetic digits the models disagree on")
    hand.until(lambda: hand.app.link.is_requested)
    kill(hand)
    hand.until(lambda: hand.app.comparing.examples.title.startswith("1 of 40"))
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    assert hand.sentences == []


@pytest.mark.slow
def test_a_worker_that_is_given_up_leaves_a_window_that_draws(open_window, monkeypatch):
    monkeypatch.setattr("gui.worker.deaths.RESTARTS", 0)
    hand = open_window("reads").ready()
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.digit == "1")
    kill(hand)
    hand.until(lambda: hand.app.link.worker is Worker.GIVEN_UP)
    hand.draw(WIDE)
    hand.settle()
    assert len(hand.app.comparing.session.drawing.strokes) == 2
    assert hand.app.compare.focus_panel.chart.message == "The process that runs the models keeps stopping."
    hand.key("<n>", hand.pad)
    hand.until(lambda: hand.sentences == ["Expected models that run, found none: start them again, or build some."])
    hand.app.status.button.invoke()
    hand.until(lambda: hand.digit == "0")
    assert not hand.app.status.button.winfo_ismapped()
    hand.key("<n>", hand.pad)
    hand.until(lambda: hand.app.comparing.examples.title.startswith("Synthetic 1 ("))


# ---------------------------------------------------------------- the end


def open_the_list_of_keys(hand):
    hand.key("<F1>")


def open_the_choice_of_models(hand):
    hand.app.compare.comparison.button.invoke()


def look_for_what_splits(hand):
    hand.choose("Examples", "Synthetic digits the models disagree on")


def draw_and_keep_the_pen_down(hand):
    hand.press(*UPRIGHT[0])
    hand.move(*UPRIGHT[1])


def change_the_theme(hand):
    hand.app.set_theme("dark")


def copy_the_comparison(hand):
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.comparing.session.answers)
    hand.choose("Edit", "Copy predictions as a picture")


def kill_the_worker(hand):
    hand.draw(UPRIGHT)
    kill(hand)


def turn_to_the_other_page(hand):
    hand.key("<F3>")


@pytest.mark.slow
@pytest.mark.parametrize(
    "begin",
    [
        open_the_list_of_keys,
        open_the_choice_of_models,
        look_for_what_splits,
        draw_and_keep_the_pen_down,
        change_the_theme,
        copy_the_comparison,
        kill_the_worker,
        turn_to_the_other_page,
    ],
    ids=lambda begin: begin.__name__,
)
def test_the_window_is_closed_in_the_middle(open_window, begin, tmp_path, capfd):
    hand = open_window("reads", "says_3", settings_path=tmp_path / "settings.json").ready()
    gc.collect()  # else another test's window might have its last word here
    capfd.readouterr()
    begin(hand)
    pid = hand.app.link.pid
    hand.app.destroy()
    assert not hand.is_open
    until(lambda: not is_running(pid))
    hand.app = None  # with it goes the interpreter, which tells then what it could not do
    gc.collect()
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_the_window_is_closed_before_anything_is_loaded(open_window, capfd):
    gc.collect()  # else another test's window might have its last word here
    capfd.readouterr()
    hand = open_window("slow_to_load")
    hand.draw(UPRIGHT)
    hand.until(lambda: hand.app.link.pid)
    hand.close()
    assert capfd.readouterr() == ("", "")


def test_keys_do_not_reach_what_nobody_sees(window):
    hand = window("reads", "says_3")
    app = hand.app
    hand.draw(UPRIGHT)
    app.collecting.keep(app.comparing.session.drawing.strokes, 1)
    app.show_page("collect")
    hand.settle()
    app.collect.collection.gallery.canvas.focus_force()
    hand.settle()
    app.show_page("compare")
    hand.settle()
    assert str(app.tk.call("focus")) == str(app.compare.pad)
    app.show_page("collect")
    hand.settle()
    app.collect.collection.gallery.canvas.focus_force()
    app.collect.tabs.select(1)
    hand.settle()
    assert str(app.tk.call("focus")) == str(app.collect.tabs)
    assert len(app.collecting.collection) == 1


def test_what_is_on_the_pad_of_the_other_page_is_kept(open_window):
    hand = open_window("reads").ready()
    keep = {command.label: command for command in hand.app.commands if command.menu == "Edit/Keep drawing as"}
    assert list(keep) == [f"An {digit}" if digit == 8 else f"A {digit}" for digit in range(10)]
    assert not keep["A 7"].is_enabled()
    hand.draw(UPRIGHT)
    assert keep["A 7"].is_enabled()
    keep["A 7"].run()
    assert hand.app.notice == "Kept as a 7 (1 so far)."
    assert hand.app.collect.collection.counts.texts[8] == "1"
    [kept] = hand.app.collecting.newest
    np.testing.assert_allclose(kept.strokes[0], hand.app.comparing.session.drawing.arrays()[0], atol=1e-6)
    hand.app.show_page("collect")
    hand.settle()
    assert not keep["A 7"].is_enabled()  # that pad has keys of its own
    hand.app.show_page("compare")
    hand.app.comparing.session.drawing.show_picture(
        Picture(np.full((28, 28), 255, np.uint8), Image.new("RGB", (28, 28)), "A")
    )
    assert not keep["A 7"].is_enabled()


def test_escape_closes_the_choice_of_models_and_nothing_else(window):
    hand = window("reads", "says_3")
    hand.draw(UPRIGHT)
    hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    hand.app.comparing.set_pinned(8)
    hand.key("<m>", hand.pad)
    picker = hand.app.compare.comparison.picker
    hand.key("<Escape>", picker.sets["all"])
    assert hand.app.compare.comparison.picker is None
    assert hand.app.comparing.session.pinned == 8


def test_a_title_belongs_to_what_is_on_the_pad(open_window):
    hand = open_window("reads").ready()
    hand.draw(UPRIGHT)
    hand.app.comparing.examples.next()
    hand.until(lambda: hand.app.comparing.examples.title.startswith("Synthetic 1 ("))
    hand.app.comparing.undo()
    assert hand.app.comparing.examples.title == ""
    hand.app.comparing.redo()
    assert hand.app.comparing.examples.title == ""


def test_a_stroke_ends_where_a_dialog_takes_the_keyboard(window):
    hand = window("reads", "says_3")
    hand.press(*UPRIGHT[0])
    hand.move(*UPRIGHT[1])
    assert hand.app.comparing.session.drawing.pen_is_down
    hand.app.compare.focus_panel.dropdown.focus_force()
    hand.settle()
    assert not hand.app.comparing.session.drawing.pen_is_down
    hand.release(*UPRIGHT[1])


def test_on_little_room_the_model_in_focus_is_a_page_with_all_that_belongs_to_it(open_window):
    hand = open_window("reads").ready()
    app = hand.app
    hand.draw(UPRIGHT)
    hand.until(lambda: app.comparing.session.explanation is not None)
    app.minsize(1, 1)
    app.geometry("620x420")
    hand.until(lambda: app.compare.answers == "model")
    hand.settle()
    page = app.compare
    assert page.occlusion_map.winfo_viewable()
    assert page.focus_panel.chart.winfo_height() > 60
    page.show_answers("layers")
    app.set_theme("dark")
    hand.settle()
    assert app.compare.answers == "layers"
    app.geometry("1120x740")
    hand.until(lambda: app.compare.focus_panel.winfo_viewable() and app.compare.layers.winfo_viewable())
    assert app.compare.typical.winfo_viewable()


def test_closing_the_window_asks_where_a_model_is_being_tuned(open_window, monkeypatch):
    hand = open_window("reads")
    monkeypatch.setattr("gui.collect.model_tuning.ModelTuning.is_alive", True)
    hand.agrees = False
    hand.choose("File", "Quit")
    assert hand.is_open
    assert "fine-tuned" in hand.questions[0]
    hand.agrees = True
    hand.app.close()
    assert not hand.is_open
    assert len(hand.questions) == 2


def test_tab_comes_to_the_dropdown_before_the_table_also_after_a_small_size(window):
    hand = window("reads", "says_3")
    app, page = hand.app, hand.app.compare
    app.minsize(1, 1)
    for size in ("620x420", "1120x740"):
        app.geometry(size)
        app.update()
    order, widget = [], page.pad
    for _ in range(40):
        order.append(widget)
        widget = widget.tk_focusNext()
    assert order.index(page.focus_panel.dropdown) < order.index(page.comparison.list)


def test_a_folder_that_is_no_model_of_the_zoo_is_offered_to_be_added(open_window):
    from zoo.card import NOT_OURS

    hand = open_window("reads", broken_cards=["stranger"])
    app = hand.app
    card = app.comparing.models.cards["stranger"]
    app.comparing.models.cards["stranger"] = dataclasses.replace(card, error=f"{NOT_OURS}, as there is no model.json.")
    app.comparing.set_focus("stranger")
    assert app.compare.focus_panel.chart.message.startswith("This is not a model of this zoo")
    app.own_models.open()
    assert app.own_models.adding.path == card.path
    app.own_models.close()
