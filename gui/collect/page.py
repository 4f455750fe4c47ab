"""The page on which a person collects digits of their own, and tunes a model on them."""

import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import ttkbootstrap as ttk

from gui.appearance import SPACE, keep_focus_in_sight, px
from gui.collect.callbacks import Callbacks
from gui.collect.collection_panel import CollectionPanel
from gui.collect.drawing_panel import DrawingPanel
from gui.collect.state import Collecting
from gui.collect.tuning_panel import TuningPanel
from gui.drawing.drawing import Amount
from gui.numbers import a_digit
from gui.program import State
from gui.timers import Timers
from gui.widgets.banner import Banner
from gui.widgets.menu_bar import Command
from gui.widgets.scrolled import ScrolledFrame
from gui.worker.messages import TaskMessage

POLL = 100
"""Milliseconds between two looks at a tuning."""
FILES = [("NumPy", "*.npz"), ("HDF5", "*.h5 *.hdf5")]
"""What the drawings are exported to."""
ENDINGS = (".npz", ".h5", ".hdf5")
EXPORT = "Export the drawings"
"""The title of what is asked then."""
LEAST_WIDTH = 420
"""Logical pixels for the collection, whose buttons stand side by side."""
LOW = 440
"""Logical pixels of height below which what is asked for is written smaller, and every warning can be closed."""


