"""The README and docs/: numbers come from the artifacts, commands and code run, what links and texts name is there."""

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import builders.cli
import builders.finetune
import builders.search.cli
import gui.__main__
import zoo.cli
from builders.training.networks import network_names
from zoo import list_models

PAGES = {
    str(path): path.read_text(encoding="utf-8") for path in (Path("README.md"), *sorted(Path("docs").glob("*.md")))
}
PAGES = PAGES | {"CONTRIBUTING.md": Path("CONTRIBUTING.md").read_text(encoding="utf-8")}
README = PAGES["README.md"]
PROGRAMS = {
    "zoo": zoo.cli.main,
    "builders": builders.cli.main,
    "builders.finetune": builders.finetune.main,
    "builders.search": builders.search.cli.main,
    "gui": gui.__main__.main,
}
BLOCKS = [block for page in PAGES.values() for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)]
COMMANDS = sorted({line.split("  #")[0].strip() for block in BLOCKS for line in block.splitlines()})
QUICK = re.compile(r"python -m zoo (list|info|predict|compare|verify|bench)\b")


def between(start, end):
    return re.search(f"<!-- {start} -->\n(.*?)<!-- {end} -->", README, re.DOTALL)[1]


def test_the_readme_is_short():
    assert len(README.splitlines()) < 200


def test_the_table_of_models_is_what_the_artifacts_say(capsys):
    assert zoo.cli.main(["list", "--markdown"]) == 0
    head, line, *rows = capsys.readouterr().out.splitlines(keepends=True)
    shipped = [row for row in rows if row.split("`")[1] in network_names()]  # not what somebody tries out
    assert between("models: python -m zoo list --markdown", "end of models") == "".join([head, line, *shipped])


def test_the_report_is_on_the_released_models_and_agrees_with_their_scores():
    with Path("docs/report/tables/scores.csv").open(encoding="utf-8", newline="") as file:
        stated = {
            (row["model"], row["set"]): (int(row["version"]), int(row["correct"]), int(row["total"]))
            for row in csv.DictReader(file)
        }
    recorded = {
        (card.name, part): (card.version, card.metrics[key]["correct"], card.metrics[key]["total"])
        for card in list_models()
        for part, key in (("images", "mnist_test"), ("drawings", "drawings"))
        if card.name in network_names()
    }
    assert stated == recorded  # else: python -m zoo report --strokes FILE.npz


def run_examples(page):
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGES[page], re.DOTALL))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_python_examples_of_the_readme_run():
    said = run_examples("README.md")
    assert "[7]" in said
    assert "(5, 10) (5, 10)" in said


def test_the_example_by_numpy_alone_says_what_the_library_says():
    answers = run_examples("docs/models.md").splitlines()[-1].strip("[]").split()  # that one comes last
    blank = zoo.load("scratch_small_mlp").predict(np.zeros((5, 28, 28), np.uint8))
    assert answers == [str(digit) for digit in blank.digits]


@pytest.mark.slow
@pytest.mark.parametrize("command", list(filter(QUICK.match, COMMANDS)))
def test_commands_run(command, capsys):
    assert zoo.cli.main(shlex.split(command)[3:]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_and_their_options_are_those_that_help_lists(command, capsys):
    python, dash_m, program, *arguments = shlex.split(command)
    assert (python, dash_m) == ("python", "-m")
    options = {argument for argument in arguments if argument.startswith("--")}
    with pytest.raises(SystemExit, match="0"):
        PROGRAMS[program]([*arguments[: program == "zoo"], "--help"])
    assert options <= set(re.findall(r"--[\w-]+", capsys.readouterr().out))


def test_the_tree_lists_every_folder_of_the_code():
    parents, listed = {}, set()
    for line in between("tree", "end of tree").splitlines():
        indent, name = re.match(r"( +)(\S+)/ ", line).groups()
        parents[len(indent)] = name
        path = Path(*(parents[depth] for depth in sorted(parents) if depth <= len(indent)))
        assert path.is_dir()
        listed.add(path)
    code = {file.parent for package in ("zoo", "builders", "gui") for file in Path(package).rglob("*.py")}
    assert code <= listed


def anchors(text):
    """Return the names by which one can link to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    prose = re.sub(r"```.*?```", "", PAGES[page], flags=re.DOTALL)
    for link in re.findall(r"\]\((?!https?:)(.*?)\)", prose):
        path, _, anchor = link.partition("#")
        target = Path(page).parent / path if path else Path(page)
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_exist(page):
    for name in re.findall(r"`((?:zoo|builders|gui|tests|docs)/[\w/.-]+)`", PAGES[page]):
        assert Path(name).exists() or "NAME" in name, name
