import io
import itertools

import pytest

from zoo._support.command_line import run
from zoo._support.progress import note, progress, reading, say
from zoo.errors import ZooError


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def slow(monkeypatch):
    """Every look at the clock finds it a second later, so that all that is done takes long."""
    seconds = itertools.count()
    monkeypatch.setattr("tqdm.std.time", lambda: float(next(seconds)))


def test_a_terminal_shows_a_bar_while_it_takes_long(monkeypatch):
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    seen = []
    for step in progress(range(4), "counting"):
        seen.append(step)
    assert seen == [0, 1, 2, 3]
    assert "counting" in terminal.getvalue()
    assert "3/4" in terminal.getvalue()
    assert terminal.getvalue().rpartition("\r")[0].endswith(" ")  # it is wiped


def read_with_a_bar(content):
    with reading(io.BytesIO(content), "loading", len(content)) as file:
        return b"".join(iter(lambda: file.read(500_000), b""))


def test_a_file_is_read_with_a_bar_that_counts_bytes(monkeypatch):
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    assert read_with_a_bar(bytes(1_500_000)) == bytes(1_500_000)
    assert "loading" in terminal.getvalue()
    assert "977k/1.43M" in terminal.getvalue()  # of 1024 x 1024 bytes


@pytest.mark.parametrize("stderr", [io.StringIO(), None])
def test_elsewhere_there_is_no_bar(monkeypatch, stderr):
    monkeypatch.setattr("sys.stderr", stderr)
    assert list(progress(range(4), "counting")) == [0, 1, 2, 3]
    assert read_with_a_bar(bytes(1_500_000)) == bytes(1_500_000)
    assert stderr is None or stderr.getvalue() == ""


def test_a_line_goes_above_the_bar(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    for step in progress(range(3), "counting"):
        say(f"step {step}")
    assert capsys.readouterr().out == "step 0\nstep 1\nstep 2\n"
    say("said", terminal)
    assert terminal.getvalue().endswith("said\n")
    monkeypatch.setattr("sys.stdout", None)
    say("to nobody")


def test_a_note_goes_to_stderr_and_never_among_the_results(monkeypatch, capsys):
    note("told")
    assert capsys.readouterr() == ("", "told\n")
    monkeypatch.setattr("sys.stderr", None)
    note("to nobody")
    assert capsys.readouterr().out == ""


def test_what_goes_wrong_is_not_printed_among_the_results_where_there_is_no_stderr(monkeypatch, capsys):
    def fail():
        raise ZooError("It does not work.")

    monkeypatch.setattr("sys.stderr", None)
    assert run(fail) == 1
    assert capsys.readouterr().out == ""
