"""The search for recipes: exactly as many trials as asked for, whoever is killed; going on; the report; errors."""

import contextlib
import csv
import importlib
import importlib.util
import inspect
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import optuna
import pytest

from builders import large_mlp, scratch_large_mlp, scratch_small_mlp, small_mlp
from builders.search import report, studies
from builders.search import search as search_module
from builders.search.cli import main
from builders.search.report import recipe_text
from builders.search.search import THREADS, Search, default_space, with_values
from builders.training import checkpoint
from builders.training.networks import network_names
from tests.waiting import PATIENCE, until
from zoo.errors import ZooError

pytestmark = pytest.mark.slow

NAME = "scratch_small_mlp"


@pytest.fixture
def search(made_up_mnist, tmp_path):
    """The arguments of a search of seconds."""
    folders = ["--storage", f"sqlite:///{tmp_path / 'search.db'}", "--checkpoints", str(tmp_path / "runs")]
    quick = ["--images", "3", "--epochs", "2", "--heartbeat", "1", "--data", str(made_up_mnist)]
    return [NAME, *quick, *folders, "--output", str(tmp_path / "report")]


@pytest.fixture
def undrawn():
    """Reports without their pictures, which take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "_draw", lambda *_: None)
        yield


def query(folder, sql, patience=60):
    """Ask a database of studies, by another way than through Optuna."""
    with contextlib.closing(sqlite3.connect(folder / "search.db", timeout=patience)) as connection:
        return connection.execute(sql).fetchall()


def started(arguments, trials, epochs):
    command = [sys.executable, "-m", "builders.search", *arguments, "--trials", str(trials), "--epochs", str(epochs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)


def running(folder):
    with contextlib.suppress(sqlite3.OperationalError):  # no tables yet, or locked by a worker that stands still
        return query(folder, "SELECT number FROM trials WHERE state = 'RUNNING'", patience=0.1)
    return []


def test_of_two_workers_one_is_killed_and_all_trials_are_finished_once(search, tmp_path):
    trials = 6
    with (
        started(search, trials, epochs=40) as survivor,
        started([*search[:-1], str(tmp_path / "report_of_victim")], trials, epochs=40) as victim,
        contextlib.ExitStack() as at_the_end,
    ):
        for worker in (survivor, victim):
            at_the_end.callback(worker.kill)

        def killed():  # once both are in the middle of a trial: while they stand still, that can be told
            assert survivor.poll() is None
            assert victim.poll() is None
            if len(running(tmp_path)) < 2:
                return False
            for worker in (survivor, victim):
                worker.send_signal(signal.SIGSTOP)
            both = len(running(tmp_path)) == 2
            if both:
                victim.send_signal(signal.SIGKILL)
            for worker in (survivor, victim):
                worker.send_signal(signal.SIGCONT)
            return both

        until(killed)
        said, errors = survivor.communicate(timeout=2 * PATIENCE)
    assert survivor.returncode == 0, errors
    assert "failed" in said
    states = dict(query(tmp_path, "SELECT state, count(*) FROM trials GROUP BY state"))
    assert states.pop("FAIL") >= 1  # more, where the machine is so busy that a living worker seems dead
    assert set(states) <= {"COMPLETE", "PRUNED"}
    assert sum(states.values()) == trials
    rates = "SELECT param_value FROM trial_params JOIN trials USING (trial_id) WHERE param_name = 'learning_rate'"
    finished = query(tmp_path, f"{rates} AND state IN ('COMPLETE', 'PRUNED')")
    assert len(set(finished)) == trials
    assert set(query(tmp_path, f"{rates} AND state = 'FAIL'")) <= set(finished)  # tried again with the same values
    assert list((tmp_path / "runs").iterdir()) == []


def test_workers_end_with_the_process_that_started_them(search, tmp_path):
    employer = started([*search, "--workers", "2"], trials=20, epochs=40)
    try:
        until(lambda: running(tmp_path) or employer.poll() is not None)
        assert employer.poll() is None
    finally:
        employer.kill()
    employer.communicate(timeout=PATIENCE)  # the pipes are closed when the last who writes to them has ended


def test_workers_end_when_the_process_that_started_them_fails(search, monkeypatch):
    def fail(*_):
        assert len(multiprocessing.active_children()) == 2
        raise RuntimeError("full")

    monkeypatch.setattr(Search, "_show_on", fail)
    with pytest.raises(RuntimeError, match="full"):
        main([*search, "--workers", "2"])
    assert not multiprocessing.active_children()


def test_workers_share_the_processors(search, monkeypatch):
    given = []

    def start(_):
        given.append([os.environ[name] for name in THREADS])
        raise KeyboardInterrupt

    for name in THREADS[1:]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(THREADS[0], "3")  # as the user said
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", start)
    assert main([*search, "--workers", "2"]) == 130
    assert given == [["3", "4", "4", "4"]]
    assert [os.environ.get(name) for name in THREADS] == ["3", None, None, None]


@pytest.mark.usefixtures("undrawn")
def test_a_trial_taken_over_at_its_very_end_is_left_to_the_other_worker(search, tmp_path, monkeypatch, capsys):
    train = search_module.train

    def train_then_lose(*arguments, **options):
        training = train(*arguments, **options)
        with contextlib.closing(sqlite3.connect(tmp_path / "search.db", timeout=60)) as connection, connection:
            connection.execute("UPDATE trials SET state = 'FAIL' WHERE number = 0")
        return training

    monkeypatch.setattr(search_module, "train", train_then_lose)
    assert main([*search, "--trials", "1"]) == 0
    assert "went to another worker" in capsys.readouterr().err
    assert query(tmp_path, "SELECT state FROM trials ORDER BY number") == [("FAIL",), ("COMPLETE",)]


@pytest.mark.usefixtures("undrawn")
def test_a_trial_that_fails_whenever_it_is_tried_is_given_up(search, tmp_path, monkeypatch, capsys):
    def fail(*_, **__):
        raise ZooError("no memory")

    monkeypatch.setattr(search_module, "train", fail)
    for _ in range(studies.ATTEMPTS):
        assert sentence_of(capsys, [*search, "--trials", "1"]) == "no memory"
    monkeypatch.undo()
    assert main([*search, "--trials", "2"]) == 0
    said = capsys.readouterr().out
    assert "1 complete, 3 failed" in said
    assert "Given up, as 3 attempts failed without a further epoch: trial 0." in said


@pytest.mark.usefixtures("undrawn")
def test_an_interrupted_trial_goes_on_after_its_last_epoch(search, tmp_path, monkeypatch, capsys):
    assert main([*search, "--trials", "1"]) == 0
    save = checkpoint.Checkpoint.write

    def save_then_stop(*arguments):
        save(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint.Checkpoint, "write", save_then_stop)
    assert main([*search, "--trials", "2"]) == 130
    [sentence] = capsys.readouterr().err.strip().splitlines()
    assert sentence.endswith("the same command goes on.")
    monkeypatch.undo()
    assert main([*search, "--trials", "1"]) == 0  # which leaves the other trial alone
    assert main([*search, "--trials", "2"]) == 0
    said = capsys.readouterr().out
    assert "going on after epoch 1 of 2" in said
    assert "2 complete, 1 failed" in said
    kept = query(tmp_path, "SELECT step FROM trial_intermediate_values JOIN trials USING (trial_id) WHERE number = 2")
    assert sorted(kept) == [(1,), (2,)]  # the second attempt is told of the first one's epoch too


def test_more_trials_go_on_and_the_report_says_what_was_found(search, tmp_path, capsys):
    assert main([*search, "--trials", "2"]) == 0
    assert main([*search, "--trials", "4"]) == 0
    assert "4 complete" in capsys.readouterr().out
    assert main([*search, "--report", "--trials", "1"]) == 0
    said = capsys.readouterr().out
    report = tmp_path / "report"
    with (report / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["0", "1", "2", "3"]
    best = max(int(row["correct"]) for row in rows)
    assert f"{best} of 100" in said
    assert "for 2 epochs on 3 images, with drawings in proportion, and learned from labels" in said
    assert float(rows[0]["learning_rate"]) == scratch_small_mlp.NETWORK.recipe.learning_rate  # what is to be beaten
    recipe = (report / "recipe.txt").read_text()
    assert recipe.startswith(f"recipe=ScratchRecipe(epochs={scratch_small_mlp.NETWORK.recipe.epochs}, ")
    assert recipe.strip() in said
    for picture in ("history", "slices"):
        assert (report / f"{picture}.png").read_bytes().startswith(b"\x89PNG")


def test_a_stopped_trial_is_pruned_and_leaves_no_checkpoint(search, tmp_path, monkeypatch, capsys):
    always = optuna.pruners.ThresholdPruner(lower=2.0)
    monkeypatch.setattr(optuna.pruners, "MedianPruner", lambda **_: always)
    assert main([*search, "--trials", "1"]) == 0
    assert "stopped after epoch 1" in capsys.readouterr().out
    assert query(tmp_path, "SELECT state FROM trials") == [("PRUNED",)]
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_keras_network_is_searched_in_processes_of_their_own(search, tmp_path, capfd):
    assert main(["small_mlp", *search[1:], "--trials", "2", "--workers", "2"]) == 0
    assert "2 complete" in capfd.readouterr().out
    recipe = (tmp_path / "report" / "recipe.txt").read_text()
    assert recipe.startswith(f"recipe=Recipe(epochs={small_mlp.NETWORK.recipe.epochs}, ")


def trial(number, state="FAIL", epochs=0, **facts):
    made = optuna.trial.create_trial(
        state=optuna.trial.TrialState[state],
        value=0.5 if state == "COMPLETE" else None,
        intermediate_values=dict.fromkeys(range(1, epochs + 1), 0.5),
        user_attrs=facts,
    )
    made.number = number
    return made


@pytest.mark.parametrize(
    ("epochs", "expected"),
    [([0, 0], False), ([0, 0, 0], True), ([5, 5, 5], True), ([5, 0, 4], True), ([0, 5, 5], False), ([1, 2, 3], False)],
)
def test_a_trial_is_given_up_that_came_no_further_in_three_attempts(epochs, expected):
    tried = {attempt: trial(attempt, epochs=count) for attempt, count in enumerate(epochs, 1)}
    assert studies.is_given_up(tried) == expected
    tried[1].user_attrs["note"] = studies.INTERRUPTED
    assert not studies.is_given_up(tried)


def test_what_two_workers_add_twice_counts_once():
    trials = [
        trial(0, "COMPLETE"),
        trial(1),
        trial(2, "RUNNING"),  # one too many of two
        trial(3, retry_of=1, attempt=2),
        trial(4, retry_of=1, attempt=2),
        trial(5, "COMPLETE", retry_of=1, attempt=3),
    ]
    assert [studies.counts(number, trials, wanted=2) for number in range(6)] == [True, True, False, True, False, True]
    assert studies.finished(trials, wanted=2) == 2
    assert studies.counts(2, trials, wanted=3)
    assert studies.finished(trials, wanted=3) == 2


def test_a_worker_that_dies_before_any_sign_of_life_is_missed(tmp_path):
    with studies.open_storage(f"sqlite:///{tmp_path / 'search.db'}", heartbeat=1) as storage:
        study = optuna.create_study(storage=storage, study_name="s")
        storage.create_new_trial(storage.get_study_id_from_name("s"))
        studies.settle(study, storage, wanted=1)
        assert query(tmp_path, "SELECT state FROM trials") == [("RUNNING",)]
        with contextlib.closing(sqlite3.connect(tmp_path / "search.db")) as connection, connection:
            connection.execute("UPDATE trial_heartbeats SET heartbeat = datetime('now', '-4 seconds')")
        for _ in range(2):  # the second time there is nothing left to settle
            studies.settle(study, storage, wanted=1)
            assert query(tmp_path, "SELECT state FROM trials ORDER BY number") == [("FAIL",), ("WAITING",)]
        assert study.trials[1].user_attrs == {"retry_of": 0, "attempt": 2}


def test_spaces_may_set_fields_of_the_recipe_and_sizes():
    network = replace(scratch_small_mlp.NETWORK, space=None)
    changed = with_values(network, {"learning_rate": 0.5, "units": 7})
    assert changed.recipe == replace(network.recipe, learning_rate=0.5)
    assert changed.build().initialise(1).parameters["hidden.kernel"].shape == (784, 7)
    with pytest.raises(ZooError, match="'learning_rat'"):
        with_values(network, {"learning_rat": 0.5})
    trial = optuna.trial.FixedTrial({"learning_rate": 0.3, "weight_decay": 1e-4, "label_smoothing": 0.1} | WARPS)
    assert with_values(network, default_space(trial, network.recipe)).recipe.learning_rate == 0.3


WARPS = {"warp": 0.5, "synthetic_warp": 0.5}


@pytest.mark.parametrize("name", network_names())
def test_the_present_recipe_lies_in_its_space(name):
    network = importlib.import_module(f"builders.{name}").NETWORK
    sizes = {size.name: size.default for size in inspect.signature(network.build).parameters.values()}
    trial = optuna.trial.FixedTrial(sizes | asdict(network.recipe))  # which warns of values that do not
    values = network.space(trial) if network.space else default_space(trial, network.recipe)
    assert with_values(network, values).recipe == network.recipe


@pytest.mark.usefixtures("undrawn")
def test_a_space_without_the_present_recipe_is_reported(search, monkeypatch, capsys):
    network = replace(scratch_small_mlp.NETWORK, space=lambda trial: {"units": trial.suggest_int("units", 31, 32)})
    monkeypatch.setattr(scratch_small_mlp, "NETWORK", network)
    assert main([*search, "--trials", "1"]) == 0
    said = capsys.readouterr().out
    assert "does not hold its present recipe" in said
    assert "from functools import partial\n\nbuild=partial(scratch_small_mlp, units=3" in said


def test_the_recipe_to_paste_fits_a_network_whose_recipe_was_pasted_before():
    network = scratch_large_mlp.NETWORK
    network = replace(network, build=partial(network.build, units=50, dropout=0.25))
    build = "build=partial(scratch_large_mlp, units=7, dropout=0.25),\nrecipe=ScratchRecipe("
    assert build in recipe_text(network, {"units": 7})
    assert large_mlp.NETWORK.recipe.teacher
    assert "teacher" not in recipe_text(large_mlp.NETWORK, {"warp": 0.5})  # which trials do without


def sentence_of(capsys, arguments, code=1):
    assert main(arguments) == code
    [sentence] = capsys.readouterr().err.strip().splitlines()
    return sentence


def test_errors_are_one_sentence(search, tmp_path, capsys, monkeypatch):
    assert "No network 'small'" in sentence_of(capsys, ["small"], code=2)
    assert "is no URL" in sentence_of(capsys, [*search, "--storage", "here"])
    assert "names no file" in sentence_of(capsys, [*search, "--storage", "sqlite://"])
    assert "names no database that" in sentence_of(capsys, [*search, "--storage", "nodb://host/zoo"])
    assert "cannot be used" in sentence_of(capsys, [*search, "--storage", f"sqlite:///{tmp_path}"])
    assert "There is no database" in sentence_of(capsys, [*search, "--report"])
    assert "as a name of a study" in sentence_of(capsys, [*search, "--study", "../up"])
    assert "nothing" in sentence_of(capsys, [*search, "--data", str(tmp_path / "nothing")])
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'psycopg" in sentence_of(
        capsys, [*search, "--storage", "postgresql+psycopg://nobody@localhost:1/zoo"]
    )


@pytest.mark.skipif(not importlib.util.find_spec("psycopg"), reason="needs psycopg")
def test_a_server_that_is_not_there_is_one_sentence(search, capsys):
    url = "postgresql+psycopg://nobody:secret@localhost:1/zoo"
    sentence = sentence_of(capsys, [*search, "--storage", url])
    assert "cannot be used" in sentence
    assert "secret" not in sentence


@pytest.mark.usefixtures("undrawn")
def test_a_study_and_a_folder_are_not_mixed_up_with_others(search, tmp_path, capsys):
    assert main([*search, "--trials", "1"]) == 0
    capsys.readouterr()
    assert "begun with epochs 2, not 3" in sentence_of(capsys, [*search, "--epochs", "3"])
    assert "begun with heartbeat 1, not 5" in sentence_of(capsys, [*search, "--heartbeat", "5"])
    assert "of another database" in sentence_of(capsys, [*search, "--storage", f"sqlite:///{tmp_path / 'other.db'}"])
    assert "not a report on other" in sentence_of(capsys, [*search, "--study", "other"])
    assert "No study 'other'" in sentence_of(
        capsys, [*search, "--study", "other", "--report", "--output", str(tmp_path / "more")]
    )
    old = tmp_path / "report" / "importances.png"
    old.write_text("of a study that was here before")
    assert main([*search, "--report"]) == 0
    assert not old.exists()
    (tmp_path / "mine").mkdir()
    note = Path(tmp_path / "mine" / "trials.csv")
    note.write_text("mine")
    assert "not a report on" in sentence_of(capsys, [*search, "--output", str(note.parent)])
    assert note.read_text() == "mine"


def test_databases_of_the_same_name_in_two_folders_are_two(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = studies.database_id("sqlite:///search.db")
    assert here == studies.database_id(f"sqlite:///{tmp_path / 'search.db'}")
    (tmp_path / "there").mkdir()
    monkeypatch.chdir("there")
    assert studies.database_id("sqlite:///search.db") != here
    assert studies.database_id("sqlite:///../search.db") == here
