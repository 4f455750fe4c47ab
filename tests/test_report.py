"""Reports: the figures in them are recomputed here, from what the models answer."""

import csv
import dataclasses
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from zoo import report as report_module
from zoo.artifacts import publish
from zoo.card import Card
from zoo.cli import main
from zoo.data.arrays import digest
from zoo.errors import ZooError
from zoo.evaluation.metrics import Evaluation
from zoo.evaluation.statistics import compare_pairs, holm, mcnemar, wilson
from zoo.report import Images, Model, Results, check_output, write_report
from zoo.report.markdown import plain_text, render, table
from zoo.report.model_plots import reliability
from zoo.report.results import Ensemble
from zoo.report.style import apart, log_ticks
from zoo.report.zoo_plots import remaining_errors

pytestmark = pytest.mark.slow


def evaluation(labels, digits, sure=0.7):
    """Each digit read with the probability `sure`; the others share the rest."""
    probabilities = np.full((len(labels), 10), (1 - sure) / 9)
    probabilities[np.arange(len(labels)), digits] = sure
    return Evaluation(np.asarray(labels), np.asarray(digits), probabilities)


@pytest.fixture(scope="module")
def results():
    """Three models that read 40 images, one of them a third party's, of which only what must be there is known."""
    random = np.random.default_rng(0)
    labels = np.arange(40) % 10
    images = Images("given images", random.integers(0, 256, (40, 28, 28), dtype=np.uint8), labels)
    bare = Card("bare", 1, Path("bare/1"), "Bare | <b>model</b>", parameters=5, metadata={"name": "bare"})
    curves = {"loss": [2.0, 1.0], "val_loss": [1.5, 0.9], "val_accuracy": [0.5, 0.9]}
    layers = {"rescaling": [28, 28], "conv": [24, 24, 3], "rows": [24, 7], "logits": [10]}
    facts = {"history": curves, "layers": layers, "latency_us": {"one_image": 120}, "seconds": 90, "calibration": None}
    full = Card("full", 2, Path("full/2"), "Full model", "It reads.", "Somebody (2001)", 7, metadata=facts)
    many = dataclasses.replace(  # whose title would be no formula
        full, name="other", title="Other $model^$", metadata=facts | {"layers": layers | {"a" * 70: [5]}}
    )
    wrong = {"bare": 0, "full": 4, "other": 9}
    return Results(
        {"images": images},
        [
            Model(card, {"images": evaluation(labels, (labels + (np.arange(40) < wrong[card.name])) % 10)})
            for card in (many, bare, full)
        ],
    )


@pytest.fixture(scope="module")
def report(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports") / "report"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zoo.report.style.DPI", 50)  # small pictures are drawn sooner
        write_report(results, folder)
        yield folder


