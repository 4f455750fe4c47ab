"""Who may import whom: builders and gui import zoo, no files in a circle; heavy libraries load when they are used."""

import ast
import functools
import graphlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

# What each package must not import, at the top of a file or anywhere in it.
FORBIDDEN = {"zoo": {"builders", "gui"}, "builders": {"gui"}, "gui": {"builders", "tensorflow", "keras", "matplotlib"}}
# What the window's process must not load before somebody draws; its worker is another process.
HEAVY = ("tensorflow", "keras", "matplotlib", "scipy", "optuna", "tensorboard")
# What outlives the widgets, or runs beside them.
WITHOUT_TK = [
    "gui/settings.py",
    "gui/cards/state.py",
    "gui/cards/texts.py",
    "gui/collect/callbacks.py",
    "gui/collect/model_tuning.py",
    "gui/collect/opening.py",
    "gui/collect/state.py",
    "gui/program.py",
    "gui/side_by_side/state.py",
    "gui/compare/board.py",
    "gui/compare/examples.py",
    "gui/compare/inspecting.py",
    "gui/compare/occlusion_map.py",
    "gui/compare/session.py",
    "gui/compare/typical.py",
    "gui/models.py",
    "gui/drawing/drawing.py",
    "gui/drawing/ink.py",
    "gui/worker/*.py",
]


def module_name(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(file): file for package in FORBIDDEN for file in sorted(Path(package).rglob("*.py"))}


