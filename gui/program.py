"""A command of ours that runs beside the window and says in JSON how far it is, or what came out. Knows no Tk.

It runs under this module, ``python -m gui.program``, which ends it when the window has gone, however the window went.
"""

import contextlib
import os
import queue
import runpy
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from enum import Enum
from threading import Thread
from typing import Generic, TypeVar

from zoo._support.command_line import FAILURE, WRONG_USE
from zoo.finetuning import Failure, Progress

Result = TypeVar("Result")

PATIENCE = 2.0
"""Seconds that the process has to end by itself after a cancel."""
NICENESS = 10
"""How far the process steps back behind the window and the models that answer in it."""


class State(Enum):
    """How a program stands."""

    RUNNING = "running"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"


class Program(Generic[Result]):
    """One run of a command.

    ``phase`` and ``done`` (0..1) say how far it is, ``result`` what came out of it, None until then, and ``error`` in
    one sentence why nothing did. The caller looks in with ``poll``, and ends with ``close``.

    Args:
        module: the command, as ``python -m`` takes it.
        arguments: what follows on the command line.
        read: returns the message in a line that it prints, or in all of them; None where there is none, as libraries
            print too.
    """

    def __init__(
        self, module: str, arguments: Sequence[str], read: Callable[[str], Progress | Failure | Result | None]
    ):
        self._message_in = read
        self.state = State.RUNNING
        self.phase, self.done = "Starting", 0.0
        self.epoch: tuple[float, float] | None = None
        """The loss and the accuracy, 0..1, of the last epoch that a training told of."""
        self.result: Result | None = None
        self.error = ""
        self._started = time.monotonic()
        self._ended: float | None = None
        self._kill_at: float | None = None
        self._said = ""
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # None: the process says no more
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._process = subprocess.Popen(
            # It looks for modules where the window does, and nowhere else: the current folder is the user's.
            [sys.executable, "-P", "-m", "gui.program", module, *arguments],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(os.path.abspath(folder) for folder in sys.path)},
            stdin=subprocess.PIPE,  # its end tells the process that the window has gone
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
            errors="replace",
            # A group of its own, so that processes which the command starts end with it.
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def poll(self) -> bool:
        """Take what the process has said since the last look, without waiting; return whether it said anything."""
        changed = False
        while True:
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                break
            changed = True
            if line is None:
                self._over()
            else:
                self._said += line
                self._note(line)
        is_late = self._kill_at is not None and time.monotonic() > self._kill_at
        if self.is_alive and (is_late or self._process.poll() is not None):
            self._kill()  # also what the command may have started and left, and what could go on talking
        return changed

    def cancel(self) -> None:
        """End the process; what it has not published is lost."""
        if self.state is State.RUNNING and self.is_alive:
            self.state = State.CANCELLED
            self._kill_at = time.monotonic() + PATIENCE
            self._process.terminate()

    def close(self) -> None:
        """End the process and wait for its end, ``PATIENCE`` at most."""
        if self.is_alive:
            self.cancel()
            self._reader.join(PATIENCE)
            self._over()

    @property
    def is_alive(self) -> bool:
        """Whether there still is a process."""
        return self._ended is None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return (self._ended or time.monotonic()) - self._started

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take at this pace; None while that cannot be said."""
        return self.seconds * (1 - self.done) / self.done if self.done > 0.05 and self.seconds > 2 else None

    def _read(self) -> None:
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _note(self, line: str) -> None:
        if self.state is not State.RUNNING:
            return
        match self._message_in(line):
            case None:
                pass
            case Progress(phase, done, loss, accuracy):
                self.phase, self.done = phase, done
                self.epoch = (loss, accuracy) if loss is not None and accuracy is not None else self.epoch
            case Failure(error):
                self.state, self.error = State.FAILED, error
            case result:
                self.state, self.result, self.done = State.DONE, result, 1.0

    def _over(self) -> None:
        if not self.is_alive:
            return
        self._kill()
        code = self._process.wait()
        self._ended = time.monotonic()
        self._kill_at = None
        self._process.stdin.close()
        if code == 0:
            self._note(self._said)
        if self.state is State.RUNNING:
            self._complaints.seek(0)
            text = self._complaints.read().decode(errors="replace").strip()
            self.state, self.error = State.FAILED, (text.splitlines() or ["it did not say why"])[-1].strip()
            if code not in (FAILURE, WRONG_USE) or "Traceback (" in text:
                self.error = f"It broke off with code {code}: {self.error}"
        self._complaints.close()

    def _kill(self) -> None:
        self._kill_at = None
        if os.name != "posix":
            self._process.kill()
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says it is not allowed
            os.killpg(self._process.pid, signal.SIGKILL)


def clock(seconds: float) -> str:
    """Return minutes and seconds: ``1:05``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _run(module: str, arguments: list[str]) -> None:
    """Run a module as ``python -m`` does, with less right to the processor, until it ends or the window does."""

    def wait() -> None:
        os.read(0, 1)  # nothing ever comes but the end
        if os.name == "posix" and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    Thread(target=wait, daemon=True).start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the command can tidy up
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _run(sys.argv[1], sys.argv[2:])
