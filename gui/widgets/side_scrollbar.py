"""A scrollbar that is there only when there is something to scroll."""

import tkinter

import ttkbootstrap as ttk


class SideScrollbar(ttk.Scrollbar):
    """Stands at the right of a canvas of the same master while that holds more than it shows.

    The master keeps room for it, ``winfo_reqwidth`` pixels, at all times: in a grid its coming would change the size of
    the canvas, and the size whether it is needed, for ever.
    """

    def __init__(self, canvas: tkinter.Canvas):
        super().__init__(canvas.master, orient="vertical", command=canvas.yview)
        self._canvas = canvas

    def set(self, first: str, last: str) -> None:
        """Take over which part is seen, as a canvas tells it."""
        super().set(first, last)
        if float(first) <= 0 and float(last) >= 1:
            self.place_forget()
        else:
            self.place(in_=self._canvas, relx=1.0, relheight=1.0)
