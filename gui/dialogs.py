"""Questions to the person at the window, and sentences that must be read."""

import os
import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, messagebox, simpledialog

from gui.errors import plain


class Dialogs:
    """The dialogs of a window.

    Args:
        window: they stand above it.
        folder: gives the folder where a file was chosen last.
        on_folder: called with the folder of a file that was chosen.
    """

    def __init__(self, window: tkinter.Tk, folder: Callable[[], str], on_folder: Callable[[str], None]):
        self._window = window
        self._folder, self._on_folder = folder, on_folder
        self._is_open = True

    @property
    def folder(self) -> str:
        """Where a file was chosen last, or a person's own folder."""
        folder = self._folder()
        return folder if folder and Path(folder).is_dir() else os.path.expanduser("~")

    def choose_open(self, title: str, filetypes: list[tuple[str, str]]) -> str:
        """Ask which file to open; empty where none was chosen."""
        return self._remember_folder(
            self._asked(filedialog.askopenfilename, title=title, filetypes=filetypes, initialdir=self.folder)
        )

    def choose_folder(self, title: str) -> str:
        """Ask for a folder; empty where none was chosen."""
        return self._remember_folder(
            self._asked(filedialog.askdirectory, title=title, mustexist=True, initialdir=self.folder)
        )

    def choose_save(self, title: str, name: str, filetypes: list[tuple[str, str]]) -> str:
        """Ask where to save, empty where nowhere; the dialog itself asks before it returns a file that exists."""
        return self._remember_folder(
            self._asked(
                filedialog.asksaveasfilename,
                title=title,
                initialfile=name,
                defaultextension=Path(name).suffix,
                filetypes=filetypes,
                initialdir=self.folder,
                confirmoverwrite=True,
            )
        )

    def confirm(self, title: str, question: str) -> bool:
        """Ask whether to go on."""
        return bool(self._asked(messagebox.askyesno, title, question, icon="warning", default="no"))

    def ask_number(self, title: str, question: str) -> int | None:
        """Ask for a whole number of 0 or more; None where none was given."""
        number = self._asked(simpledialog.askinteger, title, question, minvalue=0)
        return number if isinstance(number, int) else None

    def show_error(self, sentence: str) -> None:
        """Say what went wrong."""
        self._asked(messagebox.showerror, "Digit Zoo", plain(sentence))

    def close(self) -> None:
        """Have every dialog that is open answered, as the window is about to go."""
        self._is_open = False
        # A dialog of Tk's own waits for its answer, with another one on top of it even for ever.
        self._window.tk.eval("set ::tk::Priv(button) {}; set ::tk::Priv(selectFilePath) {}")

    def _asked(self, dialog: Callable, *arguments, **options):
        """Show a dialog and return its answer; nothing where the window was closed meanwhile."""
        try:
            return dialog(*arguments, parent=self._window, **options)
        except tkinter.TclError:
            if self._is_open:
                raise
            return ""

    def _remember_folder(self, path: str) -> str:
        if path:
            self._on_folder(str(Path(path).parent))
        return path or ""
