"""The window: builds the pages, passes on to them what the worker sends, and remembers the settings."""

import tkinter
from pathlib import Path

import ttkbootstrap as ttk

import zoo
from gui import settings
from gui.actions import EXTRA_KEYS, Window, commands
from gui.adding.adding import Adding, can_be_added
from gui.adding.own_models import OwnModels
from gui.body import Body
from gui.cards.state import Confusions
from gui.cards.window import ModelCards
from gui.collect.callbacks import Callbacks
from gui.collect.state import Collecting
from gui.compare.comparing import Comparing
from gui.cropping.picture_crop import PictureCrop
from gui.dialogs import Dialogs
from gui.drawing.tools import ToolActions
from gui.files import Files
from gui.looks import Looks
from gui.placement import Place, place_window
from gui.projector import Projector
from gui.settings import Settings
from gui.side_by_side.state import SideBySide
from gui.system.drop import enable_drop
from gui.timers import Timers
from gui.widgets.enlarged import Enlarged
from gui.widgets.keys_window import KeysWindow
from gui.widgets.menu_bar import MenuBar
from gui.worker.link import Worker, WorkerLink
from zoo._support.folders import REFERENCE_DIGITS
from zoo._support.processes import install_command
from zoo.card import most_accurate

SAVE = 1000
"""Milliseconds after a change before the settings are written."""
NOTICE = 10_000
"""Milliseconds for which the status line says what was done."""


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
        self.link = link
        self.tool = "pen"
        self.page = self.settings.page
        self.timers = Timers(self)
        self.projector = Projector(self)
        self._before_projector = "compare", ""  # the page, and that of its answers
        self.dialogs = Dialogs(self, lambda: self.settings.folder, lambda folder: self._remember(folder=folder))
        names = {card.name for card in cards}
        best = most_accurate(cards)
        first = best.name if best else None
        if self.settings.focus in names:
            first = self.settings.focus
        self.comparing = Comparing(
            cards, root, link, self.timers, lambda: self.settings, self._remember, focus or first
        )
        self.beside = SideBySide(self.comparing, link, self.settings.beside, lambda name: self._remember(beside=name))
        self.crop = PictureCrop(self, self.comparing, link)
        self.files = Files(
            self.comparing,
            link,
            self.dialogs,
            on_picture=self.crop.take,
            show_notice=self.show_notice,
            pen_width=lambda: self.settings.pen_width,
            clipboard=self,
        )
        self.collecting = Collecting(collection_path, link, root)
        self.own_models = OwnModels(
            self,
            self.comparing,
            Adding(lambda: self.comparing.models.cards, root),
            self.dialogs,
            self.timers,
            show_notice=self.show_notice,
            copy=self.files.copy_command,
            on_change=self.models_changed,
        )
        self._confusions = Confusions(link)
        self.cards = ModelCards(
            self, self._confusions, self._card_in_focus, is_delivered=root is None, copy=self.files.copy_code
        )
        self._body: Body | None = None
        self.menu_bar: MenuBar | None = None
        self._looks = Looks(self, self.timers, lambda: self.settings, self.projector, self._restyle)
        self._listen()
        self._restyle()
        self._place = Place(self, self.settings.geometry)
        self.protocol("WM_DELETE_WINDOW", self.close)
        # The theme takes the space bar from buttons, and Tk's own binding for it sleeps a tenth of a second.
        self.bind_class("TButton", "<space>", lambda event: self.tk.call(event.widget, "invoke"))
        self.deiconify()
        if self.notice:
            self.show_notice(self.notice)
        self.timers.after("icon", 50, self._set_icon)
        self.timers.after("worker", 1, self.comparing.reader.start)

    def close(self) -> None:
        """Close the window; where that would end a tuning, only if that is wanted."""
        question = "A model is being fine-tuned. Close the window, and lose what it has learned so far?"
        if not self.collecting.tuning.is_alive or self.dialogs.confirm("Close the window", question):
            self.destroy()

    def destroy(self) -> None:
        """Close the window at once, remember its settings, and end the worker and what else runs for it."""
        self._save_settings()
        self.timers.cancel_all()
        self.collecting.close()
        self.own_models.adding.close()
        self.link.close()
        self.update_idletasks()  # a change of theme puts work off that needs a window
        self.dialogs.close()
        super().destroy()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        """Make all widgets, in the colours and sizes of the moment; their state is kept elsewhere."""
        answers, had_focus = "", False
        if self._body is not None:
            answers, had_focus = self._body.compare.answers, str(self.tk.call("focus")).startswith(str(self._body))
            self._body.let_go()
            self._body.destroy()
        comparing, is_projected = self.comparing, self.projector.is_on
        self._body = Body(
            self,
            comparing,
            self.collecting,
            self.beside,
            tools=ToolActions(self.set_tool, self.set_pen_width, comparing.undo, comparing.redo, comparing.clear),
            callbacks=self._collect_callbacks(),
            post_examples=lambda below: self.menu_bar.post("Examples", below),
            on_turned=self._turned,
            is_projected=is_projected,
        )
        self._body.pack(fill="both", expand=True)
        body = self._body
        self.pages, self.status = body.pages, body.status
        self.compare, self.collect, self.side_by_side = body.compare, body.collect, body.side_by_side
        enable_drop(self._body, self.drop)
        self.commands = list(commands(self._parts()))
        if self.menu_bar is None:
            self.menu_bar = MenuBar(self, self.commands)
        else:
            self.menu_bar.set_commands(self.commands)
        if is_projected:
            self["menu"] = ""
        self.show_page(self.page)
        self.compare.show_answers(answers)
        self._body.listen()
        self._use_pads()
        if had_focus:
            self._body.in_sight.pad.focus_set()
        self.comparing.refresh()

    def _parts(self) -> Window:
        """Return what the commands of the menus are made of."""
        return Window(
            comparing=self.comparing,
            files=self.files,
            crop=self.crop,
            own_models=self.own_models,
            compare=self.compare,
            collect=self.collect,
            settings=lambda: self.settings,
            page=lambda: self.page,
            tool=lambda: self.tool,
            show_page=self.show_page,
            choose_number=self.choose_number,
            set_tool=self.set_tool,
            set_pen_width=self.set_pen_width,
            set_guide=self.set_guide,
            set_theme=self.set_theme,
            set_scale=self.set_scale,
            is_projected=lambda: self.projector.is_on,
            set_projected=self.set_projected,
            show_card=self.cards.open,
            show_keys=self.show_keys,
            reset_settings=self.reset_settings,
            quit=self.close,
        )

    def _collect_callbacks(self) -> Callbacks:
        dialogs, models = self.dialogs, self.comparing.models
        return Callbacks(
            choose_open=lambda *about: dialogs.choose_open(*about),
            choose_save=lambda *about: dialogs.choose_save(*about),
            confirm=lambda *about: dialogs.confirm(*about),
            show_notice=self.show_notice,
            show_error=lambda sentence: dialogs.show_error(sentence),
            titles=models.tunable,
            install=lambda name: "" if models.can_tune_now(name) else install_command(),
            copy=self.files.copy_command,
            focus=lambda: models.in_focus,
            on_tuned=self.models_changed,
            on_compare=self._compare_model,
        )

    def _listen(self) -> None:
        """Have the comparison call the window from now on."""
        comparing = self.comparing
        comparing.on_change = self._show
        comparing.on_redrawn = lambda: self._body.redraw()
        comparing.on_shown = lambda: self.show_page("compare" if self.page == "collect" else self.page)
        comparing.on_mnist_wanted = lambda: self.dialogs.choose_open(
            "Where is MNIST? Choose Keras's mnist.npz", [("MNIST", "*.npz *.gz *.csv"), ("All files", "*")]
        )
        comparing.on_error = lambda sentence: self.dialogs.show_error(sentence)
        comparing.on_task = lambda message: (
            self.files.receive(message)
            or self.crop.receive(message)
            or self.beside.receive(message)
            or self._confusions.receive(message)
            or self.collect.receive(message)
        )

    def _set_icon(self) -> None:
        self._icon = tkinter.PhotoImage(master=self, file=REFERENCE_DIGITS / "8.png")
        self.iconphoto(True, self._icon)

    # ---------------------------------------------------------------- pages and pads

    def show_page(self, page: str) -> None:
        """Turn to the page "compare", "collect" or "side_by_side"."""
        self._body.show_page(page)

    def choose_number(self) -> None:
        """Ask for the number of an example, and load it."""
        number = self.dialogs.ask_number("Example", "Number of the example:")
        if number is not None:
            self.comparing.examples.go_to(number)

    def set_tool(self, tool: str) -> None:
        """Take the "pen" or the "eraser"."""
        self.tool = tool
        self._use_pads()
        self._show()

    def set_pen_width(self, width: float) -> None:
        """Choose how thick the ink looks, as a share of the pad's side."""
        self._remember(pen_width=round(min(max(width, 0.02), 0.1), 3))
        self._use_pads()
        self._show()

    def set_guide(self, is_shown: bool) -> None:
        """Show the guide box or hide it."""
        self._remember(guide=is_shown)
        self._use_pads()

    def models_changed(self, name: str | None) -> None:
        """Take in a model that was made a moment ago, and let go of one that was removed.

        What stands stays: somebody may be in the middle of a stroke.
        """
        self.comparing.models.reload(name)
        self.compare.show_models(list(self.comparing.models.cards.values()))
        self.collect.tuning.show()
        self.comparing.reader.ask()
        self.comparing.refresh()

    def drop(self, paths: list[Path]) -> None:
        """Take a network or a picture that was dropped."""
        if paths and can_be_added(paths[0]):
            self.own_models.choose(paths[0])
        else:
            self.files.drop(paths)

    def _compare_model(self, name: str) -> None:
        self.comparing.set_focus(name)
        self.show_page("compare")

    def _turned(self) -> None:
        self.page = self._body.page
        self.menu_bar.refresh()
        self._remember(page=self.page)

    def _use_pads(self) -> None:
        self._body.use_pads(self.tool, self.settings.pen_width, self.settings.guide)

    # ---------------------------------------------------------------- messages of the worker

    def show_notice(self, sentence: str) -> None:
        """Say what was done, in the status line, for a while."""
        self.notice = sentence
        self.timers.after("notice", NOTICE, self._forget_notice)
        self._show_status()

    def _forget_notice(self) -> None:
        self.notice = ""
        self._show_status()

    def _show(self) -> None:
        """Show the drawing, the answers and the state of the worker as they are now."""
        self.compare.show(self.tool, self.settings.pen_width)
        self.side_by_side.show()
        self.cards.show()
        self._show_status()
        title = ("• " if self.comparing.session.drawing.dirty else "") + "Digit Zoo"
        if title != self.title():
            self.title(title)

    def _show_status(self) -> None:
        is_given_up = self.link.worker is Worker.GIVEN_UP
        if self.notice and not is_given_up:
            self.status.show(self.notice)
            return
        sentence, is_warning = self.comparing.models.status()
        self.status.show(sentence, is_warning=is_warning, action="Restart" if is_given_up and is_warning else "")

    # ---------------------------------------------------------------- settings and looks

    def set_theme(self, theme: str) -> None:
        """Use the "light" or "dark" theme, or that of the "system"."""
        self._remember(theme=theme)
        self._restyle()

    def set_scale(self, scale: float) -> None:
        """Make everything so much larger than on a screen of 96 dpi; 0: as this screen says."""
        self.set_projected(False)
        self._remember(scale=scale, geometry="")
        self._restyle()
        place_window(self)

    def set_projected(self, is_on: bool) -> None:
        """Fill the screen with the drawing, the answer and the board in large type, or go back to what was before."""
        if is_on == self.projector.is_on:
            return
        if is_on:
            self._before_projector = self.page, self.compare.answers
        self.projector.turn(is_on)
        self.page, answers = ("compare", "") if is_on else self._before_projector
        self._restyle()
        self.compare.show_answers(answers or "board")
        self._body.in_sight.pad.focus_set()

    def _card_in_focus(self) -> zoo.Card | None:
        models = self.comparing.models
        return models.cards.get(models.in_focus)

    def show_keys(self) -> None:
        """Open the list of keys."""
        KeysWindow.open(self, self.commands, EXTRA_KEYS)

    def reset_settings(self) -> None:
        """Forget all settings, if that is wanted."""
        question = "Forget all settings of this window? Your drawings and models stay."
        if self.dialogs.confirm("Reset the settings", question):
            self.settings = Settings(geometry=self.settings.geometry)
            self.comparing.reset_board()
            self._restyle()

    def _remember(self, **values) -> None:
        for name, value in values.items():
            setattr(self.settings, name, value)
        self.timers.after("settings", SAVE, self._save_settings)

    def _save_settings(self) -> None:
        if self._settings_path is None:
            return
        if not self.projector.is_on:
            self.settings.geometry = self._place.geometry or self.settings.geometry
        if notice := settings.save(self.settings, self._settings_path):
            self.show_notice(notice)

    def _restyle(self) -> None:
        """Build everything anew in the theme and the size that are wanted now."""
        self._looks.apply()
        for child in self.winfo_children():
            if isinstance(child, KeysWindow | Enlarged):
                child.destroy()  # it would keep the old colours
        self.cards.close()
        self._build()
        self.own_models.restyle()
        self.crop.restyle()
