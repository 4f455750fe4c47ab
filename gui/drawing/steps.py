"""The way back: undo, redo, and clear."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import px, set_enabled
from gui.drawing.drawing import Amount, Drawing


class StepButtons(ttk.Frame):
    """Buttons to undo and redo a step of a drawing, and to clear the pad."""

    def __init__(
        self,
        master: tkinter.Misc,
        undo: Callable[[], object],
        redo: Callable[[], object],
        clear: Callable[[], object],
        undo_tip: str = "Undo (Ctrl+Z)",
    ):
        super().__init__(master)
        self.undo = ttk.Button(self, text="↶", width=2, command=undo)
        self.redo = ttk.Button(self, text="↷", width=2, command=redo)
        self.clear = ttk.Button(self, text="Clear", command=clear)
        tips = undo_tip, "Redo (Ctrl+Y)", "Remove all ink (Delete); undo brings it back"
        for button, tip in zip((self.undo, self.redo, self.clear), tips, strict=True):
            ttk.ToolTip(button, text=tip)
        for button in (self.clear, self.redo, self.undo):
            button.pack(side="right", padx=(px(self, 4), 0))

    def show(self, drawing: Drawing) -> None:
        """Show what can be done with the drawing as it is now."""
        set_enabled(self.undo, drawing.can_undo)
        set_enabled(self.redo, drawing.can_redo)
        set_enabled(self.clear, drawing.amount is not Amount.EMPTY)
