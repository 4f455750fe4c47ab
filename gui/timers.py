"""Named timers of one window."""

import tkinter
from collections.abc import Callable


class Timers:
    """Runs commands later on the Tk thread; a timer replaces another of its name, and all can be ended together."""

    def __init__(self, root: tkinter.Misc):
        self._root = root
        self._timers: dict[str, str] = {}

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

    def cancel_all(self) -> None:
        """End every timer."""
        for name in list(self._timers):
            self.cancel(name)

    def __contains__(self, name: str) -> bool:
        return name in self._timers
