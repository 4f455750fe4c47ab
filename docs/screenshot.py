"""Make the pictures of the window in docs/ from the running application.

    xvfb-run -s "-screen 0 1400x900x24" python docs/screenshot.py

The digits that are collected are drawn by rules; models and drawings lie in a folder that is removed afterwards.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import ImageGrab

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))


CORNER = 20
"""Pixels from the screen's corner to the window's, of which the menu bar is a part."""


class Photographer:
    """Waits for the window to come to rest, and takes pictures of it."""

    def __init__(self, app):
        self.app = app

    def until(self, is_done: Callable[[], bool], seconds: float = 120) -> None:
        """Let the window run until something is so, and half a second more."""
        end = time.monotonic() + seconds
        while not is_done():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come so far")
            self.app.update()
            time.sleep(0.01)
        rest = time.monotonic() + 0.7
        while time.monotonic() < rest:
            self.app.update()
            time.sleep(0.01)

    def shoot(self, name: str) -> None:
        """Save the window, with its menu bar, as docs/NAME.png."""
        app = self.app
        app.update()
        left, bottom = app.winfo_rootx(), app.winfo_rooty() + app.winfo_height()
        box = (left, CORNER, left + app.winfo_width(), bottom)
        ImageGrab.grab(bbox=box, xdisplay="").quantize(96).save(PROJECT / "docs" / f"{name}.png", optimize=True)


def draw(app, pad, strokes: list[np.ndarray]) -> None:
    """Draw on a pad with the events of a mouse."""
    for stroke in strokes:
        (x, y), *rest = (stroke * pad.side).round().astype(int).tolist()
        pad.event_generate("<ButtonPress-1>", x=x, y=y)
        for x, y in rest:
            pad.event_generate("<B1-Motion>", x=x, y=y)
        pad.event_generate("<ButtonRelease-1>", x=x, y=y)
    app.update()


def main() -> None:
    """Open the window and take its pictures."""
    import zoo
    from gui.app import App
    from gui.worker.link import Model, WorkerLink
    from zoo.synthetic.digits import draw_digit_on_sheet

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "models")
        for card in zoo.list_models():
            shutil.copytree(card.path, root / card.name / str(card.version))
        cards = zoo.list_models(root)
        app = App(
            cards,
            WorkerLink([card.name for card in cards], str(root)),
            focus="two_conv_cnn",
            root=str(root),
            collection_path=Path(folder, "drawings.sqlite3"),
        )
        app.geometry(f"1120x740+{CORNER}+{CORNER}")
        camera = Photographer(app)
        camera.until(lambda: all(state is Model.READY for state in app.link.models.values()))

        app.comparing.examples.choose("split generated")
        camera.until(lambda: len(app.comparing.session.current) == len(cards))
        for _ in range(40):
            vote = app.comparing.board.vote
            if vote.candidates == (app.comparing.examples.label,):  # read by most, and not by all alike
                break
            app.comparing.examples.next()
            camera.until(lambda: len(app.comparing.session.current) == len(cards), 20)
        strokes = [np.array(stroke) for stroke in app.comparing.examples.current.strokes]
        app.comparing.clear()
        draw(app, app.compare.pad, strokes)
        app.comparing.sort_by("vote")
        camera.until(
            lambda: len(app.comparing.session.answers) == len(cards) and app.comparing.session.explanation is not None
        )
        camera.shoot("window")

        app.set_theme("dark")
        app.compare.show_answers("layers")
        camera.until(lambda: app.comparing.session.explanation is not None)
        inspecting = app.comparing.inspecting
        inspecting.step(0)
        inspecting.point_at(*inspecting.choice, 10, 12)
        camera.until(lambda: inspecting.said is not None)
        camera.shoot("layers")

        app.comparing.clear()
        app.comparing.set_focus("small_mlp")
        draw(app, app.compare.pad, draw_digit_on_sheet(8, np.random.default_rng(8)))
        app.compare.show_answers("break")
        camera.until(lambda: app.comparing.breaking.flip is not None)
        camera.shoot("breaking")
        app.compare.show_answers("board")

        app.set_theme("light")
        app.beside.choose_other("two_conv_cnn")
        app.beside.set_level("rotation", -35)
        app.show_page("side_by_side")
        camera.until(lambda: app.beside.pair is not None and bool(app.beside.curves))
        camera.shoot("side_by_side")
        app.beside.reset()
        app.comparing.set_focus("two_conv_cnn")

        app.show_page("collect")
        chance = np.random.default_rng(4)
        for _ in range(40):
            draw(app, app.collect.pad, draw_digit_on_sheet(app.collecting.asked, chance))
            app.event_generate("<Return>")
            app.update()
        draw(app, app.collect.pad, draw_digit_on_sheet(app.collecting.asked, chance)[:1])
        app.collect.tune("two_conv_cnn")
        camera.until(lambda: not app.collecting.tuning.is_alive)
        camera.until(lambda: all(state is Model.READY for state in app.link.models.values()))
        app.collect.tabs.select(1)
        camera.until(lambda: True)
        camera.shoot("collect")
        app.destroy()


if __name__ == "__main__":
    main()
