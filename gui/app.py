"""The window: puts the pages together, carries news between them and the worker, and remembers the settings."""

import re
import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, messagebox

import numpy as np
import ttkbootstrap as ttk

import zoo
from gui import appearance, settings
from gui.actions import EXTRA_KEYS, commands
from gui.appearance import keep_focus_in_sight, px
from gui.collect.callbacks import Callbacks
from gui.collect.page import CollectPage
from gui.collect.state import Collecting
from gui.compare.board import Board
from gui.compare.example_strip import ExampleStrip
from gui.compare.examples import Example, Examples
from gui.compare.page import REFERENCE_DIGITS, ComparePage
from gui.compare.reader import Reader
from gui.compare.session import Session
from gui.drawing.drawing import Amount, Picture
from gui.files import Files
from gui.settings import Settings
from gui.system.drop import enable_drop
from gui.system.theme import SystemTheme, system_is_dark
from gui.timers import Timers
from gui.widgets.keys_window import KeysWindow
from gui.widgets.menu_bar import MenuBar
from gui.widgets.status_line import StatusLine
from gui.worker.link import Model, Worker, WorkerLink
from gui.worker.messages import Answer, Refused, TaskMessage, TypicalImages
from zoo.ensemble import Vote

NO_MODELS = "There are no models yet: build some with  python -m builders"
SETTLED = 300
"""Milliseconds without news after which the answers count as settled, and rows may change places."""
SAVE = 1000
"""Milliseconds after a change before the settings are written."""
NOTICE = 10_000
"""Milliseconds for which the status line says what was done."""
PAGES = ["compare", "collect"]


