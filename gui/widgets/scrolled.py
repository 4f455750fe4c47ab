"""What scrolls up and down: a canvas, and a frame with other widgets in it."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px


class SideScrollbar(ttk.Scrollbar):
    """Stands at the right of a canvas of the same master while that holds more than it shows.

    The master keeps room for it, ``winfo_reqwidth`` pixels, at all times: in a grid its coming would change the size of
    the canvas, and the size whether it is needed, for ever.
    """

    def __init__(self, canvas: tkinter.Canvas):
        super().__init__(canvas.master, orient="vertical", command=canvas.yview)
        self._canvas = canvas

    def set(self, first: float | str, last: float | str) -> None:
        """Take over which part is seen, as a canvas tells it."""
        super().set(first, last)
        if float(first) <= 0 and float(last) >= 1:
            self.place_forget()
        else:
            self.place(in_=self._canvas, relx=1.0, relheight=1.0)


class ScrolledCanvas(tkinter.Canvas):
    """A canvas with a scrollbar, scrolled by the wheel too, and with a sentence in its middle where it has no content.

    Args:
        master: keeps room for ``scrollbar`` at the right of the canvas.
        step: logical pixels by which a turn of the wheel scrolls.
        on_scroll: called when another part is seen.
        options: of the canvas.
    """

    def __init__(self, master: tkinter.Misc, step: float, on_scroll: Callable[[], None] = lambda: None, **options):
        look = {"background": PALETTE.paper, "highlightthickness": 0, "width": 1, "height": 1}
        super().__init__(master, yscrollincrement=1, **(look | options))
        self._step, self._on_scroll = px(self, step), on_scroll
        self.scrollbar = SideScrollbar(self)
        self._message = self.create_text(0, 0, font="ZooBody", fill=PALETTE.muted, justify="center")
        self.configure(yscrollcommand=self._scrolled)
        self.bind_wheel(str(self))

    @property
    def message(self) -> str:
        """The sentence as shown."""
        return self.itemcget(self._message, "text")

    @message.setter
    def message(self, sentence: str) -> None:
        if sentence != self.message:
            self.itemconfigure(self._message, text=sentence)

    def set_bottom(self, bottom: float, *, heading: int = 0, widest: int = 10**6) -> None:
        """Let it scroll as far as ``bottom``, and put the message into the middle beneath a heading of this height.

        The lines of the message are at most ``widest`` logical pixels long.
        """
        edge = int(self["highlightthickness"])
        width, height = self.winfo_width() - 2 * edge, self.winfo_height() - 2 * edge
        self.coords(self._message, width / 2, (height + heading) / 2)
        self.itemconfigure(self._message, width=min(max(width - px(self, 48), 1), px(self, widest)))
        self.configure(scrollregion=(0, 0, width, max(bottom, height)))
        if bottom <= height:
            self.yview("moveto", 0)

    def scroll(self, pixels: float) -> str:
        """Scroll down by so many pixels, or up by fewer than none; no further event handler is to run."""
        if self.yview() != (0.0, 1.0):  # a canvas would scroll even what fits
            self.yview("scroll", round(pixels), "units")
        return "break"

    def bind_wheel(self, tag: str) -> None:
        """Scroll when the wheel turns over the widgets with this tag among their ``bindtags``."""
        for sequence, pixels in self._wheel().items():
            # By Tcl: commands that tkinter's ``bind_class`` makes are never deleted, and keep the widget for ever.
            command = self.register(lambda turn, pixels=pixels: self.scroll(pixels(turn)))
            self.tk.call("bind", tag, sequence, f'if {{[{command} %D] eq "break"}} break')

    def unbind_wheel(self, tag: str) -> None:
        """Undo ``bind_wheel``, which a tag that is no widget's needs."""
        for sequence in self._wheel():
            self.tk.call("bind", tag, sequence, "")

    def reveal(self, top: float, bottom: float) -> None:
        """Scroll no further than it takes to see what lies between."""
        above = self.canvasy(0) - top
        below = bottom - self.canvasy(self.winfo_height())
        if above > 0:
            self.scroll(-above)
        elif below > 0:
            self.scroll(below)

    def _wheel(self) -> dict[str, Callable[[str], int]]:
        """Return the events of the wheel, each with how many pixels down it asks for, given the turn that Tk tells."""
        step = self._step
        wheel: dict[str, Callable[[str], int]] = {
            "<MouseWheel>": lambda turn: -step if int(turn) > 0 else step,
            "<Button-4>": lambda _turn: -step,
            "<Button-5>": lambda _turn: step,
        }
        if tkinter.TkVersion >= 8.7:  # a touchpad's pixels, the vertical ones in the lower half of the number
            wheel["<TouchpadScroll>"] = lambda turn: 0x8000 - ((int(turn) + 0x8000) & 0xFFFF)
        return wheel

    def _scrolled(self, first: float | str, last: float | str) -> None:
        self.scrollbar.set(first, last)
        self._on_scroll()


class ScrolledFrame(ttk.Frame):
    """A frame whose content scrolls where it is higher than there is room: widgets are put into ``inside``.

    Ours, as that of ttkbootstrap 2.2.6 leaves commands behind in Tcl that keep it, and all that it stands in, for ever.
    """

    def __init__(self, master: tkinter.Misc, width: int = 1, height: int = 1):
        super().__init__(master)
        self._canvas = ScrolledCanvas(self, 48, width=width, height=height)
        self.scrollbar = self._canvas.scrollbar
        self._canvas.grid(row=0, column=0, sticky="nsew", padx=(0, self.scrollbar.winfo_reqwidth()))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.inside = ttk.Frame(self._canvas)
        self._item = self._canvas.create_window(0, 0, anchor="nw", window=self.inside)
        self._canvas.bind("<Configure>", lambda _event: self._fit())
        self.inside.bind("<Configure>", lambda _event: self._fit())
        self._tag = f"Wheel{self}"  # of all widgets inside
        self._canvas.bind_wheel(self._tag)

    def set_size(self, width: int, height: int) -> None:
        """Ask for so many pixels for the content."""
        self._canvas.configure(width=width, height=height)

    def scroll(self, amount: int, unit: str) -> None:
        """Scroll by so many steps ("units") or heights ("pages"); up by fewer than none."""
        height = self._canvas.winfo_height() if unit == "pages" else px(self, 48)
        self._canvas.scroll(amount * height)

    def bind_keys(self, window: tkinter.Toplevel) -> None:
        """Have the arrow and page keys scroll, wherever the focus is in `window`."""
        for key, amount, unit in (
            ("Up", -1, "units"),
            ("Down", 1, "units"),
            ("Prior", -1, "pages"),
            ("Next", 1, "pages"),
        ):
            window.bind(f"<{key}>", lambda _event, amount=amount, unit=unit: self.scroll(amount, unit))

    def yview(self) -> tuple[float, float]:
        """Return which part is seen, as a canvas does."""
        return self._canvas.yview()

    def reveal(self, widget: tkinter.Misc) -> None:
        """Scroll to a widget inside."""
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        self._canvas.reveal(top, top + widget.winfo_height())

    def destroy(self) -> None:
        """As every widget's."""
        self._canvas.unbind_wheel(self._tag)
        super().destroy()

    def _fit(self) -> None:
        self._canvas.itemconfigure(self._item, width=self._canvas.winfo_width())
        self._canvas.set_bottom(self.inside.winfo_reqheight())
        widgets: list[tkinter.Misc] = [self.inside]
        while widgets:
            widget = widgets.pop()
            widgets += widget.winfo_children()
            if self._tag not in widget.bindtags():
                widget.bindtags((self._tag, *widget.bindtags()))
