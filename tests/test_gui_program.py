"""A command that runs beside the window, such as that which tunes a model: what it says, its end, and what is left."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from gui.collect import tuning_panel
from gui.collect.state import Collecting
from gui.program import Program, State
from tests.gui_support import LateLink
from tests.waiting import PATIENCE, is_running, until
from zoo import finetuning
from zoo.data.collection import Collection

FAKE = """
import json, os, pathlib, signal, subprocess, sys, time

def say(**message):
    print(json.dumps(message), flush=True)

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    if name == "crashes":
        print("first this\\nthen that went wrong", file=sys.stderr)
        sys.exit(3)
    say(kind="progress", done=0.2, phase="loading")
    print("a library says something", flush=True)
    if name == "fails":
        say(kind="error", error="The file holds no drawings: draw some.")
        sys.exit(1)
    if name in ("stays", "ignores"):
        if name == "ignores":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        try:
            say(kind="progress", done=0.4, phase=str(child.pid))
            time.sleep(3600)
        finally:
            pathlib.Path(arguments[0]).write_text("tidy")
    before, after = {"own": {"correct": 3, "total": 6}}, {"own": {"correct": 5, "total": 6}}
    say(kind="progress", done=0.9, phase=" ".join(arguments))
    say(kind="result", name=name + "_tuned", version=1, path=os.path.abspath(arguments[-1]), before=before, after=after)
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """The name of a command that only says what the real one would."""
    (tmp_path / "fake_finetune.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "fake_finetune"


def run(module, *arguments):
    return Program(module, arguments, finetuning.from_line)


def ended(tuning):
    tuning.poll()
    return not tuning.is_alive


def test_a_tuning_tells_how_far_it_is_and_what_came_out(fake):
    tuning = run(fake, "small_mlp", "--strokes", "drawings.npz")
    assert (tuning.state, tuning.phase, tuning.done) == (State.RUNNING, "Starting", 0.0)
    until(lambda: ended(tuning))
    assert tuning.state is State.DONE
    assert tuning.phase == "--strokes drawings.npz"
    assert tuning.result.name == "small_mlp_tuned"
    assert tuning.result.after["own"] == {"correct": 5, "total": 6}
    assert not is_running(tuning.pid)
    seconds = tuning.seconds
    tuning.cancel()
    tuning.close()
    assert (tuning.state, tuning.seconds) == (State.DONE, seconds)


def test_a_relative_folder_of_models_is_that_of_the_window(fake, tmp_path, monkeypatch):
    with Collection(tmp_path / "drawings.sqlite3") as collection:
        for place in range(12):
            collection.add([np.array([(0.2, 0.2), (0.8, 0.2 + place / 100)])], place % 2)
    monkeypatch.chdir(tmp_path)
    collecting = Collecting(tmp_path / "drawings.sqlite3", LateLink(), "models", fake)
    assert collecting.tune("small_mlp")
    until(collecting.tuning.poll)
    assert collecting.tuning.process.result.path == str(tmp_path / "models")
    collecting.close()


def test_the_current_folder_hides_no_module_from_the_command(fake, tmp_path, monkeypatch):
    folder = tmp_path / "of the user"
    folder.mkdir()
    (folder / "json.py").write_text("raise ImportError('a script of the user')")
    monkeypatch.chdir(folder)
    tuning = run(fake, "small_mlp", "--output", "models")
    until(lambda: ended(tuning))
    assert tuning.result.path == str(folder / "models")


def test_a_failure_is_the_sentence_of_the_command(fake):
    tuning = run(fake, "fails")
    until(lambda: ended(tuning))
    assert (tuning.state, tuning.error) == (State.FAILED, "The file holds no drawings: draw some.")


def test_a_crash_is_reported_with_the_last_line_it_left(fake):
    tuning = run(fake, "crashes")
    until(lambda: ended(tuning))
    assert tuning.state is State.FAILED
    assert tuning.error == "It broke off with code 3: then that went wrong"


def test_a_command_that_is_not_there_is_reported(fake):
    tuning = run("no_such_module", "small_mlp")
    until(lambda: ended(tuning))
    assert tuning.state is State.FAILED
    assert "no_such_module" in tuning.error


@pytest.mark.parametrize("name", ["stays", "ignores"])
def test_a_cancel_ends_the_process_and_what_it_started(fake, monkeypatch, tmp_path, name):
    monkeypatch.setattr("gui.program.PATIENCE", 0.2 if name == "ignores" else PATIENCE)
    tuning = run(fake, name, str(tmp_path / "left"))
    until(lambda: tuning.poll() and tuning.phase.isdecimal())
    child = int(tuning.phase)
    assert is_running(child)
    tuning.cancel()
    assert tuning.state is State.CANCELLED
    until(lambda: ended(tuning))
    assert tuning.state is State.CANCELLED
    assert not is_running(tuning.pid)
    until(lambda: not is_running(child))
    assert (tmp_path / "left").exists() == (name == "stays")  # it had the time to tidy up, but no more


def test_a_close_waits_for_the_end(fake, monkeypatch):
    monkeypatch.setattr("gui.program.PATIENCE", 0.2)
    tuning = run(fake, "ignores")
    until(lambda: tuning.poll() and tuning.phase.isdecimal())
    tuning.close()
    assert not tuning.is_alive
    assert not is_running(tuning.pid)


def test_a_tuning_ends_with_a_window_that_is_killed(fake):
    script = (
        "import sys, time\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from gui.program import Program\n"
        "from zoo import finetuning\n"
        f"tuning = Program({fake!r}, ['stays'], finetuning.from_line)\n"
        "while not tuning.phase.isdecimal():\n"
        "    tuning.poll()\n"
        "    time.sleep(0.01)\n"
        "print(tuning.pid, tuning.phase, flush=True)\n"
        "time.sleep(3600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as window:
        pids = [int(pid) for pid in window.stdout.readline().split()]
        assert len(pids) == 2
        assert os.getpriority(os.PRIO_PROCESS, pids[0]) > os.getpriority(os.PRIO_PROCESS, 0)  # steps back
        window.send_signal(signal.SIGKILL)
    until(lambda: not any(map(is_running, pids)))


def test_the_window_has_words_for_every_phase_and_every_set_of_the_command():
    assert set(tuning_panel.PHASES) == {"Starting", *finetuning.PHASES}
    assert set(tuning_panel.SETS) == set(finetuning.SCORES.values())
