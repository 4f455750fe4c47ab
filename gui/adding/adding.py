"""A network that is being added: from which file, under which name, and how far that is. Knows no Tk."""

import json
import os
import re
import unicodedata
from collections.abc import Callable, Collection
from pathlib import Path

from gui.program import Program, State
from zoo.artifacts import NAME_PATTERN

ENDINGS = (".keras", ".h5", ".hdf5", ".tflite")
"""Of the files that can be added; a folder can be, too."""


class Adding:
    """The choice of a file and of what it will be called, and the latest program that added one, None before.

    Args:
        names: returns the names of the models there are.
        root: the folder that a model is put into; None for where those go that are built.
        module: the command, as ``python -m`` takes it.
    """

    def __init__(self, names: Callable[[], Collection[str]], root: str | None, module: str = "zoo"):
        self.path: Path | None = None
        self.title = self.name = self.scale = ""
        self.program: Program[str] | None = None
        self.error = ""
        """Why nothing was added, in one sentence."""
        self._names = names
        self._root = "" if root is None else os.path.abspath(root)
        self._module = module

    def choose(self, path: Path) -> None:
        """Choose a file or folder, and propose what to call it."""
        stem = path.parent.name if path.name.isdecimal() else path.stem  # a version of a SavedModel
        self.path, self.error = path, ""
        self.title = stem.replace("_", " ").strip()[:60] or "My model"
        self.title = self.title[0].upper() + self.title[1:]
        self.name = free_name(stem, self._names())

    @property
    def missing(self) -> str:
        """What is still to be done before it can be added; empty where nothing is."""
        if self.path is None:
            return "Choose a file or a folder."
        if not self.title.strip():
            return "Give it a title."
        if self.name in self._names():
            return f"There is a model {self.name} already: choose another name."
        if not NAME_PATTERN.fullmatch(self.name) or self.name != self.name.lower():
            return "Choose a name of lower-case letters, digits and _."
        return ""

    def start(self) -> None:
        """Begin to add it as it was chosen."""
        wishes = {"name": self.name, "title": self.title.strip(), "scale": self.scale, "root": self._root}
        options = [f"--{key}={wish}" for key, wish in wishes.items() if wish]
        self.error = ""
        try:
            self.program = Program(self._module, ["add", str(self.path), *options, "--json"], name_in)
        except OSError as error:
            self.error = f"It could not be added: {error.strerror or error}."

    @property
    def is_running(self) -> bool:
        """Whether the program is there, perhaps on its way out."""
        return self.program is not None and self.program.is_alive

    def poll(self) -> str | None:
        """Look what the program says; return the name of a model that was added a moment ago."""
        if not self.is_running:
            return None
        self.program.poll()
        if self.program.is_alive:
            return None
        if self.program.state is State.FAILED:
            self.error = self.program.error
        elif self.program.state is State.CANCELLED:
            self.error = "Cancelled: nothing was added."
        else:
            self.path, self.title, self.name, self.scale = None, "", "", ""
        return self.program.result

    def cancel(self) -> None:
        """End the program; ``poll`` tells when it has ended."""
        if self.program is not None:
            self.program.cancel()

    def close(self) -> None:
        """End the program and wait for its end."""
        if self.program is not None:
            self.program.close()


def can_be_added(path: Path) -> bool:
    """Return whether a file or folder looks like a network."""
    return path.is_dir() or path.suffix.lower() in ENDINGS


def free_name(text: str, taken: Collection[str]) -> str:
    """Return a name for a model like a text, such as the title of a file, that no other model has."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:56] or "my_model"
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)


def name_in(text: str) -> str | None:
    """Return the name of the model in what the command prints, where it is all of it."""
    try:
        return json.loads(text[text.rfind("\n{\n") + 1 :])["card"]["name"]  # a library may have printed before
    except (ValueError, TypeError, KeyError):
        return None
