"""The vote of the models on the board, in one line."""

import tkinter
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import PALETTE, elide, px
from gui.compare.board import vote_in_words
from zoo.ensemble import NOT_ONE_DIGIT, Vote


class VoteLine(ttk.Frame):
    """The digit of the vote, how the models split in words, and beneath them a bar of how many say which digit.

    ``tools`` is room beside the bar for what the owner puts there.
    """

    def __init__(self, master: tkinter.Misc):
        super().__init__(master)
        gap = px(self, 8)
        self._strong = font.nametofont("ZooStrong", root=self)
        self._digit_font = font.nametofont("ZooDigit", root=self).copy()
        self._digit_font.configure(size=20)
        # Of fixed widths, so that no answer makes the window lay itself out again.
        self._digit = ttk.Label(self, font=self._digit_font, foreground=PALETTE.accent)
        self._digit.grid(row=0, column=0, rowspan=2, padx=(0, gap))
        self.columnconfigure(0, minsize=px(self, 56))
        self._words = ttk.Label(self, font="ZooStrong", width=1)
        self._words.grid(row=0, column=1, columnspan=2, sticky="ew")
        self._bar = _SplitBar(self)
        self._bar.grid(row=1, column=1, sticky="ew", padx=(0, gap))
        self.tools = ttk.Frame(self)
        self.tools.grid(row=1, column=2, sticky="e")
        self.columnconfigure(1, weight=1)
        self._text = ""
        self._shown: tuple = ()
        self._words.bind("<Configure>", lambda _event: self._fit())

    def show(self, vote: Vote | None, message: str = "", truth: str = "", *, is_old: bool = False) -> None:
        """Show a vote, after what is true, greyed where it is old; without one, the message."""
        if vote is None:
            shown = " ", message, PALETTE.accent, PALETTE.muted
        elif not vote.candidates:
            shown = "?", NOT_ONE_DIGIT, PALETTE.muted, PALETTE.warning
        else:
            digits = "/".join(map(str, vote.candidates))
            is_split = vote.agreement < 1
            shown = digits, vote_in_words(vote), PALETTE.accent, PALETTE.warning if is_split else PALETTE.accent
        if truth and vote is not None:
            shown = shown[0], f"{truth} · {shown[1]}", *shown[2:]
        if is_old:
            shown = *shown[:2], PALETTE.muted, PALETTE.muted
        if shown != self._shown:
            self._shown = shown
            digit, self._text, colour, words = shown
            self._digit.configure(text=digit, foreground=colour)
            self._words.configure(foreground=words)
            self._fit()
        self._bar.show(vote, is_old=is_old)

    @property
    def text(self) -> str:
        """The words, also where there is no room for all of them."""
        return self._text

    @property
    def digit(self) -> str:
        """The digit as shown: ``"7"``, ``"4/9"`` or, in doubt, ``"?"``."""
        return str(self._digit.cget("text"))

    @property
    def shares(self) -> list[tuple[int, int]]:
        """The parts of the bar as shown: a digit and how many models say it, the most first."""
        return self._bar.shares

    def _fit(self) -> None:
        # Whole parts go before a word is cut: the bar beneath tells the rest.
        text, width = self._text, self._words.winfo_width()
        while " · " in text and self._strong.measure(text) > width:
            text = text.rpartition(" · ")[0]
        self._words.configure(text=elide(text, width, self._strong))


class _SplitBar(tkinter.Canvas):
    """A thin bar in parts: how many models say which digit, the digit written in its part."""

    def __init__(self, master: tkinter.Misc):
        super().__init__(master, background=PALETTE.paper, highlightthickness=0, width=1, height=px(master, 16))
        self.shares: list[tuple[int, int]] = []
        self._vote: Vote | None = None
        self._is_old = False
        self._shown: tuple | None = None
        self._parts = [self.create_rectangle(0, 0, 0, 0, outline="") for _ in range(10)]
        self._labels = [self.create_text(0, 0, font="ZooSmall") for _ in range(10)]
        self._measure = font.nametofont("ZooSmall", root=self).measure("0")
        self.bind("<Configure>", lambda _event: self._layout())

    def show(self, vote: Vote | None, *, is_old: bool) -> None:
        """Show how a vote splits, or nothing."""
        shares = [] if vote is None else sorted(enumerate(vote.counts.tolist()), key=lambda share: -share[1])
        shares = [(digit, count) for digit, count in shares if count]
        shown = None if vote is None else (shares, vote.digit, vote.is_doubtful, is_old)
        self.shares, self._vote, self._is_old = shares, vote, is_old
        if shown != self._shown:
            self._shown = shown
            self._layout()

    def _layout(self) -> None:
        width, height, gap = self.winfo_width(), self.winfo_height(), px(self, 2)
        total, left = sum(count for _, count in self.shares), 0.0
        for place, (part, label) in enumerate(zip(self._parts, self._labels, strict=True)):
            if place >= len(self.shares):
                self.itemconfigure(part, state="hidden")
                self.itemconfigure(label, text="")
                continue
            digit, count = self.shares[place]
            right = left + (width + gap) * count / total
            agrees = digit == self._vote.digit and not self._vote.is_doubtful
            colour = PALETTE.quiet_bar if self._is_old else PALETTE.accent if agrees else PALETTE.warning
            self.itemconfigure(part, state="normal", fill=colour)
            self.coords(part, round(left), 0, round(right - gap), height)
            self.coords(label, (left + right - gap) / 2, height / 2)
            text = digit if right - left - gap > self._measure else ""
            self.itemconfigure(label, text=text, fill=PALETTE.paper)
            left = right
