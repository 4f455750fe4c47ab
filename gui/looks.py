"""In which theme and how large the window is drawn: as a person chose, or as the system says."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui import appearance
from gui.appearance import PALETTE
from gui.projector import Projector
from gui.settings import Settings
from gui.system.theme import SystemTheme, system_is_dark
from gui.timers import Timers


class Looks:
    """Asks the system for its theme when the window gets the keyboard.

    Args:
        root: the window.
        timers: of the window.
        settings: gives what a person chose.
        projector: makes everything larger.
        on_change: called when the system has another theme, and that is wanted: everything is to be made anew.
    """

    def __init__(
        self,
        root: ttk.App,
        timers: Timers,
        settings: Callable[[], Settings],
        projector: Projector,
        on_change: Callable[[], None],
    ):
        self._root, self._settings, self._projector, self._on_change = root, settings, projector, on_change
        self._is_dark = False
        self._system_is_dark = system_is_dark() if settings().theme == "system" else None
        self._system_theme = SystemTheme(
            lambda milliseconds, command: timers.after("theme", milliseconds, command), self._system_changed
        )
        root.bind("<FocusIn>", self._ask)

    def apply(self) -> None:
        """Give the window the theme and the size that are wanted now."""
        root, scale = self._root, self._settings().scale
        self._is_dark = self._wants_dark()
        appearance.apply(root, self._is_dark, scale)
        if self._projector.is_on:
            appearance.apply(root, self._is_dark, self._projector.scale(root.style.scaling.factor))
        root.configure(background=PALETTE.chrome)  # what is seen until the widgets are painted

    def _ask(self, _event: tkinter.Event) -> None:
        self._system_theme.ask()

    def _wants_dark(self) -> bool:
        theme = self._settings().theme
        return bool(self._system_is_dark) if theme == "system" else theme == "dark"

    def _system_changed(self, is_dark: bool | None) -> None:
        self._system_is_dark = is_dark
        if self._wants_dark() != self._is_dark:
            self._on_change()
