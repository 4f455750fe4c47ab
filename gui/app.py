"""The window: puts the widgets together and carries news between the session, the worker and them."""

import time
import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, messagebox

import ttkbootstrap as ttk
from PIL import Image

import zoo
from gui import picture
from gui.appearance import SPACE, THEME, Fonts, px
from gui.comparison_list import Row
from gui.comparison_panel import ComparisonPanel
from gui.focus_panel import FocusPanel, unique_titles
from gui.image_tile import ImageTile
from gui.session import Drawing, Session
from gui.sketchpad import Sketchpad
from gui.status_line import StatusLine
from gui.worker_link import Model, Worker, WorkerLink

REFERENCE_DIGITS = Path(__file__).parent / "reference_digits"

PICTURE_SECONDS = 0.025
"""A new picture is made and read at most this often while the pen moves."""
POLL_BUSY, POLL_IDLE = 4, 25
"""Milliseconds between two looks at the worker, while an answer is due and otherwise."""
PATIENCE = 300
"""Milliseconds for which the answers to the drawing as it was stay up after its last change, waiting for new ones."""


class App(ttk.App):
    """The window over a list of models. ``link`` runs them; the caller of ``mainloop`` needs nothing else."""

    def __init__(self, cards: list[zoo.Card], link: WorkerLink, focus: str | None = None):
        THEME.register()
        super().__init__(title="Digit Zoo", theme="digit-zoo-light", iconphoto=None)
        self.withdraw()
        self.cards = {card.name: card for card in cards}
        self.titles = dict(zip(self.cards, unique_titles(cards), strict=True))
        self.session = Session(list(self.cards), focus)
        self.link = link
        self.image = None  # the picture the models were asked about last, uint8 (28, 28)
        self._fonts = Fonts(self)
        self._timers: dict[str, str] = {}
        self._pictured = 0.0  # when the last picture was made
        self._references: dict[int, Image.Image] = {}
        self._build()
        self._bind_keys()
        self._set_size()
        self.protocol("WM_DELETE_WINDOW", self.destroy)
        self._refresh()
        self.deiconify()
        self._after("icon", 50, self._set_icon)
        if any(card.error is None for card in cards):
            # The window is drawn before the worker competes with it for the processor.
            self._after("worker", 1, self._start_worker)

    def destroy(self) -> None:
        """Close the window and end the worker."""
        for timer in self._timers.values():
            self.after_cancel(timer)
        self._timers.clear()
        self.link.close()
        super().destroy()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        space = px(self, SPACE)
        self._card_padding = px(self, SPACE) * 3 // 4
        body = ttk.Frame(self, bootstyle="@chrome", padding=(space, 0, space, space))
        body.pack(fill="both", expand=True)
        header = ttk.Frame(body, bootstyle="@chrome", padding=(0, space // 2))
        header.grid(row=0, column=0, columnspan=2, sticky="ew")
        header.columnconfigure(0, weight=1, minsize=0)
        ttk.Label(header, text="Digit Zoo", bootstyle="@chrome", font="ZooName").grid(row=0, column=0, sticky="w")
        self.status = StatusLine(header, self._restart_worker, bootstyle="@chrome")
        self.status.grid(row=0, column=1, sticky="e")
        header.rowconfigure(0, minsize=px(self, 32))

        cards = list(self.cards.values())
        drawing = self._card(body)
        drawing.grid(row=1, column=0, rowspan=2, sticky="nsew", padx=(0, space))
        self._build_drawing(drawing)
        focus = self._card(body)
        focus.grid(row=1, column=1, sticky="nsew", pady=(0, space))
        self.focus_panel = FocusPanel(focus, cards, self.set_focus)
        self.focus_panel.pack(fill="both", expand=True)
        comparison = self._card(body)
        comparison.grid(row=2, column=1, sticky="nsew")
        self.comparison = ComparisonPanel(comparison, cards, self.set_focus, self.set_compared)
        self.comparison.pack(fill="both", expand=True)
        body.columnconfigure(1, weight=1)
        body.rowconfigure(1, weight=1, minsize=px(self, 224))
        body.rowconfigure(2, weight=3)
        body.bind("<Configure>", self._size_drawing)
        self._body, self._header = body, header

    def _card(self, master: tkinter.Misc) -> ttk.Frame:
        return ttk.Frame(master, bootstyle="bordered", padding=self._card_padding)

    def _build_drawing(self, master: tkinter.Misc) -> None:
        gap = px(self, 8)
        self.pad = Sketchpad(master, self.session)
        self.pad.grid(row=0, column=0, sticky="nw")
        self.pad.bind("<<DrawingChanged>>", lambda _event: self._drawing_changed())
        buttons = ttk.Frame(master)
        buttons.grid(row=1, column=0, sticky="ew", pady=gap)
        self.undo_button = ttk.Button(buttons, text="Undo", command=self.undo)
        self.redo_button = ttk.Button(buttons, text="Redo", command=self.redo)
        self.clear_button = ttk.Button(buttons, text="Clear", command=self.clear)
        self.save_button = ttk.Button(buttons, text="Save…", command=self.save_drawing)
        for column, button in enumerate((self.undo_button, self.redo_button, self.clear_button)):
            button.grid(row=0, column=column, padx=(0, gap // 2))
        self.save_button.grid(row=0, column=3, sticky="e")
        buttons.columnconfigure(3, weight=1)
        tiles = ttk.Frame(master)
        tiles.grid(row=2, column=0, sticky="new")
        self.received = ImageTile(tiles, "The model receives", ground="#000000", pixelated=True)
        self.received.grid(row=0, column=0, padx=(0, 2 * gap))
        self.reference = ImageTile(tiles, "Reference")
        self.reference.grid(row=0, column=1)
        master.rowconfigure(2, weight=1)
        self._buttons = buttons

    def _bind_keys(self) -> None:
        modifier = "Command" if self.winsys == "aqua" else "Control"
        for key in ("z", "Z"):  # Caps Lock turns one into the other; the Shift key itself is in the state
            self.bind(f"<{modifier}-{key}>", lambda event: self.redo() if event.state & 1 else self.undo())
        for keys, command in (("yY", self.redo), ("sS", self.save_drawing)):
            for key in keys:
                self.bind(f"<{modifier}-{key}>", lambda _event, command=command: command())
        self.bind("<Delete>", lambda _event: self.clear())
        # The theme takes the space bar from buttons, and Tk's own binding for it sleeps a tenth of a second.
        self.bind_class("TButton", "<space>", lambda event: event.widget.invoke())

    def _set_size(self) -> None:
        """At least 900 x 600 and at first 1120 x 740 logical pixels, where the screen is large enough."""
        screen = self.winfo_screenwidth(), self.winfo_screenheight()
        scale = max(1.0, round(self.style.scaling.factor * 4) / 4)  # an odd 100 dpi is no reason for a larger window
        least = [min(round(side * scale), room) for side, room in zip((900, 600), screen, strict=True)]
        first = [min(round(side * scale), round(0.9 * room)) for side, room in zip((1120, 740), screen, strict=True)]
        self.minsize(*least)
        self.geometry("{}x{}".format(*map(max, first, least)))

    def _set_icon(self) -> None:
        self._icon = tkinter.PhotoImage(master=self, file=REFERENCE_DIGITS / "8.png")
        self.iconphoto(True, self._icon)

    def _size_drawing(self, event: tkinter.Event) -> None:
        """Let the square pad, the buttons and the tiles fill the height, and leave most of the width to the answers."""
        space, gap = px(self, SPACE), px(self, 8)
        edges = 2 * (self._card_padding + 1)
        height = event.height - self._header.winfo_reqheight() - space - edges
        height -= self._buttons.winfo_reqheight() + 2 * gap + self.received.caption_height
        widest = round(event.width * 0.385) - space - edges
        # The model's tile shows whole pixels: the smallest multiple of 28 that leaves the pad no wider than it may be.
        tile = next((side for side in range(84, 28 * 20, 28) if height - side <= widest), 84)
        side = max(min(height - tile, widest), px(self, 120))
        tile = min(tile, (side - 2 * gap) // 2 // 28 * 28)  # two of them side by side
        self.pad.set_side(side)
        self.received.set_side(tile)
        self.reference.set_side(tile)

    # ---------------------------------------------------------------- what a person does

    def undo(self) -> None:
        """Take back the last stroke or the last clear."""
        if self.session.undo():
            self._redrawn()

    def redo(self) -> None:
        """Do again what was undone."""
        if self.session.redo():
            self._redrawn()

    def clear(self) -> None:
        """Remove all ink; it can be undone."""
        if self.session.clear():
            self._redrawn()

    def set_focus(self, name: str) -> None:
        """Put a model in focus."""
        self.session.set_focus(name)
        self._ask()
        self._refresh()

    def set_compared(self, names: set[str]) -> None:
        """Choose the models that stand in the comparison."""
        self.session.set_compared(names)
        self._ask()
        self._refresh()

    def save_drawing(self, path: Path | None = None) -> bool:
        """Save the drawing as a PNG; asks where, without a path, and before it overwrites. Return whether it did."""
        if not self.session.strokes:
            return False
        is_agreed = False
        if path is None:
            chosen = self.choose_path()
            if not chosen:
                return False
            path = Path(chosen)
            is_agreed = path.suffix != ""  # the dialog has asked about the very name it returned
        if path.suffix.lower() != ".png":
            path, is_agreed = path.with_name(path.name + ".png"), False
        if path.exists() and not is_agreed and not self.confirm_overwrite(path):
            return False
        try:
            picture.write(picture.render(self.session.strokes), path)
        except OSError as error:
            self.show_error(f"The drawing could not be saved as {path}: {error.strerror or error}.")
            return False
        self.session.saved()
        self._show_title()
        return True

    def choose_path(self) -> str:
        """Ask where to save the drawing; the dialog itself asks before it returns a file that exists."""
        return filedialog.asksaveasfilename(
            parent=self,
            title="Save the drawing",
            initialfile="digit.png",
            defaultextension=".png",
            filetypes=[("PNG picture", "*.png")],
            confirmoverwrite=True,
        )

    def confirm_overwrite(self, path: Path) -> bool:
        """Ask whether a file may be replaced."""
        return messagebox.askyesno(
            "Save the drawing", f"{path.name} exists already. Replace it?", parent=self, icon="warning", default="no"
        )

    def show_error(self, sentence: str) -> None:
        """Say what went wrong."""
        messagebox.showerror("Digit Zoo", sentence, parent=self)

    # ---------------------------------------------------------------- drawing -> picture -> worker

    def _redrawn(self) -> None:
        self.pad.redraw()
        self._drawing_changed()

    def _drawing_changed(self) -> None:
        wait = self._pictured + PICTURE_SECONDS - time.monotonic()
        if "picture" not in self._timers:
            self._after("picture", max(1, round(wait * 1000)), self._make_picture)
        self._after("patience", PATIENCE, self._lose_patience)
        if not self.session.strokes:
            self._make_picture()  # nothing is quicker to show than nothing

    def _make_picture(self) -> None:
        self._cancel("picture")
        self._pictured = time.monotonic()
        if self.session.drawing is Drawing.READABLE:
            self.image = zoo.image_from_strokes(self.session.arrays())
            self.received.show(Image.fromarray(self.image))
        else:
            self.image = None
            self.received.show(None)
            self.session.answers.clear()
        self._ask()
        self._refresh()

    def _ask(self) -> None:
        if self.image is None:
            self.link.forget()
        else:
            self.link.ask(self.session.generation, self.image, self.session.asked)
            self._after("poll", POLL_BUSY, self._poll)

    def _lose_patience(self) -> None:
        if self.session.drop_outdated():
            self._refresh()

    # ---------------------------------------------------------------- worker -> widgets

    def _start_worker(self) -> None:
        self.link.start()
        self._after("poll", POLL_IDLE, self._poll)
        self._refresh()

    def _restart_worker(self) -> None:
        self._start_worker()

    def _poll(self) -> None:
        messages = self.link.poll()
        for message in messages:
            if message["kind"] == "died":
                self.session.answers.clear()
            elif message["kind"] == "result":
                self.session.record(message["model"], message["generation"], message["probabilities"])
        if messages:
            self._refresh()
        if self.link.worker in (Worker.RUNNING, Worker.RESTARTED):
            self._after("poll", POLL_BUSY if self.link.is_busy else POLL_IDLE, self._poll)

    def _refresh(self) -> None:
        """Show the session and the state of the worker as they are now."""
        session = self.session
        for button, enabled in (
            (self.undo_button, session.can_undo),
            (self.redo_button, session.can_redo),
            (self.clear_button, session.strokes),
            (self.save_button, session.strokes),
        ):
            state = "normal" if enabled else "disabled"
            if str(button.cget("state")) != state:
                button.configure(state=state)
        answer = session.answers.get(session.focus)
        card = self.cards.get(session.focus)
        error = self._error(session.focus)
        self.focus_panel.show(
            card, None if error else answer, error or ("" if answer else self._hint()), is_error=bool(error)
        )
        self._show_reference(answer.digit if answer and not error else None)
        rows = [self._row(name) for name in session.names if name in session.compared]
        summary = session.agreement()
        self.comparison.show(rows, summary, is_split="·" in summary, message=self._no_rows())
        self._show_status()
        self._show_title()

    def _row(self, name: str) -> Row:
        session = self.session
        state = {Model.WAITING: "waiting…", Model.LOADING: "loading…"}.get(self.link.models.get(name), "")
        return Row(
            name=name,
            title=self.titles[name],
            parameters=self.cards[name].parameters,
            answer=session.answers.get(name),
            sign=session.sign(name),
            in_focus=name == session.focus,
            state=state,
            error=self._error(name),
        )

    def _error(self, name: str | None) -> str:
        card = self.cards.get(name)
        return (card.error if card is not None else None) or self.link.errors.get(name, "")

    def _hint(self) -> str:
        if not self.cards:
            return self._no_rows()
        if self.session.drawing is Drawing.EMPTY:
            return "Draw a digit: the ten outputs of this model appear here."
        if self.session.drawing is Drawing.TOO_SMALL and not self.session.pen_is_down:
            return "Draw a little larger."
        if self.link.worker is Worker.GIVEN_UP:
            return "The models are not running."
        if {Model.WAITING, Model.LOADING} & set(self.link.models.values()):
            return "The models are loading…"
        return ""

    def _no_rows(self) -> str:
        if not self.cards:
            return "There are no models yet. Build them with: python -m builders"
        return "No model is chosen: tick some under “Models”."

    def _show_status(self) -> None:
        states = list(self.link.models.values())
        ready, failed = states.count(Model.READY), len(self.cards) - len(states) + states.count(Model.FAILED)
        pending = len(self.cards) - ready - failed
        if not self.cards:
            self.status.show("No models")
        elif self.link.worker is Worker.GIVEN_UP:
            self.status.show("The process that runs the models keeps stopping.", is_warning=True, action="Restart")
        elif self.link.worker is Worker.RESTARTED:
            self.status.show("The process that ran the models stopped; loading them again…", is_warning=True)
        elif pending:
            self.status.show(f"Loading models… {ready} of {len(self.cards)}")
        else:
            text = f"{ready} model{'' if ready == 1 else 's'} ready"
            self.status.show(text + (f" · {failed} failed" if failed else ""), is_warning=bool(failed))

    def _show_reference(self, digit: int | None) -> None:
        if digit is None:
            self.reference.show(None, "Reference")
            return
        if digit not in self._references:
            self._references[digit] = Image.open(REFERENCE_DIGITS / f"{digit}.png").convert("RGB")
        image = self._references[digit]
        if self.reference.image is not image:
            self.reference.show(image, f"Reference {digit}")

    def _show_title(self) -> None:
        title = ("• " if self.session.dirty else "") + "Digit Zoo"
        if title != self.title():
            self.title(title)

    # ---------------------------------------------------------------- timers

    def _after(self, name: str, milliseconds: int, command: Callable[[], None]) -> None:
        """Run a command later; a timer of the same name is replaced, and all end with the window."""
        self._cancel(name)

        def run() -> None:
            self._timers.pop(name, None)
            command()

        self._timers[name] = self.after(milliseconds, run)

    def _cancel(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            self.after_cancel(timer)
