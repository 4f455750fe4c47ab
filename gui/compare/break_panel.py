"""How little ink has to go for the model in focus to read another digit, as an animation."""

import tkinter
from collections.abc import Callable

import numpy as np
import ttkbootstrap as ttk
from PIL import Image

from gui.appearance import PALETTE, px
from gui.compare.activation_chart import ActivationChart
from gui.compare.breaking import Breaking, in_words
from gui.compare.image_tile import ImageTile
from gui.compare.occlusion_map import FOR, NEUTRAL
from gui.numbers import percent
from gui.timers import Timers
from zoo.flipping import Flip

FRAME, SECONDS = 300, 4
"""Milliseconds for which an image of the animation stands at most, and how long all of it takes at most."""
SEARCHING = "Searching for the ink that counts the most…"
EXPLANATION = "Ink is wiped pixel by pixel, first what counts the most, until the answer flips."


class BreakPanel(ttk.Frame):
    """A sentence on what was found, the image as it loses its ink, and what the model makes of it at that step.

    ``hint`` returns the sentence that stands where there is nothing to search for.
    """

    def __init__(self, master: tkinter.Misc, breaking: Breaking, hint: Callable[[], str]):
        super().__init__(master)
        self._breaking, self._hint = breaking, hint
        self._timers = Timers(self)
        self._shown: tuple[Flip | None, str] = None, ""
        self._step = 0
        gap = px(self, 8)
        self._sentence = ttk.Label(self, font="ZooStrong", wraplength=1)
        self._sentence.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.image = ImageTile(self, "Model input", pixelated=True)
        self.image.grid(row=2, column=0, sticky="nw", pady=(gap, 0), padx=(0, 2 * gap))
        self._now = ttk.Label(self, font="ZooSmall", wraplength=1)
        self._now.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap // 2, 0))
        self.chart = ActivationChart(self)
        self.chart.grid(row=2, column=1, sticky="nsew", pady=(gap, 0))
        controls = ttk.Frame(self)
        controls.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self.back = ttk.Button(controls, text="‹", width=2, command=lambda: self._go(self._step - 1))
        self.play = ttk.Button(controls, text="Play", width=6, command=self._play_or_pause)
        self.forth = ttk.Button(controls, text="›", width=2, command=lambda: self._go(self._step + 1))
        self.slider = ttk.Scale(controls, from_=0, to=1)
        for column, widget in enumerate((self.back, self.play, self.forth, self.slider)):
            widget.grid(row=0, column=column, sticky="ew", padx=(0 if column == 0 else gap // 2, 0))
        self.slider.configure(command=lambda at: self._go(round(float(at))))
        controls.columnconfigure(3, weight=1)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(2, weight=1)
        self.bind("<Configure>", self._fit)
        self.show()

    def destroy(self) -> None:
        """As every widget's."""
        self._timers.cancel_all()
        super().destroy()

    def show(self) -> None:
        """Show what was found; a new find at its end."""
        flip, error = self._breaking.flip, self._breaking.error
        sentence = in_words(flip) if flip is not None else error or self._hint() or SEARCHING
        colour = PALETTE.warning if error else PALETTE.muted if flip is None else PALETTE.text
        if (flip, sentence) == self._shown:
            return
        self._shown = flip, sentence
        self._sentence.configure(text=sentence, foreground=colour)
        self._pause()
        for widget in (self.back, self.play, self.forth, self.slider):
            widget.state(["disabled" if flip is None or not flip.wiped else "!disabled"])
        if flip is None:
            self.image.show(None)
            self.chart.target = None
            self.chart.show(None)
            self._now.configure(text=EXPLANATION, foreground=PALETTE.muted)
            return
        self.slider.configure(to=max(flip.wiped, 1))
        self._show_step(flip.wiped)

    @property
    def sentence(self) -> str:
        """What was found, or is being done, in words."""
        return str(self._sentence.cget("text"))

    @property
    def now(self) -> str:
        """The line that tells of the step that is shown."""
        return str(self._now.cget("text"))

    @property
    def _flip(self) -> Flip | None:
        return self._shown[0]

    # ---------------------------------------------------------------- events

    def _go(self, step: int) -> None:
        """Show a step that somebody chose."""
        self._pause()
        if self._flip is not None and step != self._step:
            self._show_step(min(max(step, 0), self._flip.wiped))

    def _play_or_pause(self) -> None:
        if "play" in self._timers:
            self._pause()
        elif self._flip is not None:
            self.play.configure(text="Pause")
            self._show_step(0 if self._step == self._flip.wiped else self._step)
            self._wait()

    def _pause(self) -> None:
        self._timers.cancel("play")
        self.play.configure(text="Play")

    def _wait(self) -> None:
        frame = min(FRAME, 1000 * SECONDS // max(self._flip.wiped, 1))
        self._timers.after("play", frame, self._play_on)

    def _play_on(self) -> None:
        self._show_step(self._step + 1)
        self._wait() if self._step < self._flip.wiped else self._pause()

    def _fit(self, event: tkinter.Event) -> None:
        """Let the image be as large as there is room for it."""
        for label in (self._sentence, self._now):
            label.configure(wraplength=max(event.width, 1))
        above = self._sentence.winfo_reqheight() + self._now.winfo_reqheight() + self.image.caption_height
        height = event.height - above - self.play.winfo_reqheight() - px(self, 24)
        self.image.set_side(max(min(height, event.width // 2), px(self, 28)))

    # ---------------------------------------------------------------- showing

    def _show_step(self, step: int) -> None:
        flip = self._flip
        self._step = step
        self.slider.configure(value=step)
        said = flip.probabilities[step]
        confidence = " · ".join(f"{digit}: {percent(said[digit])}" for digit in (flip.digit, flip.other))
        self._now.configure(text=f"{step} of {flip.wiped} pixels wiped · {confidence}", foreground=PALETTE.text)
        self.image.show(wiped_ink(flip.images[0], flip.images[step]), "Wiped ink in blue")
        self.chart.target = flip.other
        self.chart.show(said.tolist())


def wiped_ink(whole: np.ndarray, left: np.ndarray) -> Image.Image:
    """Return the digit, mode RGB, 28 x 28: grey where there is ink left, blue where it was wiped.

    Args:
        whole: uint8 ``(28, 28)``, all the ink.
        left: the same without what was wiped.
    """
    colours = np.where((left != whole)[..., None], 0.75 * FOR, NEUTRAL)
    return Image.fromarray(np.rint(whole[..., None] / np.float32(255) * colours).astype(np.uint8))
