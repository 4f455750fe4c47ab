"""The comparison: the vote of the models on the drawing, and each one's answer."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import px
from gui.compare.board import Board, truth_in_words
from gui.compare.model_picker import ModelPicker
from gui.compare.table import AnswerTable
from gui.compare.vote_line import VoteLine


class ComparisonPanel(ttk.Frame):
    """The vote of the models on a board, the choice of them, and the list of their answers.

    The board is the owner's, and outlives the panel; ``on_change`` is called when the panel has changed which models
    stand on it, or in which order. ``on_focus`` is called with the name of a row that was chosen, ``on_aim`` with
    whether the pointer is over the rows.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        board: Board,
        on_focus: Callable[[str], None],
        on_change: Callable[[], None],
        on_aim: Callable[[bool], None] = lambda _is_over: None,
    ):
        super().__init__(master)
        self._board, self._on_change = board, on_change
        self._picker: ModelPicker | None = None
        gap = px(self, 8)
        self.vote_line = VoteLine(self)
        self.vote_line.grid(row=0, column=0, columnspan=2, sticky="ew")
        tools = self.vote_line.tools
        self.button = ttk.Button(tools, text="Models ▾", command=self._pick)
        self.button.grid(row=0, column=0)
        self.button.bind("<Down>", lambda _event: self._pick())
        self.list = AnswerTable(self, on_focus, self._sort, on_aim)
        self.list.grid(row=1, column=0, sticky="nsew", pady=(gap // 2, 0))
        self.columnconfigure(1, minsize=self.list.scrollbar.winfo_reqwidth())
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._message = self._hint = ""
        self.show()

    def show(self, message: str = "", hint: str = "") -> None:
        """Show the board as it is now; ``message`` stands where it has no rows, ``hint`` where it has no vote."""
        board, self._message, self._hint = self._board, message, hint
        self.vote_line.show(board.vote, hint, truth_in_words(board), is_old=board.is_old)
        self.list.show(board.rows, message)
        self.list.show_sort(board.sort, board.is_descending)
        self.button.state(["!disabled" if board.cards else "disabled"])

    def close_picker(self) -> None:
        """Close the choice of models, if it is open."""
        if self.picker is not None:
            self.picker.close()

    def destroy(self) -> None:
        """As every widget's; the choice of models, which lies over the window, goes too."""
        if self.picker is not None:
            self.picker.destroy()
        super().destroy()

    @property
    def picker(self) -> ModelPicker | None:
        """The open choice of models, if it is."""
        return self._picker if self._picker is not None and self._picker.winfo_exists() else None

    # ---------------------------------------------------------------- events

    def _pick(self) -> None:
        if self.picker is not None:
            self.close_picker()
        else:
            self._picker = ModelPicker(self.button, self._board, self._changed)

    def _changed(self) -> None:
        self.show(self._message, self._hint)
        self._on_change()

    def _sort(self, key: str) -> None:
        self._board.sort_by(key)
        self._changed()
