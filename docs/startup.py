"""How long the zoo takes to answer from the start of Python, and how much memory its models take.

    xvfb-run python docs/startup.py [--turns 7] [--beside FOLDER]

Every figure is the median of some turns, each a process of its own; a first one is not counted. With ``--beside``
another checkout takes turns with this one, so that a busy machine slows both alike.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PICTURE = PROJECT / "zoo" / "images" / "reference_digits" / "3.png"
COMMANDS = {
    "`python -c pass`": ["-c", "pass"],
    "`import zoo`": ["-c", "import zoo"],
    "`python -m zoo predict PICTURE`": ["-m", "zoo", "predict", str(PICTURE)],
    "`python -m zoo compare PICTURE`, all models": ["-m", "zoo", "compare", str(PICTURE)],
    "`import tensorflow`": ["-c", "import tensorflow"],
}
WINDOW = "`python -m gui` until the window is there"
ANSWERED = "`python -m gui` until all models have answered a drawing"
MEMORY = {"Rss": "memory of the process that runs the models", "Pss": "of that its own, what is shared divided"}


def milliseconds(project: Path, arguments: list[str], environment: dict[str, str]) -> float:
    """Run Python in a project's folder; return how long the process took."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=project, env=environment, check=True, capture_output=True)
    return 1000 * (time.perf_counter() - start)


def window(project: Path, environment: dict[str, str]) -> dict[str, float]:
    """Open a project's window in a process of its own and draw in it; return what that process measured."""
    command = [sys.executable, __file__, "--window", str(time.monotonic())]
    environment = environment | {"PYTHONPATH": str(project)}
    done = subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_window(started: float) -> None:
    """Open the window as ``python -m gui`` does, draw a stroke as soon as it is there, and print when what was done."""
    import tkinter

    from gui.__main__ import main

    def use(app, _count: int = 0) -> None:
        app.update()
        figures = {WINDOW: 1000 * (time.monotonic() - started)}
        pad, session = app.compare.pad, app.comparing.session
        pad.event_generate("<ButtonPress-1>", x=pad.side // 2, y=pad.side // 4)
        for step in range(1, 11):
            pad.event_generate("<B1-Motion>", x=pad.side // 2, y=pad.side * (10 + step) // 40)
        pad.event_generate("<ButtonRelease-1>", x=pad.side // 2, y=pad.side // 2)
        while not all(
            (answer := session.answers.get(name)) and answer.generation == session.drawing.generation
            for name in app.link.names
        ):
            app.update()
            time.sleep(0.001)
        figures[ANSWERED] = 1000 * (time.monotonic() - started)
        memory = Path(f"/proc/{app.link.pid}/smaps_rollup")
        for line in memory.read_text().splitlines() if memory.exists() else []:
            if (name := line.split(":")[0]) in MEMORY:
                figures[MEMORY[name]] = int(line.split()[1]) * 1024 / 1e6
        print(json.dumps(figures))
        app.destroy()

    tkinter.Tk.mainloop = use  # type: ignore[assignment]
    sys.exit(main([]))


def main() -> None:
    """Take turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--beside", type=Path, metavar="FOLDER", help="another checkout, to be measured in turns")
    parser.add_argument("--window", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.window:
        measure_window(options.window)
    projects = [PROJECT, *([options.beside.resolve()] if options.beside else [])]
    figures: dict[str, list[list[float]]] = {}

    def note(row: str, column: int, value: float) -> None:
        figures.setdefault(row, [[] for _ in projects])[column].append(value)

    with tempfile.TemporaryDirectory() as own:
        environment = os.environ | {"DIGIT_ZOO_DATA_HOME": own, "DIGIT_ZOO_CONFIG": str(Path(own, "settings"))}
        for turn in range(options.turns + 1):
            for name, arguments in COMMANDS.items():
                if "tensorflow" not in name or importlib.util.find_spec("tensorflow"):
                    for column, project in enumerate(projects):
                        note(name, column, milliseconds(project, arguments, environment))
            for column, project in enumerate(projects):
                for name, value in window(project, environment).items():
                    note(name, column, value)
            if turn == 0:
                figures.clear()
    print("| |", " | ".join([project.name for project in projects] if options.beside else ["median"]), "|")
    print("|---|" + "---:|" * len(projects))
    for name, columns in figures.items():
        unit = "MB" if name in MEMORY.values() else "ms"
        print(f"| {name} |", *(f"{statistics.median(column):,.0f} {unit} |" for column in columns))


if __name__ == "__main__":
    main()
