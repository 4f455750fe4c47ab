"""Draw strangers' digits in the running window at the speed of a hand, and time its answers and its event loop.

    xvfb-run -s "-screen 0 1400x900x24" python docs/replay.py --strokes FILE.npz --count 30 --kill 10

The mouse is moved by xdotool, so events come as a hand's do, from outside, 100 a second as from a tablet. With
``--kill`` the process that runs the models is killed in the middle of each N-th drawing.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

BEAT = 2
"""Milliseconds between two beats of the event loop."""
POINTS_A_SECOND = 100


class Watch:
    """Beats in the window's event loop, and notes when a drawing changed and when all had answered it."""

    def __init__(self, app):
        self.app = app
        self.gaps: list[float] = []
        self.waits: list[float] = []
        self.last_waits: list[float] = []
        self.right = self.vote_right = self.total = 0
        self._changed: tuple[int, float] = (0, 0.0)
        self._answered = 0
        self._last_beat = time.perf_counter()
        app.compare.pad.bind("<<DrawingChanged>>", self._note_change, add=True)
        self._beat()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last_beat))
        self._last_beat = now
        session = self.app.comparing.session
        generation, since = self._changed
        if generation > self._answered:
            answers = [session.answers.get(name) for name in session.asked]
            if all(answer is not None and answer.generation == generation for answer in answers):
                self._answered = generation
                self.waits.append(1000 * (now - since))
        self.app.after(BEAT, self._beat)

    def _note_change(self, _event) -> None:
        self._changed = self.app.comparing.session.drawing.generation, time.perf_counter()

    def wait_for_all(self, seconds: float = 30) -> bool:
        """Let the window run until the drawing as it is has been answered by all; return whether that came."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.app.update()
            if self._answered == self.app.comparing.session.drawing.generation:
                return True
            time.sleep(0.001)
        return False


def script(strokes: list[np.ndarray], left: int, top: int, side: int) -> str:
    """What xdotool is to do: the strokes in the middle of the pad, two thirds as large as it is."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 0.66 * side / max((high - low).max(), 1)
    lines = []
    for stroke in strokes:
        pixels = ((stroke - (low + high) / 2) * scale + side / 2).round().astype(int) + (left, top)
        lines += [f"mousemove {pixels[0][0]} {pixels[0][1]}", "sleep 0.02", "mousedown 1"]
        for x, y in pixels[1:]:
            lines += [f"mousemove {x} {y}", f"sleep {1 / POINTS_A_SECOND}"]
        lines += ["mouseup 1", "sleep 0.1"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Replay drawings, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--strokes", required=True, metavar="FILE", help="labelled drawings, as zoo evaluate takes them"
    )
    parser.add_argument("--count", type=int, default=30, help="how many drawings")
    parser.add_argument("--kill", type=int, default=0, metavar="N", help="kill the worker amid each N-th drawing")
    parser.add_argument("--layers", action="store_true", help="with the layers of the model in focus in sight")
    options = parser.parse_args()

    import zoo
    from gui.app import App
    from gui.worker.link import Model, WorkerLink

    drawings = zoo.data.drawing_files.load_drawings(options.strokes)
    chosen = random.Random(1).sample(range(len(drawings.labels)), options.count)
    cards = zoo.list_models()
    app = App(cards, WorkerLink([card.name for card in cards]), focus="two_conv_cnn")
    app.geometry("+0+0")
    while not all(state is Model.READY for state in app.link.models.values()):
        app.update()
        time.sleep(0.01)
    if options.layers:
        app.compare.show_answers("layers")
    watch, last, kills, unanswered = Watch(app), [], 0, 0
    app.update()
    pad = app.compare.pad
    right = votes = 0
    for place, index in enumerate(chosen):
        is_killed = options.kill and place % options.kill == options.kill - 1
        text = script(drawings.drawings[index], pad.winfo_rootx(), pad.winfo_rooty(), pad.side)
        hand = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True)
        hand.stdin.write(text)
        hand.stdin.close()
        began = time.perf_counter()
        while hand.poll() is None:
            app.update()
            if is_killed and time.perf_counter() - began > 0.2:
                os.kill(app.link.pid, signal.SIGKILL)
                is_killed, kills = False, kills + 1
            time.sleep(0.0005)
        app.update()
        if not watch.wait_for_all():
            unanswered += 1
        elif not (options.kill and place % options.kill == options.kill - 1):
            last.append(watch.waits[-1])
        right += app.comparing.session.answers[app.comparing.session.focus].digit == drawings.labels[index]
        votes += app.comparing.board.vote.digit == drawings.labels[index]
        app.comparing.clear()
        app.update()
    gaps = sorted(watch.gaps)
    result = {
        "drawings": options.count,
        "models": len(cards),
        "killed": kills,
        "unanswered": unanswered,
        "right": {"focus": int(right), "vote": int(votes)},
        "last_movement_to_all_answers_ms": {
            "median": round(median(last), 1),
            "p95": round(float(np.percentile(last, 95)), 1),
            "max": round(max(last), 1),
        },
        "changes_answered": len(watch.waits),
        "event_loop_gap_ms": {
            "beats": len(gaps),
            "median": round(median(gaps), 2),
            "p99": round(float(np.percentile(gaps, 99)), 1),
            "max": round(gaps[-1], 1),
            "above_50": sum(gap > 50 for gap in gaps),
        },
    }
    app.destroy()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
