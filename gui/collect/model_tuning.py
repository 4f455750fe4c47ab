"""Which model is tuned on the collected drawings, and the process that does it. Knows no Tk."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import zoo
from gui.program import Program
from zoo import finetuning
from zoo.data.collection import Collection
from zoo.data.drawing_files import write_drawings


class ModelTuning:
    """The choice of a model, and the latest tuning there was: ``process`` is None before the first.

    Args:
        collection: returns the collection as it is open now.
        root: the folder of the models; None for that of the project.
        module: the command that tunes a model, as ``python -m`` takes it.
    """

    def __init__(self, collection: Callable[[], Collection], root: str | None, module: str = finetuning.MODULE):
        self.model: str | None = None
        """The model chosen for tuning, where one was."""
        self.process: Program[finetuning.Result] | None = None
        self.name = ""
        """The model that it tunes."""
        self.error = ""
        """Why a tuning could not be started, in one sentence."""
        self._collection = collection
        self._root = None if root is None else os.path.abspath(root)
        self._module = module
        self._folder: TemporaryDirectory | None = None

    def missing(self, counts: list[int]) -> str:
        """Return why no model can be tuned on so many drawings of each digit; nothing where one can."""
        total = sum(counts)
        if total < finetuning.LEAST_DRAWINGS:
            return f"At least {finetuning.LEAST_DRAWINGS} drawings are needed; you have {total}."
        if finetuning.repeated_digits(counts) < finetuning.LEAST_REPEATED:
            return (
                "At least two digits have to be drawn twice or more: one to learn from, one to be held out for testing."
            )
        return ""

    def start(self, name: str) -> bool:
        """Begin to tune a model on the drawings as they are now; return whether it began."""
        folders = ["--root", self._root, "--output", self._root] if self._root is not None else []
        self.error = ""
        try:
            strokes = self._strokes_file()
            arguments = [name, "--strokes", str(strokes), "--json", *folders]
            self.process, self.name = Program(self._module, arguments, finetuning.from_line), name
        except (zoo.ZooError, OSError) as error:
            self._tidy()
            reason = error.strerror or error if isinstance(error, OSError) else error
            self.error = f"The tuning could not be started: {reason}"
            return False
        return True

    @property
    def is_alive(self) -> bool:
        """Whether the process of a tuning is there, perhaps on its way out."""
        return self.process is not None and self.process.is_alive

    def poll(self) -> bool:
        """Look what the tuning says; return whether it has just ended."""
        if self.process is None or not self.process.is_alive:
            return False
        self.process.poll()
        if self.process.is_alive:
            return False
        self._tidy()
        return True

    def cancel(self) -> None:
        """End the tuning that is under way; ``poll`` tells when it has ended."""
        if self.process is not None:
            self.process.cancel()

    def close(self) -> None:
        """Cancel a tuning that is under way."""
        if self.process is not None:
            self.process.close()
            self._tidy()

    def _strokes_file(self) -> Path:
        collection = self._collection()
        if collection.path is not None:
            return collection.path
        self._folder = TemporaryDirectory(prefix="digit-zoo-")
        path = Path(self._folder.name) / "drawings.npz"
        write_drawings(collection.drawings(), path)
        return path

    def _tidy(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
