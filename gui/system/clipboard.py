"""Pictures to and from the clipboard, which Tk does for text only.

``copy_image`` is for the window and does not make it wait; ``paste`` may take a second and is for the worker.
"""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageGrab

from gui.system.opening import paths_from_uris
from zoo.errors import ImageError

if TYPE_CHECKING:
    import tkinter

SECONDS = 5
"""How long another program may take to give or to take the clipboard."""
_LOOK = 50  # milliseconds between two looks whether it has

PATH = "{path}"
"""Stands for the path of the picture, as an argument of its own: within a line of a program's language it would have to
be quoted."""
VARIABLE = "DIGIT_ZOO_PICTURE"
"""The environment variable that holds the same, for a program whose arguments are all parts of such a line."""

_COPIERS = {
    "aqua": [
        "osascript",
        "-e",
        "on run arguments",
        "-e",
        "set the clipboard to (read (POSIX file (item 1 of arguments)) as «class PNGf»)",
        "-e",
        "end run",
        PATH,
    ],
    "win32": [
        "powershell",
        "-NoProfile",
        "-STA",
        "-Command",
        "Add-Type -AssemblyName System.Windows.Forms, System.Drawing; "
        f"[Windows.Forms.Clipboard]::SetImage([Drawing.Image]::FromFile($env:{VARIABLE}))",
    ],
}
"""What puts a PNG file on the clipboard, by Tk's windowing system."""

# In a process of its own, which can be given a time limit. Another program's selection comes from Tk as the words
# 0x89 0x50 ..., that of a program in Tk as text.
_READ_BY_TK = """
import sys, tkinter
root = tkinter.Tk()
root.withdraw()
try:  # some programs give the same whatever they are asked for, so see first what there is
    offered = root.selection_get(selection="CLIPBOARD", type="TARGETS").split()
except tkinter.TclError:
    offered = []
for kind in ("image/png", "image/jpeg", "image/bmp", "image/tiff", "text/uri-list"):
    if kind in offered:
        text = root.selection_get(selection="CLIPBOARD", type=kind)
        data = bytes(int(word, 16) for word in text.split()) if text[:2] == "0x" else text.encode("latin-1")
        sys.stdout.buffer.write(kind.encode() + b" " + data)
        break
"""


def copy_image(widget: "tkinter.Misc", png: bytes, on_error: Callable[[str], None]) -> None:
    """Put a picture on the clipboard; ``on_error`` is called, perhaps later, with a sentence where that cannot be."""
    winsys = widget.tk.call("tk", "windowingsystem")
    if winsys == "x11":
        widget.clipboard_clear()
        # As bytes: Tk makes a character of each, and of each character a byte for whoever pastes.
        widget.tk.call("clipboard", "append", "-type", "image/png", "-format", "STRING", "--", png)
        return
    copy_by_program(widget, png, _COPIERS[winsys], on_error)


def copy_by_program(widget: "tkinter.Misc", png: bytes, command: list[str], on_error: Callable[[str], None]) -> None:
    """Have another program take a picture from a file, whose path is at ``PATH`` in its command; do not wait for it."""
    folder = tempfile.TemporaryDirectory(prefix="digit-zoo-", ignore_cleanup_errors=True)
    path = Path(folder.name, "picture.png")
    try:
        path.write_bytes(png)
        process = subprocess.Popen(
            [str(path) if part == PATH else part for part in command],
            env=os.environ | {VARIABLE: str(path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        folder.cleanup()
        on_error(f"The picture could not be copied ({command[0]}: {error.strerror or error}): save it instead.")
        return

    def look(patience: int) -> None:
        if process.poll() is None and patience > 0:
            widget.after(_LOOK, look, patience - _LOOK)
            return
        if process.poll() is None:
            process.kill()
        failed = process.wait() != 0
        folder.cleanup()
        if failed:
            on_error(f"The picture could not be copied ({command[0]} failed): save it instead.")

    look(1000 * SECONDS)


def paste() -> Image.Image | Path:
    """Return the picture on the clipboard, or the path of the file that was copied.

    Raises:
        ImageError: there is no picture on the clipboard, or it cannot be read.
    """
    try:
        if sys.platform in ("darwin", "win32"):
            found = ImageGrab.grabclipboard()
            paths = [Path(name) for name in found] if isinstance(found, list) else []
        else:
            found, paths = _paste_by_tk()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ImageError(f"The clipboard cannot be read ({error}): save the picture and open the file.") from error
    if paths:
        return paths[0]
    if found is None:
        raise ImageError("No picture on the clipboard: copy one first.")
    return found


def _paste_by_tk() -> tuple[Image.Image | None, list[Path]]:
    done = subprocess.run([sys.executable, "-c", _READ_BY_TK], capture_output=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise ValueError((done.stderr.decode(errors="replace").splitlines() or ["no reason given"])[-1])
    kind, _, data = done.stdout.partition(b" ")
    if kind == b"text/uri-list":
        return None, paths_from_uris(data.decode(errors="replace"))
    if not data:
        return None, []
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "BMP", "TIFF"))
        picture.load()
    except Exception as error:  # whatever a decoder makes of it
        raise ImageError(
            "Expected a whole picture on the clipboard, found one that cannot be read: copy it again, or save it and "
            "open the file."
        ) from error
    return picture, []
