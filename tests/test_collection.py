import datetime
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import PureWindowsPath

import numpy as np
import pytest

from gui.collect.state import Collecting
from gui.worker.link import WorkerLink
from tests.test_drawings import assert_same_drawings, made_up_drawings
from zoo.data.collection import Collection
from zoo.data.collection_file import (
    BusyCollectionError,
    CollectionError,
    UnreadableCollectionError,
    set_aside,
    sqlite_address,
)
from zoo.data.drawing_files import load_drawings, write_drawings
from zoo.data.drawings import Drawings, images_of
from zoo.errors import BlankImageError, DataError, ZooError

SEVEN = [[(0.1, 0.1), (0.9, 0.1), (0.4, 0.9)], [(0.3, 0.5), (0.7, 0.5)]]
DOT = [[(0.25, 0.75)]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new folder" / "drawings.sqlite3"


def labels_of(path):
    with Collection(path) as kept:
        return kept.drawings().labels.tolist()


# ---- Adding, deleting, taking back


def test_what_is_added_is_there_the_next_time(path):
    with Collection(path) as kept:
        assert (len(kept), kept.counts()) == (0, [0] * 10)
        assert [kept.add(SEVEN, 7), kept.add(DOT, 1), kept.add([np.array(SEVEN[0])], np.uint8(7))] == [1, 2, 3]
    with Collection(path) as kept:
        assert (len(kept), kept.counts()) == (3, [0, 1, 0, 0, 0, 0, 0, 2, 0, 0])
        drawn = [[np.float32(stroke) for stroke in strokes] for strokes in (SEVEN, DOT, SEVEN[:1])]
        assert_same_drawings(kept.drawings(), Drawings(drawn, np.array([7, 1, 7]), np.zeros(3)))


def test_a_collection_in_memory():
    with Collection() as kept:
        kept.add(SEVEN, 7)
        assert len(kept) == 1


def test_the_newest_come_first(path):
    with Collection(path) as kept:
        for digit in (3, 1, 3, 2, 3):
            kept.add(SEVEN, digit)
        assert [drawing.number for drawing in kept.recent(3)] == [5, 4, 3]
        assert [drawing.number for drawing in kept.recent(2, label=3)] == [5, 3]
        assert kept.recent(2, label=9) == []
        [newest] = kept.recent(1)
    assert newest.label == 3
    np.testing.assert_array_equal(newest.strokes[1], np.float32(SEVEN[1]))
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(newest.drawn)
    assert datetime.timedelta() <= age < datetime.timedelta(minutes=1)


WRONG = {
    "no strokes": ([], 3),
    "empty strokes": ([[], np.zeros((0, 2))], 3),
    "nothing": (None, 3),
    "NaN": ([[(0, np.nan)]], 3),
    "infinity": ([[(0, np.inf)]], 3),
    "too large for float32": ([[(0, 1e39)]], 3),
    "three coordinates": ([[(0, 0, 0)]], 3),
    "numbers": ([0.1, 0.2], 3),
    "one stroke that is no list": (SEVEN[0], 3),
    "ragged": ([[(0, 0), (1,)]], 3),
    "text": ([[("a", "b")]], 3),
    "digit 10": (SEVEN, 10),
    "digit -1": (SEVEN, -1),
    "digit 256": (SEVEN, 256),
    "digit 7.0": (SEVEN, 7.0),
    "digit as text": (SEVEN, "7"),
    "no digit": (SEVEN, None),
    "true": (SEVEN, True),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_labelled_drawing_is_refused(wrong):
    with Collection() as kept:
        with pytest.raises(ZooError, match="Expected") as error:
            kept.add(*WRONG[wrong])
        assert "\n" not in str(error.value)
        assert len(kept) == 0
        assert not kept.can_undo


def test_no_ink_is_said_as_everywhere():
    with Collection() as kept, pytest.raises(BlankImageError, match="no ink"):
        kept.add([[]], 3)


def test_those_and_only_those_are_deleted(path):
    with Collection(path) as kept:
        for digit in range(6):
            kept.add(SEVEN, digit)
        kept.delete(2)
        kept.delete(4, np.int64(5), 99)
        kept.delete()
        assert kept.drawings().labels.tolist() == [0, 2, 5]
        kept.delete(6)
        assert kept.add(SEVEN, 9) == 7  # no number twice: the other window may still show it
    assert labels_of(path) == [0, 2, 9]


def test_a_collection_has_no_more_than_256_writers(path):
    with Collection(path) as kept, pytest.raises(DataError, match="writers from 0 to 255 to collect, found 256"):
        kept.add_all(made_up_drawings(2, np.array([1, 256])))


def test_everything_can_be_undone(path):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
        kept.add_all(made_up_drawings(5))
        [before] = kept.recent(1)
        kept.delete(6, 1)
        kept.delete(1234)  # changes nothing, so there is nothing to undo
        kept.add(DOT, 1)

        undone = kept.undo()
        assert (undone.were_added, [drawing.label for drawing in undone.drawings]) == (True, [1])
        np.testing.assert_array_equal(undone.drawings[0].strokes[0], np.float32(DOT[0]))
        undone = kept.undo()
        assert (undone.were_added, [drawing.number for drawing in undone.drawings]) == (False, [6, 1])
        [after] = kept.recent(1)
        assert (after.number, after.label, after.drawn) == (before.number, before.label, before.drawn)
        assert len(kept) == 6
        undone = kept.undo()
        assert (undone.were_added, len(undone.drawings)) == (True, 5)
        assert kept.drawings().labels.tolist() == [7]
        assert kept.can_undo
        kept.undo()
        assert (len(kept), kept.can_undo, kept.undo()) == (0, False, None)


def test_undo_leaves_alone_what_was_drawn_before(path):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    with Collection(path) as kept:
        assert kept.undo() is None
        assert len(kept) == 1


# ---- Two windows


def test_two_windows_share_a_file(path):
    with Collection(path) as one, Collection(path) as other:
        first = one.add(SEVEN, 7)
        assert other.counts()[7] == 1
        other.add(DOT, 1)
        other.delete(first)
        assert one.drawings().labels.tolist() == [1]
        assert one.undo() is None  # its drawing is gone; the other window's is not its own
        assert not other.undo().were_added
        assert one.drawings().labels.tolist() == [7, 1]


def test_a_file_that_is_locked_for_long(path):
    with Collection(path, patience=0.05) as kept:
        kept.add(SEVEN, 7)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        for use in (
            lambda: kept.add(SEVEN, 7),
            lambda: kept.delete(1),
            kept.undo,
            kept.counts,
            lambda: Collection(path, patience=0.05),
        ):
            with pytest.raises(BusyCollectionError, match="Another program is writing"):
                use()
        other.close()
        assert kept.undo().drawings[0].number == 1
        kept.add(SEVEN, 7)


def test_a_file_that_is_moved_while_it_is_open(path):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
        path.rename(path.with_name("elsewhere.sqlite3"))
        with pytest.raises(CollectionError, match="open it again"):
            kept.add(SEVEN, 7)


ADDER = """
import sys
from zoo.data.collection import Collection
with Collection(sys.argv[1], patience=60) as kept:  # SQLite lets in whoever comes by chance
    for i in range(int(sys.argv[2])):
        print(kept.add([[(0.1, 0.2), (0.3, i)]], i % 10), flush=True)
"""


def adding(path, count):
    return subprocess.Popen([sys.executable, "-c", ADDER, str(path), str(count)], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_two_processes_that_add_at_the_same_time(path):
    with adding(path, 100) as one, adding(path, 100) as other:
        numbers = [int(line) for process in (one, other) for line in process.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 201))
    assert len(labels_of(path)) == 200


# ---- Kills, damage, strangers


@pytest.mark.slow
def test_a_kill_loses_nothing(path):
    added = 0
    for _ in range(3):
        with adding(path, 1_000_000) as process:
            lines = [process.stdout.readline() for _ in range(10)]
            process.kill()
            lines += process.stdout.readlines()
        numbers = [int(line) for line in lines if line.endswith("\n")]
        with Collection(path) as kept:
            assert numbers[-1] <= len(kept) <= numbers[-1] + 1
            assert numbers == list(range(added + 1, numbers[-1] + 1))
            assert [drawing.number for drawing in kept.recent(10**6)] == list(range(len(kept), 0, -1))
            assert kept._rows("PRAGMA integrity_check") == [("ok",)]
            added = len(kept)


KILLED_IMPORT = """
import os, signal, sys
from zoo.data.collection import Collection
from zoo.data.drawing_files import load_drawings
kept = Collection(sys.argv[1])
kept._database.execute("PRAGMA cache_size = 2")  # so that half of it is in the file already
insert, count = kept._insert, 0
def insert_or_die(*row):
    global count
    count += 1
    return insert(*row) if count < 150 else os.kill(os.getpid(), signal.SIGKILL)
kept._insert = insert_or_die
kept.add_all(load_drawings(sys.argv[2]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows kills otherwise")
def test_an_import_that_is_killed_leaves_nothing(path, tmp_path):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    size = path.stat().st_size
    write_drawings(made_up_drawings(200), tmp_path / "drawn.npz")
    done = subprocess.run([sys.executable, "-c", KILLED_IMPORT, str(path), str(tmp_path / "drawn.npz")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.stat().st_size > size
    assert load_drawings(path).labels.tolist() == [7]
    assert labels_of(path) == [7]


def damaged(change):
    def apply(path):
        data = bytearray(path.read_bytes())
        path.write_bytes(change(data))

    return apply


def with_sql(*statements):
    def apply(path):
        database = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            database.execute(statement)
        database.close()

    return apply


UNCHECKED = "PRAGMA ignore_check_constraints = ON"
UNREADABLE = {
    "text": (lambda path: path.write_text("hello " * 99), "another kind of file"),
    "cut": (damaged(lambda data: data[: len(data) // 2]), "damaged"),
    "overwritten": (damaged(lambda data: data[:4096] + os.urandom(len(data) - 4096)), "damaged"),
    "not UTF-8": (damaged(lambda data: data.replace(b"AUTOINCREMENT", b"AUTO\xffNCREMENT")), "not UTF-8"),
    "a trigger": (with_sql("CREATE TRIGGER t AFTER INSERT ON drawings BEGIN DELETE FROM drawings; END"), "tables"),
    "a view": (with_sql("DROP TABLE drawings", "CREATE VIEW drawings AS SELECT 1"), "tables"),
    "digit 77": (with_sql(UNCHECKED, "UPDATE drawings SET label = 77 WHERE number = 3"), "damaged"),
    "points as text": (with_sql(UNCHECKED, "UPDATE drawings SET points = '12345678' WHERE number = 3"), "damaged"),
}
DAMAGED_DRAWING = {
    "points that are missing": "points = zeroblob(8)",
    "points that are left over": "stroke_lengths = x'01000000'",
    "no strokes": "stroke_lengths = x''",
    "NaN": "stroke_lengths = x'01000000', points = x'0000c07f0000c07f'",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_left_alone_and_can_be_set_aside(path, case):
    change, message = UNREADABLE[case]
    with Collection(path) as kept:
        kept.add_all(made_up_drawings(100))
    change(path)
    before = path.read_bytes()
    with pytest.raises(UnreadableCollectionError, match=message):
        labels_of(path)
    with pytest.raises(DataError) as error:
        load_drawings(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before
    aside = set_aside(path)
    assert labels_of(path) == []
    assert aside.read_bytes() == before


@pytest.mark.parametrize("damage", DAMAGED_DRAWING.values(), ids=DAMAGED_DRAWING)
def test_a_damaged_drawing_costs_no_other(path, damage):
    with Collection(path) as kept:
        kept.add_all(made_up_drawings(20))
        every = kept.drawings()
        with_sql(f"UPDATE drawings SET {damage} WHERE number = 3")(path)
        assert kept.damaged == set()
        assert [drawing.number for drawing in kept.recent(19)] == [*range(20, 3, -1), 2]
        assert kept.damaged == {3}
        rest = [place for place in range(20) if place != 2]
        left = Drawings([every.drawings[i] for i in rest], every.labels[rest], every.writers[rest])
        assert_same_drawings(kept.drawings(), left)
        assert_same_drawings(load_drawings(path), left)
        kept.delete(2, 3)  # it could not be brought back
        assert [drawing.number for drawing in kept.undo().drawings] == [2]
        assert len(kept) == 20


def test_damaged_drawings_alone_are_no_data_set(path):
    with Collection(path) as kept:
        kept.add_all(made_up_drawings(2))
    with_sql("UPDATE drawings SET stroke_lengths = x''")(path)
    with pytest.raises(DataError, match="found 2 damaged ones: restore it"):
        load_drawings(path)


@pytest.mark.parametrize(
    ("sql", "message"),
    [("PRAGMA user_version = 2", "has format 2, .* update"), ("PRAGMA application_id = 1", "another program's")],
)
def test_a_whole_file_of_others_is_no_damaged_one(path, sql, message):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    with_sql(sql)(path)
    for read in (Collection, load_drawings):
        with pytest.raises(CollectionError, match=message) as error:
            read(path)
        assert not isinstance(error.value, UnreadableCollectionError)  # which would have it set aside


def test_an_empty_file_becomes_a_collection(path):
    path.parent.mkdir()
    path.touch()
    assert labels_of(path) == []
    with Collection(path, read_only=True) as kept:
        assert kept.counts() == [0] * 10


def test_where_nothing_can_be_written(tmp_path, path):
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "drawings.sqlite3", tmp_path):  # beneath a file, and a folder itself
        with pytest.raises(CollectionError, match="keep the collection elsewhere"):
            Collection(place)
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    with Collection(path, read_only=True) as kept:
        for change in (lambda: kept.add(SEVEN, 7), lambda: kept.add_all(made_up_drawings(1)), lambda: kept.delete(1)):
            with pytest.raises(CollectionError, match="readonly .* check that you may write"):
                change()
        assert kept.counts()[7] == 1
    (path.parent / "drawings.sqlite3-journal").mkdir()  # a folder in which SQLite cannot make its own files
    with pytest.raises(CollectionError, match="cannot be used"):
        Collection(path)
    with pytest.raises(CollectionError, match="unable to open"):
        Collection(tmp_path / "missing.sqlite3", read_only=True)
    assert not (tmp_path / "missing.sqlite3").exists()


def test_a_full_disk(path):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
        kept._database.execute("PRAGMA max_page_count = 8")
        for change in (lambda: kept.add([np.ones((10_000, 2))], 1), lambda: kept.add_all(made_up_drawings(100))):
            with pytest.raises(CollectionError, match="disk is full"):
                change()
        assert kept.counts() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
        assert kept.undo().drawings[0].label == 7


REFUSED = {
    sqlite3.SQLITE_FULL: ("database or disk is full", "disk is full: make room"),
    sqlite3.SQLITE_IOERR: ("disk I/O error", "check that its disk is there"),
    sqlite3.SQLITE_CANTOPEN: ("unable to open database file", "check that you may write"),
    sqlite3.SQLITE_READONLY: ("attempt to write a readonly database", "check that you may write"),
    sqlite3.SQLITE_PERM: ("access permission denied", "check that you may write"),
    sqlite3.SQLITE_ERROR: ("invalid uri authority: server", "invalid uri authority: server"),
    sqlite3.SQLITE_BUSY: ("database is locked", "Another program is writing"),
}


@pytest.mark.parametrize("code", REFUSED, ids=[reason for reason, _ in REFUSED.values()])
def test_what_is_no_damage_leaves_the_file_in_its_place(path, monkeypatch, code):
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
    reason, message = REFUSED[code]

    def refuse(address, *arguments, connect=sqlite3.connect, **options):
        if address == ":memory:":
            return connect(address, *arguments, **options)
        error = sqlite3.OperationalError(reason)
        error.sqlite_errorcode = code
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("sqlite3.connect", refuse)
        with pytest.raises(CollectionError, match=message) as error:
            Collection(path)
        assert not isinstance(error.value, UnreadableCollectionError)  # which would have it set aside
        collecting = Collecting(path, WorkerLink([]))  # the window
    assert str(path) in collecting.warning
    collecting.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert labels_of(path) == [7]


@pytest.mark.parametrize(
    "name", [r"\\server\share\my drawings?.sqlite3", r"C:\Users\me\100%.sqlite3", r"\\?\C:\drawings.sqlite3"]
)
def test_every_path_of_windows_is_an_address_for_sqlite(name):
    # Where there is no such file it is not found; what is no address for SQLite is SQLITE_ERROR.
    address = sqlite_address(PureWindowsPath(name), may_create=False)
    with pytest.raises(sqlite3.OperationalError) as error:
        sqlite3.connect(address, uri=True)
    assert error.value.sqlite_errorcode == sqlite3.SQLITE_CANTOPEN


@pytest.mark.parametrize("name", ["with space", "50%", "what?mode=memory", "#1", "ä", os.fsdecode(b"\xff")])
def test_a_file_may_be_called_anything(tmp_path, name):
    with Collection(tmp_path / name) as kept:
        kept.add(SEVEN, 7)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    with Collection(f"/{tmp_path / name}", read_only=True) as kept:  # two slashes, as before the name of a server
        assert len(kept) == 1


def test_set_aside_overwrites_nothing_and_takes_all_along(tmp_path):
    for content in ("one", "two", "three"):
        for ending in ("", "-journal"):
            (tmp_path / f"drawings.sqlite3{ending}").write_text(content + ending)
        aside = set_aside(tmp_path / "drawings.sqlite3")
        assert aside.name.startswith(f"drawings.set-aside-{datetime.date.today()}")
    assert len(list(tmp_path.iterdir())) == 6
    for file in tmp_path.glob("*.sqlite3"):
        assert file.with_name(file.name + "-journal").read_text() == file.read_text() + "-journal"
    with pytest.raises(CollectionError, match="cannot be renamed"):
        set_aside(tmp_path / "drawings.sqlite3")
    assert len(list(tmp_path.iterdir())) == 6


# ---- Import and export


def test_a_collection_is_imported_and_exported(path, tmp_path):
    drawings = made_up_drawings(writers=np.arange(20, dtype=np.uint8))
    with Collection(path) as kept:
        kept.add(SEVEN, 7)
        assert len(kept.add_all(drawings)) == 20
        assert kept.recent(1)[0].drawn is None  # nobody knows
        for name in ("drawn.npz", "drawn.h5"):
            write_drawings(kept.drawings(), tmp_path / name)
        path.with_name("copy").write_bytes(path.read_bytes())
        every = kept.drawings()
        for file in (tmp_path / "drawn.npz", tmp_path / "drawn.h5", path, path.with_name("copy")):
            assert_same_drawings(load_drawings(file), every)
            assert len(kept.add_all(load_drawings(file))) == 0
        assert len(kept) == 21
    assert every.writers.tolist() == [0, *range(20)]
    assert images_of(every.drawings).shape == (21, 28, 28)


def test_an_import_knows_drawings_by_label_and_points_and_is_all_or_nothing():
    with Collection() as kept:
        kept.add(SEVEN, 7)
        relabelled = Drawings([SEVEN, SEVEN, SEVEN[::-1], SEVEN], [7, 1, 7, 1], None)
        assert len(kept.add_all(relabelled)) == 2
        assert kept.drawings().labels.tolist() == [7, 1, 7]
        with pytest.raises(DataError, match="finite"):
            kept.add_all(Drawings([DOT, [[(0, np.nan)]]], [1, 2], None))
        assert len(kept.add_all(Drawings([], [], None))) == 0
        assert len(kept) == 3
