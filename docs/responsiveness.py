"""How quickly the window follows the hand, on this machine: medians of milliseconds, beside what a person notices.

    python docs/responsiveness.py

It opens a window on the released models for some seconds. Nothing else should use the processor in that time.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def milliseconds(function: Callable, *arguments) -> float:
    """Call a function; return how long that took."""
    start = time.perf_counter()
    function(*arguments)
    return 1000 * (time.perf_counter() - start)


def erasing() -> float:
    """Return the time of one move of the eraser over two strokes of 300 points."""
    from gui.drawing.drawing import Drawing

    drawing = Drawing()
    angle = np.linspace(0, 6, 300)
    for radius in (0.2, 0.4):
        points = zip(0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle), strict=True)
        drawing.pen_down(*next(points))
        for point in points:
            drawing.pen_move(*point)
        drawing.pen_up()
    drawing.erase_down(0.1, 0.1, 0.05)
    return statistics.median(milliseconds(drawing.pen_move, x, 0.5) for x in np.linspace(0.11, 0.9, 40))


def window() -> tuple[float, float]:
    """Return how long the window takes to be there, and one move of the pen while all models read along."""
    import zoo
    from gui.app import App
    from gui.worker.link import Model, WorkerLink

    cards = zoo.list_models()
    start = time.perf_counter()
    app = App(cards, WorkerLink([card.name for card in cards]))
    app.update()
    opened = 1000 * (time.perf_counter() - start)
    while {Model.WAITING, Model.LOADING} & set(app.link.models.values()):
        app.update()
        time.sleep(0.01)
    pad = app.compare.pad
    pad.event_generate("<ButtonPress-1>", x=pad.side // 2, y=10)

    def move(step: int) -> None:
        pad.event_generate("<B1-Motion>", x=pad.side // 2, y=10 + step)
        app.update()

    moves = []
    for step in range(200):
        moves.append(milliseconds(move, step))
        time.sleep(0.008)  # as often as a mouse tells where it is
    pad.event_generate("<ButtonRelease-1>", x=pad.side // 2, y=210)
    app.destroy()
    return opened, statistics.median(moves)


def main() -> None:
    """Print the figures."""
    opened, moved = window()
    print(f"The window is there           {opened:8.1f} ms  (1000 is noticed)")
    print(f"A move of the pen             {moved:8.1f} ms  (16 is a frame)")
    print(f"A move of the eraser          {erasing():8.1f} ms  (16 is a frame)")


if __name__ == "__main__":
    main()