def rows(report, name):
    with (report / "tables" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("correct", "total", "low", "high"),
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson(correct, total, low, high):
    assert wilson(correct, total) == pytest.approx((low, high), abs=5e-5)


def test_mcnemar():
    # Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data" (2013): 1 and 7 discordant pairs.
    assert mcnemar(1, 7) == mcnemar(7, 1) == pytest.approx(0.0703, abs=5e-5)
    assert mcnemar(0, 0) == mcnemar(5, 5) == 1
    assert mcnemar(0, 10) == pytest.approx(2 / 2**10)


def test_holm():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_pairs():
    labels = np.array([1, 2, 3, 4])
    digits = np.array([[1, 2, 3, 4], [1, 2, 9, 9], [1, 0, 8, 4]])
    found = [
        (pair.first, pair.second, pair.differ, pair.only_first, pair.only_second)
        for pair in compare_pairs(digits, labels)
    ]
    assert found == [(0, 1, 2, 2, 0), (0, 2, 2, 2, 0), (1, 2, 3, 1, 1)]


def test_votes():
    labels = np.array([7, 7, 3])
    ensemble = Ensemble(
        [
            evaluation(labels, [7, 2, 3], sure=0.4),
            evaluation(labels, [7, 7, 3], sure=0.5),
            evaluation(labels, [2, 7, 3], sure=0.4),
            evaluation(labels, [2, 1, 3], sure=0.95),
        ]
    )
    # Two for 7 and two for 2, but 2 with more probability; then two for 7, and one of the others is surer.
    assert ensemble.plurality.digits.tolist() == [2, 7, 3]
    assert ensemble.mean.digits.tolist() == [2, 1, 3]
    assert ensemble.disagreements.tolist() == [1, 0]
    assert ensemble.entropy == pytest.approx([1, 1.5, 0])
    assert ensemble.by_agreement() == {4: (1, 1), 2: (2, 1)}


def test_remaining_errors_and_reliability():
    labels = np.array([0, 1, 2, 3])
    read = evaluation(labels, [0, 9, 2, 9])
    read.probabilities[3, 9] = 0.3
    assert remaining_errors(read).tolist() == [2, 1, 1, 0, 0]
    [unsure, sure] = reliability(read)
    assert (sure[0], sure[1], sure[4]) == pytest.approx((0.7, 2 / 3, 3))
    assert (unsure[0], unsure[1], unsure[4]) == pytest.approx((0.3, 0, 1))


def test_discs_do_not_cover_each_other():
    points = np.array([[50, 50], [50, 50], [51, 50], [90, 90]], float)
    moved = apart(points, 10, np.array([0, 0]), np.array([100, 100]))
    gaps = np.linalg.norm(moved[:, None] - moved, axis=-1) + 100 * np.eye(4)
    assert gaps.min() > 9
    np.testing.assert_allclose(moved[3], points[3], atol=0.1)


@pytest.mark.parametrize("limits", [(0.42, 0.48), (10.95, 11.9), (7.05, 7.9), (0.3, 30), (7_000, 1_800_000)])
def test_every_logarithmic_axis_has_ticks_within_it(limits):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    axes.set(xscale="log", xlim=limits)
    log_ticks(axes.xaxis)
    ticks = axes.get_xticks()
    assert 2 <= len(ticks) <= 7
    assert limits[0] <= min(ticks) < max(ticks) <= limits[1]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert len(set(labels)) == len(labels)
    assert sum(map(len, labels)) < 40  # they stand side by side


def test_pages_and_pictures(report, results):
    pages = {path.stem: path.read_text() for path in report.glob("*.md")}
    assert set(pages) == {"README", "bare", "full", "other"}
    linked = {link for page in pages.values() for link in re.findall(r"!\[[^\]]+\]\((.+?)\)", page)}
    assert linked == {f"pictures/{path.name}" for path in (report / "pictures").iterdir()}
    for link in re.findall(r"[^!]\[[^\]]+\]\((.+?)\)", pages["README"]):
        assert (report / link).is_file()
    ranked = re.findall(r"\| (\d) \| \[(.+?)\]\((\w+).md\) \|.*?\| (\d+) \(", pages["README"])
    assert ranked == [("1", r"Bare \| &lt;b>model&lt;/b>", "bare", "40"), ("2", "Full model", "full", "36")] + [
        ("3", "Other $model^$", "other", "31")
    ]
    assert "None: all 40 are read right." in pages["bare"]
    assert "holds no curves" in pages["bare"]
    assert "All 9 of them" in pages["other"]
    assert "--strokes FILE.npz" in pages["README"]


def test_tables(report, results):
    for row, model in zip(rows(report, "scores"), results.models, strict=True):
        scored = model.evaluations["images"]
        assert (row["model"], int(row["correct"]), int(row["total"])) == (model.name, scored.correct, 40)
        assert [float(row["low_95"]), float(row["high_95"])] == pytest.approx(wilson(scored.correct, 40), rel=1e-5)
        assert float(row["calibration_error"]) == pytest.approx(scored.calibration_error, rel=1e-5)
    assert rows(report, "scores")[0]["latency_us"] == ""
    first = rows(report, "pairs")[1]
    assert [first[key] for key in ("first", "second", "differ", "n10", "n01")] == ["bare", "other", "9", "9", "0"]
    assert float(first["p"]) == pytest.approx(2 / 2**9, rel=1e-5)
    assert float(first["p_holm"]) == pytest.approx(3 * 2 / 2**9, rel=1e-5)
    right = [int(row["correct"]) for row in rows(report, "per-digit") if row["model"] == "other"]
    assert right == [3] * 9 + [4]
    counts = {(row["model"], row["digit"], row["read_as"]): int(row["images"]) for row in rows(report, "confusion")}
    assert (counts["other", "3", "4"], counts["other", "3", "3"], counts["bare", "3", "4"]) == (1, 3, 0)
    split = rows(report, "splits")
    assert sorted(int(row["image"]) for row in split) == list(range(9))
    assert all(int(row[f"votes_{row['label']}"]) in (1, 2) for row in split)
    votes = {row["vote"]: int(row["correct"]) for row in rows(report, "vote")}
    assert votes == {"mean probability": 36, "plurality": 36}
    assert "e-" not in "".join(path.read_text() for path in (report / "tables").iterdir())


def test_whose_the_images_are_is_said_on_every_page(results, report, tmp_path, monkeypatch):
    assert "CC BY" not in "".join(page.read_text() for page in report.glob("*.md"))
    images = results.sets["images"]
    monkeypatch.setattr("zoo.report.pages.MNIST_TEST_SHA256", digest(images.pixels, images.labels))
    monkeypatch.setattr("zoo.report.pages.PENDIGITS_LABELS_SHA256", digest(images.labels))
    monkeypatch.setattr("zoo.report._pictures", lambda results: [])
    write_report(results, tmp_path)
    for page in tmp_path.glob("*.md"):
        assert re.search(
            r"LeCun.*CC BY-SA 3\.0.*Pen-Based Recognition.*Alpaydin.*Alimoglu.*CC BY 4\.0", page.read_text()
        )


def test_the_same_answers_give_the_same_bytes(report, results):
    before = {path: path.read_bytes() for path in report.rglob("*.*") if path.is_file()}
    write_report(results, report)  # in place of the former one
    assert {path: path.read_bytes() for path in report.rglob("*.*") if path.is_file()} == before
    assert [path.name for path in report.parent.iterdir()] == ["report"]


@pytest.mark.parametrize("name", ["notes.txt", "README.md", "pictures/mine.jpg"])
def test_nothing_of_a_user_is_overwritten(name, tmp_path, results):
    file = tmp_path / "report" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    for folder in (tmp_path / "report", file):
        with pytest.raises(ZooError, match="found something else there"):
            check_output(folder)
        with pytest.raises(ZooError, match="found something else there"):
            write_report(results, folder)
    assert file.read_text() == "mine"


def test_a_failure_leaves_the_former_report(tmp_path, results, monkeypatch):
    (tmp_path / "report").mkdir()  # an empty folder is taken

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zoo.report.tables.write_tables", fail)
    with pytest.raises(ZooError, match="No space left"):
        write_report(results, tmp_path / "report")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_the_command(models, made_up_mnist, tmp_path, capsys):
    root = tmp_path / "models"
    shutil.copytree(models / "small_mlp", root / "small_mlp")
    foreign = {"title": "Foreign", "description": "", "reference": "", "parameters": 23_860, "runtime": "tensorflow"}
    publish(
        root,
        "foreign",
        foreign | {"metrics": {}},
        lambda folder: shutil.copytree(
            models / "small_mlp" / "1", folder, dirs_exist_ok=True, ignore=lambda *_: ["model.json"]
        ),
        lambda folder: None,
    )
    np.savez(
        tmp_path / "drawings.npz",
        points=np.random.default_rng(0).uniform(0, 500, (12, 2)).astype(np.float32),
        stroke_starts=np.arange(4) * 4,
        drawing_starts=np.arange(4),
        labels=np.arange(3, dtype=np.uint8),
    )
    given = ["report", "--data", made_up_mnist, "--root", root, "--output", tmp_path / "report"]
    assert main([*map(str, given), "--strokes", str(tmp_path / "drawings.npz")]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{tmp_path / 'report' / 'README.md'}\n"
    assert captured.err == ""
    scored = rows(tmp_path / "report", "scores")
    assert [(row["model"], row["set"], row["total"]) for row in scored] == [
        (name, *rest) for name in ("foreign", "small_mlp") for rest in (("images", "100"), ("drawings", "3"))
    ]
    # The same network twice: nothing to tell them apart.
    assert all(row["differ"] == "0" and row["p"] == "1" for row in rows(tmp_path / "report", "pairs"))
    assert "All models read all drawings alike." in (tmp_path / "report" / "README.md").read_text()
    (tmp_path / "report" / "mine.txt").touch()
    assert main(list(map(str, given))) == 0  # again, without the drawings
    assert (tmp_path / "report" / "mine.txt").exists()
    assert not list((tmp_path / "report" / "pictures").glob("*drawings*"))


def test_the_report_on_all_models_is_not_replaced_by_one_on_some(models, made_up_mnist, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(report_module, "FOLDER", tmp_path / "report")
    root = tmp_path / "models"
    shutil.copytree(models / "small_mlp", root / "small_mlp")
    shutil.copytree(models / "small_mlp", root / "damaged")
    monkeypatch.setattr("zoo._support.folders.models_folders", lambda: [root])
    given = ["report", "--data", str(made_up_mnist)]
    for some in (["small_mlp"], ["--root", str(root)]):
        assert main([*given, *some]) == 1
        assert re.fullmatch(r".* is for the report on all models: .* --output\.\n", capsys.readouterr().err)
    assert main(given) == 1
    assert re.search(r"^Nothing was written to .* --output\.$", capsys.readouterr().err, re.MULTILINE)
    assert not (tmp_path / "report").exists()
    assert main([*given, "--output", str(tmp_path / "some")]) == 1
    assert {row["model"] for row in rows(tmp_path / "some", "scores")} == {"small_mlp"}


def test_a_template_uses_no_name_that_it_is_not_given():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError, match="is undefined"):
        render("comparison", models=1)


def test_what_others_write_stays_text_in_a_page():
    assert plain_text("a\n\n<b> & |") == "a &lt;b> &amp; |"
    assert table(["a"], [["b|c"]], right=0) == "| a |\n| ---: |\n| b\\|c |"
