"""Files written whole or not at all, and a sentence that says what is there where a file is expected."""

import os
import re

import pytest

from zoo import DataError
from zoo._support.files import atomic_write, check_is_file, free_path


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "digit.png"
    with atomic_write(path) as file:
        file.write(b"old")
    assert path.read_bytes() == b"old"

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full_disk)
        with pytest.raises(OSError, match="No space left"), atomic_write(path) as file:
            file.write(b"new")
    with pytest.raises(TypeError), atomic_write(path) as file:
        file.writelines([b"half of what was to be written", None])
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_that_write_to_one_path_at_once_do_not_mix_their_bytes(tmp_path):
    path = tmp_path / "digits.npz"
    with atomic_write(path) as first, atomic_write(path) as second:
        first.write(b"1111")
        second.write(b"22")
        second.flush()
        first.flush()
        for file, content in ((first, b"1111"), (second, b"22")):
            file.seek(0)
            assert file.read() == content
    assert path.read_bytes() == b"1111"  # the last to end
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_reported_as_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "none" / "digit.png"):
        pass


def refused(path):
    with pytest.raises(DataError, match="Expected a picture") as error:
        check_is_file(path, "a picture", DataError)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
    return str(error.value)


def test_a_file_is_a_file(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("file", "link"):
        check_is_file(tmp_path / name, "a picture", DataError)


def test_what_is_no_file(tmp_path):
    (tmp_path / "file").touch()
    assert "found a folder: check the path" in refused(tmp_path)
    for name in ("missing", "file/beneath", "zero\0byte"):
        assert refused(f"{tmp_path}/{name}").endswith(f" at {tmp_path}/{name}, found nothing: check the path.")
    assert "found an empty name: name a file." in refused("")
    assert re.search(r"at /aaa.*…a*, found what cannot be read \(.*too long\)", refused("/" + "a" * 10_000))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "found a pipe or a device" in refused(tmp_path / "pipe")


def test_a_free_path_is_taken_by_nothing_nor_by_what_belongs_to_it(tmp_path):
    for name in ("digit-7.png", "digit-7-2.png", "digit-7-3.png"):
        path = free_path(tmp_path / "digit-7.png")
        assert path == tmp_path / name
        path.touch()
    (tmp_path / "drawings.sqlite3-wal").touch()
    assert free_path(tmp_path / "drawings.sqlite3", ["-wal"]) == tmp_path / "drawings-2.sqlite3"
