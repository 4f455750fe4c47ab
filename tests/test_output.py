"""A folder with a page is replaced file by file: nothing of a user's, and nothing outside it."""

import itertools
import json
import os

import pytest

from zoo.errors import ZooError
from zoo.report.output import check_folder, write_folder


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(folder):
    (folder / "README.md").write_text("# New\n")


def writer(text, *names):
    """Return what writes a page and files, all of which hold `text`."""

    def write(folder):
        for name in ("README.md", *names):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    return write


def manifest(*names):
    return {"made_by": "a command", "files": sorted([*names, "README.md", "manifest.json"])}


def former(folder, *names):
    """Return a folder with a page, and a manifest that names these files beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text("# Old\n")
    (folder / "manifest.json").write_text(json.dumps(manifest(*names)))
    return folder


def former_comment(folder, *names):
    """Return a folder as versions without a manifest wrote it: the first line of the page names the files."""
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text(f"<!-- Made by a command, with: {', '.join(names)} -->\n# Old\n")
    return folder


@pytest.mark.parametrize("former", [former, former_comment])
@pytest.mark.parametrize("name", ["means.png", "pictures/means.png"])
def test_a_users_file_beside_a_former_page_stays(name, former, tmp_path):
    former(tmp_path, "ink.png")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"mine")
    before = contents(tmp_path)

    with pytest.raises(ZooError, match=r"means\.png was not written by"):
        write_folder(tmp_path, "a command", writer("new", "ink.png", name))
    assert contents(tmp_path) == before


def test_a_failure_leaves_the_former_page_as_it_was(tmp_path):
    outside = tmp_path / "mine.txt"
    outside.write_text("mine")
    folder = former(tmp_path / "data", "old.png", "../mine.txt")
    (folder / "old.png").write_bytes(b"old")
    before = contents(folder)

    def fail(folder):
        (folder / "README.md").write_text("# New\n")
        raise OSError(28, "No space left on device")

    with pytest.raises(ZooError, match="No space left"):
        write_folder(folder, "a command", fail)
    assert contents(folder) == before

    write_folder(folder, "a command", writer("new", "pictures/new.png"))
    assert (folder / "README.md").read_text() == "new"
    assert json.loads((folder / "manifest.json").read_text()) == manifest("pictures/new.png")
    assert sorted(contents(folder)) == ["README.md", "manifest.json", "pictures/new.png"]
    assert outside.exists()  # a manifest reaches no further than its folder
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("former", [former, former_comment])
def test_a_manifest_reaches_no_further_than_its_folder(former, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    mine = outside / "mine.txt"
    mine.write_text("mine")
    names = ["", ".", "..", "../outside/mine.txt", f"{mine}", f"/{mine}", f"pictures/../../outside/{mine.name}"]
    folder = former(tmp_path / "data", *names, "old.png", "linked/mine.txt")
    (folder / "old.png").touch()
    try:
        os.symlink(outside, folder / "linked")
    except OSError:  # Windows allows it to few
        (folder / "linked").mkdir()
    write_folder(folder, "a command", write)
    assert mine.read_text() == "mine"
    assert not (folder / "old.png").exists()


def test_a_page_without_other_files_is_replaced(tmp_path):
    for _ in range(2):
        write_folder(tmp_path / "data", "a command", write)
    assert (tmp_path / "data" / "README.md").read_text() == "# New\n"
    assert sorted(contents(tmp_path / "data")) == ["README.md", "manifest.json"]


def test_a_folder_of_a_version_without_manifests_is_replaced(tmp_path):
    folder = former_comment(tmp_path / "data", "old.png")
    (folder / "old.png").touch()
    with pytest.raises(ZooError, match="found something else there"):
        check_folder(folder, "another command")
    write_folder(folder, "a command", write)
    assert (folder / "README.md").read_text() == "# New\n"
    assert sorted(contents(folder)) == ["README.md", "manifest.json"]


@pytest.mark.parametrize("text", ["{}", "[]", "null", "{", '{"made_by": "a command", "files": 7}', '{"made_by": "me"}'])
def test_another_manifest_is_a_users(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ZooError, match="found something else there"):
        check_folder(tmp_path, "a command")
    former_comment(tmp_path)
    with pytest.raises(ZooError, match=r"manifest\.json was not written by"):
        write_folder(tmp_path, "a command", write)
    assert (tmp_path / "manifest.json").read_text() == text


class Stopped(BaseException):
    """What stands for the end of a process."""


def stop_at(monkeypatch, number, error):
    """Let the change of the file system of this number, from 0, fail: no file is moved or removed by it."""
    changes = itertools.count()

    def failing(change):
        def changed(*args, **kwargs):
            if next(changes) == number:
                raise error
            return change(*args, **kwargs)

        return changed

    for name in ("replace", "rename", "unlink"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))


@pytest.mark.parametrize("former", [former, former_comment])
@pytest.mark.parametrize("error", [Stopped(), PermissionError(13, "Permission denied")], ids=["killed", "failed"])
def test_wherever_a_run_is_stopped_the_next_one_finds_or_makes_one_whole_page(error, former, tmp_path, monkeypatch):
    def fail(folder):
        raise OSError(28, "No space left on device")

    found = []
    for number in range(100):
        folder = tmp_path / str(number)
        writer("old", "both.png", "pictures/both.png", "stale.png")(folder)
        old = contents(former(folder, "both.png", "pictures/both.png", "stale.png"))
        (folder / "mine.txt").write_text("mine")
        with monkeypatch.context() as patched:
            stop_at(patched, number, error)
            stopped = True
            try:
                write_folder(folder, "a command", writer("new", "both.png", "pictures/both.png", "pictures/new.png"))
                stopped = False
            except (Stopped, ZooError):
                pass
        with pytest.raises(ZooError, match="No space left"):
            write_folder(folder, "a command", fail)
        now = contents(folder)
        assert now.pop("mine.txt") == b"mine"
        if now != old:
            assert json.loads(now.pop("manifest.json")) == manifest("both.png", "pictures/both.png", "pictures/new.png")
            assert now == dict.fromkeys(("README.md", "both.png", "pictures/both.png", "pictures/new.png"), b"new")
        found.append(now == old)
        if not stopped:
            break
    assert sorted(found, reverse=True) == found  # the old page until all was written, then the new one
    assert found[0]
    assert found.count(False) > 5


def test_a_first_run_that_was_stopped_is_finished_and_takes_no_file_of_a_users(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    with monkeypatch.context() as patched:
        stop_at(patched, 2, Stopped())
        with pytest.raises(Stopped):
            write_folder(folder, "a command", writer("new", "a.png", "b.png"))
    assert (folder / "a.png").exists()
    (folder / "b.png").write_text("mine")
    with pytest.raises(ZooError, match=r"b\.png was not written by"):
        write_folder(folder, "a command", write)
    assert (folder / "b.png").read_text() == "mine"
    (folder / "b.png").unlink()
    write_folder(folder, "a command", write)
    assert sorted(contents(folder)) == ["README.md", "manifest.json"]


def test_nothing_is_written_beside_the_folder_and_what_a_killed_run_left_is_cleared_away(tmp_path):
    folder = tmp_path / "data"
    left = folder / ".zoo-unfinished-a1_b2c3d"
    left.mkdir(parents=True)
    (left / "README.md").touch()
    seen = []

    def look(fresh):
        seen.extend(tmp_path.iterdir())
        write(fresh)

    write_folder(folder, "a command", look)  # as good as an empty one
    assert seen == [folder]
    assert sorted(contents(folder)) == ["README.md", "manifest.json"]
    mine = folder / ".zoo-unfinished-thesis-of-mine"
    mine.mkdir()
    write_folder(folder, "a command", write)
    assert mine.is_dir()
