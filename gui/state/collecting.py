"""What stands behind the page on which digits are collected: it outlives the page. Knows no Tk."""

import gc
import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import zoo
from gui.processes.tuning import MODULE, Tuning
from gui.state.drawing import Amount, Drawing
from zoo.collection import CollectedDrawing, Collection, CollectionError, UnreadableCollectionError, set_aside
from zoo.datasets import Drawings, load_drawings
from zoo.drawing_files import write_drawings

LEAST_DRAWINGS = 10
"""Fewer than this ``builders.finetune`` refuses: some are kept aside to measure what the others taught."""
NEWEST = 300
"""Drawings shown at most, of all digits or of one."""


class Collecting:
    """A pad, the digit that is asked for, the collection it goes to, and the model that is tuned on the collection.

    ``drawing`` is another one after each saving. ``notice`` is what the last action came to, with ``is_warning``;
    ``warning`` stands for as long as it is true, or until it is read. Nothing here raises for what a user can run into:
    the sentence is in ``notice``.

    Args:
        path: the file of the collection; None for memory.
        root: the folder of the models; None for that of the project.
        module: the command that tunes a model, as ``python -m`` takes it.
    """

    def __init__(self, path: Path | None, root: str | None = None, module: str = MODULE):
        self.drawing = Drawing()
        self.notice, self.is_warning = "", False
        self.warning = ""
        self.collection = self._open(path)
        self.counts = [0] * 10
        self.shown: int | None = None
        """The digit whose drawings are shown; None: all."""
        self.newest: list[CollectedDrawing] = []
        self.selected: set[int] = set()
        """Numbers of the drawings that are selected among these."""
        self.asked: int | None = None
        self.model: str | None = None
        """The model chosen for tuning, where one was."""
        self.tuning: Tuning | None = None
        self._root = root
        self._module = module
        self._folder: TemporaryDirectory | None = None
        self._threads = ThreadPoolExecutor(1, "files")
        self._work: Future | None = None
        self._then: Callable = lambda _result: None
        self.refresh()
        self.skip()

    def close(self) -> None:
        """End what is under way: a tuning is cancelled, a file that is being written is finished."""
        if self.tuning is not None:
            self.tuning.close()
            self._tidy()
        self._threads.shutdown()
        gc.enable()
        self.collection.close()

    # ---------------------------------------------------------------- drawing

    @property
    def total(self) -> int:
        """How many drawings there are."""
        return sum(self.counts)

    @property
    def is_kept(self) -> bool:
        """Whether the drawings are in a file."""
        return self.collection.path is not None

    def skip(self) -> None:
        """Ask for another digit: one of which there are the fewest drawings."""
        others = [digit for digit in range(10) if digit != self.asked]
        fewest = min(self.counts[digit] for digit in others)
        self.asked = random.choice([digit for digit in others if self.counts[digit] == fewest])

    def save(self, label: int | None = None) -> bool:
        """Keep what is on the pad as the digit that is asked for, or as another; return whether it was kept."""
        label = self.asked if label is None else label
        self.drawing.pen_up()
        if self.drawing.amount is Amount.EMPTY:
            return self._say("Nothing is drawn yet.", is_warning=True)
        if self.drawing.amount is Amount.TOO_SMALL:
            return self._say("That is too small to be a digit: draw it larger.", is_warning=True)
        if self._attempt(self.collection.add, self.drawing.arrays(), label) is None:
            return False
        self.drawing = Drawing()  # with a history of its own: undo is not to bring back what is kept, to be kept twice
        self.refresh()
        if label == self.asked:
            self.skip()
        return self._say(f"Saved {_a(label)} ({self.counts[label]:,} so far).")

    @property
    def can_undo(self) -> bool:
        """Whether there is a saving, an import or a removal to take back."""
        return self.collection.can_undo

    def undo(self) -> bool:
        """Take back the last saving, import or removal; a drawing that had been saved is on the pad again."""
        undone = self._attempt(self.collection.undo)
        self.refresh()
        if undone is None:
            return False
        what = _these(undone.drawings)
        if not undone.were_added:
            return self._say(f"{what} {_is(undone.drawings)} back.")
        drawing = undone.drawings[0]
        if len(undone.drawings) > 1 or drawing.drawn is None:
            return self._say(f"{what} {_is(undone.drawings)} taken out again.")
        self.drawing.load(drawing.strokes, dirty=True)
        self.asked = drawing.label
        return self._say(f"{what} is on the pad again.")

    # ---------------------------------------------------------------- the collection

    def refresh(self) -> None:
        """Look what there is now; another window may have drawn too."""
        counts = self._attempt(self.collection.counts)
        if counts is not None:
            self.counts = counts
            self.newest = self._attempt(self.collection.recent, NEWEST, self.shown) or []
            self.selected &= {drawing.number for drawing in self.newest}

    def show(self, digit: int | None) -> None:
        """Choose whose drawings are shown: those of a digit, or all."""
        self.shown = digit
        self.refresh()

    def delete(self) -> bool:
        """Remove the selected drawings."""
        removed = [drawing for drawing in self.newest if drawing.number in self.selected]
        if not removed:
            return self._say("Select a drawing first.", is_warning=True)
        self._attempt(self.collection.delete, *self.selected)
        before, self.selected = self.selected, set()
        self.refresh()
        if before & {drawing.number for drawing in self.newest}:
            return False  # it did not succeed, and the notice says why
        return self._say(f"{_these(removed)} {_is(removed)} removed.")

    def export_to(self, path: Path) -> None:
        """Write all drawings to a file, in place of one that is there; ``poll`` tells when it is done."""
        drawings = self._attempt(self.collection.drawings)
        if drawings is not None:
            done = f"{_drawings(len(drawings.labels))} exported to {path.name}."
            self._begin(lambda _nothing: self._say(done), write_drawings, drawings, path, overwrite=True)

    def import_from(self, path: Path) -> None:
        """Add the drawings of a file, except those that are here already; ``poll`` tells when it is done."""
        self._begin(lambda drawings: self._add_all(drawings, path), load_drawings, path)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return self._work is not None

    def poll(self) -> bool:
        """Look whether the file that was being read or written is done; return whether it was."""
        if self._work is None or not self._work.done():
            return False
        work, self._work = self._work, None
        gc.enable()
        try:
            result = work.result()
        except (zoo.ZooError, OSError) as error:
            self._say(str(error), is_warning=True)
        else:
            self._then(result)
        return True

    def _add_all(self, drawings: Drawings, path: Path) -> None:
        # Here and not in the thread: what this connection adds, it can take back. 7,500 drawings take 0.1 s.
        new = self._attempt(self.collection.add_all, drawings)
        if new is None:
            return
        self.refresh()
        known = len(drawings.labels) - new
        self._say(f"{_drawings(new)} imported from {path.name}" + (f"; {known:,} were here already." if known else "."))

    def _begin(self, then: Callable, function: Callable, *arguments, **options) -> None:
        self._then = then
        # Garbage that holds pictures of Tk would be collected in whichever thread comes to it, and wait there for the
        # Tk thread to delete them: for ever, if that waits for the work, as it does when the window closes.
        gc.disable()
        self._work = self._threads.submit(function, *arguments, **options)
        self._say("")

    def _open(self, path: Path | None) -> Collection:
        try:
            try:
                return Collection(path)
            except UnreadableCollectionError:
                aside = set_aside(path)
                self.warning = (
                    f"The file of your drawings, {path}, could not be read. It was kept as {aside.name}, beside it, "
                    "and a new one begun."
                )
                return Collection(path)
        except CollectionError as error:
            self.warning = f"Your drawings cannot be kept: {error} Export them before you close the window."
            return Collection()

    # ---------------------------------------------------------------- tuning

    @property
    def missing(self) -> str:
        """Why no model can be tuned on these drawings; empty where one can."""
        if self.total < LEAST_DRAWINGS:
            return f"At least {LEAST_DRAWINGS} drawings are needed; you have {self.total}."
        if sum(count > 1 for count in self.counts) < 2:
            return "At least two digits have to be drawn twice or more: one to learn from, one to be kept aside."
        return ""

    def tune(self, name: str) -> bool:
        """Begin to tune a model on the drawings as they are now; return whether it began."""
        if self.missing or self.is_tuning:
            return False
        strokes = self._attempt(self._strokes_file)
        if strokes is None:
            return False
        folders = ["--root", self._root, "--output", self._root] if self._root is not None else []
        try:
            self.tuning = Tuning(name, ["--strokes", str(strokes), "--json", *folders], self._module)
        except OSError as error:
            self._tidy()
            return self._say(f"The tuning could not be started: {error.strerror or error}.", is_warning=True)
        return True

    @property
    def is_tuning(self) -> bool:
        """Whether the process of a tuning is there, perhaps on its way out."""
        return self.tuning is not None and self.tuning.is_alive

    def poll_tuning(self) -> bool:
        """Look what the tuning says; return whether it has just ended."""
        if not self.is_tuning:
            return False
        self.tuning.poll()
        if self.tuning.is_alive:
            return False
        self._tidy()
        return True

    def _strokes_file(self) -> Path:
        if self.is_kept:
            return self.collection.path
        self._folder = TemporaryDirectory(prefix="digit-zoo-")
        path = Path(self._folder.name) / "drawings.npz"
        write_drawings(self.collection.drawings(), path)
        return path

    def _tidy(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # ---------------------------------------------------------------- notices

    def _say(self, sentence: str, *, is_warning: bool = False) -> bool:
        """Set the notice; return whether it is good news."""
        self.notice, self.is_warning = sentence, is_warning
        return not is_warning

    def _attempt(self, function: Callable, *arguments):
        """What a function returns; None where it raised, and the notice then says why."""
        try:
            return function(*arguments)
        except (zoo.ZooError, OSError) as error:
            self._say(str(error), is_warning=True)
            return None


def _a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count:,} drawings"


def _these(drawings: list[CollectedDrawing]) -> str:
    return f"The {drawings[0].label}" if len(drawings) == 1 else _drawings(len(drawings))


def _is(drawings: list[CollectedDrawing]) -> str:
    return "is" if len(drawings) == 1 else "are"
