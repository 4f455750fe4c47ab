"""What stands behind the page on which digits are collected, where its files are not as they should be."""

import os
import sqlite3

import numpy as np
import pytest

from gui.collect import opening
from gui.collect.state import Collecting
from tests.gui_support import LateLink
from tests.waiting import until
from zoo._support.folders import NO_HOME
from zoo.data.collection import Collection
from zoo.data.collection_file import CollectionError
from zoo.data.drawing_files import load_drawings, write_drawings
from zoo.data.drawings import Drawings

pytestmark = pytest.mark.usefixtures("quick_workers")
SEVEN = [np.array([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)], np.float32)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "drawings.sqlite3"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE", 0.05)


@pytest.fixture
def locked(path):
    """A collection with a drawing, and another program's connection that keeps everybody else from it."""
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


class Work(Collecting):
    """A collection with a worker of its own, which ends with it."""

    def __init__(self, path):
        self.link = LateLink()
        super().__init__(path, self.link)

    def close(self):
        super().close()
        self.link.close()


def finished(work):
    """Wait until a file is read or written, and return what is said of it."""

    def step():
        for message in work.link.task_messages():
            work.receive(message)

    until(lambda: not work.is_busy, lambda: work.notice, step)
    return work.notice


def draw(work):
    work.drawing.load(SEVEN, dirty=True)


def test_a_collection_that_is_locked_at_the_start_is_there_as_soon_as_it_can_be(path, locked):
    work = Work(path)
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
    work = Work(path)
    work.refresh()
    assert work.warning
    assert work.total == 0
    locked.rollback()
    work.refresh()
    assert (work.warning, work.total) == ("", 1)
    work.close()


def test_an_import_into_a_collection_that_is_locked_says_so(path, locked, tmp_path):
    write_drawings(Drawings([SEVEN], np.array([7], np.uint8), None), tmp_path / "theirs.npz")
    work = Work(path)
    work.import_from(tmp_path / "theirs.npz")
    assert finished(work) == "Another program is writing to your drawings: try again."
    work.close()


def test_where_a_damaged_file_was_put_is_said_also_if_no_new_one_can_be_made(path, monkeypatch):
    path.write_bytes(b"no database" * 100)

    def collection(place=None, **options):
        if place is not None and not place.exists():
            raise CollectionError("The disk is full.")
        return Collection(place, **options)

    monkeypatch.setattr(opening, "Collection", collection)
    work = Work(path)
    [aside] = path.parent.glob("*aside*")
    assert f"kept as {aside.name}, beside it. Your drawings cannot be kept: The disk is full. Export" in work.warning
    work.close()


def test_a_person_without_a_home_reads_so():
    work = Work(NO_HOME / "drawings.sqlite3")
    assert work.warning.startswith("Your drawings cannot be kept: There is no home folder. Export")
    work.close()


def test_damaged_drawings_are_left_out_and_reported_once(path, tmp_path):
    with Collection(path) as kept:
        for digit in (1, 2, 3):
            kept.add(SEVEN, digit)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE drawings SET stroke_lengths = x'' WHERE label = 2")
    other.close()
    work = Work(path)
    assert [drawing.label for drawing in work.newest] == [3, 1]
    assert work.warning.startswith(f"1 drawing in {path} cannot be read and is left out")
    work.warning = ""  # it has been read
    work.refresh()
    work.export_to(tmp_path / "all.npz")
    assert finished(work) == "2 drawings exported to all.npz."
    assert work.warning == ""
    work.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("is_kept", [False, True])
def test_a_named_pipe_is_not_waited_for(path, tmp_path, is_kept):
    os.mkfifo(tmp_path / "pipe")
    work = Work(path if is_kept else None)
    work.import_from(tmp_path / "pipe")
    assert "Found a pipe or a device" in finished(work)
    work.close()


def test_a_second_file_is_refused_while_one_is_read_and_nothing_is_lost(path, tmp_path):
    work = Work(path)
    work.keep(SEVEN, 7)
    work.export_to(tmp_path / "first.npz")
    work.export_to(tmp_path / "first.npz")
    assert work.is_warning
    assert work.notice == "Exporting first.npz is not done yet: wait until it is, and try again."
    work.import_from(tmp_path / "second.npz")
    assert work.notice == "Exporting first.npz is not done yet: wait until it is, and try again."
    assert finished(work) == "1 drawing exported to first.npz."
    work.import_from(tmp_path / "second.npz")
    assert "second.npz" in finished(work)
    work.close()


def test_what_the_worker_has_imported_is_taken_back(path, tmp_path):
    write_drawings(Drawings([SEVEN, SEVEN], np.array([7, 8], np.uint8), None), tmp_path / "theirs.npz")
    work = Work(path)
    work.keep(SEVEN, 7)
    work.import_from(tmp_path / "theirs.npz")
    assert finished(work) == "1 drawing imported from theirs.npz; 1 were here already."
    assert work.counts[7:9] == [1, 1]
    assert work.undo()
    assert work.notice == "Import undone: the 8 removed."
    assert work.counts[7:9] == [1, 0]
    work.close()


def test_in_memory_files_are_read_and_written_at_once(tmp_path):
    write_drawings(Drawings([SEVEN], np.array([8], np.uint8), None), tmp_path / "theirs.npz")
    work = Work(None)
    work.import_from(tmp_path / "theirs.npz")
    assert work.notice == "1 drawing imported from theirs.npz."
    work.export_to(tmp_path / "mine.npz")
    assert work.notice == "1 drawing exported to mine.npz."
    assert load_drawings(tmp_path / "mine.npz").labels.tolist() == [8]
    work.close()


def test_closing_waits_for_an_export_and_not_for_an_import(path, tmp_path):
    work = Work(path)
    work.keep(SEVEN, 7)
    work.export_to(tmp_path / "all.npz")
    work.close()
    assert load_drawings(tmp_path / "all.npz").labels.tolist() == [7]
    assert [file.name for file in tmp_path.glob("*.partial")] == []

    work = Work(path)
    work.import_from(tmp_path / "all.npz")
    work.close()
    assert work.is_busy
    with Collection(path) as kept:
        assert kept.drawings().labels.tolist() == [7]


def test_clear_takes_what_was_said_of_the_pad_with_it():
    work = Collecting(None, LateLink())
    work.drawing.load(SEVEN)
    work.save(8)
    work.undo()
    assert work.notice == "The 8 is on the pad again."
    work.clear()
    assert work.notice == ""
    work.close()
