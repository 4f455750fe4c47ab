"""Pen and eraser, and the way back."""

import tkinter
from collections.abc import Callable
from dataclasses import dataclass

import ttkbootstrap as ttk

from gui.appearance import px
from gui.drawing.drawing import Drawing
from gui.drawing.steps import StepButtons


@dataclass(frozen=True)
class ToolActions:
    """What the tools do; the width of the pen is a share of the pad's side."""

    set_tool: Callable[[str], None]
    set_pen_width: Callable[[float], None]
    undo: Callable[[], None]
    redo: Callable[[], None]
    clear: Callable[[], None]


class DrawingTools(ttk.Frame):
    """Buttons for the pen, the eraser, undo, redo and clear, and a slider for the width of the ink."""

    def __init__(self, master: tkinter.Misc, actions: ToolActions):
        super().__init__(master)
        self._actions = actions
        self._gap = px(self, 4)
        self._tool = tkinter.StringVar(self, "pen")
        self._tools = ttk.Frame(self)
        self._steps = StepButtons(self, actions.undo, actions.redo, actions.clear)
        self.pen, self.eraser = (
            ttk.Radiobutton(
                self._tools,
                text=text,
                value=value,
                variable=self._tool,
                bootstyle="toolbutton",
                command=lambda: actions.set_tool(self._tool.get()),
            )
            for text, value in (("Pen", "pen"), ("Eraser", "eraser"))
        )
        # In hundredths of the pad, as an arrow key, or a click beside the handle, is a step of 1.
        self.width = ttk.Scale(self._tools, from_=2, to=10, value=5, length=px(self, 48), command=self._slid)
        self.undo, self.redo, self.clear = self._steps.undo, self._steps.redo, self._steps.clear
        for widget, tip in (
            (self.pen, "Draw (P)"),
            (self.eraser, "Wipe ink away (E, or the right mouse button)"),
            (self.width, "How thick the ink looks; models see every drawing with the same pen"),
        ):
            ttk.ToolTip(widget, text=tip)
        self.pen.pack(side="left")
        self.eraser.pack(side="left")
        self._tools.grid(row=0, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.arrange(self.least)

    @property
    def least(self) -> int:
        """How wide they are in one row without the slider, in pixels."""
        buttons = self.pen, self.eraser, self.undo, self.redo, self.clear
        return sum(button.winfo_reqwidth() for button in buttons) + 4 * self._gap

    def arrange(self, width: int) -> None:
        """Stand in one row of so many pixels, with the slider where it has room, or else in two."""
        if width >= self.least + self.width.winfo_reqwidth() + 2 * self._gap:
            self.width.pack(side="left", fill="x", expand=True, padx=(2 * self._gap, 0))
        else:
            self.width.pack_forget()
        if width >= self.least:
            self._steps.grid(row=0, column=1, sticky="e", pady=0)
        else:
            self._steps.grid(row=1, column=0, sticky="ew", pady=(self._gap, 0))

    def show(self, drawing: Drawing, tool: str, pen_width: float) -> None:
        """Show what is chosen, and what can be done with the drawing, as it is now."""
        if self._tool.get() != tool:
            self._tool.set(tool)
        if abs(float(self.width.get()) - 100 * pen_width) > 0.1:
            self.width.configure(value=100 * pen_width)
        self._steps.show(drawing)

    def _slid(self, value: str) -> None:
        self._actions.set_pen_width(float(value) / 100)
