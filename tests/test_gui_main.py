"""``python -m gui`` as a person starts it: what it remembers, and what may be missing or broken."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from gui.__main__ import main
from gui.no_tkinter import how_to_install
from tests.waiting import PATIENCE, until

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"

# Opens the window as the command does, prints what is asked for once it has been drawn, and closes it.
SHOW = """
import json, sys, tkinter
from gui.__main__ import main

def shown(window):
    window.update()
    about = {
        "focus": window.comparing.session.focus,
        "names": window.link.names,
        "page": window.page,
        "notice": window.notice,
        "warning": window.collecting.warning,
        "state": window.state(),
        "heavy": [name for name in ("tensorflow", "keras", "matplotlib", "scipy", "h5py") if name in sys.modules],
    }
    print(json.dumps(about))
    window.destroy()

tkinter.Tk.mainloop = lambda window, _count=0: shown(window)
if __name__ == "__main__":
    sys.exit(main())
"""


def run(*arguments, script=SHOW, **environment):
    merged = {key: value for key, value in (os.environ | environment).items() if value is not None}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=merged, check=False, timeout=PATIENCE)


@pytest.fixture
def show(display, scratch_models, tmp_path):
    """Return a function that opens the window on two models, and tells what it looked like."""
    config, data = tmp_path / "config", tmp_path / "data"

    def show(*arguments, root=scratch_models, script=SHOW, **environment):
        homes = {"DIGIT_ZOO_CONFIG": str(config), "DIGIT_ZOO_DATA_HOME": str(data)} | environment
        done = run("--root", root, *arguments, script=script, **homes)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    show.settings, show.drawings = config / "settings.json", data / "drawings.sqlite3"
    return show


def test_the_window_is_there_and_what_is_heavy_is_not_loaded(show):
    shown = show()
    assert shown["state"] == "normal"
    assert shown["heavy"] == []
    assert shown["notice"] == shown["warning"] == ""
    assert show.settings.exists()
    assert show.drawings.exists()


# Draws a stroke, and once all models have answered it prints the libraries that each process of the window has loaded.
LIBRARIES = """
import json, os, sys, tkinter
from pathlib import Path
from gui.__main__ import main

def read(window):
    pad, session = window.compare.pad, window.comparing.session
    window.update()
    for event, y in (("<ButtonPress-1>", 4), ("<B1-Motion>", 2), ("<ButtonRelease-1>", 2)):
        pad.event_generate(event, x=pad.side // 2, y=pad.side // y)
    while session.explanation is None or set(session.answers) != set(window.link.names):
        window.update()
    processes = [Path("/proc", str(pid), "maps").read_text() for pid in (os.getpid(), window.link.pid)]
    print(json.dumps([[line.split()[-1] for line in maps.splitlines()] for maps in processes]))
    window.destroy()

tkinter.Tk.mainloop = lambda window, _count=0: read(window)
if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="no system that lists a process's libraries there")
def test_no_process_of_the_window_loads_tensorflow(show, models):
    window, worker = show(root=models, script=LIBRARIES)
    assert any("/ai_edge_litert/" in library for library in worker)
    assert not [library for library in window + worker if "/tensorflow/" in library]
    assert not [library for library in window if "/ai_edge_litert/" in library or "/scipy/" in library]


@pytest.mark.slow
def test_the_focus_is_that_of_the_command_or_of_last_time_or_the_best(show):
    assert show()["focus"] == "scratch_small_mlp"  # of two that are alike the first
    shown = show("--model", "scratch_two_conv_cnn")
    assert shown["focus"] == "scratch_two_conv_cnn"
    show.settings.write_text(json.dumps({"focus": "scratch_two_conv_cnn", "page": "collect"}))
    shown = show()
    assert (shown["focus"], shown["page"]) == ("scratch_two_conv_cnn", "collect")
    assert show("--model", "scratch_small_mlp")["focus"] == "scratch_small_mlp"
    show.settings.write_text(json.dumps({"focus": "a_model_that_has_gone"}))
    assert show()["focus"] == "scratch_small_mlp"


@pytest.mark.slow
def test_damaged_settings_and_drawings_are_set_aside(show):
    for path in (show.settings, show.drawings):
        path.parent.mkdir()
        path.write_text("not at all")
    shown = show()
    assert "settings were damaged" in shown["notice"]
    assert "could not be read" in shown["warning"]
    assert len(list(show.settings.parent.iterdir())) == len(list(show.drawings.parent.glob("*.sqlite3"))) == 2


