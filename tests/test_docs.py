"""The README: its numbers come from the artifacts, its commands and its code run, its tree is the tree."""

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from builders.cli import network_names
from zoo import list_models
from zoo.cli import main

README = Path("README.md").read_text(encoding="utf-8")


def between(start, end):
    return re.search(f"<!-- {start} -->\n(.*?)<!-- {end} -->", README, re.DOTALL)[1]


def test_the_table_of_models_is_what_the_artifacts_say(capsys):
    assert main(["list", "--markdown"]) == 0
    head, line, *rows = capsys.readouterr().out.splitlines(keepends=True)
    shipped = [row for row in rows if row.split("`")[1] in network_names()]  # not what somebody tries out
    assert between("models: python -m zoo list --markdown", "end of models") == "".join([head, line, *shipped])


def test_the_report_is_on_the_released_models_and_agrees_with_their_scores():
    with Path("docs/report/tables/scores.csv").open(encoding="utf-8", newline="") as file:
        told = {
            (row["model"], row["set"]): (int(row["version"]), int(row["correct"]), int(row["total"]))
            for row in csv.DictReader(file)
        }
    recorded = {
        (card.name, part): (card.version, card.metrics[key]["correct"], card.metrics[key]["total"])
        for card in list_models()
        for part, key in (("images", "mnist_test"), ("drawings", "drawings"))
        if card.name in network_names()
    }
    assert told == recorded  # else: python -m zoo report --strokes FILE.npz


def test_python_examples_run():
    code = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "[7]" in done.stdout
    assert "(5, 10) (5, 10)" in done.stdout


COMMANDS = re.findall(r"^python -m zoo (.*?)\s+#", re.search(r"```sh\n(.*?)```", README, re.DOTALL)[1], re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command, capsys):
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out


def test_the_tree_lists_every_module():
    folders, listed = [], set()
    for line in between("tree", "end of tree").splitlines():
        names = line[4:].split("  ")[0 if line[4] != " " else 1]
        if names.endswith("/"):
            folders = [names.strip()]
        else:
            listed |= {folders[0] + name.strip() for name in names.split(",")}
    shown = {name for name in listed if name.endswith(".py")}
    there = {
        path.as_posix()
        for package in ("builders", "zoo", "zoo/report", "zoo/scratch", "gui", *map(str, Path("gui").glob("[!r_]*/")))
        for path in Path(package).glob("*.py")
        if path.name != "__init__.py"
    }
    assert shown == there


def test_pictures_are_there():
    for link in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert Path(link).is_file()
