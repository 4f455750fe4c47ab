"""What a person opens, pastes, drops, saves and copies: the questions, and what is done with the answers."""

import tkinter
from collections.abc import Callable
from pathlib import Path

from gui.compare.comparing import Comparing
from gui.dialogs import Dialogs
from gui.drawing import ink
from gui.system import opening, saving
from gui.system.clipboard import copy_image
from gui.worker.link import Model, WorkerLink
from gui.worker.messages import Answer, Chart, OpenedPicture, Refused, TaskMessage
from zoo._support.files import free_path

PNG = [("PNG picture", "*.png")]
EXPORTS = [("Comma-separated values", "*.csv"), ("JSON", "*.json"), *PNG]
TASKS = ("picture", "paste", "chart")


class Files:
    """The commands of the menu File, and those that copy. Nothing is overwritten unasked.

    Args:
        comparing: the drawing and the answers.
        link: opens pictures and draws charts.
        dialogs: ask for files.
        on_picture: called with a picture that was opened.
        show_notice: called with what was done.
        pen_width: gives how thick the ink looks, as a share of the pad's side.
        clipboard: the widget whose clipboard is used.
    """

    def __init__(
        self,
        comparing: Comparing,
        link: WorkerLink,
        dialogs: Dialogs,
        *,
        on_picture: Callable[[OpenedPicture], None],
        show_notice: Callable[[str], None],
        pen_width: Callable[[], float],
        clipboard: tkinter.Misc,
    ):
        self._comparing, self._link, self._dialogs = comparing, link, dialogs
        self._on_picture = on_picture
        self._show_notice, self._pen_width, self._clipboard = show_notice, pen_width, clipboard
        self._use_chart: Callable[[bytes], object] = lambda _png: None

    # ---------------------------------------------------------------- opening

    def open_picture(self) -> None:
        """Ask for a picture and put it on the pad."""
        path = self._dialogs.choose_open("Open a picture of a digit", opening.FILE_TYPES)
        if path:
            self.drop([Path(path)])

    def drop(self, paths: list[Path]) -> None:
        """Put the first of some pictures on the pad, once the worker has read it."""
        if not paths:
            self._dialogs.show_error("Only files of this computer can be dropped: save the picture first.")
            return
        self._link.request("picture", path=str(paths[0]))

    def paste(self) -> None:
        """Put the picture on the clipboard on the pad."""
        self._link.request("paste")

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was about a file."""
        if message.task not in TASKS:
            return False
        match message:
            case Refused(error=error):
                self._dialogs.show_error(error)
            case Answer(result=Chart(png)):
                self._use_chart(png)
            case Answer(result=OpenedPicture() as opened):
                self._on_picture(opened)
        return True

    # ---------------------------------------------------------------- saving

    def save_drawing(self) -> bool:
        """Save the drawing as it looks, dark on white; return whether that was done."""
        is_saved = self._save("drawing", self._stem("digit"), PNG, self._drawing_png)
        if is_saved:
            self._comparing.drawing_saved()
        return is_saved

    def save_image(self) -> bool:
        """Save what the models receive: 28 x 28 grey pixels."""
        image = self._comparing.reader.image
        return self._save("model input", self._stem("image"), PNG, lambda: saving.png(image))

    def export(self) -> None:
        """Export the predictions of all models on the board as CSV, as JSON with the drawing, or as a picture."""
        chosen = self._ask("predictions", self._stem("predictions"), EXPORTS)
        if chosen is None:
            return
        match chosen[0].suffix.lower():
            case ".png":
                self._chart(lambda png: self._write(*chosen, png))
            case ".json":
                self._write(*chosen, self._json())
            case _:
                self._write(*chosen, self._csv())

    # ---------------------------------------------------------------- copying

    def copy_drawing(self) -> None:
        """Copy the drawing as it looks."""
        self._copy(self._drawing_png(), "The drawing is copied.")

    def copy_image(self) -> None:
        """Copy what the models receive."""
        self._copy(saving.png(self._comparing.reader.image), "The model input is copied.")

    def copy_comparison(self) -> None:
        """Copy the answers as a picture."""
        self._chart(lambda png: self._copy(png, "The comparison is copied."))

    def copy_table(self) -> None:
        """Copy the answers as a table, in columns separated by tabs, as spreadsheets take them."""
        self._copy_text(saving.answers_table(self._readings()), "The predictions are copied.")

    def copy_command(self, command: str) -> None:
        """Copy a command, such as one that installs what is missing."""
        self._copy_text(command, "The command is copied: paste it into a terminal.")

    def copy_code(self, code: str) -> None:
        """Copy lines of Python."""
        self._copy_text(code, "The lines are copied.")

    # ---------------------------------------------------------------- what they share

    def _readings(self) -> list[saving.Reading]:
        cards = self._comparing.models.cards
        return [
            saving.Reading(cards[row.name], row.answer.probabilities, row.answer.milliseconds)
            for row in self._comparing.board.rows
            if row.answer is not None and not row.answer.is_old
        ]

    def _drawing_png(self) -> bytes:
        drawing = self._comparing.session.drawing
        if drawing.picture is not None:
            return saving.png(drawing.picture.shown)
        return saving.png(ink.render(drawing.strokes, pen_width=self._pen_width()))

    def _csv(self) -> str:
        return saving.answers_csv(self._readings())

    def _json(self) -> str:
        return saving.answers_json(
            self._readings(), self._comparing.reader.image, self._comparing.session.drawing.strokes
        )

    def _stem(self, what: str) -> str:
        vote = self._comparing.board.vote
        return f"{what}-{vote.digit}" if vote is not None and not vote.is_doubtful else what

    def _chart(self, use: Callable[[bytes], object]) -> None:
        """Have the worker draw the answers, and do something with the picture."""
        ready = [row.name for row in self._comparing.board.rows if self._link.models.get(row.name) is Model.READY]
        self._use_chart = use
        self._link.request("chart", image=self._comparing.reader.image, names=ready)
        self._show_notice("Drawing the comparison…")

    def _copy_text(self, text: str, notice: str) -> None:
        self._clipboard.clipboard_clear()
        self._clipboard.clipboard_append(text)
        self._show_notice(notice)

    def _copy(self, png: bytes, notice: str) -> None:
        self._show_notice(notice)
        copy_image(self._clipboard, png, self._dialogs.show_error)

    def _save(self, what: str, stem: str, types: list[tuple[str, str]], content: Callable[[], bytes | str]) -> bool:
        path = self._ask(what, stem, types)
        return path is not None and self._write(*path, content())

    def _ask(self, what: str, stem: str, types: list[tuple[str, str]]) -> tuple[Path, bool] | None:
        """Ask where to save; return the path, and whether it may be overwritten."""
        suffixes = [pattern.removeprefix("*") for _, pattern in types]
        proposed = free_path(Path(self._dialogs.folder, stem + suffixes[0]))
        chosen = self._dialogs.choose_save(f"Save the {what}", proposed.name, types)
        if not chosen:
            return None
        path = Path(chosen)
        is_agreed = path.suffix != ""  # the dialog has asked about the very name it returned
        if path.suffix.lower() not in suffixes:
            path, is_agreed = path.with_name(path.name + suffixes[0]), False
        if path.exists() and not is_agreed:
            if not self._dialogs.confirm(f"Save the {what}", f"{path.name} exists already. Replace it?"):
                return None
            is_agreed = True
        return path, is_agreed

    def _write(self, path: Path, is_agreed: bool, content: bytes | str) -> bool:
        try:
            saving.write(path, content, overwrite=is_agreed)
        except OSError as error:
            self._dialogs.show_error(saving.reason_in_words(error, path))
            return False
        self._show_notice(f"Saved {path.name}.")
        return True
