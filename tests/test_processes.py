import subprocess
import sys

import pytest

HELPERS = """
import os, sys, threading
from zoo._support.processes import without_stderr

def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
"""


def run(code):
    """Run Python code in a process of its own; return what it wrote to stdout and to stderr."""
    done = subprocess.run([sys.executable, "-c", HELPERS + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_what_libraries_write_to_stderr_is_dropped_meanwhile_and_only_then():
    _, err = run("""
os.write(2, b"before ")
with without_stderr():
    os.write(2, b"meanwhile ")
    with without_stderr():
        os.write(2, b"deeper ")
    os.write(2, b"still ")
os.write(2, b"after")
""")
    assert err == "before after"


@pytest.mark.parametrize("closed", [[2], [0, 2], [0, 1, 2]])
def test_a_closed_stderr_takes_it_as_well_and_is_closed_again(closed, tmp_path):
    report = tmp_path / "report"
    run(f"""
for descriptor in {closed}:
    os.close(descriptor)
before = [is_open(descriptor) for descriptor in range(10)]
with without_stderr():
    os.write(2, b"meanwhile")
after = [is_open(descriptor) for descriptor in range(10)]
open({str(report)!r}, "w").write(str(before == after))
""")
    assert report.read_text() == "True"


def test_threads_take_turns_so_that_stderr_is_there_again_after_all_of_them():
    _, err = run("""
entered, overlap = threading.Event(), threading.Event()

def first():
    with without_stderr():
        entered.set()
        overlap.wait()

def second():
    entered.wait()
    overlap.set()
    with without_stderr():
        os.write(2, b"meanwhile")

threads = [threading.Thread(target=work) for work in (first, second)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
os.write(2, b"after")
""")
    assert err == "after"


def test_an_error_meanwhile_is_raised():
    _, err = run("""
try:
    with without_stderr():
        raise ValueError
except ValueError:
    os.write(2, b"after")
""")
    assert err == "after"
