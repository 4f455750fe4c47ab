"""The pad on which digits are collected, with what is asked for above it and what came of it beneath."""

import tkinter
from collections.abc import Callable
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import PALETTE, SPACE, px, set_enabled
from gui.collect.state import Collecting
from gui.drawing.drawing import Amount
from gui.drawing.sketchpad import Sketchpad
from gui.drawing.steps import StepButtons
from gui.numbers import a_digit

HOW = "Draw it and press Enter; or draw any digit and press its key, 0 to 9."


class DrawingPanel(ttk.Frame):
    """A pad, and buttons that call ``on_undo`` ... ``on_skip``."""

    def __init__(
        self,
        master: tkinter.Misc,
        collecting: Collecting,
        *,
        on_undo: Callable[[], None],
        on_redo: Callable[[], None],
        on_clear: Callable[[], None],
        on_save: Callable[[], None],
        on_skip: Callable[[], None],
    ):
        padding = px(master, SPACE) * 3 // 4
        super().__init__(master, bootstyle="bordered", padding=padding)
        self._collecting = collecting
        self._gap = gap = px(self, 8)
        self._edges = 2 * (padding + 1)
        self._large = font.Font(
            self, family=font.nametofont("ZooName", root=self).actual("family"), size=-px(self, 36), weight="bold"
        )
        self._header = ttk.Frame(self)
        self._header.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self._asked = ttk.Label(self._header, font=self._large, foreground=PALETTE.accent)
        self._asked.grid(row=0, column=0, sticky="w")
        self.skip_button = ttk.Button(self._header, text="Skip", command=on_skip)
        self.skip_button.grid(row=0, column=1, sticky="e")
        ttk.ToolTip(self.skip_button, text="Ask for another digit (S)")
        self._header.columnconfigure(0, weight=1)

        self.pad = Sketchpad(self, collecting.drawing)
        self.pad.grid(row=1, column=0, sticky="n")
        self.pad.bind("<<DrawingChanged>>", lambda _event: self.show_buttons())
        self.pad.bind("<Right>", lambda _event: on_skip())

        self._buttons = ttk.Frame(self)
        self._buttons.grid(row=2, column=0, sticky="ew", pady=gap)
        self._steps = StepButtons(
            self._buttons, on_undo, on_redo, on_clear, "Undo a stroke (Ctrl+Z); the right mouse button wipes ink away"
        )
        self.undo_button, self.redo_button, self.clear_button = self._steps.undo, self._steps.redo, self._steps.clear
        self.save_button = ttk.Button(self._buttons, text="Save and next", command=on_save, bootstyle="primary")
        ttk.ToolTip(self.save_button, text="Keep it as the digit that is asked for (Enter)")
        self._steps.grid(row=0, column=0)
        self.save_button.grid(row=0, column=1, sticky="e", padx=(gap // 2, 0))
        self._buttons.columnconfigure(1, weight=1)

        self._notice = ttk.Label(self, font="ZooBody", anchor="nw", justify="left")
        self._notice.grid(row=3, column=0, sticky="new")
        # Two lines, so that nothing moves when the notice is longer.
        self._lines = 2 * font.nametofont("ZooBody", root=self).metrics("linespace") + gap // 2
        self.rowconfigure(3, weight=1, minsize=self._lines)

    def destroy(self) -> None:
        """Leave the page."""
        super().destroy()
        del self._large  # Tk's font goes with it; the panel may stay, as tkinter forgets no binding of a class

    def show(self) -> None:
        """Show everything as it is now."""
        collecting = self._collecting
        asked = f"Draw {a_digit(collecting.asked)}"
        self._asked.configure(text=asked)
        self.pad.set_hint(f"{asked} here")
        self.pad.drawing = collecting.drawing
        self.pad.redraw()
        colour = PALETTE.warning if collecting.is_warning else PALETTE.text if collecting.notice else PALETTE.muted
        self._notice.configure(text=collecting.notice or HOW, foreground=colour)
        self.show_buttons()

    def show_buttons(self) -> None:
        """Show what can be done with the drawing as it is now."""
        drawing = self._collecting.drawing
        self._steps.show(drawing)
        set_enabled(self.save_button, drawing.amount is Amount.READABLE)

    def set_room(self, width: int, height: int, beside: int, *, is_low: bool) -> None:
        """Make the pad as large as fits, and leave half of the width to what is beside the panel, where the buttons do.

        Args:
            width: all there is, in pixels.
            height: all there is.
            beside: pixels of the width that are left at least.
            is_low: whether what is asked for is to be written smaller.
        """
        self._large.configure(size=-px(self, 22 if is_low else 36))
        least = self._buttons.winfo_reqwidth()
        height -= self._edges + self._header.winfo_reqheight() + self._buttons.winfo_reqheight() + 3 * self._gap
        width -= self._edges
        widest = max(min(width // 2, width - beside), least)
        self._notice.configure(wraplength=max(min(height - self._lines, widest), least))
        lines = max(self._lines, self._notice.winfo_reqheight())
        self.pad.set_side(max(min(height - lines, widest), px(self, 120)))

    @property
    def asked(self) -> str:
        """What is asked for, as shown."""
        return str(self._asked.cget("text"))

    @property
    def notice(self) -> str:
        """The notice beneath the pad, as shown."""
        return str(self._notice.cget("text"))
