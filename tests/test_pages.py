"""A folder with a page is replaced file by file: nothing of a user's, and nothing outside it."""

import os

import pytest

from zoo.errors import ZooError
from zoo.report.output import check_folder, write_folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write(folder):
    (folder / "README.md").write_text("# New\n")


def former(folder, *names):
    """A folder with the page of a former run that says it wrote these files."""
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text(f"<!-- Made by a command, with: {', '.join(names)} -->\n# Old\n")
    return folder


def test_a_users_file_beside_a_former_page_stays(tmp_path):
    former(tmp_path, "ink.png")
    (tmp_path / "means.png").write_bytes(b"mine")
    before = contents(tmp_path)

    def write(folder):
        for name in ("README.md", "ink.png", "means.png"):
            (folder / name).write_bytes(b"new")

    with pytest.raises(ZooError, match="means.png was not written by"):
        write_folder(tmp_path, "a command", write)
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

    def write(folder):
        (folder / "README.md").write_text("# New\n")
        (folder / "pictures").mkdir()
        (folder / "pictures" / "new.png").write_bytes(b"new")

    write_folder(folder, "a command", write)
    assert (folder / "README.md").read_text() == "<!-- Made by a command, with: pictures/new.png -->\n# New\n"
    assert sorted(path.name for path in folder.rglob("*")) == ["README.md", "new.png", "pictures"]
    assert outside.exists()  # a page's comment reaches no further than its folder
    assert len(list(tmp_path.iterdir())) == 2


def test_a_pages_comment_reaches_no_further_than_its_folder(tmp_path):
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
    assert check_folder(folder, "a command") in (["README.md", "old.png"], ["README.md", "old.png", "linked/mine.txt"])
    write_folder(folder, "a command", write)
    assert mine.read_text() == "mine"
    assert not (folder / "old.png").exists()


def test_a_page_without_other_files_is_replaced(tmp_path):
    for _ in range(2):
        write_folder(tmp_path / "data", "a command", write)
    assert contents(tmp_path / "data") == {"README.md": b"<!-- Made by a command, with:  -->\n# New\n"}


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
    assert list(contents(folder)) == ["README.md"]
    mine = folder / ".zoo-unfinished-thesis-of-mine"
    mine.mkdir()
    write_folder(folder, "a command", write)
    assert mine.is_dir()
