"""Tuning a model on the collected drawings: which one, how far it is, and what it brought."""

import tkinter
from collections.abc import Callable
from tkinter import font
from typing import Literal

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.collect.callbacks import Callbacks
from gui.collect.state import Collecting
from gui.errors import plain
from gui.numbers import MINUS, percent
from gui.program import State, clock
from gui.widgets.model_dropdown import ModelDropdown
from zoo.finetuning import Result

ABOUT = "A copy of the model learns from your drawings in about a minute. Some are held out for testing."
NEEDS_TENSORFLOW = "Tuning this model needs TensorFlow, which is not installed"
PHASES = {
    "Starting": "Starting",
    "loading": "Loading the model",
    "drawing": "Generating rehearsal digits",
    "tuning": "Fine-tuning",
    "publishing": "Publishing",
}
"""The phases of the command, in words for a person."""
SETS = {
    "own": ("drawings held out for testing", "your drawings"),
    "generated": ("synthetic digits", "synthetic digits"),
    "mnist": ("MNIST digits", "MNIST"),
}
"""The sets on which the command compares: what stands at their bars after a count, and in a sentence."""
LITTLE = 0.01
"""A smaller change, as a share of a set, is none that could be measured."""
NARROW = 340
"""Logical pixels below which the name of a set stands above its bars."""
WIDEST = 640
"""Logical pixels that the bars take at most with their counts."""


