"""What tests of the window share: made-up models, which the worker loads by name, and a hand that uses the window."""

import os
import time
import tkinter
from pathlib import Path

import numpy as np

import zoo
from gui.settings import Settings
from gui.worker import labelled
from gui.worker.link import Model, WorkerLink
from gui.worker.messages import Answer, Progress, Refused, TaskMessage
from gui.worker.tasks import TASKS
from tests.waiting import is_running, until

LOADER = "tests.gui_support:load"
UPRIGHT = [(0.5, 0.2), (0.5, 0.4), (0.5, 0.6), (0.5, 0.8)]
WIDE = [(0.2, 0.5), (0.4, 0.5), (0.6, 0.5), (0.8, 0.5)]
"""Strokes that the model "reads" takes for a 1 and a 0."""


def wait_for(path: Path) -> None:
    """Wait, in the worker, until a test makes this file."""
    while not path.exists():
        time.sleep(0.003)


def hang(folder: Path) -> None:
    """Say so with a file, and never come back."""
    (folder / "hangs").touch()
    while True:
        time.sleep(1)


class FakeModel:
    """A model that does what its name says. One that is slow goes on when there is a file "go_on" in its folder."""

    def __init__(self, name: str, folder: Path | None = None):
        self.card = zoo.Card(name, 1, Path(name), name)
        self.folder = folder

    @property
    def name(self) -> str:
        return self.card.name

    def predict(self, image: np.ndarray) -> zoo.Prediction:
        is_drawing = bool(image.any())  # the worker warms a model up with a blank image
        if self.name == "crashes_reading" and is_drawing:
            os._exit(3)
        if self.name == "slow" and is_drawing:
            (self.folder / "reads").touch()
            wait_for(self.folder / "go_on")
        if self.name == "hangs_reading" and is_drawing:
            hang(self.folder)
        images = image.reshape(-1, 28, 28)
        is_upright = images.any(axis=1).sum(axis=1) < 8
        digits = int(self.name[-1]) if self.name.startswith("says_") else is_upright.astype(int)
        if self.name == "counts_ink":  # sees an 8 in much ink and a 3 in less
            digits = np.where((images > 0).sum(axis=(1, 2)) > 60, 8, 3)
        probabilities = np.full((len(images), 10), 0.01, np.float32)
        probabilities[np.arange(len(images)), digits] = 0.91
        if self.name == "doubts":
            probabilities[:] = 0.1
        # Ink in ten rows speaks for ten digits, too little to change the answer.
        return zoo.Prediction(probabilities, np.log(probabilities) + 4 * images[:, 9:19].mean(axis=2) / 255)

    def activations(self, image: np.ndarray) -> dict[str, np.ndarray]:
        if self.name == "without_layers":
            raise zoo.ArtifactError("The artifact without_layers has no signature for its layers: build it again.")
        images = image.reshape(-1, 28, 28).astype(np.float32) / 255
        layers = {"conv_1": images[:, 2:-2, 2:-2, None]} if self.name == "reads" else {}
        return {**layers, "hidden": images.mean(axis=1), "logits": self.predict(image).logits}


def load(name: str, root: str | None = None) -> FakeModel:
    labelled.SYNTHETIC = 40  # in the worker, where a person would wait for more
    folder = Path(root or "there_is_no_such_folder")
    os.environ["DIGIT_ZOO_MNIST"] = str(folder / "mnist.npz")
    if name == "broken":
        raise zoo.ArtifactError("The artifact broken is damaged: build it again.")
    if name == "odd":
        raise KeyError("weights")
    if name == "crashes_loading":
        os._exit(3)
    if name == "slow_to_load":
        wait_for(folder / "go_on")
    if name == "hangs_loading":
        hang(folder)
    return FakeModel(name, folder)


def load_late(name: str, root: str | None = None) -> FakeModel:
    wait_for(Path(root, "go_on"))
    return load(name, root)


def count_up(models, names, to):
    for number in range(to):
        yield number / to
    return {"counted": to, "models": sorted(models)}


def count_until(models, names, path):
    """Go on step by step until there is such a file."""
    while not Path(path).exists():
        time.sleep(0.003)
        yield 0.5
    return {"models": sorted(models)}


def crash(models, names):
    yield 0.5
    os._exit(3)


def hang_in_a_task(models, names, folder):
    yield 0.5
    hang(Path(folder))


# The worker imports this file with the first model, so a request of these waits for one that it names.
TASKS.update(count_up=count_up, count_until=count_until, crash=crash, hang=hang_in_a_task)


def let_pass(window, milliseconds=50):
    """Run the window until all is done that it put off for so long or less: Tk runs those timers first."""
    due = []
    window.after(milliseconds, due.append, True)
    until(lambda: due, step=window.update)


def press(pad, x, y, button=1):
    pad.event_generate(f"<ButtonPress-{button}>", x=round(x * pad.side), y=round(y * pad.side))


def move(pad, x, y, button=1):
    pad.event_generate(f"<B{button}-Motion>", x=round(x * pad.side), y=round(y * pad.side))


