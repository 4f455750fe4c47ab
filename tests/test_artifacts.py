"""The contract on disk: what is published whole, what is refused, and what the refusal says."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zoo import ArtifactError, ModelNotFoundError, ZooError, artifacts
from zoo.card import checksum
from zoo.cli import main

METADATA = {
    "title": "Made up",
    "description": "",
    "reference": "",
    "parameters": 3,
    "runtime": "tensorflow",
    "metrics": {},
}


def write_files(folder):
    (folder / "variables").mkdir()
    (folder / "variables" / "weights").write_bytes(bytes(range(256)))
    (folder / "graph.pb").write_bytes(b"a graph")


def publish(root, write=write_files, check=lambda folder: None, **metadata):
    return artifacts.publish(root, "made_up", METADATA | metadata, write, check)


def test_published_versions_are_numbered_and_the_latest_is_listed(tmp_path):
    publish(tmp_path, title="First")
    card = publish(tmp_path, title="Second")
    assert (card.name, card.version, card.bytes) == ("made_up", 2, 263)
    assert [(card.version, card.title) for card in artifacts.list_models(tmp_path)] == [(2, "Second")]
    assert artifacts.find("made_up", 1, tmp_path) == tmp_path / "made_up" / "1"
    assert artifacts.list_versions("made_up", tmp_path) == [1, 2]


@pytest.mark.parametrize(
    ("metadata", "family"),
    [
        ({"layers": {"rescaling": [28, 28], "reshape": [28, 28, 1], "conv_1": [24, 24, 20]}}, "convolutional"),
        ({"layers": {"rescaling": [28, 28], "rows_1": [28, 128], "mean_over_rows": [128]}}, "recurrent"),
        ({"layers": {"rescaling": [28, 28], "flatten": [784], "logits": [10]}}, "fully connected"),
        ({"layers": {"rescaling": [28, 28]}, "family": "spiking"}, "spiking"),
        ({"layers": ["rescaling"]}, "unknown"),
        ({"layers": {"odd": [], "odder": ["a"]}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_card_tells_the_family_by_the_shapes_of_the_layers(tmp_path, metadata, family):
    card = publish(tmp_path, **metadata)
    assert card.family == family
    if family == "recurrent":
        assert card.shapes == {"rescaling": (28, 28), "rows_1": (28, 128), "mean_over_rows": (128,)}


@pytest.mark.parametrize("step", ["write", "check"])
def test_a_failed_publication_leaves_nothing(tmp_path, step):
    def fail(folder):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path, **{step: fail})
    assert list(tmp_path.iterdir()) == []
    card = publish(tmp_path)
    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path, **{step: fail})
    assert list((tmp_path / "made_up").iterdir()) == [card.path]


def test_a_full_disk_says_where(tmp_path):
    def fail(folder):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left") as error:
        publish(tmp_path, write=fail)
    assert error.value.filename == str(tmp_path / "made_up")


def test_a_version_that_appears_meanwhile_is_not_overwritten(tmp_path):
    def somebody_else_publishes(folder):
        publish(tmp_path, title="Theirs")

    card = publish(tmp_path, check=somebody_else_publishes, title="Ours")
    assert card.version == 2
    assert artifacts.verify(tmp_path / "made_up" / "1").title == "Theirs"


def test_a_kill_during_publication_leaves_whole_versions_only(tmp_path):
    publish(tmp_path)
    script = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from tests.test_artifacts import publish, write_files
def stall(folder):
    print("written", flush=True)
    time.sleep(3600)
publish({str(tmp_path)!r}, check=stall)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    assert artifacts.list_versions("made_up", tmp_path) == [1]
    artifacts.verify(tmp_path / "made_up" / "1")
    [left_over] = (tmp_path / "made_up").glob(".partial-*")
    long_ago = time.time() - 2 * 3600
    os.utime(left_over, (long_ago, long_ago))
    assert publish(tmp_path).version == 2
    assert not left_over.exists()


def edit_json(path, **changes):
    metadata = json.loads((path / "model.json").read_text())
    metadata.update(changes)
    metadata["checksum"] = checksum(metadata)
    (path / "model.json").write_text(json.dumps(metadata))


DAMAGES = {
    "truncated": (lambda path: (path / "graph.pb").write_bytes(b"a gra"), r"graph\.pb has 5 bytes instead of 7"),
    "flipped byte": (lambda path: (path / "graph.pb").write_bytes(b"a grapj"), r"graph\.pb differs from its .* sha256"),
    "missing file": (lambda path: (path / "variables" / "weights").unlink(), r"variables/weights is missing"),
    "extra file": (lambda path: (path / "variables" / "more").touch(), r"variables/more does not belong"),
    "no model.json": (lambda path: (path / "model.json").unlink(), r"no model\.json"),
    "not JSON": (lambda path: (path / "model.json").write_text("{"), r"model\.json cannot be read"),
    "not UTF-8": (lambda path: (path / "model.json").write_bytes(b"\xff\xfe\x00"), r"model\.json cannot be read"),
    "another JSON": (lambda path: (path / "model.json").write_text("[1]"), r"must hold an object, and holds a list"),
    "key missing": (lambda path: (path / "model.json").write_text("{}"), r"'format_version' as int, and gives nothing"),
    "JSON edited": (
        lambda path: (path / "model.json").write_text((path / "model.json").read_text().replace("Made", "Maid")),
        r"does not match its own checksum",
    ),
    "folder renamed": (lambda path: edit_json(path, version=7), r"folder 1 holds version 7 of made_up: rename it to 7"),
    "odd metrics": (
        lambda path: edit_json(path, metrics={"mnist_test": 0.99}),
        r"'metrics' with entries of another form",
    ),
    "odd files": (lambda path: edit_json(path, files={"graph.pb": {"size": "7"}}), r"'files' with entries of another"),
    "odd parameters": (lambda path: edit_json(path, parameters=True), r"'parameters' as int, and gives bool"),
    "newer format": (lambda path: edit_json(path, format_version=99), r"format 99.* update the library"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_named(tmp_path, damage):
    path = publish(tmp_path).path
    do_damage, sentence = DAMAGES[damage]
    do_damage(path)
    with pytest.raises(ArtifactError, match=sentence) as error:
        artifacts.verify(path)
    assert "\n" not in str(error.value)


def test_a_copy_under_another_name_is_to_be_renamed_and_not_to_be_built(tmp_path):
    publish(tmp_path).path.parent.rename(tmp_path / "made_up_copy")
    [card] = artifacts.list_models(tmp_path)
    assert card.error.startswith("The folder made_up_copy holds the model made_up: rename it to made_up, or remove it")
    assert "builders" not in card.error


def test_a_file_a_desktop_leaves_is_no_damage(tmp_path):
    path = publish(tmp_path).path
    (path / ".DS_Store").touch()
    artifacts.verify(path)


def test_a_damaged_model_is_listed_with_its_error(tmp_path):
    (publish(tmp_path).path / "model.json").write_text("{")
    [card] = artifacts.list_models(tmp_path)
    assert card.name == card.title == "made_up"
    assert "model.json cannot be read" in card.error


def forbid(monkeypatch, folder):
    """Let a folder be one that may not be read. (Its mode alone does not keep root from it.)"""
    iterdir = Path.iterdir

    def refuse(path):
        if path == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", refuse)


def test_a_folder_that_cannot_be_read_is_listed_with_its_error(tmp_path, monkeypatch, capsys):
    publish(tmp_path)
    locked = tmp_path / "locked"
    locked.mkdir()
    forbid(monkeypatch, locked)
    bad, good = artifacts.list_models(tmp_path)
    assert (good.name, good.error) == ("made_up", None)
    assert (bad.name, bad.error.split(":")[0]) == ("locked", f"The folder {locked} cannot be read (Permission denied)")
    with pytest.raises(ArtifactError, match="cannot be read"):
        artifacts.find("locked", root=tmp_path)
    with pytest.raises(ModelNotFoundError, match="there are made_up"):
        artifacts.find("nobody", root=tmp_path)

    assert main(["list", "--root", str(tmp_path)]) == 0
    listed = capsys.readouterr()
    assert "Made up" in listed.out
    assert "locked cannot be read" in listed.err
    assert main(["verify", "--root", str(tmp_path)]) == 1
    checked = capsys.readouterr()
    assert "made_up/1  ok" in checked.out
    assert "locked  FAILED" in checked.out


def test_a_folder_of_models_that_cannot_be_read_is_reported(tmp_path, monkeypatch):
    forbid(monkeypatch, tmp_path)
    with pytest.raises(ModelNotFoundError, match=r"cannot be read \(Permission denied\): change its permissions"):
        artifacts.list_models(tmp_path)


def test_a_path_out_of_the_artifact_is_refused(tmp_path):
    path = publish(tmp_path).path
    (tmp_path / "secret").write_text("s")
    edit_json(path, files={"../../secret": {"size": 1, "sha256": "0" * 64}})
    with pytest.raises(ArtifactError, match="missing"):
        artifacts.verify(path)


def test_a_copy_that_a_file_manager_made_is_no_model(tmp_path):
    shutil.copytree(publish(tmp_path).path.parent, tmp_path / "made_up copy")
    assert [card.name for card in artifacts.list_models(tmp_path)] == ["made_up"]


def test_unknown_models_and_versions_list_the_known(tmp_path):
    publish(tmp_path)
    with pytest.raises(ModelNotFoundError, match=r"No model 'larg_mlp'.*there are made_up.*python -m builders"):
        artifacts.find("larg_mlp", root=tmp_path)
    with pytest.raises(ModelNotFoundError, match=r"No version 3 of 'made_up'.*it has 1"):
        artifacts.find("made_up", 3, tmp_path)
    with pytest.raises(ModelNotFoundError, match="No model '../x'"):
        artifacts.find("../x", root=tmp_path)
    for version in ("1", 1.0, True):
        with pytest.raises(ModelNotFoundError, match="as an int"):
            artifacts.find("made_up", version, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(ModelNotFoundError, match="is a file, no folder"):
        artifacts.list_models(tmp_path / "file")
    with pytest.raises(ModelNotFoundError, match="does not exist"):
        artifacts.list_models(tmp_path / "nowhere")


def test_names_that_are_no_identifiers_are_refused(tmp_path):
    with pytest.raises(ZooError, match="'Made up' has others"):
        artifacts.publish(tmp_path, "Made up", METADATA, write_files, lambda folder: None)
