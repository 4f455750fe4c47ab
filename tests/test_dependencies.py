"""The dependency rule: builders -> saved_models -> zoo -> gui; and heavy libraries load only when they are used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

FORBIDDEN = {"zoo": {"builders", "gui"}, "builders": {"gui"}, "gui": {"builders", "tensorflow", "keras", "matplotlib"}}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_packages_import_only_what_lies_upstream(package):
    files = list(Path(package).rglob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {node.module.split(".")[0]}
            else:
                continue
            assert not imported & FORBIDDEN[package], f"{file}:{node.lineno}"


@pytest.mark.parametrize("package", ["gui/state", "gui/processes"])
def test_what_outlives_the_widgets_knows_no_tk(package):
    modules = [".".join(path.with_suffix("").parts) for path in Path(package).glob("[a-z]*.py")]
    assert modules
    script = f"import sys, {', '.join(modules)}; print('tkinter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("package", ["zoo", "zoo.cli", "gui"])
def test_imports_are_light(package):
    script = (
        f"import sys, {package}; print([m for m in ('tensorflow', 'keras', 'matplotlib', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_list_info_and_verify_run_without_tensorflow(models):
    script = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "from zoo.cli import main\n"
        f"sys.exit(main([*sys.argv[1:], '--root', {str(models)!r}]))"
    )
    for command in (["list"], ["info", "small_mlp"], ["verify"]):
        done = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True)
        assert "small_mlp" in done.stdout


WITHOUT_TENSORFLOW = "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"


def test_models_from_scratch_run_without_tensorflow_and_scipy(scratch_models, made_up_mnist, tmp_path):
    script = WITHOUT_TENSORFLOW + (
        f"from zoo.cli import main\nsys.exit(main([*sys.argv[1:], '--root', {str(scratch_models)!r}]))"
    )
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (90, 30, 110, 170))
    picture.save(tmp_path / "one.png")
    one = str(tmp_path / "one.png")
    for command in (
        ["list"],
        ["info", "scratch_small_mlp"],
        ["predict", one, "--model", "scratch_small_mlp"],
        ["compare", one, "--json"],
        ["evaluate", "--data", str(made_up_mnist)],
        ["verify"],
        ["bench", "scratch_small_mlp"],
    ):
        done = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True)
        assert "scratch_small_mlp" in done.stdout
        assert done.stderr == ""
    script = (
        WITHOUT_TENSORFLOW + "sys.modules['scipy'] = None\n"
        "import numpy, zoo\n"
        f"model = zoo.load('scratch_two_conv_cnn', root={str(scratch_models)!r})\n"
        "print(model.predict(numpy.zeros((28, 28))).probabilities.shape, *model.activations(numpy.zeros((28, 28))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split()[:4] == ["(1,", "10)", "rescaling", "reshape"]


def test_a_model_that_needs_tensorflow_says_so_where_there_is_none(models):
    script = WITHOUT_TENSORFLOW + f"from zoo.cli import main; sys.exit(main(['bench', '--root', {str(models)!r}]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 2  # one for each model
    assert all("runs on TensorFlow, which cannot be imported" in line for line in lines)


def test_the_window_reads_with_models_from_scratch_without_tensorflow(scratch_models):
    script = WITHOUT_TENSORFLOW + (
        "import base64, json, multiprocessing, threading\n"
        "from gui.worker.process import serve\n"
        "window, worker = multiprocessing.Pipe()\n"
        "names = ['scratch_small_mlp', 'scratch_two_conv_cnn']\n"
        "image = base64.b64encode(bytes(784)).decode()\n"
        "window.send_bytes(json.dumps({'generation': 1, 'image': image, 'models': names}).encode())\n"
        "def read():\n"
        "    results = 0\n"
        "    while results < 2:\n"
        "        message = json.loads(window.recv_bytes())\n"
        "        print(message['kind'], message.get('error', ''), flush=True)\n"
        "        results += message['kind'] in ('result', 'failed')\n"
        "    window.close()\n"
        "threading.Thread(target=read).start()\n"
        f"serve(worker, names, {str(scratch_models)!r}, 'zoo:load')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split().count("result") == 2
    assert "failed" not in done.stdout


def test_networks_from_scratch_are_built_without_tensorflow(made_up_mnist, tmp_path):
    script = WITHOUT_TENSORFLOW + "from builders.cli import main; sys.exit(main(sys.argv[1:]))"
    command = ["scratch_small_mlp", "--quick", "--epochs", "1", "--data", str(made_up_mnist)]
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    command = [sys.executable, "-c", script, *command, *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "scratch_small_mlp_quick" in done.stdout


def test_no_pickle_and_no_eval():
    for file in (path for package in FORBIDDEN for path in Path(package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called.split(".")[0] not in {"pickle", "eval", "exec"}, f"{file}:{node.lineno}"
                assert "allow_pickle=True" not in ast.unparse(node), f"{file}:{node.lineno}"