def release(pad, x, y, button=1):
    pad.event_generate(f"<ButtonRelease-{button}>", x=round(x * pad.side), y=round(y * pad.side))


def draw(pad, points, button=1):
    """Draw a stroke, given in parts of the pad's side, as a person does with a button of the mouse."""
    press(pad, *points[0], button)
    for point in points[1:]:
        move(pad, *point, button)
    release(pad, *points[-1], button)


def texts(canvas):
    """Return the texts of a canvas that can be seen."""
    items = [item for item in canvas.find_all() if canvas.type(item) == "text"]
    return [canvas.itemcget(item, "text") for item in items if canvas.itemcget(item, "state") != "hidden"]


def press_key(window, sequence, widget):
    """Press a key while a widget has the keyboard."""
    widget.focus_force()
    window.update()
    widget.event_generate(sequence)
    window.update()


class Hand:
    """Does to a window what a person does, and waits as a person does.

    It answers the dialogs: ``chosen`` is the path of any file, empty for none, and ``agrees`` the answer to any
    question. ``questions`` and ``sentences`` are what the window asked and what it told of errors.
    """

    def __init__(self, app):
        self.app = app
        self.chosen, self.agrees = "", True
        self.questions, self.sentences = [], []
        app.dialogs.choose_open = app.dialogs.choose_save = app.dialogs.choose_folder = lambda *_about: str(self.chosen)
        app.dialogs.confirm = lambda _title, question: self.questions.append(question) or self.agrees
        app.dialogs.show_error = self.sentences.append

    def until(self, condition):
        app = self.app
        until(condition, lambda: (app.status.text, app.link.models, app.comparing.session.answers), app.update)

    def settle(self, milliseconds=100):
        """Wait until the worker owes nothing, and all is done that the window put off for so long or less."""
        link, is_settled = self.app.link, False
        while not is_settled:
            let_pass(self.app, milliseconds)
            is_settled = not (link.is_busy or link.is_requested)
            self.until(lambda: not (link.is_busy or link.is_requested))

    def close(self):
        """Close the window, if it is open, and see its worker end."""
        if self.is_open:
            pid = self.app.link.pid
            self.app.destroy()
            until(lambda: pid is None or not is_running(pid), lambda: "The worker outlives its window.")

    def begin_anew(self):
        """Have the window as it was when it opened."""
        app, comparing = self.app, self.app.comparing
        self.chosen, self.agrees = "", True
        self.questions.clear()
        self.sentences.clear()
        app.settings = Settings()
        while comparing.session.drawing.can_undo:
            comparing.undo()
        app.set_tool("pen")
        app.set_pen_width(app.settings.pen_width)
        app.set_guide(app.settings.guide)
        comparing.set_hovered(None)
        comparing.reset_board()
        if comparing.session.names:
            comparing.set_focus(comparing.session.names[0])
        app.show_page("compare")
        app.compare.show_answers("model")
        app.geometry("900x600+0+0")
        app.update()
        return self

    def ready(self):
        self.until(lambda: not {Model.WAITING, Model.LOADING} & set(self.app.link.models.values()))
        return self

    def press(self, x, y):
        press(self.pad, x, y)

    def move(self, x, y):
        move(self.pad, x, y)

    def release(self, x, y):
        release(self.pad, x, y)

    def draw(self, points, button=1):
        draw(self.pad, points, button)

    def key(self, sequence, widget=None):
        """Press a key while a widget, or the window itself, has the keyboard."""
        press_key(self.app, sequence, widget or self.app)

    def choose(self, path, label):
        """Choose an entry of a menu; return whether it was there and enabled."""
        menu = self.app.menu_bar.menu(path)
        menu.post(0, 0)  # as a person opens it, so that it learns what is enabled
        self.app.update()
        menu.unpost()
        places = [place for place in range(menu.index("end") + 1) if menu.type(place) != "separator"]
        place = next((place for place in places if menu.entrycget(place, "label").strip() == label), None)
        if place is None:
            return False
        is_enabled = menu.entrycget(place, "state") != "disabled"
        menu.invoke(place)
        self.app.update()
        return is_enabled

    @property
    def is_open(self):
        try:
            return self.app is not None and bool(self.app.winfo_exists())
        except tkinter.TclError:
            return False

    @property
    def pad(self):
        return self.app.compare.pad

    @property
    def digit(self):
        """What the panel of the model in focus shows."""
        return self.app.compare.focus_panel.digit.strip()

    @property
    def rows(self):
        """The rows of the board as shown, by the names of their models."""
        return {row.name: row for row in self.app.compare.comparison.list.rows}


class LateLink(WorkerLink):
    """A link that starts its worker with the first request."""

    def __init__(self):
        super().__init__([])

    def request(self, task: str, **arguments) -> int:
        if self.pid is None:
            self.start()
        return super().request(task, **arguments)

    def task_messages(self) -> list[TaskMessage]:
        """Return what has come from the worker, of requests alone."""
        return [message for message in self.poll() if isinstance(message, Progress | Answer | Refused)]
