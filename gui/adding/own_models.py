"""What a person does to add a network to the zoo and to remove one, from the question to what is told afterwards."""

import tkinter
from collections.abc import Callable
from pathlib import Path

import zoo
from gui.adding.adding import ENDINGS, Adding
from gui.adding.dialog import AddDialog
from gui.compare.board import origin
from gui.compare.comparing import Comparing
from gui.dialogs import Dialogs
from gui.numbers import accuracy
from gui.timers import Timers
from zoo import Card
from zoo._support.processes import has_tensorflow, install_command
from zoo.card import NOT_OURS

POLL = 100
"""Milliseconds between two looks at the program that adds a network."""
FILES = [("Networks", " ".join(f"*{ending}" for ending in ENDINGS)), ("All files", "*")]


class OwnModels:
    """The entries "Add a model…" and "Remove…" of the menu Models.

    Args:
        window: the dialog stands above it.
        comparing: what the window shows of the models.
        adding: what is added, and how far that is.
        dialogs: ask for files, and whether to remove.
        timers: of the window.
        show_notice: called with what was done.
        copy: puts a command on the clipboard.
        on_change: called when a model was added, with its name, or removed, with None.
    """

    def __init__(
        self,
        window: tkinter.Tk,
        comparing: Comparing,
        adding: Adding,
        dialogs: Dialogs,
        timers: Timers,
        *,
        show_notice: Callable[[str], None],
        copy: Callable[[str], None],
        on_change: Callable[[str | None], None],
    ):
        self._window, self._comparing, self._models = window, comparing, comparing.models
        self._dialogs, self._timers = dialogs, timers
        self._show_notice, self._copy, self._on_change = show_notice, copy, on_change
        self.adding = adding
        self.dialog: AddDialog | None = None

    # ---------------------------------------------------------------- adding

    def open(self) -> None:
        """Open the dialog, or bring it to the front; of a model that is none of this zoo's, to add it."""
        card = self._models.cards.get(self._models.in_focus)
        if self.dialog is None and card is not None and (card.error or "").startswith(NOT_OURS):
            self.adding.choose(card.path)
        if self.dialog is None:
            self.dialog = AddDialog(
                self._window,
                self.adding,
                on_file=self.choose_file,
                on_folder=self.choose_folder,
                on_start=self.start,
                on_cancel=self.cancel,
                on_copy=lambda: self._copy(install_command()),
                on_close=self.close,
            )
            self._show()
        else:
            self.dialog.lift()
            self.dialog.focus_force()

    def choose(self, path: Path) -> None:
        """Open the dialog with a file or folder, such as one that was dropped."""
        if not self.adding.is_running:
            self.adding.choose(path)
        self.open()
        self._show()

    def choose_file(self) -> None:
        """Ask which file to add."""
        if path := self._dialogs.choose_open("Add a model", FILES):
            self.choose(Path(path))

    def choose_folder(self) -> None:
        """Ask which folder to add."""
        if path := self._dialogs.choose_folder("Add the folder of a SavedModel"):
            self.choose(Path(path))

    def start(self) -> None:
        """Begin to add what was chosen."""
        self.adding.start()
        self._poll()

    def cancel(self) -> None:
        """End what is under way, or else close the dialog."""
        if self.adding.is_running:
            self.adding.cancel()
        else:
            self.close()

    def close(self) -> None:
        """Close the dialog; what is under way ends."""
        self.adding.cancel()
        self.adding.error = ""
        self._take_down()

    def restyle(self) -> None:
        """Build the dialog anew in the colours and sizes of now, if it is open."""
        if self.dialog is not None:
            self._take_down()
            self.open()

    def _take_down(self) -> None:
        if self.dialog is not None:
            self.dialog.destroy()
        self.dialog = None

    def _poll(self) -> None:
        name = self.adding.poll()
        if name is not None:
            self._take_down()
            self._on_change(name)
            self._comparing.set_focus(name)
            self._show_notice(found_in_words(self._models.cards[name]))
        self._show()
        if self.adding.is_running:
            self._timers.after("adding", POLL, self._poll)

    def _show(self) -> None:
        if self.dialog is not None:
            is_missing = bool(self.adding.error) and not has_tensorflow() and install_command() in self.adding.error
            self.dialog.show(install_command() if is_missing else "")

    # ---------------------------------------------------------------- removing

    def can_remove(self) -> bool:
        """Return whether the model in focus was added or tuned here."""
        card = self._models.cards.get(self._models.in_focus)
        return card is not None and bool(origin(card))

    def remove(self) -> None:
        """Remove the model in focus, if that is wanted."""
        name = self._models.in_focus
        title = self._models.titles[name]
        question = f"Remove “{title}”? All its versions are deleted from this computer; this cannot be undone."
        if not self._dialogs.confirm("Remove a model", question):
            return
        try:
            self._models.remove(name)
        except zoo.ZooError as error:
            self._dialogs.show_error(str(error))
        except OSError as error:
            self._dialogs.show_error(f"“{title}” could not be removed: {error.strerror or error}.")
        else:
            self._on_change(None)
            self._show_notice(f"“{title}” is removed.")


def found_in_words(card: Card) -> str:
    """Return what was found out about a model that was added: its pixels, its ink, and how well it reads."""
    adapter, words = card.facts.adapter, []
    if adapter is not None:
        ends = [f"{level * adapter.factor + adapter.offset:.3g}".replace("-", "\u2212") for level in (0, 255)]
        words = [f"pixels {' to '.join(ends)}", "dark ink on white" if adapter.inverted else "white ink on black"]
    for part, of in (("mnist_test", "of MNIST"), ("generated_test", "of synthetic digits")):
        if score := card.metrics.get(part):
            words.append(f"{accuracy(score['correct'] / score['total'])} {of} right")
    return f"Added: {', '.join(words)}."
