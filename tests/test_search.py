"""The search for recipes: exactly as many trials as asked for, whoever is killed; going on; the report; errors."""

import contextlib
import csv
import importlib.util
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import optuna
import pytest

from builders import scratch_small_mlp, scratch_training, studies
from builders.search import default_space, main, with_values
from zoo.errors import ZooError

NAME = "scratch_small_mlp"


@pytest.fixture
def search(made_up_mnist, tmp_path):
    """The arguments of a search of seconds."""
    folders = ["--storage", f"sqlite:///{tmp_path / 'search.db'}", "--checkpoints", str(tmp_path / "runs")]
    quick = ["--images", "3", "--epochs", "2", "--heartbeat", "1", "--data", str(made_up_mnist)]
    return [NAME, *quick, *folders, "--output", str(tmp_path / "report")]


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
        deadline = time.monotonic() + 300
        while True:  # until both are in the middle of a trial: while they stand still, that can be told
            assert time.monotonic() < deadline
            assert survivor.poll() is None
            assert victim.poll() is None
            if len(running(tmp_path)) == 2:
                for worker in (survivor, victim):
                    worker.send_signal(signal.SIGSTOP)
                both = len(running(tmp_path)) == 2
                if both:
                    victim.send_signal(signal.SIGKILL)
                for worker in (survivor, victim):
                    worker.send_signal(signal.SIGCONT)
                if both:
                    break
            time.sleep(0.02)
        said, errors = survivor.communicate(timeout=600)
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


def test_an_interrupted_trial_goes_on_after_its_last_epoch(search, tmp_path, monkeypatch, capsys):
    save = scratch_training.Checkpoint.save

    def save_then_stop(*arguments):
        save(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(scratch_training.Checkpoint, "save", save_then_stop)
    assert main([*search, "--trials", "2"]) == 130
    [sentence] = capsys.readouterr().err.strip().splitlines()
    assert sentence.endswith("the same command goes on.")
    monkeypatch.undo()
    assert main([*search, "--trials", "2"]) == 0
    said = capsys.readouterr().out
    assert "going on after epoch 1 of 2" in said
    assert "2 complete, 1 failed" in said
    kept = query(tmp_path, "SELECT step FROM trial_intermediate_values JOIN trials USING (trial_id) WHERE number = 1")
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
    assert main(["small_mlp", *search[1:], "--trials", "3", "--workers", "2"]) == 0
    assert "3 complete" in capfd.readouterr().out
    assert (tmp_path / "report" / "recipe.txt").read_text().startswith("recipe=Recipe(epochs=400, ")


def test_what_two_workers_add_twice_counts_once():
    def trial(number, state="FAIL", **facts):
        value = 0.5 if state == "COMPLETE" else None
        made = optuna.trial.create_trial(state=optuna.trial.TrialState[state], value=value, user_attrs=facts)
        made.number = number
        return made

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


WARPS = {"warp": 0.5, "drawings_warp": 0.5}


def told(capsys, arguments, code=1):
    assert main(arguments) == code
    [sentence] = capsys.readouterr().err.strip().splitlines()
    return sentence


def test_errors_are_one_sentence(search, tmp_path, capsys, monkeypatch):
    assert "No network 'small'" in told(capsys, ["small"], code=2)
    assert "is no URL" in told(capsys, [*search, "--storage", "here"])
    assert "names no file" in told(capsys, [*search, "--storage", "sqlite://"])
    assert "names no database that" in told(capsys, [*search, "--storage", "nodb://host/zoo"])
    assert "cannot be used" in told(capsys, [*search, "--storage", f"sqlite:///{tmp_path}"])
    assert "There is no database" in told(capsys, [*search, "--report"])
    assert "as a name of a study" in told(capsys, [*search, "--study", "../up"])
    assert "nothing" in told(capsys, [*search, "--data", str(tmp_path / "nothing")])
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'psycopg" in told(capsys, [*search, "--storage", "postgresql+psycopg://nobody@localhost:1/zoo"])


@pytest.mark.skipif(not importlib.util.find_spec("psycopg"), reason="needs psycopg")
def test_a_server_that_is_not_there_is_one_sentence(search, capsys):
    url = "postgresql+psycopg://nobody:secret@localhost:1/zoo"
    sentence = told(capsys, [*search, "--storage", url])
    assert "cannot be used" in sentence
    assert "secret" not in sentence


def test_a_study_and_a_folder_are_not_mixed_up_with_others(search, tmp_path, capsys):
    assert main([*search, "--trials", "1"]) == 0
    capsys.readouterr()
    assert "begun with epochs 2, not 3" in told(capsys, [*search, "--epochs", "3"])
    assert "not a report on other" in told(capsys, [*search, "--study", "other"])
    assert "No study 'other'" in told(
        capsys, [*search, "--study", "other", "--report", "--output", str(tmp_path / "more")]
    )
    (tmp_path / "mine").mkdir()
    note = Path(tmp_path / "mine" / "trials.csv")
    note.write_text("mine")
    assert "not a report on" in told(capsys, [*search, "--output", str(note.parent)])
    assert note.read_text() == "mine"