@pytest.mark.slow
def test_nothing_can_be_written(show, tmp_path):
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "folder")
    shown = show(DIGIT_ZOO_CONFIG=nowhere, DIGIT_ZOO_DATA_HOME=nowhere)
    assert shown["state"] == "normal"
    assert "cannot be kept" in shown["warning"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="HOME is of Unix")
def test_there_is_no_home(show):
    missing = dict.fromkeys(("DIGIT_ZOO_CONFIG", "DIGIT_ZOO_DATA_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"))
    shown = show(**missing, HOME=os.devnull)  # below which nothing can stand
    assert shown["state"] == "normal"
    assert shown["warning"]


@pytest.mark.slow
def test_no_models(show, tmp_path):
    (tmp_path / "none").mkdir()
    shown = show(root=tmp_path / "none")
    assert (shown["focus"], shown["names"], shown["state"]) == (None, [], "normal")


@pytest.fixture
def refused(monkeypatch, capsys):
    """Return a function that gives the one sentence with which a command is refused, where there is no display."""
    monkeypatch.delenv("DISPLAY", raising=False)

    def refused(*arguments, code):
        assert main(list(map(str, arguments))) == code
        [sentence] = capsys.readouterr().err.splitlines()
        return sentence

    return refused


def test_reset_settings_says_what_it_does_and_exits(refused, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DIGIT_ZOO_CONFIG", str(tmp_path))
    (tmp_path / "settings.json").write_text("{}")
    for said in ("are removed", "no settings to remove"):
        assert main(["--reset-settings"]) == 0
        assert said in capsys.readouterr().out
        assert list(tmp_path.iterdir()) == []
    (tmp_path / "settings.json").mkdir()
    assert "cannot be removed" in refused("--reset-settings", code=1)


@pytest.mark.usefixtures("display")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no Ctrl-C from another process")
@pytest.mark.slow
def test_ctrl_c_in_the_terminal_closes_the_window(scratch_models, tmp_path):
    homes = {"DIGIT_ZOO_CONFIG": str(tmp_path), "DIGIT_ZOO_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "gui", "--root", str(scratch_models)]
    with subprocess.Popen(command, env=os.environ | homes, stderr=subprocess.PIPE, text=True) as process:
        until((tmp_path / "settings.json").exists)  # they are written a second after the window has opened
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""


def test_without_tkinter_one_sentence_names_the_package_before_any_package_is_installed():
    script = (
        "import sys\n"
        "sys.path = [path for path in sys.path if 'site-packages' not in path]\n"
        "sys.modules['tkinter'] = sys.modules['_tkinter'] = None\n"
        "from gui.__main__ import main\nsys.exit(main())"
    )
    done = run(script=script)
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert "tkinter is missing" in sentence
    assert "install" in sentence


SYSTEMS = {
    "Debian": ("/usr", "apt", "", "`sudo apt install python3-tk`"),
    "another Python on Ubuntu": ("/usr", "apt", "", f"`sudo apt install python{MINOR}-tk`"),
    "Fedora": ("/usr", "dnf", "", "`sudo dnf install python3-tkinter`"),
    "Arch": ("/usr", "pacman", "", "`sudo pacman -S tk`"),
    "Homebrew": (f"/opt/homebrew/opt/python@{MINOR}/Frameworks", "brew", "", f"`brew install python-tk@{MINOR}`"),
    "pyenv": (
        "/home/me/.pyenv/versions/3.12.4",
        "apt",
        "",
        "`sudo apt install tk-dev` .*`pyenv install --force 3.12.4`",
    ),
    "pyenv on a Mac": ("/Users/me/.pyenv/versions/3.12.4", "brew", "", "`brew install tcl-tk` .*`pyenv install"),
    "a container": ("/usr/local", "apt", "libtk8.6.so: cannot open", "`sudo apt install tk`"),
    "Windows": ("C:/Python", "", "", "anew from python.org"),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_where_tkinter_is_missing_the_command_that_helps_is_named(system, monkeypatch):
    home, manager, error, command = SYSTEMS[system]
    monkeypatch.setattr("sys.base_prefix", home)
    monkeypatch.setattr("shutil.which", lambda name: name == manager or None)
    default = "python3.99" if system.startswith("another") else f"python{MINOR}"
    monkeypatch.setattr("os.path.realpath", lambda path: default)
    assert re.search(command, how_to_install(ImportError(error)))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display here")
def test_without_a_display_one_sentence_says_what_to_do():
    done = run(DISPLAY=None)
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert "python -m zoo compare" in sentence


def test_wrong_use_exits_with_2(refused, tmp_path):
    assert str(tmp_path / "nowhere") in refused("--root", tmp_path / "nowhere", code=2)
    assert "nobody" in refused("--root", tmp_path, "--model", "nobody", code=2)
