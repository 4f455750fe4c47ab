"""Everything that can be done in the window, with its place in the menu and its keys."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from gui.adding.own_models import OwnModels
from gui.collect.page import CollectPage
from gui.compare.board import SORTS
from gui.compare.comparing import Comparing
from gui.compare.page import ComparePage
from gui.cropping.picture_crop import PictureCrop
from gui.drawing.drawing import Amount
from gui.files import Files
from gui.numbers import a_digit
from gui.settings import Settings
from gui.widgets.menu_bar import Command

SCALES = {0: "Automatic", 1.0: "100 %", 1.25: "125 %", 1.5: "150 %", 2.0: "200 %", 2.5: "250 %"}
THEMES = {"system": "System", "light": "Light", "dark": "Dark"}

EXTRA_KEYS = [
    ("Tab, Shift+Tab", "To the next or the previous part"),
    ("Arrows, Page Up, Page Down", "Move within a part"),
    ("Enter or Space", "Activate"),
    ("Left, Right", "In the layers: the next unit"),
    ("Shift+Left, Shift+Right", "In the layers: the next layer"),
    ("F10", "The menu bar"),
    ("F11 or Escape", "Leave the projector"),
    ("Click or Enter", "Enlarge a picture, or the chosen feature map"),
    ("Right mouse button", "Erase"),
]
"""Keys that belong to the part of the window that has the focus, for the list of keys."""


@dataclass(frozen=True)
class Window:
    """What the commands act on: the parts of the window, its state of the moment, and what the window itself does."""

    comparing: Comparing
    files: Files
    crop: PictureCrop
    own_models: OwnModels
    compare: ComparePage
    collect: CollectPage
    settings: Callable[[], Settings]
    page: Callable[[], str]
    tool: Callable[[], str]
    show_page: Callable[[str], None]
    choose_number: Callable[[], None]
    set_tool: Callable[[str], None]
    set_pen_width: Callable[[float], None]
    set_guide: Callable[[bool], None]
    set_theme: Callable[[str], None]
    set_scale: Callable[[float], None]
    is_projected: Callable[[], bool]
    set_projected: Callable[[bool], None]
    show_card: Callable[[], None]
    show_keys: Callable[[], None]
    reset_settings: Callable[[], None]
    quit: Callable[[], None]


def commands(window: Window) -> Iterator[Command]:
    """Yield the commands of the window, menu by menu."""
    files, comparing, compare = window.files, window.comparing, window.compare
    session, examples, models = comparing.session, comparing.examples, comparing.models

    def compares() -> bool:
        return window.page() != "collect"

    def shows_board() -> bool:
        return window.page() == "compare"

    def has_ink() -> bool:
        return compares() and comparing.has_ink

    def has_strokes() -> bool:
        drawing = session.drawing
        return compares() and drawing.picture is None and drawing.amount is Amount.READABLE

    def has_image() -> bool:
        return compares() and comparing.reader.image is not None

    def has_answers() -> bool:
        return compares() and bool(session.current)

    def can_crop() -> bool:
        return compares() and window.crop.can_open()

    def thicken(width: float) -> None:
        window.set_pen_width(window.settings().pen_width + width)

    yield Command("File", "Open picture…", files.open_picture, "Ctrl+O")
    yield Command("File", "Paste picture", files.paste, "Ctrl+V")
    yield _rare(Command("File", "Read another part…", window.crop.open, "R", can_crop))
    yield Command("File", "Save drawing…", files.save_drawing, "Ctrl+S", has_ink, separator_before=True)
    yield Command("File", "Save model input (28 × 28)…", files.save_image, "", has_image)
    yield Command("File", "Export predictions…", files.export, "Ctrl+Shift+S", has_answers)
    yield Command("File", "Quit", window.quit, "Ctrl+Q", separator_before=True)

    yield Command("Edit", "Undo", comparing.undo, "Ctrl+Z", lambda: session.drawing.can_undo and compares())
    yield Command(
        "Edit", "Redo", comparing.redo, "Ctrl+Y Ctrl+Shift+Z", lambda: session.drawing.can_redo and compares()
    )
    yield Command("Edit", "Clear", comparing.clear, "Delete", has_ink)
    yield Command("Edit", "Copy drawing", files.copy_drawing, "Ctrl+C", has_ink, separator_before=True)
    yield Command("Edit", "Copy model input (28 × 28)", files.copy_image, "", has_image)
    yield Command("Edit", "Copy predictions as a picture", files.copy_comparison, "", has_answers)
    yield Command("Edit", "Copy predictions", files.copy_table, "Ctrl+Shift+C", has_answers)
    for value, label, key in (("pen", "Pen", "P"), ("eraser", "Eraser", "E")):
        yield Command(
            "Edit",
            label,
            lambda value=value: window.set_tool(value),
            key,
            compares,
            choice=(window.tool, value),
            separator_before=value == "pen",
        )
    yield Command("Edit", "Thicker ink", lambda: thicken(0.01), "+ Ctrl++")
    yield Command("Edit", "Thinner ink", lambda: thicken(-0.01), "- Ctrl+-")

    yield from _choices("Examples", examples.SOURCES, lambda: examples.source, examples.choose)
    yield Command("Examples", "Next", examples.next, "Ctrl+Right N", compares, separator_before=True)
    yield Command("Examples", "Previous", examples.previous, "Ctrl+Left B", compares)
    yield Command("Examples", "Number…", window.choose_number, "", compares)
    digits = {None: "Any digit"} | {digit: f"Only {digit}s" for digit in range(10)}
    yield from _choices("Examples/Digit", digits, lambda: examples.digit, examples.choose_digit)

    yield Command("Models", "Choose models…", compare.choose_models, "M", lambda: bool(models.cards) and shows_board())
    for label, step, keys in (("Next model", 1, "Ctrl+Down"), ("Previous model", -1, "Ctrl+Up")):
        yield Command(
            "Models", label, lambda step=step: comparing.step_focus(step), keys, lambda: len(models.cards) > 1
        )
    yield Command("Models", "Model card", window.show_card, "F7", lambda: bool(models.cards))
    yield from _choices("Models/Sort by", SORTS, lambda: comparing.board.sort, comparing.sort_by)
    for digit in range(10):
        yield Command(
            "Models/Evidence for",
            a_digit(digit).capitalize(),
            lambda digit=digit: comparing.set_pinned(digit),
            str(digit),
            has_image,
            choice=(lambda: session.pinned, digit),
        )
    yield Command(
        "Models/Evidence for",
        "Predicted digit",
        lambda: window.set_projected(False) if window.is_projected() else comparing.set_pinned(None),
        "Escape",
        lambda: has_image() or window.is_projected(),
        choice=(lambda: session.pinned, None),
        separator_before=True,
    )

    own = window.own_models
    yield Command("Models", "Add a model…", own.open, separator_before=True)
    yield _rare(Command("Models", "Remove this model…", own.remove, "", own.can_remove))

    for command in window.collect.commands():
        yield replace(command, is_shown=lambda: not compares())
    for digit in range(10):
        keep = lambda digit=digit: window.collect.keep(session.drawing.arrays(), digit)  # noqa: E731
        yield _rare(Command("Edit/Keep drawing as", a_digit(digit).capitalize(), keep, is_enabled=has_strokes))

    for value, label, key in (
        ("compare", "Compare", "F2"),
        ("collect", "Collect", "F3"),
        ("side_by_side", "Side by side", "F6"),
    ):
        yield Command("View", label, lambda value=value: window.show_page(value), key, choice=(window.page, value))
    yield Command("View", "All models", lambda: compare.show_answers("board"), "F4", shows_board, separator_before=True)
    yield Command("View", "Layers", lambda: compare.show_answers("layers"), "F5", shows_board)
    yield Command("View", "Break it", lambda: compare.show_answers("break"), "F8", shows_board)
    yield Command("View", "Enlarge the drawing", compare.enlarge_drawing, "Z", lambda: shows_board() and has_ink())
    yield Command(
        "View",
        "Projector",
        lambda: window.set_projected(not window.is_projected()),
        "F11",
        choice=(window.is_projected, True),
        separator_before=True,
    )
    yield Command(
        "View",
        "Guide box",
        lambda: window.set_guide(not window.settings().guide),
        "G",
        choice=(lambda: window.settings().guide, True),
    )
    yield from _choices("View/Theme", THEMES, lambda: window.settings().theme, window.set_theme)
    yield from _choices("View/Size", SCALES, lambda: window.settings().scale, window.set_scale)
    yield Command("Help", "Keys", window.show_keys, "F1")
    yield Command("Help", "Reset the settings…", window.reset_settings, separator_before=True)


def _rare(command: Command) -> Command:
    """Return a command that is left out of its menu rather than grey in it."""
    return replace(command, is_shown=command.is_enabled)


Value = TypeVar("Value")


def _choices(
    menu: str, labels: Mapping[Value, str], get: Callable[[], object], choose: Callable[[Value], object]
) -> Iterator[Command]:
    """Yield an entry for each of several values, of which one is ticked; ``choose`` is called with another."""
    for value, label in labels.items():
        yield Command(menu, label, lambda value=value: choose(value), choice=(get, value))
