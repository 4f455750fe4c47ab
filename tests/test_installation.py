"""The zoo where it is installed: what the package holds, where it reads and writes, and the command digit-zoo."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import zoo
from builders.training.networks import network_names
from gui import console
from zoo._support import folders, processes
from zoo._support.processes import install_command

PICTURE = Path("zoo/images/reference_digits/7.png").resolve()
SOFTMAX, SCRATCH = (max(Path("saved_models", name).iterdir()).resolve() for name in ("softmax", "scratch_small_mlp"))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Have the library believe that it is installed, with softmax as its only released model; return the own folder."""
    package, own = tmp_path / "package", tmp_path / "own"
    shutil.copytree(SOFTMAX, package / SOFTMAX.relative_to(folders.CHECKOUT))
    monkeypatch.setattr(folders, "CHECKOUT", None)
    monkeypatch.setattr(folders, "PACKAGE", package)
    monkeypatch.setenv("DIGIT_ZOO_DATA_HOME", str(own))
    monkeypatch.chdir(tmp_path)
    return own


def test_released_models_are_found_from_any_folder(installed, tmp_path):
    released = tmp_path / "package" / "saved_models" / "softmax"
    assert zoo.artifacts.find("softmax") == released / SOFTMAX.name
    assert [card.name for card in zoo.list_models()] == ["softmax"]
    assert zoo.artifacts.list_versions("softmax") == [int(SOFTMAX.name)]
    assert not installed.exists()  # reading makes no folder


def test_what_a_person_builds_is_found_beside_the_released_and_before_them(installed):
    for source in (SOFTMAX, SCRATCH):
        shutil.copytree(source, installed / "saved_models" / source.parent.name / source.name)
    found = {card.name: card.path.parents[1] for card in zoo.list_models()}
    assert found == dict.fromkeys(["softmax", "scratch_small_mlp"], installed / "saved_models")
    assert zoo.artifacts.find("softmax").is_relative_to(installed)
    assert zoo.load("scratch_small_mlp").card.path.is_relative_to(installed)
    with pytest.raises(zoo.ModelNotFoundError, match="there are scratch_small_mlp, softmax"):
        zoo.artifacts.find("other")


def test_what_nobody_built_yet_is_no_fault_and_without_any_model_a_sentence_says_so(installed, tmp_path):
    shutil.rmtree(tmp_path / "package")
    with pytest.raises(zoo.ModelNotFoundError, match="own.saved_models does not exist"):
        zoo.list_models()


def test_nothing_is_written_into_the_package(installed):
    assert folders.models_folders()[0] == installed / "saved_models"
    assert folders.training_folder() == installed / "training"
    assert folders.pages_folder("report") == Path("docs/report")


def test_a_checkout_keeps_everything_to_itself():
    assert Path().resolve() == folders.CHECKOUT
    assert folders.models_folders() == [folders.CHECKOUT / "saved_models"]
    assert folders.training_folder() == folders.CHECKOUT / ".training"


def test_the_command_lists_models_and_knows_the_window(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["digit-zoo", "list"])
    assert console.main() == 0
    assert "small_mlp" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["digit-zoo", "--help"])
    with pytest.raises(SystemExit, match="0"):
        console.main()
    assert "digit-zoo gui" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["digit-zoo", "gui", "--root", "nowhere"])
    assert console.main() == 2
    assert "nowhere does not exist" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["digit-zoo", "draw"])
    with pytest.raises(SystemExit, match="2"):
        console.main()
    assert capsys.readouterr().err.startswith("digit-zoo: ")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    subprocess.run(
        [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), "."],
        check=True,
        capture_output=True,
        text=True,
    )
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_package_holds_the_code_the_released_models_and_the_reference_digits(wheel):
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
        metadata = next(package.read(name).decode() for name in names if name.endswith("METADATA"))
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True)
    if tracked.returncode == 0:  # not so in an archive of the source
        for file in filter(None, tracked.stdout.split("\0")):
            if file.split("/")[0] in ("zoo", "builders", "gui"):
                assert file in names
            elif file.startswith("saved_models/"):
                assert f"zoo/{file}" in names
    released = {name.split("/")[2] for name in names if name.startswith("zoo/saved_models/")}
    assert set(network_names()) <= released
    assert not [name for name in names if "_quick/" in name or ".partial-" in name or "__pycache__" in name]
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"zoo", "builders", "gui"}
    assert "Provides-Extra: search" in metadata


@pytest.mark.slow
def test_installed_it_loads_reads_and_tells_the_same_from_any_folder(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as package:
        package.extractall(tmp_path / "site")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path), "PYTHONWARNINGS": ""}
    environment |= {"DIGIT_ZOO_DATA_HOME": str(tmp_path / "own"), "TF_CPP_MIN_LOG_LEVEL": "3", "COLUMNS": "1000"}

    def run(code: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("import zoo; print(zoo.__file__); zoo.load('two_conv_cnn')")
    assert Path(where.strip()).is_relative_to(tmp_path / "site")
    command = "import sys; from gui.console import main; sys.argv[0] = 'digit-zoo'; sys.exit(main())"
    assert all(name in run(command, "list") for name in network_names())
    assert "7" in run(command, "predict", str(PICTURE), "--model", "scratch_small_mlp")
    assert "--reset-settings" in run(command, "gui", "--help")
    assert str(tmp_path / "own") in run("import runpy; runpy.run_module('builders', run_name='__main__')", "--help")
    assert not (tmp_path / "own").exists()


def test_without_optuna_a_search_says_what_to_install():
    script = "import runpy, sys; sys.modules['optuna'] = None; runpy.run_module('builders.search', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", script, "small_mlp"], capture_output=True, text=True)
    assert done.returncode == 1
    sentence = f"A search needs Optuna, which is not installed: install it with `{install_command()}`.\n"
    assert done.stderr == sentence


def test_without_starlette_the_server_says_what_to_install():
    script = "import runpy, sys; sys.modules['starlette'] = None; runpy.run_module('zoo', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", script, "serve"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("The server needs starlette")
    assert done.stderr.endswith(f"install it with `{install_command('serve')}`.\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["builders", "small_mlp"],
        ["builders.finetune", "softmax", "--strokes", "nowhere.npz"],
        ["builders.search", "small_mlp"],
    ],
)
def test_without_tensorflow_training_says_what_to_install_before_anything_is_read(command, no_tensorflow):
    done = subprocess.run([sys.executable, "-m", *command], env=no_tensorflow, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.endswith(f" needs TensorFlow, which is not installed: install it with `{install_command()}`.\n")
    assert len(done.stderr.splitlines()) == 1


def test_the_command_that_installs_fits_the_place_and_the_environment(monkeypatch, tmp_path):
    monkeypatch.setattr(processes.shutil, "which", lambda _: str(Path(sys.executable).with_name("pip")))
    assert install_command() == "pip install -r requirements.txt"
    assert install_command("serve") == 'pip install -e ".[serve]"'  # without TensorFlow
    monkeypatch.chdir(tmp_path)
    assert install_command("search") == f'pip install -e "{folders.CHECKOUT}[search]"'
    monkeypatch.setattr(processes, "CHECKOUT", None)
    assert install_command() == 'pip install "digit-zoo[training]"'
    monkeypatch.setattr(processes.shutil, "which", lambda _: None)  # an environment that is not active
    assert install_command() == f'{sys.executable} -m pip install "digit-zoo[training]"'