class TuningPanel(ttk.Frame):
    """A dropdown of models, a button that starts and cancels, a progress bar, and the scores before and after.

    ``on_start`` is called with the name of the model, ``on_cancel`` without anything.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        collecting: Collecting,
        window: Callbacks,
        on_start: Callable[[str], None],
        on_cancel: Callable[[], None],
    ):
        super().__init__(master)
        self._collecting = collecting
        self._window = window
        self._on_start, self._on_cancel = on_start, on_cancel
        self._install = ""  # the command that installs what is missing to tune the chosen model
        gap = px(self, 8)
        self.dropdown = ModelDropdown(self, self._choose, width=8)
        self.dropdown.grid(row=0, column=0, sticky="ew", padx=(0, gap))
        self.button = ttk.Button(self, bootstyle="primary", command=self._pressed)
        self.button.grid(row=0, column=1, sticky="e")
        self.progress = ttk.Progressbar(self, maximum=1.0)
        self.progress.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self._text = ttk.Label(self, font="ZooBody", justify="left", anchor="nw")
        self._text.grid(row=2, column=0, columnspan=2, sticky="new", pady=(gap, 0))
        self.scores = Scores(self)
        self.scores.grid(row=4, column=0, columnspan=2, sticky="new", pady=(gap, 0))
        self.compare_button = ttk.Button(self, text="Compare now", command=self._compare)
        self.copy_button = ttk.Button(self, text="Copy the command", command=lambda: window.copy(self._install))
        for button in (self.compare_button, self.copy_button):
            button.grid(row=3, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._text.configure(wraplength=max(event.width, 1)))

    def show(self) -> None:
        """Show the models and how the tuning stands, as they are now."""
        collecting, process = self._collecting, self._collecting.tuning.process
        self._show_models()
        is_running = self._is_running
        can_start = bool(self.dropdown.names) and not self._install and not collecting.missing
        self.button.configure(
            text="Cancel" if is_running else "Start",
            state="normal" if is_running or (can_start and not collecting.tuning.is_alive) else "disabled",
        )
        self.dropdown.configure(state="disabled" if is_running or not self.dropdown.names else "readonly")
        if is_running:
            self.progress.grid()
            self.progress.configure(value=process.done)
        else:
            self.progress.grid_remove()
        result = process.result if process is not None and not is_running and not collecting.missing else None
        scores = scores_of(result) if result is not None else []
        self.scores.show(scores)
        can_compare = result is not None and result.name in self.dropdown.names
        can_copy = bool(self._install) and not is_running
        shown = {self.scores: scores, self.compare_button: can_compare and not can_copy, self.copy_button: can_copy}
        for widget, is_shown in shown.items():
            if is_shown:
                widget.grid()
            else:
                widget.grid_remove()
        text, is_warning = self._sentence()
        self._text.configure(text=text, foreground=PALETTE.warning if is_warning else PALETTE.muted)

    @property
    def text(self) -> str:
        """The sentence as shown."""
        return str(self._text.cget("text"))

    @property
    def _is_running(self) -> bool:
        """Whether a tuning runs that nobody has cancelled; it does until its process has ended."""
        tuning = self._collecting.tuning
        return tuning.is_alive and tuning.process.state in (State.RUNNING, State.DONE)

    def _sentence(self) -> tuple[str, bool]:
        """Return what there is to say, and whether it is a warning."""
        missing, process, titles = self._collecting.missing, self._collecting.tuning.process, self._window.titles()
        name = self._collecting.tuning.name
        if not self.dropdown.names:
            return "There is no model to tune: build one, for example by python -m builders.small_mlp.", True
        if self._is_running:
            left = process.seconds_left
            about = f", about {clock(left)} left" if left is not None else ""
            phase = PHASES.get(process.phase, process.phase)
            if process.epoch is not None:
                loss, right = process.epoch
                phase += f" · loss {loss:.3f} · {percent(right)} of the held-out drawings right"
            return f"{phase} · {clock(process.seconds)}{about}", False
        if self._install:
            return f"{NEEDS_TENSORFLOW}: install it with  {self._install}", True
        if process is None or missing:
            return missing or ABOUT, False
        if process.state is State.CANCELLED:
            return f"Cancelled: {titles.get(name, name)} is as it was.", False
        if process.state is State.FAILED:
            return plain(process.error), True
        return in_words(process.result, titles), False

    def _show_models(self) -> None:
        titles, tuning = self._window.titles(), self._collecting.tuning
        self.dropdown.offer(titles)
        name = tuning.name if tuning.is_alive else tuning.model
        if name not in titles:
            focus = self._window.focus()
            name = focus if focus in titles else next(iter(titles), None)
        self.dropdown.show(name)
        self._install = self._window.install(name) if name is not None else ""

    def _choose(self, name: str) -> None:
        self._collecting.tuning.model = name
        self.show()

    def _pressed(self) -> None:
        if self._collecting.tuning.is_alive:
            self._on_cancel()
        else:
            self._on_start(self.dropdown.name)

    def _compare(self) -> None:
        self._window.on_compare(self._collecting.tuning.process.result.name)


class Scores(tkinter.Canvas):
    """For each set of digits two bars, before and after, with their counts and the difference."""

    def __init__(self, master: tkinter.Misc):
        super().__init__(master, background=PALETTE.paper, highlightthickness=0, width=1, height=1)
        self._scores: list[Score] = []
        self.bind("<Configure>", lambda _event: self._draw())

    def show(self, scores: list["Score"]) -> None:
        """Show scores: what on, of how many, right before, right after."""
        if scores != self._scores:
            self._scores = scores
            self._draw()

    @property
    def texts(self) -> list[str]:
        """All that is written, set by set."""
        return [self.itemcget(item, "text") for item in self.find_all() if str(self.type(item)) == "text"]

    def _draw(self) -> None:
        self.delete("all")
        line, unit, width = px(self, 16), px(self, 4), min(self.winfo_width(), px(self, WIDEST))
        is_narrow = width < px(self, NARROW)
        names = [f"{total:,} {SETS[key][0]}" for key, total, _, _ in self._scores]
        small = font.nametofont("ZooSmall", root=self)
        name_width = 0 if is_narrow else max(map(small.measure, names), default=0) + px(self, 8)
        bars, right = name_width + px(self, 48), width - px(self, 84)
        step = (3 if is_narrow else 2) * line + unit
        self.configure(height=max(len(self._scores) * step - unit, 1))

        def write(x: float, y: float, text: str, colour: str, anchor: Literal["w", "e"] = "e") -> None:
            self.create_text(x, y, text=text, anchor=anchor, font="ZooSmall", fill=colour)

        for index, (name, (_, total, before, after)) in enumerate(zip(names, self._scores, strict=True)):
            top = index * step
            write(0, top + (line / 2 if is_narrow else line), name, PALETTE.text, "w")
            top += line if is_narrow else 0
            for row, (when, count) in enumerate((("before", before), ("after", after))):
                middle = top + row * line + line / 2
                end = bars + (right - bars) * count / max(total, 1)
                colour = PALETTE.accent if row else PALETTE.quiet_bar
                write(bars - unit, middle, when, PALETTE.muted)
                self.create_rectangle(bars, middle - unit, right, middle + unit, width=0, fill=PALETTE.hover_ground)
                self.create_rectangle(bars, middle - unit, end, middle + unit, width=0, fill=colour)
                write(width - px(self, 38), middle, f"{count:,}", PALETTE.text)
            colour = PALETTE.warning if after < before else PALETTE.accent if after > before else PALETTE.muted
            write(width, middle, _signed(after - before), colour)


Score = tuple[str, int, int, int]
"""A set of ``SETS``, how many it has, how many were read right before, and after."""


def scores_of(result: Result) -> list[Score]:
    """Return the scores in a result of the command, in the order of ``SETS``."""
    before, after = result.before, result.after
    return [
        (key, before[key]["total"], before[key]["correct"], after[key]["correct"])
        for key in SETS
        if key in before and key in after
    ]


def in_words(result: Result, titles: dict[str, str]) -> str:
    """Return a result of the command in a sentence or two."""
    name = result.name
    if name is None:
        return "Nothing was published, as it became worse on your drawings: more of them may help."
    sets_of: dict[str, list[str]] = {}  # by how they changed
    for key, total, before, after in scores_of(result):
        sets_of.setdefault(_change(total, before, after), []).append(SETS[key][1])
    changes = ", ".join(f"{change} on {_and(sets)}" for change, sets in sets_of.items())
    return f"“{titles.get(name, name)}” is now in the dropdown: {changes}."


def _and(things: list[str]) -> str:
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)


def _change(total: int, before: int, after: int) -> str:
    if abs(after - before) < LITTLE * total:
        return "no measurable change"
    return "better" if after > before else "worse"


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", MINUS) if number else "±0"
