"""What the window remembers: read, written and removed, whatever stands in the file's place."""

import json
import os
import pwd
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gui import settings
from gui.settings import Settings, load, reset, save
from zoo._support.folders import data_folder


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.json"


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_what_was_kept_comes_back(path):
    kept = Settings(theme="dark", scale=1.5, guide=False, mine=["softmax"], geometry="900x600+10+-5", folder="/ü")
    assert load(path) == (Settings(), "")
    assert save(kept, path) == ""
    assert load(path) == (kept, "")
    assert os.listdir(path.parent) == ["settings.json"]


def test_every_setting_is_checked():
    assert {*settings._CHECKS, "newer"} == {each.name for each in fields(Settings)}
    for key, is_valid in settings._CHECKS.items():
        assert is_valid(getattr(Settings(), key)), key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("theme", ["dark"]),
        ("scale", 0.5),
        ("scale", 3),
        ("scale", True),
        ("scale", "1.5"),
        ("scale", float("nan")),
        ("guide", 1),
        ("pen_width", 0),
        ("pen_width", float("inf")),
        ("focus", None),
        ("focus", "half a \ud83d"),
        ("mine", "softmax"),
        ("mine", [1]),
        ("page", ""),
        ("geometry", "full screen"),
        ("geometry", "900x"),
        ("geometry", "+5+5"),
        ("geometry", "1x1+1"),
        ("folder", {}),
    ],
)
def test_a_value_out_of_range_costs_that_setting_alone(path, key, value):
    write(path, json.dumps({"guide": False, "models": "mine", key: value}))
    read, notice = load(path)
    assert getattr(read, key) == getattr(Settings(), key)
    assert read.models == "mine"
    assert notice == f"Settings that were not understood start anew: {key}."


def test_what_a_later_version_wrote_is_kept(path):
    write(path, json.dumps({"theme": "dark", "sound": {"volume": 11}, "newer": 1}))
    read, notice = load(path)
    assert notice == ""
    read.theme = "light"
    save(read, path)
    written = json.loads(path.read_text())
    assert (written["theme"], written["sound"], written["newer"]) == ("light", {"volume": 11}, 1)
    assert load(path)[0] == read


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000, " " * 2_000_000, "9" * 5000, "\0"])
def test_a_damaged_file_is_set_aside(path, text):
    for number in (1, 2):
        write(path, text)
        read, notice = load(path)
        assert read == Settings()
        assert notice.startswith("The settings were damaged and start anew; the old file is kept as settings.broken-")
        aside = list(path.parent.iterdir())
        assert len(aside) == number
        assert all(file.read_text() == text for file in aside)
    assert load(path) == (Settings(), "")


def test_a_file_in_another_encoding_is_set_aside(path):
    path.parent.mkdir()
    path.write_bytes('{"folder": "Bücher"}'.encode("latin-1"))
    assert "start anew" in load(path)[1]
    path.write_bytes(b"\xef\xbb\xbf" + b'{"theme": "dark"}')  # as some editors write it
    assert load(path) == (Settings(theme="dark"), "")


def test_a_damaged_file_that_cannot_be_moved_is_left(path, monkeypatch):
    write(path, "{")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert load(path)[1].endswith(f"cannot be renamed (Permission denied): remove {path}.")


def test_something_else_stands_in_its_place(path):
    path.mkdir(parents=True)
    assert load(path) == (Settings(), "The settings are not read, as settings.json is not a file: move it away.")
    assert "cannot be kept" in save(Settings(), path)
    assert "cannot be removed" in reset(path)
    assert os.listdir(path.parent) == ["settings.json"]


def test_a_file_out_of_reach(path, monkeypatch):
    write(path, "{}")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert load(path)[1] == "The settings cannot be read (Permission denied): they start anew."


def test_a_folder_that_cannot_be_written_is_reported_once(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "config" / "settings.json"
    assert load(path) == (Settings(), "")
    assert save(Settings(), path) == "The settings cannot be kept (Not a directory): the window works without."
    assert save(Settings(), path) == ""


def test_a_crash_while_writing_leaves_the_file_that_was_there(path, monkeypatch):
    save(Settings(theme="dark"), path)

    def crash(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", crash)
    assert "No space left" in save(Settings(theme="light"), path)
    assert load(path) == (Settings(theme="dark"), "")
    assert os.listdir(path.parent) == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_a_link(path, tmp_path):
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere.json")
    save(Settings(theme="dark"), path)
    assert path.is_symlink()
    assert load(path)[0].theme == "dark"


def test_reset(path):
    assert reset(path) == f"There are no settings to remove: {path} does not exist."
    save(Settings(theme="dark"), path)
    assert reset(path) == f"The settings in {path} are removed: the window starts as at first."
    assert load(path) == (Settings(), "")


def test_where_they_stand(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_ZOO_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("DIGIT_ZOO_DATA_HOME", str(tmp_path / "data"))
    assert settings.config_path() == tmp_path / "config" / "settings.json"
    assert data_folder() == tmp_path / "data"
    save(Settings(theme="dark"))
    assert load() == (Settings(theme="dark"), "")
    assert "are removed" in reset()
    monkeypatch.delenv("DIGIT_ZOO_CONFIG")
    monkeypatch.delenv("DIGIT_ZOO_DATA_HOME")
    assert settings.config_path().parts[-2:] == ("digit-zoo", "settings.json")
    assert data_folder().name == "digit-zoo"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a person always has a home")
def test_a_person_without_a_home(tmp_path, monkeypatch):
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DIGIT_ZOO_CONFIG", "DIGIT_ZOO_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    assert load() == (Settings(), "")
    assert "cannot be kept, as there is no home folder" in save(Settings())
    assert data_folder().is_absolute()
    assert os.listdir(tmp_path) == []
