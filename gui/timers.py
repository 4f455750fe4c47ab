"""What a window does later: named timers, and what follows when a file has something to read."""

import tkinter
from collections.abc import Callable


class Timers:
    """Runs commands later on the Tk thread; a timer replaces another of its name, and all can be ended together."""

    def __init__(self, root: tkinter.Misc):
        self._root = root
        self._timers: dict[str, str] = {}
        self._watched: int | None = None

    def after(self, name: str, milliseconds: int, command: Callable[[], None]) -> None:
        """Run a command in so many milliseconds."""
        self.cancel(name)

        def run() -> None:
            self._timers.pop(name, None)
            command()

        self._timers[name] = self._root.after(milliseconds, run)

    def cancel(self, name: str) -> None:
        """End a timer that may not be there."""
        timer = self._timers.pop(name, None)
        if timer is not None:
            self._root.after_cancel(timer)

    def watch(self, file: int | None, command: Callable[[], None] = lambda: None) -> bool:
        """Run a command whenever an open file, given by its number, has something to read, and watch no other.

        Return whether this system can tell.
        """
        tk = self._root.tk
        if not hasattr(tk, "createfilehandler"):
            return False
        if self._watched is not None:
            tk.deletefilehandler(self._watched)
        self._watched = file
        if file is not None:
            tk.createfilehandler(file, tkinter.READABLE, lambda *_about: command())
        return True

    def cancel_all(self) -> None:
        """End every timer, and watch no file."""
        self.watch(None)
        for name in list(self._timers):
            self.cancel(name)

    def __contains__(self, name: str) -> bool:
        return name in self._timers
