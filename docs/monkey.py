"""Click, draw and type at random in the running window, and tell what went wrong.

    xvfb-run -s "-screen 0 1400x900x24" python docs/monkey.py --minutes 60

The events come from outside, by xdotool, so dialogs and menus get their share. The window works on a copy of the
models, and its settings, drawings and files are in a folder that is removed afterwards. A window that the monkey closes
is opened again, and now and then the process that runs the models is killed.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

KEYS = [
    *"0123456789pegnbPEG+-sSt",
    *(f"ctrl+{key}" for key in ("z", "y", "c", "v", "o", "s", "Right", "Left", "Up", "Down", "shift+s", "shift+c")),
    *(
        "Escape",
        "Escape",
        "Escape",
        "Return",
        "space",
        "Tab",
        "shift+Tab",
        "Delete",
        "F1",
        "F2",
        "F3",
        "F6",
        "F7",
        "F4",
        "F5",
        "F10",
    ),
    *("Left", "Right", "Up", "Down", "Prior", "Next", "Home", "End", "BackSpace", "alt+f", "alt+e", "alt+v", "alt+m"),
]


def moves(random: random.Random, left: int, top: int, width: int, height: int) -> str:
    """One thing that a monkey does, as a script for xdotool."""

    def place() -> str:
        return f"mousemove {left + random.randrange(width)} {top + random.randrange(height)}"

    kind = random.choices(["click", "draw", "key", "wheel", "double", "right"], [40, 20, 30, 5, 3, 2])[0]
    if kind == "key":
        return f"key {random.choice(KEYS)}"
    if kind == "draw":
        lines = [place(), "mousedown 1"]
        for _ in range(random.randrange(2, 25)):
            lines += [place() if random.random() < 0.1 else f"mousemove_relative -- {random.randrange(-40, 41)} 9"]
            lines += ["sleep 0.01"]
        return "\n".join([*lines, "mouseup 1"])
    if kind == "wheel":
        return f"{place()}\nclick --repeat {random.randrange(1, 9)} {random.choice((4, 5))}"
    if kind == "double":
        return f"{place()}\nclick --repeat 2 --delay 60 1"
    return f"{place()}\nclick {3 if kind == 'right' else 1}"


def main() -> int:
    """Let the monkey loose; print a summary as JSON, and return 1 if anything raised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="digit-zoo-monkey-") as folder:
        os.environ["DIGIT_ZOO_CONFIG"] = os.environ["DIGIT_ZOO_DATA_HOME"] = folder
        shutil.copytree(PROJECT / "saved_models", Path(folder, "models"))
        os.chdir(folder)
        return _let_loose(random.Random(options.seed), 60 * options.minutes, Path(folder))


def _let_loose(chance: random.Random, seconds: float, folder: Path) -> int:
    import zoo
    from gui.app import App
    from gui.worker.link import WorkerLink

    errors, counts, gaps = Counter(), Counter(), []
    memory = []
    end = time.monotonic() + seconds
    app, hand, beat = None, None, time.monotonic()

    def note(_kind, error, trace) -> None:
        text = "".join(traceback.format_exception(error))
        if text not in errors:
            print(text, file=sys.stderr, flush=True)
        errors[text] += 1

    def look() -> None:
        """Beat in the event loop: also while a dialog has it."""
        nonlocal beat, hand
        now = time.monotonic()
        gaps.append(now - beat)
        beat = now
        if now > end:
            app.destroy()
            return
        if hand is None or hand.poll() is not None:
            act = moves(chance, app.winfo_rootx(), app.winfo_rooty() - 28, app.winfo_width(), app.winfo_height() + 28)
            hand = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            hand.stdin.write(act + "\nsleep 0.05\n")
            hand.stdin.close()
            counts["acts"] += 1
            if chance.random() < 0.001 and app.link.pid:
                os.kill(app.link.pid, signal.SIGKILL)
                counts["workers killed"] += 1
            if counts["acts"] % 500 == 0:
                memory.append(_megabytes())
                print(f"{counts['acts']} acts, {memory[-1]:.0f} MB, {sum(errors.values())} errors", flush=True)
        app.after(10, look)

    while time.monotonic() < end:
        root = str(folder / "models")
        cards = zoo.list_models(root)
        link = WorkerLink([card.name for card in cards if card.error is None], root)
        settings, drawings = folder / "settings.json", folder / "drawings.sqlite3"
        app = App(cards, link, root=root, settings_path=settings, collection_path=drawings)
        app.report_callback_exception = note
        app.geometry("+0+28")
        counts["windows"] += 1
        beat = time.monotonic()
        app.after(500, look)
        app.mainloop()
        if hand is not None:
            hand.wait()
    summary = {
        **counts,
        "errors": sum(errors.values()),
        "kinds of errors": len(errors),
        "longest gap of the event loop, ms": round(1000 * max(gaps)),
        "gaps above 100 ms": sum(gap > 0.1 for gap in gaps),
        "memory, MB": [round(megabytes) for megabytes in memory],
        "drawings collected": _count(drawings),
    }
    print(json.dumps(summary, indent=2))
    return bool(errors)


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _count(path: Path) -> int:
    from zoo.data.collection import Collection

    with Collection(path) as collection:
        return len(collection)


if __name__ == "__main__":
    sys.exit(main())
