"""The notebooks of docs/tutorial/: they run, what they show is kept in them, and the names they use are there."""

import ast
import importlib
import inspect
import json
import os
import re
from pathlib import Path

import pytest

import zoo
from zoo.data.mnist import VARIABLE

FOLDER = Path("docs/tutorial")
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PAGES = [*NOTEBOOKS, FOLDER / "README.md"]
OURS = ("zoo", "builders", "gui")


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def code_of(path):
    return ast.parse("\n".join("".join(cell["source"]) for cell in cells(path, "code")))


def imported(code):
    """Return what a notebook imports of this project, by the names that it gives it."""
    found = {}
    for node in ast.walk(code):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in OURS:
            for name in node.names:
                module = importlib.import_module(node.module)
                found[name.name] = (
                    getattr(module, name.name)
                    if hasattr(module, name.name)
                    else importlib.import_module(f"{node.module}.{name.name}")
                )
    return found


def test_there_are_six_and_the_readme_lists_them():
    linked = re.findall(r"^\d\. \[.*?\]\((.*?)\): ", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert linked == [path.name for path in NOTEBOOKS]
    assert len(linked) == 6


@pytest.mark.slow  # one of them builds a network
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_names_of_the_project_are_there_and_take_these_arguments(path):
    code = code_of(path)
    known = {"zoo": zoo} | imported(code)
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            assert inspect.ismodule(known[node.value.id]) <= hasattr(known[node.value.id], node.attr), ast.unparse(node)
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Name):
            called = known.get(function.id)
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            called = getattr(known.get(function.value.id), function.attr, None)
        else:
            continue
        is_plain = not any(isinstance(part, ast.Starred) for part in node.args) and all(k.arg for k in node.keywords)
        if callable(called) and is_plain:
            inspect.signature(called).bind(*node.args, **{keyword.arg: None for keyword in node.keywords})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_shows_is_kept_in_it(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))  # run from top to bottom
    outputs = [output for cell in code for output in cell["outputs"]]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not any(output["output_type"] == "error" or output.get("name") == "stderr" for output in outputs)
    printed = "".join(line for output in outputs for line in output.get("text", []))
    assert "MNIST is not here" not in printed
    assert not re.search(r"(^|\s)(/tmp|/home|/root|/Users|[A-Z]:\\)", printed), printed
    assert path.stat().st_size < 300_000


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    prose = path.read_text(encoding="utf-8")
    if path in NOTEBOOKS:
        prose = "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))
    for link in re.findall(r"\]\((?!https?:)(.*?)(?:#.*?)?\)", prose):
        assert (FOLDER / link).exists(), link


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, monkeypatch):
    """Without MNIST unless it is named, so that nothing is downloaded."""
    from docs.run_tutorial import run

    monkeypatch.setenv(VARIABLE, os.environ.get(VARIABLE, "there_is_no_mnist.npz"))
    run(path)
