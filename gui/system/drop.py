"""Files that are dropped on a widget from another program, by tkinterdnd2 where it can be loaded."""

import tkinter
from collections.abc import Callable
from pathlib import Path

from gui.system.opening import paths_from_uris


def enable_drop(widget: tkinter.Misc, on_drop: Callable[[list[Path]], None]) -> bool:
    """Call ``on_drop`` with the files that are dropped on a widget; return False where this system cannot do that.

    There are none where a browser has dropped the address of a picture elsewhere.
    """
    try:
        from tkinterdnd2 import COPY, DND_FILES, TkinterDnD

        TkinterDnD.require(widget.winfo_toplevel())
    except (ImportError, RuntimeError, tkinter.TclError):
        return False

    def drop(data: str) -> str:
        on_drop(dropped_paths(widget, data))
        return COPY

    # By Tcl, as tkinterdnd2 gives its methods to widgets only, not to a window.
    widget.tk.call("tkdnd::drop_target", "register", widget, DND_FILES)
    widget.tk.call("bind", widget, "<<Drop>>", f"{widget.register(drop)} %D")
    return True


def dropped_paths(widget: tkinter.Misc, data: str) -> list[Path]:
    """Return the files that a drop names: a Tcl list, ``{/a b.png} /c.png``, of paths or ``file:`` addresses."""
    try:
        words = widget.tk.splitlist(data)
    except tkinter.TclError:  # one path with a brace in it
        words = (data,)
    return [path for word in words for path in (paths_from_uris(word) if "://" in word else [Path(word)])]
