"""The page on which a person collects digits of their own, and tunes a model on them."""

import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import font

import numpy as np
import ttkbootstrap as ttk

from gui.appearance import PALETTE, SPACE, keep_focus_in_sight, px
from gui.collect.digit_counts import DigitCounts
from gui.collect.gallery import DrawingGallery
from gui.collect.state import Collecting
from gui.collect.tuning import State
from gui.collect.tuning_panel import TuningPanel
from gui.drawing.drawing import Amount
from gui.drawing.sketchpad import Sketchpad
from gui.timers import Timers
from gui.widgets.menu_bar import Command
from gui.widgets.scrolled import ScrolledFrame

POLL = 100
"""Milliseconds between two looks at a tuning, or at a file that is being read or written."""
FILES = [("NumPy", "*.npz"), ("HDF5", "*.h5 *.hdf5")]
"""What the drawings are exported to."""
ENDINGS = (".npz", ".h5", ".hdf5")
LEAST_WIDTH = 420
"""Logical pixels for the collection, whose buttons stand side by side."""
LOW = 440
"""Logical pixels of height below which what is asked for is written smaller, and every warning can be closed."""
WELCOME = (
    "Collect digits in your own hand: each one that you save appears here. They stay on this computer, "
    "and a model can learn from them."
)
HOW = "Draw it and press Enter; or draw any digit and press its key, 0 to 9."


