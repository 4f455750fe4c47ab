import pytest

from zoo._support.files import atomic_write


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


def test_a_folder_that_is_missing_is_told_as_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "none" / "digit.png"):
        pass
