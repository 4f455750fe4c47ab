"""Whether the desktop is dark.

Our own few lines, as darkdetect is no longer kept up (its last release is of 2022) and reads the name of the GTK theme
alone, which says nothing on today's desktops.
"""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 0.3
"""Seconds for each program that is asked."""
PAUSE = 3.0
"""Seconds between two questions."""

_PORTAL = (
    *("gdbus", "call", "--session", "--dest", "org.freedesktop.portal.Desktop"),
    *("--object-path", "/org/freedesktop/portal/desktop", "--method"),
)
_SETTING = ("org.freedesktop.appearance", "color-scheme")


def system_is_dark() -> bool | None:
    """Return whether the desktop asks for dark windows; None where that is not known. Never raises, takes < 1 s."""
    if sys.platform == "win32":
        return _windows_is_dark()
    if sys.platform == "darwin":
        answer = _run("defaults", "read", "-g", "AppleInterfaceStyle")
        return answer and answer[1].strip() == "Dark"  # there is no such entry as long as it is light
    # The portal says 0 for no preference, 1 for dark, 2 for light: "(<uint32 1>,)".
    for method in ("ReadOne", "Read") if _has_bus() else ():
        answer = _run(*_PORTAL, f"org.freedesktop.portal.Settings.{method}", *_SETTING)
        if answer and answer[0] == 0 and "uint32" in answer[1]:
            return "uint32 1" in answer[1]
    answer = _run("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")
    return "prefer-dark" in answer[1] if answer and answer[0] == 0 else None


class SystemTheme:
    """Asks the same again in a thread, so that the window never waits.

    Args:
        after: ``after(milliseconds, command)`` of the window.
        on_answer: called with each answer, in the thread of the window.
    """

    def __init__(self, after: Callable[[int, Callable[[], None]], object], on_answer: Callable[[bool | None], None]):
        self._after, self._on_answer = after, on_answer
        self._answers: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._asked = time.monotonic()

    def ask(self) -> bool:
        """Ask, unless that was done (or the window opened) a moment ago; return whether it asks."""
        if time.monotonic() - self._asked < PAUSE:
            return False
        self._asked = time.monotonic()
        threading.Thread(target=lambda: self._answers.put(system_is_dark()), daemon=True).start()
        self._after(30, self._poll)
        return True

    def _poll(self) -> None:
        try:
            answer = self._answers.get_nowait()
        except queue.Empty:
            self._after(30, self._poll)
        else:
            self._on_answer(answer)


def _run(*command: str) -> tuple[int, str] | None:
    """Return the exit status of a program and what it prints; None where it is missing or too slow."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.returncode, done.stdout


def _has_bus() -> bool:
    """Return whether there is a session bus; where there is none, asking would start one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and Path(runtime, "bus").exists())


def _windows_is_dark() -> bool | None:
    if sys.platform != "win32":  # so that type checkers elsewhere do not look into winreg
        return None
    import winreg

    place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
            return winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0
    except OSError:
        return None
