"""The page on which two models stand side by side, and the drawing changes step by step."""

import tkinter

import ttkbootstrap as ttk

from gui.appearance import PALETTE, SPACE, px, set_enabled
from gui.compare.comparing import Comparing
from gui.drawing.sketchpad import Sketchpad
from gui.drawing.steps import StepButtons
from gui.side_by_side.curves import CurveChart
from gui.side_by_side.reading import Reading
from gui.side_by_side.state import SideBySide
from zoo.changes import CHANGES


class SideBySidePage(ttk.Frame):
    """The drawing and the sliders at the left, the curves of all models at the right, two of them beneath."""

    def __init__(self, master: tkinter.Misc, comparing: Comparing, state: SideBySide):
        self._space = space = px(master, SPACE)
        super().__init__(master, bootstyle="@chrome", padding=(space, space // 2, space, space))
        self._comparing, self._state = comparing, state
        self._controls = ttk.Frame(self, bootstyle="bordered", padding=space * 3 // 4)
        self._controls.grid(row=0, column=0, rowspan=2, sticky="ns", padx=(0, space))
        self.pad = Sketchpad(self._controls, comparing.session.drawing)
        self.pad.grid(row=0, column=0)
        self.pad.bind("<<DrawingChanged>>", lambda _event: comparing.drawing_changed())
        self.steps = StepButtons(self._controls, comparing.undo, comparing.redo, comparing.clear)
        self.steps.grid(row=1, column=0, sticky="e", pady=px(self, 8))
        self.sliders: dict[str, ttk.Scale] = {}
        self._values: dict[str, ttk.Label] = {}
        self._build_sliders()
        self._controls.columnconfigure(0, weight=1)
        top = ttk.Frame(self, bootstyle="bordered", padding=space * 3 // 4)
        top.grid(row=0, column=1, columnspan=2, sticky="nsew", pady=(0, space * 3 // 4))
        self.curves = CurveChart(top, lambda level: state.set_level(state.along, level), state.choose_other)
        self.curves.pack(fill="both", expand=True)
        self.readings = [
            Reading(self, PALETTE.accent, state.choose_focus, comparing.set_pinned),
            Reading(self, PALETTE.warning_bar, state.choose_other, comparing.set_pinned),
        ]
        for column, reading in enumerate(self.readings):
            reading.grid(row=1, column=column + 1, sticky="nsew", padx=(0 if column == 0 else space * 3 // 4, 0))
        self.columnconfigure((1, 2), weight=1, uniform="readings")
        self.rowconfigure(0, weight=5, uniform="rows")
        self.rowconfigure(1, weight=6, uniform="rows")
        self.bind("<Configure>", self._size)
        state.on_change = self._show

    def _build_sliders(self) -> None:
        frame = ttk.Frame(self._controls)
        frame.grid(row=2, column=0, sticky="ew")
        frame.columnconfigure(1, weight=1)
        ttk.Label(frame, text="After centring", font="ZooStrong").grid(row=0, column=0, columnspan=2, sticky="w")
        self.reset = ttk.Button(frame, text="Reset", command=self._state.reset)
        self.reset.grid(row=0, column=1, columnspan=2, sticky="e")
        for row, (name, change) in enumerate(CHANGES.items(), start=1):
            ttk.Label(frame, text=change.title, font="ZooSmall").grid(row=row, column=0, sticky="w")
            # In steps, as an arrow key, or a click beside the handle, is a step of 1.
            slider = ttk.Scale(frame, from_=0, to=len(change.levels) - 1, length=px(self, 90))
            slider.configure(value=change.levels.index(change.neutral))
            slider.configure(command=lambda at, name=name: self._slid(name, float(at)))
            slider.bind("<FocusIn>", lambda _event, name=name: self._state.set_level(name, self._state.levels[name]))
            slider.bind("<Double-Button-1>", lambda _event, name=name: self._neutral(name))
            slider.grid(row=row, column=1, sticky="ew", padx=px(self, 6), pady=px(self, 1))
            value = ttk.Label(frame, font="ZooSmall", foreground=PALETTE.muted, width=7, anchor="e")
            value.grid(row=row, column=2, sticky="e")
            self.sliders[name], self._values[name] = slider, value

    # ---------------------------------------------------------------- events

    def _slid(self, name: str, at: float) -> None:
        level = CHANGES[name].levels[round(at)]
        if level != self._state.levels[name] or name != self._state.along:
            self._state.set_level(name, level)

    def _neutral(self, name: str) -> str:
        self._state.set_level(name, CHANGES[name].neutral)
        return "break"

    def _size(self, event: tkinter.Event) -> None:
        edges = 2 * (self._space * 3 // 4 + 1)
        below = sum(child.winfo_reqheight() for child in self._controls.winfo_children() if child is not self.pad)
        room = event.height - self._space * 3 // 2 - edges - below - px(self, 16)
        least = max(child.winfo_reqwidth() for child in self._controls.winfo_children() if child is not self.pad)
        self.pad.set_side(max(min(room, max(round(0.28 * event.width), least)), px(self, 80)))

    # ---------------------------------------------------------------- showing

    def show(self) -> None:
        """Show everything as it is now, and have the worker asked for what is missing."""
        self._state.refresh()

    def _show(self) -> None:
        comparing, state = self._comparing, self._state
        self.steps.show(comparing.session.drawing)
        set_enabled(self.reset, state.is_changed)
        for name, change in CHANGES.items():
            level = state.levels[name]
            index = change.levels.index(level)
            if round(float(self.sliders[name].get())) != index:
                self.sliders[name].configure(value=index)
            colour = PALETTE.text if name == state.along else PALETTE.muted
            self._values[name].configure(text=change.text(level), foreground=colour)
        self.curves.show(state.sweep, state.curves, self._level(), state.names, state.target)
        titles = comparing.models.titles
        pair = state.pair
        for place, reading in enumerate(self.readings):
            reading.set_models(titles)
            name = state.names[place] if place < len(state.names) else None
            explained = pair.explained.get(name) if pair is not None else None
            reading.show(
                name,
                comparing.reader.image if pair is None else pair.image,
                explained,
                pair.probabilities[name] if pair is not None and explained is not None else None,
                state.target,
                comparing.models.error_of(name),
            )

    def _level(self) -> float:
        sweep = self._state.sweep
        return self._state.levels[sweep.name if sweep is not None else self._state.along]
