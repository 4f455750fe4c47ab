"""Where a file is expected and none is, a sentence says what is there."""

import os
import re

import pytest

from zoo import DataError
from zoo._support.files import check_is_file


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
