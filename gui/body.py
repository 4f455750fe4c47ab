"""What is in the window: its pages and the status line, made anew in another theme or size."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import SPACE, keep_focus_in_sight, px
from gui.collect.callbacks import Callbacks
from gui.collect.page import CollectPage
from gui.collect.state import Collecting
from gui.compare.comparing import Comparing
from gui.compare.page import ComparePage
from gui.drawing.tools import ToolActions
from gui.side_by_side.page import SideBySidePage
from gui.side_by_side.state import SideBySide
from gui.widgets.status_line import StatusLine

PAGES = {"compare": "Compare", "collect": "Collect", "side_by_side": "Side by side"}


class Body(ttk.Frame):
    """The three pages, whose state is kept elsewhere.

    Args:
        master: the window.
        comparing: the state of the comparison.
        collecting: the state of the collection.
        beside: the state of the two models side by side.
        tools: what the drawing tools do.
        callbacks: what the page Collect needs of the window.
        post_examples: opens the menu of examples beneath a widget.
        on_turned: called when another page is in sight.
        is_projected: whether the pages have all the room, without tabs and status line.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        comparing: Comparing,
        collecting: Collecting,
        beside: SideBySide,
        *,
        tools: ToolActions,
        callbacks: Callbacks,
        post_examples: Callable[[tkinter.Misc], None],
        on_turned: Callable[[], None],
        is_projected: bool,
    ):
        super().__init__(master, bootstyle="@chrome")
        self._comparing, self._collecting, self._beside, self._on_turned = comparing, collecting, beside, on_turned
        self.pages = ttk.Notebook(self, style="Bare.TNotebook" if is_projected else "TNotebook")
        self.pages.pack(fill="both", expand=True, pady=(px(self, 4), 0))
        self.compare = ComparePage(self.pages, comparing, tools, post_examples, is_projected)
        self.collect = CollectPage(self.pages, collecting, callbacks)
        self.side_by_side = SideBySidePage(self.pages, comparing, beside)
        for name, title in PAGES.items():
            self.pages.add(getattr(self, name), text=title)
        self.status = StatusLine(self, comparing.reader.start, bootstyle="@chrome")
        if not is_projected:
            self.status.place(relx=1, x=-px(self, SPACE), y=px(self, 4), anchor="ne")

    def listen(self) -> None:
        """Tell from now on when another page is in sight."""
        self.pages.bind("<<NotebookTabChanged>>", lambda _event: self._turned())

    def show_page(self, page: str) -> None:
        """Turn to a page of ``PAGES``."""
        self.pages.select(list(PAGES).index(page))
        self._turned()

    @property
    def page(self) -> str:
        """The name of the page in sight."""
        return list(PAGES)[self.pages.index("current")]

    @property
    def in_sight(self) -> ComparePage | CollectPage | SideBySidePage:
        """The page in sight."""
        return getattr(self, self.page)

    def use_pads(self, tool: str, pen_width: float, has_guide: bool) -> None:
        """Have all pads use this tool and this ink."""
        for pad in (self.compare.pad, self.collect.pad, self.side_by_side.pad):
            pad.set_tool(tool)
            pad.set_pen_width(pen_width)
            pad.set_guide(has_guide)

    def redraw(self) -> None:
        """Show the drawing that all models read as it is now."""
        for pad in (self.compare.pad, self.side_by_side.pad):
            pad.redraw()

    def let_go(self) -> None:
        """End what a hand is at, as all of this is about to go."""
        for drawing in (self._comparing.session.drawing, self._collecting.drawing):
            drawing.pen_up()  # the pad that saw it put down goes
        self._comparing.session.hovered = None  # a bar that goes sees no pointer leave
        self._comparing.set_aimed(False)

    def _turned(self) -> None:
        keep_focus_in_sight(self.pages, self.in_sight.pad)
        self._beside.is_shown = self.page == "side_by_side"
        if self.page != "collect":
            self.in_sight.pad.redraw()  # the drawing is one, and the other page may have changed it
        self.side_by_side.show()
        self._on_turned()
