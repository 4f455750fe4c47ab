"""Draw strangers' digits in the running window at the speed of a hand, and time its answers and its event loop.

    xvfb-run -s "-screen 0 1400x900x24" python docs/replay.py --strokes FILE.npz --count 30 --speed 3

The mouse is moved by xdotool, so events come as a hand's do, from outside, 125 a second as from a mouse. The strokes
have 100 points a second; ``--speed 3`` draws them in a third of the time that they took, and ``--seconds 0.2`` each
digit in so long. With ``--kill`` the process that runs the models is killed in the middle of each N-th drawing.
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
"""Of a tablet, which wrote the strokes."""
MOTIONS_A_SECOND = 125
"""Of the mouse, which repeats them."""
PAUSE = 0.1
"""Seconds between two strokes, at the speed of a hand."""


class Watch:
    """Beats in the window's event loop, and notes when a drawing changed and when all had answered it."""

    def __init__(self, app):
        self.app = app
        self.gaps: list[float] = []
        self.waits: list[float] = []
        self.last_waits: list[float] = []
        self.right = self.vote_right = self.total = 0
        self._changed: tuple[int, float] = (0, 0.0)
        self._answered = self._motions = 0
        self._last_beat = time.perf_counter()
        app.compare.pad.bind("<<DrawingChanged>>", self._note_change, add=True)
        app.compare.pad.bind("<Motion>", self._note_motion, add=True)
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

    def take_motions(self) -> int:
        """Return how many motions with the button held the pad heard since the last call."""
        motions, self._motions = self._motions, 0
        return motions

    def _note_motion(self, event) -> None:
        self._motions += bool(event.state & 0x100)  # the left button

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


def script(strokes: list[np.ndarray], left: int, top: int, side: int, speed: float, motions: int) -> tuple[str, int]:
    """What xdotool is to do, and how many motions with the button held that is.

    The strokes are drawn in the middle of the pad, two thirds as large as it is.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 0.66 * side / max((high - low).max(), 1)
    lines, count, beat = [], 0, 1 / motions
    for stroke in strokes:
        times = np.arange(len(stroke)) / POINTS_A_SECOND / speed
        moments = np.append(np.arange(0, times[-1], beat), times[-1])
        path = np.stack([np.interp(moments, times, axis) for axis in np.asarray(stroke, float).T], axis=1)
        pixels = ((path - (low + high) / 2) * scale + side / 2).round().astype(int) + (left, top)
        lines += [f"mousemove {pixels[0][0]} {pixels[0][1]}", f"sleep {PAUSE / speed / 2}", "mousedown 1"]
        for (x, y), before in zip(pixels[1:], pixels, strict=False):
            lines += [f"sleep {beat}", f"mousemove {x} {y}"]
            count += (x, y) != tuple(before)  # else the screen says nothing
        lines += ["mouseup 1", f"sleep {PAUSE / speed / 2}"]
    return "\n".join(lines) + "\n", count


def main() -> None:
    """Replay drawings, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--strokes", required=True, metavar="FILE", help="labelled drawings, as zoo evaluate takes them"
    )
    parser.add_argument("--count", type=int, default=30, help="how many drawings")
    parser.add_argument("--speed", type=float, default=1.0, metavar="TIMES", help="how much faster than it was written")
    parser.add_argument("--seconds", type=float, metavar="S", help="how long a digit takes, in place of --speed")
    parser.add_argument("--motions", type=int, default=MOTIONS_A_SECOND, metavar="N", help="of the mouse, a second")
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
    watch, last, kills, unanswered, sent, heard, seconds = Watch(app), [], 0, 0, 0, 0, 0.0
    app.update()
    pad = app.compare.pad
    right = votes = 0
    for place, index in enumerate(chosen):
        is_killed = options.kill and place % options.kill == options.kill - 1
        strokes, speed = drawings.drawings[index], options.speed
        if options.seconds:
            written = sum(map(len, strokes)) / POINTS_A_SECOND + PAUSE * (len(strokes) - 1)
            speed = written / options.seconds
        place_of_pad = pad.winfo_rootx(), pad.winfo_rooty(), pad.side
        text, motions = script(strokes, *place_of_pad, speed, options.motions)
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
        seconds += time.perf_counter() - began - len(strokes) * PAUSE / speed
        app.update()
        sent, heard = sent + motions, heard + watch.take_motions()
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
        "motions": {"sent": sent, "heard": heard, "sent_a_second": round(sent / seconds, 1)},
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