class CollectPage(ttk.Frame):
    """A pad with the digit to draw at the left; at the right a tab with what is collected, and one to tune on it.

    All that is to outlive the page, which is built anew for another theme or scale, is in ``collecting``.
    """

    def __init__(self, master: tkinter.Misc, collecting: Collecting, window: Callbacks):
        super().__init__(master, bootstyle="@chrome", padding=px(master, SPACE))
        self._collecting = collecting
        self._window = window
        self._timers = Timers(self)
        self.banner = Banner(self, self._dismiss)
        self.drawing_panel = DrawingPanel(
            self,
            collecting,
            on_undo=self.undo_stroke,
            on_redo=self.redo_stroke,
            on_clear=self.clear,
            on_save=self.save,
            on_skip=self.skip,
        )
        self.drawing_panel.grid(row=1, column=0, sticky="nsew", padx=(0, px(self, SPACE)))
        self.pad = self.drawing_panel.pad
        self.tabs = ttk.Notebook(self, width=1, height=1)
        self.tabs.grid(row=1, column=1, sticky="nsew")
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        drawings, tuning = (ttk.Frame(self.tabs, padding=px(self, SPACE) * 3 // 4) for _ in range(2))
        self.tabs.add(drawings, text="Your drawings")
        self.tabs.add(tuning, text="Tune a model")
        self.collection = CollectionPanel(
            drawings,
            collecting,
            on_undo=self.undo,
            on_delete=self.delete,
            on_import=self.import_drawings,
            on_export=self.export_drawings,
            on_digit=self.show_digit,
        )
        self.collection.pack(fill="both", expand=True)
        scrolled = ScrolledFrame(tuning)
        scrolled.pack(fill="both", expand=True)
        self.tuning = TuningPanel(scrolled.inside, collecting, window, self.tune, self.cancel)
        self.tuning.pack(fill="both", expand=True)
        self.tabs.select(int(collecting.is_tuning_shown))
        self.tabs.bind("<<NotebookTabChanged>>", lambda _event: self._turned())
        self.bind("<Configure>", lambda _event: self._size_pad())
        for event in ("<Configure>", "<Unmap>"):
            self.banner.bind(event, lambda _event: self._size_pad())
        self.bind("<Map>", lambda _event: self._shown())
        self.refresh()
        self._timers.after("poll", POLL, self._poll)  # a tuning may have ended: the window hears of it once it is built

    def destroy(self) -> None:
        """Leave the page; what goes on behind it goes on."""
        self._timers.cancel_all()
        super().destroy()

    def commands(self) -> list[Command]:
        """Return what can be done here, for the menu bar; it can be done only while the page is shown."""
        return list(self._commands())

    def _commands(self) -> Iterator[Command]:
        collecting, drawing = self._collecting, lambda: self._collecting.drawing

        def shown(is_possible: Callable[[], object] = lambda: True) -> Callable[[], bool]:
            return lambda: bool(self.winfo_viewable() and is_possible())

        has_ink = shown(lambda: drawing().amount is not Amount.EMPTY)
        yield Command("Collect", "Save and next", self.save, "Enter", shown())
        for digit in range(10):
            yield Command(
                "Collect/Save as",
                a_digit(digit).capitalize(),
                lambda digit=digit: self.save(digit),
                str(digit),
                shown(),
            )
        yield Command("Collect", "Ask for another digit", self.skip, "S", shown())
        yield Command(
            "Collect",
            "Undo stroke",
            self.undo_stroke,
            "Ctrl+Z",
            shown(lambda: drawing().can_undo),
            separator_before=True,
        )
        yield Command(
            "Collect", "Redo stroke", self.redo_stroke, "Ctrl+Y Ctrl+Shift+Z", shown(lambda: drawing().can_redo)
        )
        yield Command("Collect", "Clear the pad", self.clear, "Delete", has_ink)
        yield Command(
            "Collect",
            "Undo last save or removal",
            self.undo,
            "U",
            shown(lambda: collecting.can_undo),
            separator_before=True,
        )
        yield Command("Collect", "Remove the selected drawings", self.delete, "", shown(lambda: collecting.selected))
        yield Command(
            "Collect",
            "Start or cancel the tuning",
            self.tuning.button.invoke,
            "T",
            shown(lambda: self.tuning.button.instate(["!disabled"])),
            separator_before=True,
        )
        yield Command("Collect", "Import drawings…", self.import_drawings, "", shown(), separator_before=True)
        yield Command("Collect", "Export drawings…", self.export_drawings, "", shown(lambda: collecting.total))

    def _size_pad(self) -> None:
        """Share the room between the pad and the collection."""
        width, height, space = self.winfo_width(), self.winfo_height(), px(self, SPACE)
        is_low = height < px(self, LOW)
        self.banner.set_closable(self._collecting.is_kept or is_low)
        self.banner.set_width(width - 2 * space)
        height -= 2 * space
        if self.banner.winfo_ismapped():
            height -= self.banner.winfo_height() + space
        self.drawing_panel.set_room(width - 3 * space, height, px(self, LEAST_WIDTH), is_low=is_low)

    # ---------------------------------------------------------------- what a person does

    def save(self, digit: int | None = None) -> None:
        """Keep what is on the pad as the digit that is asked for, or as another."""
        self._collecting.save(digit)
        self.refresh()

    def skip(self) -> None:
        """Ask for another digit."""
        self._collecting.skip()
        self.refresh()

    def undo_stroke(self) -> None:
        """Take back the last change of the pad."""
        self._collecting.drawing.undo()
        self.refresh()

    def redo_stroke(self) -> None:
        """Do it again."""
        self._collecting.drawing.redo()
        self.refresh()

    def clear(self) -> None:
        """Remove all ink; it can be undone."""
        self._collecting.clear()
        self.refresh()

    def undo(self) -> None:
        """Take back the last saving, import or removal."""
        self._collecting.undo()
        self.refresh()

    def show_digit(self, digit: int | None) -> None:
        """Show the drawings of a digit, or all."""
        self._collecting.show(digit)
        self.refresh()

    def delete(self) -> None:
        """Remove the selected drawings; asks where they are several."""
        count = len(self._collecting.selected)
        if count > 1 and not self._window.confirm("Remove drawings", f"Remove {count} drawings?"):
            return
        self._collecting.delete()
        self.refresh()

    def export_drawings(self) -> None:
        """Ask for a file, and write all drawings to it."""
        if self._collecting.is_free() and (chosen := self._window.choose_save(EXPORT, "digits.npz", FILES)):
            path = Path(chosen)
            if path.suffix.lower() not in ENDINGS:
                path = path.with_name(path.name + ENDINGS[0])
                # The dialog has asked about the name as it was given, not about this one.
                if path.exists() and not self._window.confirm(EXPORT, f"{path.name} exists. Replace it?"):
                    return
            self._collecting.export_to(path)
        self.refresh()

    def import_drawings(self) -> None:
        """Ask for a file, and add its drawings."""
        every = " ".join(["*.npz", "*.h5", "*.hdf5", "*.sqlite3"])
        types = [("Drawings", every), ("All files", "*")]
        if self._collecting.is_free() and (chosen := self._window.choose_open("Import drawings", types)):
            self._collecting.import_from(Path(chosen))
        self.refresh()

    def keep(self, strokes: list[np.ndarray], digit: int) -> None:
        """Keep a drawing from another page, strokes of shape (k, 2), as a digit; the window says what came of it."""
        is_kept = self._collecting.keep(strokes, digit)
        self.refresh()
        (self._window.show_notice if is_kept else self._window.show_error)(self._collecting.notice)

    def tune(self, name: str) -> None:
        """Begin to tune a model on the drawings."""
        self.tabs.select(1)
        self._collecting.tune(name)
        self.refresh()
        self._poll()

    def cancel(self) -> None:
        """End the tuning."""
        self._collecting.tuning.cancel()
        self.refresh()

    # ---------------------------------------------------------------- state -> widgets

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was about a file that is read or written here."""
        is_ours = self._collecting.receive(message)
        if is_ours:
            self.refresh()
        return is_ours

    def refresh(self) -> None:
        """Show everything as it is now."""
        self.drawing_panel.show()
        self.collection.show()
        self.tuning.show()
        self._show_warning()
        self._size_pad()

    def _show_warning(self) -> None:
        warning = self._collecting.warning
        if warning == self.banner.text:
            return
        self.banner.show(warning)
        if warning:
            self.banner.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(self, SPACE)))
        else:
            self.banner.grid_remove()

    def _turned(self) -> None:
        self._collecting.is_tuning_shown = self.tabs.index("current") == 1
        keep_focus_in_sight(self.tabs, self.tabs)

    def _shown(self) -> None:
        self._collecting.refresh()  # another window may have drawn in the meantime
        self.refresh()

    def _dismiss(self) -> None:
        self._collecting.warning = ""
        self.refresh()

    def _poll(self) -> None:
        tuning = self._collecting.tuning
        if not tuning.is_alive:
            return
        has_ended = tuning.poll()
        self.tuning.show()
        if not has_ended:
            self._timers.after("poll", POLL, self._poll)
        elif tuning.process.state is State.DONE and tuning.process.result.name is not None:
            self._window.on_tuned(tuning.process.result.name)
