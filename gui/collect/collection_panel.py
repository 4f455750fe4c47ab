"""What is collected: how many of each digit, the drawings themselves, and what can be done with them."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import px, set_enabled
from gui.collect.digit_counts import DigitCounts
from gui.collect.gallery import DrawingGallery
from gui.collect.state import Collecting

WELCOME = (
    "Collect digits in your own hand: each one that you save appears here. They stay on this computer, "
    "and a model can learn from them."
)


class CollectionPanel(ttk.Frame):
    """Buttons, counts and a gallery. The buttons call ``on_undo`` ... ``on_export``; ``on_digit`` is called with the
    digit whose drawings are to be shown, or with None for all."""

    def __init__(
        self,
        master: tkinter.Misc,
        collecting: Collecting,
        *,
        on_undo: Callable[[], None],
        on_delete: Callable[[], None],
        on_import: Callable[[], None],
        on_export: Callable[[], None],
        on_digit: Callable[[int | None], None],
    ):
        super().__init__(master)
        self._collecting = collecting
        gap = px(self, 8)
        bar = ttk.Frame(self)
        bar.grid(row=0, column=0, sticky="ew")
        self.undo_button = ttk.Button(bar, text="Undo save", command=on_undo)
        self.delete_button = ttk.Button(bar, text="Remove", command=on_delete)
        self.import_button = ttk.Button(bar, text="Import…", command=on_import)
        self.export_button = ttk.Button(bar, text="Export…", command=on_export)
        tips = {
            self.undo_button: "Take back the last saving, import or removal (U)",
            self.delete_button: "Remove the selected drawings (Delete)",
            self.import_button: "Add drawings from a file: .npz, .h5, or another such collection",
            self.export_button: "Write all drawings to a file: .npz or .h5",
        }
        for column, (button, tip) in enumerate(tips.items()):
            button.grid(row=0, column=column, padx=(gap // 2 if column % 2 else 0, 0), sticky="e")
            ttk.ToolTip(button, text=tip)
        bar.columnconfigure(2, weight=1)
        room = sum(button.winfo_reqwidth() for button in tips) + 2 * gap
        bar.bind("<Configure>", lambda event: self._show_files(event.width >= room))
        self.counts = DigitCounts(self, on_digit)
        self.counts.grid(row=1, column=0, sticky="ew", pady=gap)
        self.gallery = DrawingGallery(self, self._selected, on_delete)
        self.gallery.grid(row=2, column=0, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1, minsize=px(self, 62))

    def show(self) -> None:
        """Show everything as it is now."""
        collecting = self._collecting
        self.counts.show(collecting.counts, collecting.shown, collecting.asked)
        message = f"No {collecting.shown} is drawn yet." if collecting.total else WELCOME
        self.gallery.show(collecting.newest, collecting.selected, message)
        self._show_buttons()

    def _show_buttons(self) -> None:
        collecting = self._collecting
        set_enabled(self.undo_button, collecting.can_undo)
        set_enabled(self.delete_button, collecting.selected)
        set_enabled(self.import_button, not collecting.is_busy)
        set_enabled(self.export_button, collecting.total and not collecting.is_busy)

    def _show_files(self, is_shown: bool) -> None:
        """Show the buttons for files; where there is no room for them, they are in the menu."""
        for button in (self.import_button, self.export_button):
            if is_shown:
                button.grid()
            else:
                button.grid_remove()

    def _selected(self, numbers: set[int]) -> None:
        self._collecting.selected = numbers
        self._show_buttons()
