"""Make docs/window.png from the running window, on a display or under ``xvfb-run -s "-screen 0 1400x900x24"``."""

import sys
from pathlib import Path

import numpy as np
from PIL import ImageGrab
from scipy.interpolate import make_interp_spline

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

# A seven as it is written in much of Europe, in shares of the pad's side.
STROKES = [
    [(0.27, 0.24), (0.40, 0.22), (0.55, 0.22), (0.70, 0.21), (0.64, 0.34), (0.56, 0.50), (0.49, 0.66), (0.44, 0.82)],
    [(0.34, 0.53), (0.50, 0.51), (0.66, 0.49)],
]


def main() -> None:
    """Open the window, draw with real events, and take the picture once every model has answered."""
    import zoo
    from gui.app import App
    from gui.worker_link import WorkerLink

    cards = zoo.list_models()
    app = App(cards, WorkerLink([card.name for card in cards]), focus="two_conv_cnn")
    app.geometry("+20+20")
    app.update()
    side = app.pad.winfo_width()
    for stroke in STROKES:
        spline = make_interp_spline(np.linspace(0, 1, len(stroke)), stroke, k=2)
        (x, y), *rest = (spline(np.linspace(0, 1, 60)) * side).round().astype(int).tolist()
        app.pad.event_generate("<ButtonPress-1>", x=x, y=y)
        for x, y in rest:
            app.pad.event_generate("<B1-Motion>", x=x, y=y)
        app.pad.event_generate("<ButtonRelease-1>", x=x, y=y)

    def when_answered() -> None:
        if len(app.session.answers) < len(cards) or app.link.is_busy:
            app.after(200, when_answered)
            return
        app.update()
        left, top = app.winfo_rootx(), app.winfo_rooty()
        box = (left, top, left + app.winfo_width(), top + app.winfo_height())
        ImageGrab.grab(bbox=box, xdisplay="").quantize(64).save(PROJECT / "docs" / "window.png", optimize=True)
        app.destroy()

    app.after(200, when_answered)
    app.mainloop()


if __name__ == "__main__":
    main()