class App(ttk.App):
    """The window over a list of models. ``link`` runs them; the caller of ``mainloop`` needs nothing else.

    Args:
        cards: the models.
        link: their worker, not started yet.
        focus: the name of the model in focus at first; by default the one of last time, or else the best.
        root: the folder that the models are from; None for the project's.
        settings_path: the file of the settings; None to remember nothing.
        collection_path: the file of the digits that are collected; None to keep them in memory alone.
    """

    def __init__(
        self,
        cards: list[zoo.Card],
        link: WorkerLink,
        focus: str | None = None,
        *,
        root: str | None = None,
        settings_path: Path | None = None,
        collection_path: Path | None = None,
    ):
        super().__init__(title="Digit Zoo", iconphoto=None)
        self.withdraw()
        self.settings, self.notice = settings.load(settings_path) if settings_path else (Settings(), "")
        self._settings_path = settings_path
        self.cards = {card.name: card for card in cards}
        self.root = root
        self.link = link
        self.tool = "pen"
        self.page = self.settings.page
        self.is_settled = True
        self._is_open = True
        self.timers = Timers(self)
        self.board = self._new_board()
        remembered = self.settings.focus if self.settings.focus in self.cards else _best(cards)
        self.session = Session(list(self.cards), focus or remembered)
        self.session.set_compared(self.board.chosen)
        self.reader = Reader(self.session, link, self.timers, self._news, self._task_message)
        self.examples = Examples(link, lambda: sorted(self.board.chosen), self._load_example, self._refresh)
        self.files = Files(self)
        self.collecting = Collecting(collection_path, link, root)
        self._typical: dict[int, list[np.ndarray]] = {}
        self._body: ttk.Frame | None = None
        self.menu_bar: MenuBar | None = None
        self._system_is_dark = system_is_dark() if self.settings.theme == "system" else None
        self._system_theme = SystemTheme(lambda ms, command: self.timers.after("theme", ms, command), self._system_told)
        self._restyle()
        self._set_size()
        self.protocol("WM_DELETE_WINDOW", self.destroy)
        self.bind("<FocusIn>", lambda _event: self._system_theme.ask())
        # The theme takes the space bar from buttons, and Tk's own binding for it sleeps a tenth of a second.
        self.bind_class("TButton", "<space>", lambda event: self.tk.call(event.widget, "invoke"))
        self.deiconify()
        if self.notice:
            self.tell(self.notice)
        self.timers.after("icon", 50, self._set_icon)
        # The window is drawn before the worker competes with it for the processor.
        self.timers.after("worker", 1, self.reader.start)

    def destroy(self) -> None:
        """Close the window, remember its settings, and end the worker and what else runs for it."""
        self._is_open = False
        self._save_settings()
        self.timers.cancel_all()
        self.collecting.close()
        self.link.close()
        self.update_idletasks()  # a change of theme puts work off that needs a window
        # A dialog of Tk's own that is open waits for its answer, with another one on top of it even for ever.
        self.tk.eval("set ::tk::Priv(button) {}; set ::tk::Priv(selectFilePath) {}")
        super().destroy()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        """Make all widgets, in the colours and sizes of the moment; their state is kept elsewhere."""
        answers, had_focus = "", False
        if self._body is not None:
            answers, had_focus = self.compare.answers, str(self.tk.call("focus")).startswith(str(self._body))
            for drawing in (self.session.drawing, self.collecting.drawing):
                drawing.pen_up()  # the pad that saw it put down goes
            self.session.hovered = None  # a bar that goes sees no pointer leave
            self._body.destroy()
        self._body = ttk.Frame(self, bootstyle="@chrome")
        self._body.pack(fill="both", expand=True)
        self.pages = ttk.Notebook(self._body)
        self.pages.pack(fill="both", expand=True, pady=(px(self, 4), 0))
        self.compare = ComparePage(self.pages, self)
        self.collect = CollectPage(self.pages, self.collecting, self._collect_callbacks())
        for page, title in ((self.compare, "Compare"), (self.collect, "Collect")):
            self.pages.add(page, text=title)
        self.status = StatusLine(self._body, self.reader.start, bootstyle="@chrome")
        self.status.place(relx=1, x=-px(self, appearance.SPACE), y=px(self, 4), anchor="ne")
        enable_drop(self.compare.pad, self.files.drop)
        self.commands = list(commands(self))
        if self.menu_bar is None:
            self.menu_bar = MenuBar(self, self.commands)
        else:
            self.menu_bar.set_commands(self.commands)
        self.show_page(self.page)
        self.show_answers(answers)
        self.pages.bind("<<NotebookTabChanged>>", lambda _event: self._page_changed())
        self._use_pads()
        if had_focus:
            (self.compare if self.page == "compare" else self.collect).pad.focus_set()
        self._refresh()

    def _collect_callbacks(self) -> Callbacks:
        def compare(name: str) -> None:
            self.set_focus(name)
            self.show_page("compare")

        return Callbacks(
            choose_open=lambda *about: self.choose_open(*about),
            choose_save=lambda *about: self.choose_save(*about),
            confirm=lambda *about: self.confirm(*about),
            tell=self.tell,
            show_error=lambda sentence: self.show_error(sentence),
            titles=lambda: {name: self.titles[name] for name, card in self.cards.items() if card.error is None},
            focus=lambda: self.focus_name,
            on_tuned=self.model_tuned,
            on_compare=compare,
        )

    def _new_board(self) -> Board:
        chosen = self.settings
        return Board(list(self.cards.values()), chosen.models, chosen.mine, chosen.sort, chosen.is_descending)

    def _set_size(self) -> None:
        """At least 900 x 600 and at first 1120 x 740 logical pixels, or as it was left, where the screen has room."""
        screen = self.winfo_screenwidth(), self.winfo_screenheight()
        scale = max(1.0, round(self.style.scaling.factor * 4) / 4)  # an odd 100 dpi is no reason for a larger window
        least = [min(round(side * scale), room) for side, room in zip((900, 600), screen, strict=True)]
        first = [min(round(side * scale), round(0.9 * room)) for side, room in zip((1120, 740), screen, strict=True)]
        self.minsize(*least)
        self.geometry("{}x{}".format(*map(max, first, least)))
        if self.settings.geometry:
            self.geometry(_fitting(self.settings.geometry, least, screen))

    def _set_icon(self) -> None:
        self._icon = tkinter.PhotoImage(master=self, file=REFERENCE_DIGITS / "8.png")
        self.iconphoto(True, self._icon)

    # ---------------------------------------------------------------- what a person does

    def undo(self) -> None:
        """Take back the last step of the drawing."""
        if self.session.drawing.undo():
            self.examples.leave()
            self._redrawn()

    def redo(self) -> None:
        """Do again what was undone."""
        if self.session.drawing.redo():
            self.examples.leave()
            self._redrawn()

    def clear(self) -> None:
        """Remove what is on the pad; it can be undone."""
        if self.session.drawing.clear():
            self.examples.leave()
            self._redrawn()

    def show_on_pad(self, content: Picture | list[np.ndarray]) -> None:
        """Put a picture or strokes on the pad in place of what is there; it can be undone."""
        self.examples.leave()
        if isinstance(content, Picture):
            self.session.drawing.show_picture(content)
        else:
            self.session.drawing.load(content)
        self.show_page("compare")
        self._redrawn()

    def load_typical(self, index: int) -> None:
        """Put one of the typical digits on the pad."""
        image = self.typical_of(self.session.target)[index]
        self.show_on_pad(Picture.of_image(image, f"A typical {self.session.target}"))

    def set_tool(self, tool: str) -> None:
        """Take the "pen" or the "eraser"."""
        self.tool = tool
        self._use_pads()
        self._refresh()

    def set_pen_width(self, width: float) -> None:
        """Choose how thick the ink looks, as a share of the pad's side."""
        self._set(pen_width=round(min(max(width, 0.02), 0.1), 3))
        self._use_pads()
        self._refresh()

    def thicken(self, width: float) -> None:
        """Make the ink look thicker by this share of the pad's side, or thinner by a negative one."""
        self.set_pen_width(self.settings.pen_width + width)

    def set_guide(self, is_shown: bool) -> None:
        """Show the guide box or hide it."""
        self._set(guide=is_shown)
        self._use_pads()

    def set_focus(self, name: str) -> None:
        """Put a model in focus."""
        self.session.set_focus(name)
        self._set(focus=name)
        self.reader.ask()
        self._refresh()

    def step_focus(self, step: int) -> None:
        """Put the next or the previous model in focus: of the board, then of the others."""
        names = [row.name for row in self.board.rows]
        names += [name for name in self.cards if name not in names]
        place = names.index(self.session.focus) if self.session.focus in names else -step
        self.set_focus(names[(place + step) % len(names)])

    def board_changed(self) -> None:
        """Take over the models that were put on the board, and their order."""
        board = self.board
        self._set(models=board.choice, mine=sorted(board.mine), sort=board.sort, is_descending=board.is_descending)
        self.session.set_compared(self.board.chosen)
        self.reader.ask()
        self._refresh()

    def choose_models(self) -> None:
        """Open the choice of the models on the board."""
        self.show_answers("board")
        self.update_idletasks()  # it opens beside its button, which may not have been in sight
        self.compare.comparison.button.invoke()

    def sort_by(self, key: str) -> None:
        """Sort the board."""
        self.board.sort_by(key)
        self.board_changed()

    def set_hovered(self, digit: int | None) -> None:
        """Show what speaks for a digit as long as the pointer is on its bar."""
        self.session.hovered = digit
        self._refresh()

    def set_pinned(self, digit: int | None) -> None:
        """Show what speaks for a digit, or again for the one that is read."""
        self.session.pinned = digit
        self._refresh()

    def show_page(self, page: str) -> None:
        """Turn to the page "compare" or "collect"."""
        self.pages.select(PAGES.index(page))
        self._page_changed()

    def show_answers(self, page: str) -> None:
        """Turn to all models ("board") or to the layers of the model in focus ("layers")."""
        self.compare.show_answers(page)

    def set_theme(self, theme: str) -> None:
        """Use the "light" or "dark" theme, or that of the "system"."""
        self._set(theme=theme)
        self._restyle()

    def set_scale(self, scale: float) -> None:
        """Make everything so much larger than on a screen of 96 dpi; 0: as this screen says."""
        self._set(scale=scale, geometry="")
        self._restyle()
        self._set_size()

    def show_keys(self) -> None:
        """Open the list of keys."""
        KeysWindow.open(self, self.commands, EXTRA_KEYS)

    def reset_settings(self) -> None:
        """Forget all settings, if that is wanted."""
        if self.confirm("Reset the settings", "Forget all settings of this window? Your drawings and models stay."):
            self.settings = Settings(geometry=self.settings.geometry)
            self.board = self._new_board()
            self.board_changed()
            self._restyle()

    def model_tuned(self, name: str) -> None:
        """Take in a model that was made a moment ago, and with it what else has changed in the folder of models."""
        cards = {card.name: card for card in zoo.list_models(self.root)}
        new = [card for card in cards.values() if card.name == name or card.name not in self.cards]
        self.cards = cards
        for card in new:
            self.session.add(card.name)
            if card.error is None:
                self.link.add(card.name)
        self.session.keep(set(cards))
        self.board.set_cards(list(cards.values()))
        self.session.set_compared(self.board.chosen)
        # What stands stays: somebody may be in the middle of a stroke.
        self.compare.show_models(list(cards.values()))
        self.collect.tuning.show()
        self.reader.ask()
        self._refresh()

    # ---------------------------------------------------------------- dialogs

    def choose_open(self, title: str, filetypes: list[tuple[str, str]]) -> str:
        """Ask which file to open; empty where none was chosen."""
        return self._remember_folder(
            self._asked(filedialog.askopenfilename, title=title, filetypes=filetypes, initialdir=self.folder)
        )

    def choose_save(self, title: str, name: str, filetypes: list[tuple[str, str]]) -> str:
        """Ask where to save, empty where nowhere; the dialog itself asks before it returns a file that exists."""
        return self._remember_folder(
            self._asked(
                filedialog.asksaveasfilename,
                title=title,
                initialfile=name,
                defaultextension=Path(name).suffix,
                filetypes=filetypes,
                initialdir=self.folder,
                confirmoverwrite=True,
            )
        )

    def confirm(self, title: str, question: str) -> bool:
        """Ask whether to go on."""
        return bool(self._asked(messagebox.askyesno, title, question, icon="warning", default="no"))

    def show_error(self, sentence: str) -> None:
        """Say what went wrong."""
        self._asked(messagebox.showerror, "Digit Zoo", sentence)

    def _asked(self, dialog: Callable, *arguments, **options):
        """Show a dialog and return its answer; nothing where the window was closed meanwhile."""
        try:
            return dialog(*arguments, parent=self, **options)
        except tkinter.TclError:
            if self._is_open:
                raise
            return ""

    def _remember_folder(self, path: str) -> str:
        if path:
            self._set(folder=str(Path(path).parent))
        return path or ""

    def tell(self, sentence: str) -> None:
        """Say what was done, in the status line, for a while."""
        self.notice = sentence
        self.timers.after("notice", NOTICE, self._forget_notice)
        self._show_status()

    # ---------------------------------------------------------------- what there is to show, for the pages

    @property
    def titles(self) -> dict[str, str]:
        """What people call the models, by name."""
        return self.board.titles

    @property
    def folder(self) -> str:
        """Where a file was chosen last."""
        return self.settings.folder if Path(self.settings.folder).is_dir() else str(Path.cwd())

    @property
    def focus_name(self) -> str | None:
        """The model in focus."""
        return self.session.focus

    @property
    def has_ink(self) -> bool:
        """Whether there is anything on the pad."""
        return self.session.drawing.amount is not Amount.EMPTY

    def error_of(self, name: str | None) -> str:
        """Why a model cannot answer, in a sentence; or nothing."""
        card = self.cards.get(name)
        return (card.error if card is not None else None) or self.link.errors.get(name, "")

    def hint(self) -> str:
        """What is to be done or waited for, while there is no answer."""
        if not self.cards:
            return NO_MODELS
        if self.link.worker is Worker.GIVEN_UP:
            return "The process that runs the models keeps stopping."
        state = self.link.models.get(self.session.focus)
        amount = self.session.drawing.amount
        if state in (Model.WAITING, Model.LOADING):
            loading = "This model is being loaded…"
            return loading if amount is Amount.READABLE else f"{loading} Draw meanwhile."
        if amount is Amount.EMPTY:
            return "Draw a digit, and every model answers while you draw."
        return "" if amount is Amount.READABLE else "Draw a little larger."

    def no_rows(self) -> str:
        """What to say where no model is on the board."""
        if not self.cards:
            return NO_MODELS
        return "" if self.board.chosen else "No model is chosen: choose some with the button Models above."

    def typical_of(self, digit: int | None) -> list[np.ndarray]:
        """The typical images of a digit, uint8 (28, 28) each; none until the worker has chosen them."""
        if digit is None:
            return []
        if digit not in self._typical:
            self._typical[digit] = []
            self._ask_typical()
        return self._typical[digit]

    @property
    def is_doubtful(self) -> bool:
        """Whether the models that answered doubt together that this is one digit, however sure one of them is."""
        answers = self.session.answers.items()
        vote = Vote.of({name: answer.probabilities for name, answer in answers if name in self.cards}, self.cards)
        return vote is not None and vote.is_doubtful

    # ---------------------------------------------------------------- news

    def drawing_changed(self) -> None:
        """Have the drawing read after a change on the pad."""
        self.examples.leave()
        self.reader.drawing_changed()

    def drawing_saved(self) -> None:
        """Note that the drawing is on disk as it stands."""
        self.session.drawing.saved()
        self._refresh()

    def _redrawn(self) -> None:
        self.compare.pad.redraw()
        self.reader.drawing_changed()
        self._refresh()

    def _news(self) -> None:
        """Something is to be shown: of the drawing, of the answers, or of the worker."""
        self.is_settled = False
        self.timers.after("settled", SETTLED, self._settle)
        self._refresh()

    def _settle(self) -> None:
        if self.session.drawing.pen_is_down:
            self.timers.after("settled", SETTLED, self._settle)
            return
        self.is_settled = True
        self._refresh()

    def _load_example(self, example: Example) -> None:
        if example.strokes is not None:
            self.show_on_pad([np.array(stroke) for stroke in example.strokes])
        else:
            self.show_on_pad(Picture.of_image(example.image, example.title))

    def _task_message(self, message: TaskMessage) -> None:
        if self.examples.take(message):
            if isinstance(message, Refused):
                self.show_error(message.error)
                self.examples.error = ""  # there is room for a title, not for this
                self._refresh()
            return
        if self.files.take(message) or self.collect.take(message):
            return
        match message:
            case Answer(result=TypicalImages(digit, synthetic, mnist)):
                self._typical[digit] = mnist or synthetic
                self._ask_typical()

    def _ask_typical(self) -> None:
        """Have the worker choose the typical images of one digit after the other: a request replaces the one before."""
        digit = next((digit for digit, images in self._typical.items() if not images), None)
        if digit is not None:
            self.link.request("typical", digit=digit, count=ExampleStrip.COUNT)

    def _refresh(self) -> None:
        """Show the session and the state of the worker as they are now."""
        link = self.link
        words = {Model.WAITING: "waiting…", Model.LOADING: "loading…"}
        self.board.show(
            self.session.answers,
            {name: words.get(state, "") for name, state in link.models.items()},
            {name: error for name in self.cards if (error := self.error_of(name))},
            self.session.focus,
            is_settled=self.is_settled,
        )
        self.compare.show()
        self._show_status()
        title = ("• " if self.session.drawing.dirty else "") + "Digit Zoo"
        if title != self.title():
            self.title(title)

    def _show_status(self) -> None:
        states = [self.link.models[name] for name in self.cards if name in self.link.models]
        pending = sum(state in (Model.WAITING, Model.LOADING) for state in states)
        ready = states.count(Model.READY)
        failed = len(self.cards) - pending - ready
        if self.notice and self.link.worker is not Worker.GIVEN_UP:
            self.status.show(self.notice)
        elif not self.cards:
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

    def _forget_notice(self) -> None:
        self.notice = ""
        self._show_status()

    def _page_changed(self) -> None:
        self.page = PAGES[self.pages.index("current")]
        keep_focus_in_sight(self.pages, (self.compare if self.page == "compare" else self.collect).pad)
        self._set(page=self.page)

    # ---------------------------------------------------------------- settings and looks

    def _set(self, **values) -> None:
        for name, value in values.items():
            setattr(self.settings, name, value)
        self.timers.after("settings", SAVE, self._save_settings)

    def _save_settings(self) -> None:
        if self._settings_path is None:
            return
        if self.state() == "normal":
            self.settings.geometry = self.geometry()
        if notice := settings.save(self.settings, self._settings_path):
            self.tell(notice)

    def _restyle(self) -> None:
        """Build everything anew in the theme and the size that are wanted now."""
        is_dark = self._wants_dark()
        appearance.apply(self, is_dark, self.settings.scale)
        self._is_dark = is_dark
        for child in self.winfo_children():
            if isinstance(child, KeysWindow):
                child.destroy()  # it would keep the old colours
        self._build()

    def _wants_dark(self) -> bool:
        theme = self.settings.theme
        return bool(self._system_is_dark) if theme == "system" else theme == "dark"

    def _system_told(self, is_dark: bool | None) -> None:
        self._system_is_dark = is_dark
        if self._wants_dark() != self._is_dark:
            self._restyle()

    def _use_pads(self) -> None:
        for pad in (self.compare.pad, self.collect.pad):
            pad.set_tool(self.tool)
            pad.set_pen_width(self.settings.pen_width)
            pad.set_guide(self.settings.guide)


def _best(cards: list[zoo.Card]) -> str | None:
    """The readable model with the best recorded score, or just the first."""

    def rank(card: zoo.Card) -> tuple[bool, float]:
        score = card.metrics.get("mnist_test", {"correct": 0, "total": 1})
        return card.error is None, score["correct"] / score["total"]

    return max(cards, key=rank).name if cards else None


def _fitting(geometry: str, least: list[int], screen: tuple[int, int]) -> str:
    """A window's size and place as Tk writes them, changed so far that all of it is on a screen of this size."""
    numbers = [int(number) for number in re.findall(r"-?\d+", geometry)]
    if len(numbers) != 4:
        return ""
    sides = [min(max(side, low), room) for side, low, room in zip(numbers[:2], least, screen, strict=True)]
    corner = [min(max(at, 0), room - side) for at, room, side in zip(numbers[2:], screen, sides, strict=True)]
    return "{}x{}+{}+{}".format(*sides, *corner)
