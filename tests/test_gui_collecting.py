"""What stands behind the page on which digits are collected, where its files are not as they should be."""

import gc
import os
import sqlite3
import threading
import time

import numpy as np
import pytest

from gui.collect import state as collecting
from gui.collect.state import Collecting
from tests.waiting import PATIENCE, until
from zoo._support.folders import NO_HOME
from zoo.data.collection import Collection
from zoo.data.collection_file import CollectionError
from zoo.data.drawing_files import write_drawings
from zoo.data.drawings import Drawings

SEVEN = [np.array([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)], np.float32)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "drawings.sqlite3"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(collecting, "PATIENCE", 0.05)


@pytest.fixture
def locked(path):
    """A collection with a drawing, and another program's connection that keeps everybody else from it."""
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


def finished(work):
    until(work.poll, lambda: work.notice)
    return work.notice


def draw(work):
    work.drawing.load(SEVEN, dirty=True)


def test_a_collection_that_is_locked_at_the_start_is_there_as_soon_as_it_can_be(path, locked):
    work = Collecting(path)
    assert "Another program is writing" in work.warning
    assert not work.is_kept
    draw(work)
    assert not work.save(3)
    assert "not saved yet" in work.notice
    assert work.drawing.strokes  # it is still on the pad
    locked.rollback()
    assert work.save(3)
    assert (work.warning, work.is_kept, work.total) == ("", True, 2)
    work.close()
    with Collection(path) as kept:
        assert kept.drawings().labels.tolist() == [7, 3]


def test_a_look_is_enough_to_find_that_it_is_free_again(path, locked):
    work = Collecting(path)
    work.refresh()
    assert work.warning
    assert work.total == 0
    locked.rollback()
    work.refresh()
    assert (work.warning, work.total) == ("", 1)
    work.close()


def test_an_import_into_a_collection_that_is_locked_says_so(path, locked, tmp_path):
    write_drawings(Drawings([SEVEN], np.array([7], np.uint8), None), tmp_path / "theirs.npz")
    work = Collecting(path)
    work.import_from(tmp_path / "theirs.npz")
    assert "not saved yet" in finished(work)
    work.close()


def test_where_a_damaged_file_was_put_is_told_also_if_no_new_one_can_be_made(path, monkeypatch):
    path.write_bytes(b"no database" * 100)

    def collection(place=None, **options):
        if place is not None and not place.exists():
            raise CollectionError("The disk is full.")
        return Collection(place, **options)

    monkeypatch.setattr(collecting, "Collection", collection)
    work = Collecting(path)
    [aside] = path.parent.glob("*aside*")
    assert f"kept as {aside.name}, beside it. Your drawings cannot be kept: The disk is full. Export" in work.warning
    work.close()


def test_a_person_without_a_home_is_told_so():
    work = Collecting(NO_HOME / "drawings.sqlite3")
    assert work.warning.startswith("Your drawings cannot be kept: There is no home folder. Export")
    work.close()


def test_damaged_drawings_are_left_out_and_told_of_once(path, tmp_path):
    with Collection(path) as kept:
        for digit in (1, 2, 3):
            kept.add(SEVEN, digit)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE drawings SET stroke_lengths = x'' WHERE label = 2")
    other.close()
    work = Collecting(path)
    assert [drawing.label for drawing in work.newest] == [3, 1]
    assert work.warning.startswith(f"1 drawing in {path} cannot be read and is left out")
    work.warning = ""  # it has been read
    work.refresh()
    work.export_to(tmp_path / "all.npz")
    assert finished(work) == "2 drawings exported to all.npz."
    assert work.warning == ""
    work.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    work = Collecting(None)
    work.import_from(tmp_path / "pipe")
    assert "found a pipe or a device" in finished(work)
    work.close()


def test_closing_waits_for_an_export_and_not_for_an_import(tmp_path, monkeypatch):
    go_on, done = threading.Event(), []

    def load_drawings(_path):
        go_on.wait(PATIENCE)
        done.append("import")

    def write_drawings(*_what, **_how):
        time.sleep(0.1)  # till the window is closing
        done.append("export")

    monkeypatch.setattr(collecting, "load_drawings", load_drawings)
    monkeypatch.setattr(collecting, "write_drawings", write_drawings)
    work = Collecting(None)
    work.import_from(tmp_path / "on a drive that is gone.npz")
    work.close()
    assert done == []
    go_on.set()
    gc.enable()

    work = Collecting(None)
    work.keep(SEVEN, 7)
    work.export_to(tmp_path / "all.npz")
    work.close()
    assert "export" in done
    assert gc.isenabled()
