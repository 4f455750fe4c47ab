"""Menus and keys of the window: each does what it says, only where it can, and no two are in each other's way."""

from dataclasses import replace

import pytest

from gui.widgets.enlarged import Enlarged
from gui.widgets.keys_window import KeysWindow
from tests.gui_support import UPRIGHT

CTRL, SHIFT = 0x4, 0x1
NAMES = {"+": "plus", "-": "minus", "Enter": "Return"}


def press(hand, keys, widget):
    """Press keys as the menu names them: "Ctrl+Shift+Z"."""
    name = keys.removeprefix("Ctrl+").removeprefix("Shift+")
    state = CTRL * ("Ctrl+" in keys) | SHIFT * ("Shift+" in keys or name == "+")
    if len(name) == 1 and name.isalpha():
        name = name if state & SHIFT else name.lower()
    widget.event_generate(f"<Key-{NAMES.get(name, name)}>", state=state)
    hand.app.update()


def keys_of(commands):
    return [keys for command in commands for keys in command.keys.split()]


@pytest.fixture(params=["compare", "collect"])
def page(request):
    return request.param


@pytest.fixture(params=["an empty pad", "a drawing"])
def hand(request, page, window):
    """A window on either page, without anything and with something to do to."""
    hand = window("reads", "says_3")
    if request.param == "a drawing":
        hand.draw(UPRIGHT)
        hand.draw(UPRIGHT)
        hand.app.comparing.undo()
        hand.until(lambda: len(hand.app.comparing.session.answers) == 2)
    hand.app.show_page(page)
    hand.settle()
    return hand


def test_every_key_runs_its_one_command_and_only_while_that_is_enabled(hand, page):
    done = []
    commands = [
        replace(command, run=lambda place=place: done.append(place)) for place, command in enumerate(hand.app.commands)
    ]
    hand.app.menu_bar.set_commands(commands)
    pad = getattr(hand.app, page).pad
    pad.focus_force()
    hand.app.update()
    for keys in dict.fromkeys(keys_of(commands)):
        done.clear()
        press(hand, keys, pad)
        for child in hand.app.winfo_children():
            if isinstance(child, Enlarged):  # Return on the pad
                child.close()
        able = [
            place for place, command in enumerate(commands) if keys in command.keys.split() and command.is_enabled()
        ]
        assert done == able, keys
        assert len(able) <= 1, keys
    hand.app.menu_bar.set_commands(hand.app.commands)


def test_the_list_of_keys_opens_once_and_has_them_all(window):
    hand = window("reads", "says_3")
    hand.key("<F1>", hand.pad)
    hand.key("<F1>", hand.pad)
    (window,) = [child for child in hand.app.winfo_children() if isinstance(child, KeysWindow)]
    texts, pending = [], [window]
    while pending:
        widget = pending.pop()
        pending += widget.winfo_children()
        texts += [str(widget.cget("text"))] if "text" in widget.keys() else []  # noqa: SIM118
    commands = [command for command in hand.app.commands if command.keys]
    assert set(keys_of(commands)) - set("0123456789") <= set(texts)
    assert {command.label.removesuffix("…") for command in commands if "/" not in command.menu} <= set(texts)
    for line in ("Evidence for a digit", "Evidence for predicted digit", "Save as a digit"):
        assert texts.count(line) == 1
    assert texts.count("0 to 9") == 2
    hand.key("<Escape>", window)
    assert not window.winfo_exists()


def test_the_ticks_of_the_menus_say_how_things_are(open_window):
    hand = open_window("reads", "says_3")
    hand.app.set_tool("eraser")
    hand.app.set_theme("dark")
    ticked = {
        command.label for command in hand.app.commands if command.choice and command.choice[0]() == command.choice[1]
    }
    assert ticked == {
        "Eraser",
        "Predicted digit",
        "Parameters",
        "Compare",
        "Guide box",
        "Dark",
        "Automatic",
        "Any digit",
    }


def test_the_pages_are_turned_by_keys(window):
    hand = window("reads", "says_3")
    hand.key("<F3>", hand.pad)
    assert hand.app.collect.winfo_viewable()
    hand.draw(UPRIGHT)  # somebody else's events on the hidden pad, which belong to the other drawing
    hand.key("<Control-z>", hand.app.collect.pad)
    assert len(hand.app.comparing.session.drawing.strokes) == 1
    hand.key("<F2>", hand.app.collect.pad)
    assert hand.app.compare.winfo_viewable()
    hand.key("<Control-z>", hand.pad)
    assert hand.app.comparing.session.drawing.strokes == []


def test_quit_by_key(open_window):
    hand = open_window("reads").ready()
    hand.pad.focus_force()
    hand.app.update()
    hand.pad.event_generate("<Control-q>")
    assert not hand.is_open


def test_what_would_be_grey_most_of_the_time_is_not_in_the_menus(window):
    hand = window("reads", "says_3")

    def labels(path):
        menu = hand.app.menu_bar.menu(path)
        menu.post(0, 0)
        hand.app.update()
        menu.unpost()
        places = [place for place in range(menu.index("end") + 1) if menu.type(place) != "separator"]
        return [menu.entrycget(place, "label").strip() for place in places]

    def bar():
        menu = hand.app.menu_bar.menu("")
        return [menu.entrycget(place, "label").strip() for place in range(menu.index("end") + 1)]

    assert bar() == ["File", "Edit", "Examples", "Models", "View", "Help"]
    assert "Keep drawing as" not in labels("Edit")
    assert "Read another part…" not in labels("File")
    assert "Remove this model…" not in labels("Models")
    hand.draw(UPRIGHT)
    hand.settle()
    assert "Keep drawing as" in labels("Edit")
    hand.key("<F3>", hand.pad)
    assert "Collect" in bar()
    assert labels("Collect")[0] == "Save and next"
    assert "Keep drawing as" not in labels("Edit")
    hand.key("<F6>")
    assert "Collect" not in bar()
