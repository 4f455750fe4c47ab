"""The dependency rule: builders -> saved_models -> zoo -> gui; and heavy libraries load only when they are used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_no_pickle_and_no_eval():
    for file in (path for package in FORBIDDEN for path in Path(package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called.split(".")[0] not in {"pickle", "eval", "exec"}, f"{file}:{node.lineno}"
                assert "allow_pickle=True" not in ast.unparse(node), f"{file}:{node.lineno}"
