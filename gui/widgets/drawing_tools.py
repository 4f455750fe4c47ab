"""Pen and eraser, and the way back."""

import tkinter
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from gui.appearance import px

if TYPE_CHECKING:
    from gui.app import App


class DrawingTools(ttk.Frame):
    """Buttons for the pen, the eraser, undo, redo and clear, and a slider for the width of the ink."""

    def __init__(self, master: tkinter.Misc, window: "App"):
        super().__init__(master)
        self._window = window
        gap = px(self, 4)
        self._tool = tkinter.StringVar(self, window.tool)
        self.pen, self.eraser = (
            ttk.Radiobutton(
                self,
                text=text,
                value=value,
                variable=self._tool,
                bootstyle="toolbutton",
                command=lambda: window.set_tool(self._tool.get()),
            )
            for text, value in (("Pen", "pen"), ("Eraser", "eraser"))
        )
        # In hundredths of the pad, as an arrow key, or a click beside the handle, is a step of 1.
        self.width = ttk.Scale(
            self, from_=2, to=10, value=100 * window.settings.pen_width, length=px(self, 48), command=self._slid
        )
        self.undo = ttk.Button(self, text="↶", width=2, command=window.undo)
        self.redo = ttk.Button(self, text="↷", width=2, command=window.redo)
        self.clear = ttk.Button(self, text="Clear", command=window.clear)
        widgets = self.pen, self.eraser, self.width, self.undo, self.redo, self.clear
        tips = (
            "Draw (P)",
            "Wipe ink away (E, or the right mouse button)",
            "How thick the ink looks; models see every drawing with the same pen",
            "Undo (Ctrl+Z)",
            "Redo (Ctrl+Y)",
            "Remove all ink (Delete); undo brings it back",
        )
        for column, (widget, tip) in enumerate(zip(widgets, tips, strict=True)):
            widget.grid(row=0, column=column, padx=(0 if column in (0, 1) else gap, 0))
            ttk.ToolTip(widget, text=tip)
        self.width.grid(sticky="ew", padx=2 * gap)
        self.columnconfigure(2, weight=1)

    def show(self) -> None:
        """Show what is chosen, and what can be done, as it is now."""
        drawing = self._window.session.drawing
        if self._tool.get() != self._window.tool:
            self._tool.set(self._window.tool)
        width = 100 * self._window.settings.pen_width
        if abs(float(self.width.get()) - width) > 0.1:
            self.width.configure(value=width)
        for button, is_enabled in (
            (self.undo, drawing.can_undo),
            (self.redo, drawing.can_redo),
            (self.clear, self._window.has_ink),
        ):
            state = "normal" if is_enabled else "disabled"
            if str(button.cget("state")) != state:
                button.configure(state=state)

    def _slid(self, value: str) -> None:
        self._window.set_pen_width(float(value) / 100)