class CollectPage(ttk.Frame):
    """A pad with the digit to draw at the left; at the right a tab with what is collected, and one to tune on it.

    All that is to outlive the page, which is built anew for another theme or scale, is in ``collecting``. ``host`` is
    the window: it chooses files, asks, shows errors, has the timers, and knows the models.
    """

    def __init__(self, master: tkinter.Misc, collecting: Collecting, host):
        super().__init__(master, bootstyle="@chrome", padding=px(master, SPACE))
        self._collecting = collecting
        self._host = host
        self._timers = Timers(host)
        self._large = font.Font(
            self, family=font.nametofont("ZooName", root=self).actual("family"), size=-px(self, 36), weight="bold"
        )
        padding = px(self, SPACE) * 3 // 4
        left = ttk.Frame(self, bootstyle="bordered", padding=padding)
        self.banner = _Banner(self, self._dismiss)
        left.grid(row=1, column=0, sticky="nsew", padx=(0, px(self, SPACE)))
        self.tabs = ttk.Notebook(self, width=1, height=1)
        self.tabs.grid(row=1, column=1, sticky="nsew")
        drawings, tuning = (ttk.Frame(self.tabs, padding=padding) for _ in range(2))
        self.tabs.add(drawings, text="Your drawings")
        self.tabs.add(tuning, text="Tune a model")
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self._build_drawing(left)
        self._build_collection(drawings)
        self._build_tuning(tuning)
        self.tabs.select(int(collecting.is_tuning_shown))
        self.tabs.bind("<<NotebookTabChanged>>", lambda _event: self._turned())
        self.bind("<Configure>", lambda _event: self._size_pad())
        for event in ("<Configure>", "<Unmap>"):
            self.banner.bind(event, lambda _event: self._size_pad())
        self.bind("<Map>", lambda _event: self._shown())
        self.refresh()
        self._timers.after("poll", POLL, self._poll)  # a tuning may have ended: the window is told when it is built

    def destroy(self) -> None:
        """Leave the page; what goes on behind it goes on."""
        self._timers.cancel_all()
        super().destroy()
        del self._large  # Tk's font goes with it; the page may stay, as tkinter forgets no binding of a class

    def commands(self) -> list[Command]:
        """What can be done here, for the menu bar; it can be done only while the page is shown."""
        return list(self._commands())

    def _commands(self) -> Iterator[Command]:
        collecting, drawing = self._collecting, lambda: self._collecting.drawing

        def shown(is_possible: Callable[[], object] = lambda: True) -> Callable[[], bool]:
            return lambda: bool(self.winfo_viewable() and is_possible())

        has_ink = shown(lambda: drawing().amount is not Amount.EMPTY)
        yield Command("Collect", "Save and next", self.save, "Enter", shown())
        for digit in range(10):
            yield Command("Collect/Save as", f"A {digit}", lambda digit=digit: self.save(digit), str(digit), shown())
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

    # ---------------------------------------------------------------- building

    def _build_drawing(self, master: tkinter.Misc) -> None:
        gap = px(self, 8)
        header = ttk.Frame(master)
        header.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self._asked = ttk.Label(header, font=self._large, foreground=PALETTE.accent)
        self._asked.grid(row=0, column=0, sticky="w")
        self.skip_button = ttk.Button(header, text="Skip", command=self.skip)
        self.skip_button.grid(row=0, column=1, sticky="e")
        ttk.ToolTip(self.skip_button, text="Ask for another digit (S)")
        header.columnconfigure(0, weight=1)

        self.pad = Sketchpad(master, self._collecting.drawing)
        self.pad.grid(row=1, column=0, sticky="n")
        self.pad.bind("<<DrawingChanged>>", lambda _event: self._show_buttons())
        self.pad.bind("<Right>", lambda _event: self.skip())

        buttons = ttk.Frame(master)
        buttons.grid(row=2, column=0, sticky="ew", pady=gap)
        self.undo_stroke_button = ttk.Button(buttons, text="↶", width=2, command=self.undo_stroke)
        self.redo_stroke_button = ttk.Button(buttons, text="↷", width=2, command=self.redo_stroke)
        self.clear_button = ttk.Button(buttons, text="Clear", command=self.clear)
        self.save_button = ttk.Button(buttons, text="Save and next", bootstyle="primary", command=self.save)
        ttk.ToolTip(self.undo_stroke_button, text="Undo a stroke (Ctrl+Z); the right mouse button wipes ink away")
        ttk.ToolTip(self.redo_stroke_button, text="Redo (Ctrl+Y)")
        ttk.ToolTip(self.clear_button, text="Remove all ink (Delete); undo brings it back")
        ttk.ToolTip(self.save_button, text="Keep it as the digit that is asked for (Enter)")
        self.undo_stroke_button.grid(row=0, column=0, padx=(0, gap // 2))
        self.redo_stroke_button.grid(row=0, column=1, padx=(0, gap // 2))
        self.clear_button.grid(row=0, column=2)
        self.save_button.grid(row=0, column=3, sticky="e", padx=(gap // 2, 0))
        buttons.columnconfigure(3, weight=1)
        self._notice = ttk.Label(master, font="ZooBody", anchor="nw", justify="left")
        self._notice.grid(row=3, column=0, sticky="new")
        # Two lines, so that nothing moves when the notice is longer.
        master.rowconfigure(
            3, weight=1, minsize=2 * font.nametofont("ZooBody", root=self).metrics("linespace") + gap // 2
        )
        self._header, self._buttons = header, buttons
        self._edges = 2 * (px(self, SPACE) * 3 // 4 + 1)

    def _build_collection(self, master: tkinter.Misc) -> None:
        gap = px(self, 8)
        bar = ttk.Frame(master)
        bar.grid(row=0, column=0, sticky="ew")
        self.undo_button = ttk.Button(bar, text="Undo save", command=self.undo)
        self.delete_button = ttk.Button(bar, text="Remove", command=self.delete)
        self.import_button = ttk.Button(bar, text="Import…", command=self.import_drawings)
        self.export_button = ttk.Button(bar, text="Export…", command=self.export_drawings)
        buttons = self.undo_button, self.delete_button, self.import_button, self.export_button
        tips = (
            "Take back the last saving, import or removal (U)",
            "Remove the selected drawings (Delete)",
            "Add drawings from a file: .npz, .h5, or another such collection",
            "Write all drawings to a file: .npz or .h5",
        )
        for column, (button, tip) in enumerate(zip(buttons, tips, strict=True)):
            button.grid(row=0, column=column, padx=(gap // 2 if column % 2 else 0, 0), sticky="e")
            ttk.ToolTip(button, text=tip)
        bar.columnconfigure(2, weight=1)
        room = sum(button.winfo_reqwidth() for button in buttons) + 2 * gap
        bar.bind("<Configure>", lambda event: self._show_files(event.width >= room))
        self.counts = DigitCounts(master, self.show_digit)
        self.counts.grid(row=1, column=0, sticky="ew", pady=gap)
        self.gallery = DrawingGallery(master, self._selected, self.delete)
        self.gallery.grid(row=2, column=0, sticky="nsew")
        master.columnconfigure(0, weight=1)
        master.rowconfigure(2, weight=1, minsize=px(self, 62))

    def _build_tuning(self, master: tkinter.Misc) -> None:
        scrolled = ScrolledFrame(master)
        scrolled.pack(fill="both", expand=True)
        self.tuning = TuningPanel(scrolled.inside, self._collecting, self._host, self.tune, self.cancel)
        self.tuning.pack(fill="both", expand=True)

    def _show_files(self, is_shown: bool) -> None:
        """Show the buttons for files; where there is no room for them, they are in the menu."""
        for button in (self.import_button, self.export_button):
            if is_shown:
                button.grid()
            else:
                button.grid_remove()

    def _size_pad(self) -> None:
        """Make the pad as large as fits, and leave half of the width to the collection, where the buttons leave it."""
        width, height = self.winfo_width(), self.winfo_height()
        gap, space = px(self, 8), px(self, SPACE)
        is_low = height < px(self, LOW)
        self._large.configure(size=-px(self, 22 if is_low else 36))
        self.banner.set_closable(self._collecting.is_kept or is_low)
        self.banner.set_width(width - 2 * space)
        height -= 2 * space + self._edges + self._header.winfo_reqheight() + self._buttons.winfo_reqheight() + 3 * gap
        if self.banner.winfo_ismapped():
            height -= self.banner.winfo_height() + space
        width -= 3 * space + self._edges
        widest = max(min(width // 2, width - px(self, LEAST_WIDTH)), self._buttons.winfo_reqwidth())
        lines = self._notice.master.rowconfigure(3)["minsize"]
        self._notice.configure(wraplength=max(min(height - lines, widest), self._buttons.winfo_reqwidth()))
        self.pad.set_side(max(min(height - max(lines, self._notice.winfo_reqheight()), widest), px(self, 120)))

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
        self._collecting.drawing.clear()
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
        if count > 1 and not self._host.confirm("Remove drawings", f"Remove {count} drawings?"):
            return
        self._collecting.delete()
        self.refresh()

    def export_drawings(self) -> None:
        """Ask for a file, and write all drawings to it."""
        chosen = self._host.choose_save("Export the drawings", "digits.npz", FILES)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in ENDINGS:
            path = path.with_name(path.name + ENDINGS[0])
            # The dialog has asked about the name as it was given, not about this one.
            if path.exists() and not self._host.confirm("Export the drawings", f"{path.name} exists. Replace it?"):
                return
        self._collecting.export_to(path)
        self.refresh()
        self._poll()

    def import_drawings(self) -> None:
        """Ask for a file, and add its drawings."""
        every = " ".join(["*.npz", "*.h5", "*.hdf5", "*.sqlite3"])
        chosen = self._host.choose_open("Import drawings", [("Drawings", every), ("All files", "*")])
        if chosen:
            self._collecting.import_from(Path(chosen))
            self.refresh()
            self._poll()

    def keep(self, strokes: list[np.ndarray], digit: int) -> None:
        """Keep a drawing from another page, strokes of shape (k, 2), as a digit; the window says what came of it."""
        is_kept = self._collecting.keep(strokes, digit)
        self.refresh()
        (self._host.tell if is_kept else self._host.show_error)(self._collecting.notice)

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

    # ---------------------------------------------------------------- news -> widgets

    def refresh(self) -> None:
        """Show everything as it is now."""
        collecting = self._collecting
        asked = f"Draw {'an' if collecting.asked == 8 else 'a'} {collecting.asked}"
        self._asked.configure(text=asked)
        self.pad.set_hint(f"{asked} here")
        self.pad.drawing = collecting.drawing
        self.pad.redraw()
        self.counts.show(collecting.counts, collecting.shown, collecting.asked)
        message = f"No {collecting.shown} is drawn yet." if collecting.total else WELCOME
        self.gallery.show(collecting.newest, collecting.selected, message)
        self.tuning.show()
        self._show_warning()
        colour = PALETTE.warning if collecting.is_warning else PALETTE.text if collecting.notice else PALETTE.muted
        self._notice.configure(text=collecting.notice or HOW, foreground=colour)
        self._size_pad()
        self._show_buttons()

    @property
    def asked(self) -> str:
        """What is asked for, as shown."""
        return str(self._asked.cget("text"))

    @property
    def notice(self) -> str:
        """The notice beneath the pad, as shown."""
        return str(self._notice.cget("text"))

    def _show_warning(self) -> None:
        warning = self._collecting.warning
        if warning == self.banner.text:
            return
        self.banner.show(warning)
        if warning:
            self.banner.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(self, SPACE)))
        else:
            self.banner.grid_remove()

    def _show_buttons(self) -> None:
        collecting = self._collecting
        drawing = collecting.drawing
        for button, is_enabled in (
            (self.undo_stroke_button, drawing.can_undo),
            (self.redo_stroke_button, drawing.can_redo),
            (self.clear_button, drawing.amount is not Amount.EMPTY),
            (self.save_button, drawing.amount is Amount.READABLE),
            (self.undo_button, collecting.can_undo),
            (self.delete_button, collecting.selected),
            (self.import_button, not collecting.is_busy),
            (self.export_button, collecting.total and not collecting.is_busy),
        ):
            state = "normal" if is_enabled else "disabled"
            if str(button.cget("state")) != state:
                button.configure(state=state)

    def _selected(self, numbers: set[int]) -> None:
        self._collecting.selected = numbers
        self._show_buttons()

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
        collecting = self._collecting
        if collecting.poll():
            self.refresh()
        if collecting.is_tuning:
            has_ended = collecting.poll_tuning()
            self.tuning.show()
            if has_ended and collecting.tuning.state is State.DONE and collecting.tuning.result.get("name"):
                self._host.model_tuned(collecting.tuning.result["name"])
        if collecting.is_busy or collecting.is_tuning:
            self._timers.after("poll", POLL, self._poll)


class _Banner(ttk.Frame):
    """A warning that stays, with a button to close it where it has only to be read, or is in the way."""

    def __init__(self, master: tkinter.Misc, on_close: Callable[[], None]):
        super().__init__(master, bootstyle="@chrome")
        edge = tkinter.Frame(self, background=PALETTE.warning_bar, width=px(self, 4))
        edge.pack(side="left", fill="y")
        body = tkinter.Frame(self, background=PALETTE.warning_ground)
        body.pack(side="left", fill="both", expand=True)
        self._text = tkinter.Label(
            body,
            background=PALETTE.warning_ground,
            foreground=PALETTE.text,
            font="ZooBody",
            justify="left",
            anchor="w",
            padx=px(self, 8),
            pady=px(self, 6),
        )
        self._text.pack(side="left", fill="both", expand=True)
        self.button = ttk.Button(body, text="OK", command=on_close)

    def show(self, sentence: str) -> None:
        """Show a warning."""
        self._text.configure(text=sentence)

    def set_closable(self, can_close: bool) -> None:
        """Show the button, or hide it."""
        if can_close and not self.button.winfo_manager():
            self.button.pack(side="right", padx=px(self, 8), before=self._text)
        elif not can_close:
            self.button.pack_forget()

    def set_width(self, width: int) -> None:
        """Break the lines so that the banner is at most so many pixels wide."""
        room = px(self, 28) + (self.button.winfo_reqwidth() + px(self, 16) if self.button.winfo_manager() else 0)
        self._text.configure(wraplength=max(width - room, 1))

    @property
    def text(self) -> str:
        """The warning as shown."""
        return str(self._text.cget("text"))