@functools.cache
def nodes(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each import of a file, wherever it stands: its line, and the name as absolute as it can be made."""
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = file.parent.parts[: len(file.parent.parts) - node.level + 1] if node.level else ()
            module = ".".join([*parents, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def imported_file(name: str) -> str | None:
    """Return the module of this project that an import loads: the name itself, or what it is taken from."""
    return next((module for module in (name, name.rpartition(".")[0]) if module in FILES), None)


def loaded_after(modules: list[str], suspects: tuple[str, ...]) -> list[str]:
    """Return those of `suspects` that a new Python has loaded after it imported `modules`."""
    script = f"import sys, {', '.join(modules)}; print(*[name for name in {suspects!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("package", FORBIDDEN)
def test_packages_import_only_what_lies_upstream(package):
    files = [file for name, file in FILES.items() if name.split(".")[0] == package]
    assert files
    for file in files:
        for line, name in imports(file):
            assert name.split(".")[0] not in FORBIDDEN[package], f"{file}:{line} imports {name}"


def test_no_circle_of_imports():
    graph = {
        module: {imported_file(name) for _, name in imports(file)} - {module, None} for module, file in FILES.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail("a circle of imports: " + " <- ".join(error.args[1]))


def test_no_way_to_import_is_overlooked(tmp_path):
    file = tmp_path / "module.py"
    file.write_text(
        "import zoo.artifacts as a, numpy\n"
        "from zoo import cli\n"
        "from zoo.images import strokes\n"
        "if TYPE_CHECKING:\n    from gui.app import App\n"
        "def f():\n    from builders.finetune import main\n"
    )
    found = {imported_file(name) for _, name in imports(file)}
    assert found == {"zoo.artifacts", "zoo.cli", "zoo.images.strokes", "gui.app", "builders.finetune", None}


def test_what_outlives_the_widgets_knows_no_tk():
    modules = []
    for pattern in WITHOUT_TK:
        files = [file for file in sorted(Path().glob(pattern)) if file.name != "__init__.py"]
        assert files, f"{pattern} names no file"
        modules += map(module_name, files)
    assert loaded_after(modules, ("tkinter", "ttkbootstrap", "PIL.ImageTk")) == []


@pytest.mark.parametrize("package", ["zoo.cli", "gui"])
def test_imports_are_light(package):
    modules = [package]
    if package == "gui":  # a window imports all of it
        modules = [name for name in FILES if name.split(".")[0] == "gui"]
        assert "gui.app" in modules
    assert loaded_after(modules, HEAVY) == []


def test_the_base_installation_is_what_zoo_and_gui_import_but_tensorflow():
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = {re.match(r"[\w-]+", line)[0].replace("-", "_") for line in project["dependencies"]}
    files = [file for name, file in FILES.items() if name.split(".")[0] in ("zoo", "gui")]
    files = [file for file in files if file.parent != Path("zoo/serving")]  # an extra
    imported = {name.split(".")[0] for file in files for _, name in imports(file)} - sys.stdlib_module_names
    imported -= {"zoo", "gui", "tensorflow", "keras", "google"}  # the last, protobuf, reads what TensorFlow describes
    imported -= {"pillow_heif"}  # which reads HEIC where somebody has installed it
    assert {"pillow" if module == "PIL" else module for module in imported} == base


def test_the_extra_serve_is_what_the_server_imports_beside():
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [
        re.match(r"[\w-]+", line)[0].replace("-", "_")
        for line in project["dependencies"] + project["optional-dependencies"]["serve"]
    ]
    files = [file for file in FILES.values() if file.parent == Path("zoo/serving")]
    imported = {name.split(".")[0] for file in files for _, name in imports(file)} - sys.stdlib_module_names - {"zoo"}
    assert {"pillow" if module == "PIL" else module for module in imported} <= set(names)
    extra = set(names[len(project["dependencies"]) :])
    assert extra <= imported
    assert loaded_after(["zoo.serving.server"], ("tensorflow", "keras", "matplotlib", "tkinter")) == []


def test_list_info_and_verify_run_without_tensorflow(models):
    script = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "from zoo.cli import main\n"
        "for command in (['list'], ['info', 'small_mlp'], ['verify']):\n"
        f"    assert main([*command, '--root', {str(models)!r}]) == 0"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.count("small_mlp") >= 3


WITHOUT_TENSORFLOW = "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "name"), [("models", "small_mlp"), ("scratch_models", "scratch_small_mlp")])
def test_every_command_runs_without_tensorflow(folder, name, request, made_up_mnist, tmp_path):
    root = str(request.getfixturevalue(folder))
    script = WITHOUT_TENSORFLOW + f"from zoo.cli import main\nsys.exit(main([*sys.argv[1:], '--root', {root!r}]))"
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (90, 30, 110, 170))
    picture.save(tmp_path / "one.png")
    one = str(tmp_path / "one.png")
    for command in (
        ["list"],
        ["info", name],
        ["predict", one, "--model", name],
        ["compare", one, "--json"],
        ["evaluate", "--data", str(made_up_mnist)],
        ["verify"],
        ["bench", name],
        ["report", "--data", str(made_up_mnist), "--output", str(tmp_path / "report")],
    ):
        done = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True)
        assert (str(tmp_path / "report") if command[0] == "report" else name) in done.stdout
        assert done.stderr == ""


def test_models_from_scratch_run_without_scipy(scratch_models):
    script = (
        WITHOUT_TENSORFLOW + "sys.modules['scipy'] = None\n"
        "import numpy, zoo\n"
        f"model = zoo.load('scratch_two_conv_cnn', root={str(scratch_models)!r})\n"
        "print(model.predict(numpy.zeros((28, 28))).probabilities.shape, *model.activations(numpy.zeros((28, 28))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split()[:4] == ["(1,", "10)", "rescaling", "reshape"]


def test_who_asks_for_tensorflow_is_told_where_there_is_none(models):
    script = WITHOUT_TENSORFLOW + (
        "import zoo\n"
        f"try: zoo.load('small_mlp', root={str(models)!r}, runtime='tensorflow')\n"
        "except zoo.ZooError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "TensorFlow" in done.stdout
    assert "pip install" in done.stdout


@pytest.mark.slow
def test_without_litert_tensorflow_serves_and_says_so(models):
    script = (
        "import sys, warnings; sys.modules['ai_edge_litert'] = None\n"
        "import numpy, zoo\n"
        "with warnings.catch_warnings(record=True) as told:\n"
        f"    model = zoo.load('small_mlp', root={str(models)!r})\n"
        "print(len(told), told[0].message, 'tensorflow' in sys.modules, model.predict(numpy.zeros((28, 28))).digits)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("1 LiteRT cannot be imported")
    assert "True" in done.stdout


def test_the_window_reads_with_models_from_scratch_without_tensorflow(scratch_models):
    script = WITHOUT_TENSORFLOW + (
        "import multiprocessing, threading\n"
        "import numpy as np\n"
        "from gui.worker.encoding import from_json, to_json\n"
        "from gui.worker.messages import Failed, Read, Result\n"
        "from gui.worker.process import serve\n"
        "window, worker = multiprocessing.Pipe()\n"
        "names = ['scratch_small_mlp', 'scratch_two_conv_cnn']\n"
        "window.send_bytes(to_json(Read(1, np.zeros((28, 28), np.uint8), names)))\n"
        "def read():\n"
        "    results = 0\n"
        "    while results < 2:\n"
        "        message = from_json(window.recv_bytes())\n"
        "        print(type(message).__name__, flush=True)\n"
        "        results += isinstance(message, (Result, Failed))\n"
        "    window.close()\n"
        "threading.Thread(target=read).start()\n"
        f"serve(worker, names, {str(scratch_models)!r}, 'zoo:load')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split().count("Result") == 2
    assert "Failed" not in done.stdout


@pytest.mark.slow
def test_networks_from_scratch_are_built_without_tensorflow(made_up_mnist, tmp_path):
    script = WITHOUT_TENSORFLOW + "from builders.cli import main; sys.exit(main(sys.argv[1:]))"
    command = ["scratch_small_mlp", "--quick", "--epochs", "1", "--data", str(made_up_mnist)]
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    command = [sys.executable, "-c", script, *command, *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "scratch_small_mlp_quick" in done.stdout


def test_no_pickle_and_no_eval():
    for file in FILES.values():
        for node in nodes(file):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called.split(".")[0] not in {"pickle", "eval", "exec"}, f"{file}:{node.lineno}"
            elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert not node.value.value, f"{file}:{node.value.lineno}"
