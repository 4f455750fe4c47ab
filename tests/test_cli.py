"""The command line as a user and a program meet it."""

import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from zoo._support.folders import REFERENCE_DIGITS
from zoo.cli import main
from zoo.data import mnist
from zoo.data.corruptions import CORRUPTIONS
from zoo.ensemble import NOT_ONE_DIGIT
from zoo.evaluation import sets as evaluated
from zoo.report import misread_sheet
from zoo.synthetic.digits import draw_digit


@pytest.fixture
def picture(tmp_path):
    image = Image.new("L", (200, 200), 255)
    image.paste(0, (90, 30, 110, 170))
    image.save(tmp_path / "one.png")
    return str(tmp_path / "one.png")


def run(capsys, *arguments):
    code = main(list(map(str, arguments)))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_list_and_info(models, capsys):
    code, out, err = run(capsys, "list", "--root", models)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["name", "small_mlp", "two_conv_cnn"]
    assert "85,670" in out
    assert "1 of 10 MNIST test images (10.00%)" in out
    cards = json.loads(run(capsys, "list", "--json", "--root", models)[1])
    assert [card["parameters"] for card in cards] == [23_860, 85_670]
    code, out, _ = run(capsys, "info", "small_mlp", "--root", models)
    assert "Nielsen" in out
    assert "hidden [30]" in out
    assert json.loads(run(capsys, "info", "small_mlp", "--json", "--root", models)[1])["name"] == "small_mlp"


def test_predict_and_compare(models, picture, capsys, tmp_path):
    code, out, err = run(capsys, "predict", picture, tmp_path / "none.png", "--model", "small_mlp", "--root", models)
    assert code == 1  # one picture is missing; the other is read all the same
    assert "none.png, found nothing" in err
    assert out.split()[0] in "0123456789"
    [result] = json.loads(run(capsys, "predict", picture, "--json", "--root", models)[1])
    assert result["digit"] == int(np.argmax(result["probabilities"]))
    assert sum(result["probabilities"]) == pytest.approx(1, abs=1e-4)

    chart = tmp_path / "chart.png"
    code, out, err = run(capsys, "compare", picture, "--plot", chart, "--root", models)
    assert (code, err) == (0, "")
    told = json.loads(run(capsys, "compare", picture, "--json", "--root", models)[1])
    vote = told["vote"]
    assert out.splitlines()[-1].startswith(f"{vote['verdict']}: ")
    assert (vote["verdict"] == NOT_ONE_DIGIT) == vote["is_doubtful"]
    assert vote["doubt"] == pytest.approx(told["models"][1]["doubt"])  # of the one that learned from outliers
    assert " say" in out
    with Image.open(chart) as drawn:
        assert drawn.size > (400, 200)
    code, _, err = run(capsys, "compare", picture, "--plot", chart, "--root", models)
    assert code == 1
    assert "exists already" in err
    comparison = json.loads(run(capsys, "compare", picture, "--json", "--models", "small_mlp", "--root", models)[1])
    assert [model["model"] for model in comparison["models"]] == ["small_mlp"]


def test_predict_of_a_part_and_of_all_that_a_picture_shows(tmp_path, capsys):
    row = Image.new("L", (520, 260), 255)
    for place, digit in enumerate((3, 7)):
        with Image.open(REFERENCE_DIGITS / f"{digit}.png") as image:
            row.paste(image.convert("L").resize((160, 160)), (40 + 250 * place, 50))
    row.save(tmp_path / "row.png")
    code, out, err = run(capsys, "predict", tmp_path / "row.png", "--all", "--model", "two_conv_cnn")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["3", "7"]
    told = json.loads(run(capsys, "predict", tmp_path / "row.png", "--all", "--json", "--model", "two_conv_cnn")[1])
    assert [one["digit"] for one in told] == [3, 7]
    for line, one in zip(out.splitlines(), told, strict=True):
        box = line.split()[3]  # as --box takes it
        assert box == ",".join(map(str, one["box"]))
        given = ["predict", tmp_path / "row.png", "--box", box, "--json", "--model", "two_conv_cnn"]
        [alone] = json.loads(run(capsys, *given)[1])
        assert alone["digit"] == one["digit"]
        x, y, width, height = one["box"]
        assert (y > 40, height > 100, width < 160) == (True, True, True)
    assert told[0]["box"][0] < 200 < told[1]["box"][0]
    code, out, err = run(capsys, "predict", tmp_path / "row.png", "--box", "900,0,10,10")
    assert (code, out) == (1, "")
    assert "520 x 260" in err
    for wrong in (["--box", "1,2,3"], ["--box", "1,2,0,4"], ["--box", "0,0,9,9", "--all"]):
        with pytest.raises(SystemExit, match="2"):
            main(["predict", str(tmp_path / "row.png"), *wrong])
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_black_picture_has_no_ink(models, picture, tmp_path, capsys):
    black = tmp_path / "black.png"
    Image.new("L", (28, 28)).save(black)
    code, out, err = run(capsys, "predict", black, picture, "--model", "small_mlp", "--root", models)
    assert (code, len(out.splitlines())) == (1, 1)
    assert "found no ink" in err
    code, out, err = run(capsys, "compare", black, "--root", models)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "found no ink" in err


def test_evaluate_counts_every_image(models, made_up_mnist, capsys):
    code, out, err = run(capsys, "evaluate", "--data", made_up_mnist, "--root", models)
    assert (code, err) == (0, "")
    results = json.loads(run(capsys, "evaluate", "--data", made_up_mnist, "--json", "--root", models)[1])
    head, *rows, legend = out.splitlines()
    assert re.split("  +", head) == ["model", "of 100 images", "ECE"]
    assert legend.startswith("ECE: expected calibration error")
    for row, result in zip(rows, results, strict=True):
        confusion = np.array(result["confusion"])
        assert confusion.sum(axis=1).tolist() == [10] * 10
        assert result["correct"] == confusion.trace()
        assert result["total"] == 100
        assert (result["by_digit"]["3"]["correct"], result["by_digit"]["3"]["total"]) == (confusion[3, 3], 10)
        right, share, error = row.split()[1:]
        assert (int(right), float(share.strip("%"))) == (result["correct"], result["correct"])
        assert float(error.strip("%")) == pytest.approx(100 * result["calibration_error"], abs=0.01)


@pytest.fixture
def strokes(tmp_path):
    """Thirty drawings by three writers."""
    random = np.random.default_rng(0)
    drawings = [draw_digit(i % 10, random)[0] for i in range(30)]
    lines = [stroke for drawing in drawings for stroke in drawing]
    np.savez(
        tmp_path / "drawn.npz",
        points=np.concatenate(lines).astype(np.float32),
        stroke_starts=np.cumsum([0, *map(len, lines)]),
        drawing_starts=np.cumsum([0, *map(len, drawings)]),
        labels=np.arange(30, dtype=np.uint8) % 10,
        writers=np.repeat(np.array([4, 2, 9], np.uint8), 10),
    )
    return tmp_path / "drawn.npz"


def test_evaluate_on_drawings_and_corruptions(models, made_up_mnist, strokes, capsys):
    given = ["evaluate", "--data", made_up_mnist, "--strokes", strokes, "--corruptions", "--root", models]
    code, out, err = run(capsys, *given)
    assert (code, err) == (0, "")
    first, by_digit, sure, by_writer = (table.splitlines() for table in out.split("\n\n"))
    assert re.split("  +", first[0]) == [
        "model", "of 100 images", "ECE", "of 30 drawings", "ECE", "false alarms", *CORRUPTIONS,
    ]  # fmt: skip
    assert all(f"{name}:" in "\n".join(first) for name in CORRUPTIONS)
    results = json.loads(run(capsys, *given, "--json")[1])
    for number, result in enumerate(results, 1):
        drawings = result["drawings"]
        assert drawings["total"] == 30
        assert np.array(drawings["confusion"]).trace() == drawings["correct"]
        assert set(result["shifted"]) == set(CORRUPTIONS)
        assert all(made["total"] == 100 and made["description"] for made in result["shifted"].values())
        cells = first[number].split()
        assert (cells[0], int(cells[4])) == (result["model"], drawings["correct"])
        assert int(cells[7]) == drawings["false_alarms"]
        assert list(map(int, cells[9:])) == [result["shifted"][name]["correct"] for name in CORRUPTIONS]
        misread = [digit["total"] - digit["correct"] for digit in drawings["by_digit"].values()]
        assert list(map(int, by_digit[number].split()[1:])) == misread
        low, high = drawings["by_digit"]["0"]["interval"]
        assert sure[number].split()[1] == f"{100 * low:.1f}-{100 * high:.1f}"
        badly_read = [line.split()[1] for line in by_writer if line.split()[0] == result["model"]]
        assert badly_read == list(map(str, drawings["badly_read_writers"]))  # nobody trained these models
    assert by_digit[0].split()[3:] == list("0123456789")
    assert by_digit[-1].split() == ["of", *["3"] * 10]
    assert by_writer[0].startswith("writers below 90%")
    assert list(drawings["by_writer"]) == ["2", "4", "9"]
    alone = run(capsys, *given[:1], "small_mlp", *given[1:])[1].split("\n\n")[-1].splitlines()
    assert sorted(line.split()[1] for line in alone[1:]) == ["2", "4", "9"]


def test_evaluate_on_drawings_needs_no_mnist(models, strokes, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv(mnist.VARIABLE, raising=False)
    monkeypatch.setattr(mnist, "URL", "http://127.0.0.1:9/mnist.npz")  # the discard port: nobody answers
    code, out, err = run(capsys, "evaluate", "small_mlp", "--strokes", strokes, "--root", models)
    assert code == 0
    assert err.startswith("MNIST is left out.")
    assert len(err.splitlines()) == 1
    assert re.split("  +", out.splitlines()[0]) == ["model", "of 30 drawings", "ECE", "false alarms"]
    [result] = json.loads(run(capsys, "evaluate", "small_mlp", "--strokes", strokes, "--json", "--root", models)[1])
    assert "correct" not in result
    # What was asked for by name is not left out.
    for option in (["--corruptions"], ["--data", tmp_path / "none"]):
        code, out, err = run(capsys, "evaluate", "--strokes", strokes, *option, "--root", models)
        assert (code, out) == (1, "")
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("against", ["drawings", "generated"])
def test_evaluate_doubt_of_what_is_no_digit(against, models, made_up_mnist, strokes, capsys, monkeypatch):
    monkeypatch.setattr(evaluated, "MADE", 40)
    given = ["evaluate", "--data", made_up_mnist, "--outliers", "--root", models]
    given += ["--strokes", strokes] if against == "drawings" else []
    code, out, err = run(capsys, *given)
    assert (code, err) == (0, "")
    tables = [table.splitlines() for table in out.split("\n\n")]
    assert len(tables) == (6 if against == "drawings" else 3)
    assert tables[0][0].split()[-2:] == ["AUROC", "unseen"]
    digits = "synthetic" if against == "generated" else against
    assert f"80 outliers from the digits ({digits})" in out
    results = json.loads(run(capsys, *given, "--json")[1])
    for number, result in enumerate(results, 1):
        others = result["not_digits"]
        assert others["against"] == against
        assert result[against]["total"] == (30 if against == "drawings" else 40)
        totals = [others["area_under_roc"], others["area_under_roc_unseen"]]
        assert list(map(float, tables[0][number].split()[-2:])) == pytest.approx(totals, abs=1e-4)
        kinds = others["by_kind"].values()
        areas = [kind["area_under_roc"] for kind in kinds]
        assert list(map(float, tables[-2][number].split()[1:])) == pytest.approx(areas, abs=1e-4)
        assert float(tables[-1][number].split()[1]) == others["thresholds"][0]["doubt"] == 0.5
        # The area over several kinds is their mean, each by its count.
        counts = np.array([kind["total"] for kind in kinds])
        unseen = np.array([kind.startswith("unseen ") for kind in others["by_kind"]])
        assert (counts.sum(), counts[unseen].sum()) == (80, 40)
        means = np.average(areas, weights=counts), np.average(areas, weights=counts * unseen)
        assert means == pytest.approx(totals)


@pytest.fixture
def others(strokes, tmp_path):
    """The same drawings, said to be ten characters."""
    with np.load(strokes) as drawn:
        np.savez(tmp_path / "others.npz", **dict(drawn) | {"labels": np.repeat(list("OABCDEFG+?"), 3)})
    return tmp_path / "others.npz"


def test_evaluate_the_ensemble_and_outliers_of_a_file(models, made_up_mnist, strokes, others, tmp_path, capsys):
    given = ["evaluate", "--data", made_up_mnist, "--strokes", strokes, "--outliers", others, "--root", models]
    sheet = tmp_path / "misread.png"
    code, out, err = run(capsys, *given, "--ensemble", "--misread", sheet)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["small_mlp", "two_conv_cnn", "ensemble"]
    assert "by their shape: B D G O" in out
    with Image.open(sheet) as drawn:
        assert drawn.format == "PNG"
    results = json.loads(run(capsys, *given, "--ensemble", "--json")[1])
    assert [result["model"] for result in results] == ["small_mlp", "two_conv_cnn", "ensemble"]
    assert results[2]["models"] == ["small_mlp", "two_conv_cnn"]
    for result in results:
        told = result["not_digits"]
        assert (told["total"], told["left_out"]) == (18, ["B", "D", "G", "O"])
        assert told["by_character"]["A"]["total"] == told["by_character"]["O"]["total"] == 3
        assert told["doubted"] == sum(
            one["doubted"] for kind, one in told["by_character"].items() if kind not in told["left_out"]
        )
    code, out, err = run(capsys, *given, "--ensemble", "--misread", sheet)
    assert (code, out) == (1, "")
    assert "exists already" in err
    for wrong in (["--misread", tmp_path / "new.png"], ["--ensemble", "--misread", tmp_path / "new.jpg"]):
        code, out, err = run(capsys, *given, *wrong)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
    code, out, err = run(capsys, "evaluate", "--outliers", strokes, "--root", models)
    assert (code, out) == (1, "")
    assert "Expected text in labels" in err


def test_a_model_that_is_named_twice_votes_once_and_the_threshold_is_that_of_the_vote(
    models, made_up_mnist, strokes, capsys
):
    given = ["evaluate", "small_mlp", "small_mlp", "--data", made_up_mnist, "--strokes", strokes, "--root", models]
    code, out, err = run(capsys, *given, "--ensemble")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:3]] == ["small_mlp", "ensemble"]
    assert "of the ensemble, above 0.5." in out  # as it did not learn from outliers


def test_the_sheet_shows_misread_images_where_there_are_no_drawings(
    models, made_up_mnist, others, tmp_path, capsys, monkeypatch
):
    headings = []
    draw = misread_sheet._part
    monkeypatch.setattr(misread_sheet, "_part", lambda heading, *rest: headings.append(heading) or draw(heading, *rest))
    given = ["small_mlp", "--data", made_up_mnist, "--outliers", others, "--root", models]
    assert run(capsys, "evaluate", *given, "--misread", tmp_path / "sheet.png")[0] == 0
    assert [heading.split(" of ")[1] for heading in headings] == ["100 images", "18 outliers"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
@pytest.mark.slow
def test_a_picture_may_have_a_name_that_is_no_text(models, picture, tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff.png"
    shutil.copyfile(picture, name)
    command = [sys.executable, "-m", "zoo", "predict", name, "--model", "small_mlp", "--root", str(models)]
    done = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert name in done.stdout


def test_a_model_may_be_named_after_the_option_that_may_name_a_file(models, made_up_mnist, capsys, monkeypatch):
    monkeypatch.setattr(evaluated, "MADE", 20)
    given = ["evaluate", "--data", made_up_mnist, "--root", models, "--json", "--outliers"]
    [result] = json.loads(run(capsys, *given, "small_mlp")[1])
    assert (result["model"], result["not_digits"]["total"]) == ("small_mlp", 40)
    code, out, err = run(capsys, *given, "nobody")
    assert (code, out) == (1, "")
    assert "at nobody, found nothing" in err


def test_evaluate_with_another_pen(models, strokes, made_up_mnist, capsys):
    def error(*pen):
        given = ["evaluate", "small_mlp", "--data", made_up_mnist, "--strokes", strokes, *pen, "--json"]
        return json.loads(run(capsys, *given, "--root", models)[1])[0]["drawings"]["calibration_error"]

    assert error("--pen-width", "2.4") == error() != error("--pen-width", "4")
    code, _, err = run(capsys, "evaluate", "--strokes", strokes, "--pen-width", "40", "--root", models)
    assert code == 1
    assert "pen width of 0.5 to 10" in err


def test_evaluate_goes_on_after_a_model_that_cannot_be_loaded(models, made_up_mnist, tmp_path, capsys):
    root = tmp_path / "models"
    shutil.copytree(models, root)
    (root / "small_mlp" / "1" / "saved_model.pb").unlink()
    code, out, err = run(capsys, "evaluate", "--data", made_up_mnist, "--root", root)
    assert code == 1
    assert "saved_model.pb" in err
    assert [line.split()[0] for line in out.splitlines()] == ["model", "two_conv_cnn", "ECE:"]


def test_verify_checks_every_version(models, tmp_path, capsys):
    assert run(capsys, "verify", "--root", models)[0] == 0
    root = tmp_path / "models"
    shutil.copytree(models, root)
    weights = root / "small_mlp" / "1" / "variables" / "variables.data-00000-of-00001"
    damaged = bytearray(weights.read_bytes())
    damaged[5000] ^= 1
    weights.write_bytes(damaged)
    code, out, err = run(capsys, "verify", "--root", root)
    assert code == 1
    assert "small_mlp/1  FAILED" in out
    assert "two_conv_cnn/1  ok" in out
    assert "1 of 2 artifacts failed" in err
    code, _, err = run(capsys, "predict", tmp_path, "--model", "small_mlp", "--root", root)
    assert code == 1


@pytest.mark.slow
def test_bench_reports_every_figure(models, capsys):
    code, out, _ = run(capsys, "bench", "small_mlp", "--tensorflow", "--json", "--root", models)
    figures = json.loads(out)["small_mlp"]
    assert code == 0
    assert set(figures["images_per_second"]) == {"1", "32", "1024"}
    assert all(figures[key] > 0 for key in ("predict_us", "tensorflow_us", "signature_us", "keras_us", "load_ms"))
    assert figures["weight_bytes"] == 4 * 23_860


def test_wrong_use_is_one_line_and_exit_code_2(models, capsys):
    code, out, err = run(capsys, "info", "nobody", "--root", models)
    assert (code, out) == (2, "")
    assert "there are small_mlp, two_conv_cnn" in err
    assert len(err.splitlines()) == 1
    for wrong in ([], ["frobnicate"], ["list", "--frobnicate"], ["info"], ["info", "x", "--version", "two"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_reader_that_stops_early_is_no_error(models):
    script = f"{sys.executable} -m zoo info small_mlp --json --root {models} | head -c 1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{", "")


def test_old_names_of_options_are_heard_and_not_shown(models, made_up_mnist, capsys):
    given = ["evaluate", "small_mlp", "--data", made_up_mnist, "--json", "--root", models]
    [old] = json.loads(run(capsys, *given, "--shifted")[1])
    [new] = json.loads(run(capsys, *given, "--corruptions")[1])
    assert old == new
    with pytest.raises(SystemExit):
        main(["evaluate", "--help"])
    words = capsys.readouterr().out
    assert "--corruptions" in words
    assert "--outliers" in words
    assert "shifted" not in words
    assert "not-digits" not in words


def test_a_path_after_an_equals_sign_may_begin_with_a_tilde(models, made_up_mnist, strokes, capsys, monkeypatch):
    home = made_up_mnist.parent
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    shutil.copy(strokes, home / "drawn_at_home.npz")
    given = [f"--data=~/{made_up_mnist.name}", "--strokes=~/drawn_at_home.npz"]
    code, out, err = run(capsys, "evaluate", "small_mlp", *given, "--root", models)
    assert (code, err) == (0, "")
    assert "of 100 images" in out
    assert "of 30 drawings" in out
    shutil.copytree(models, home / "models_at_home")
    assert run(capsys, "list", "--root=~/models_at_home")[::2] == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("module", ["zoo", "builders", "builders.finetune", "gui"])
def test_wrong_use_of_any_program_is_one_line_even_where_stderr_is_closed(module):
    wrong = [sys.executable, "-m", module, "--frobnicate"]
    done = subprocess.run(wrong, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    closed = ["bash", "-c", '"$@" 2>&-', "bash", *wrong]
    untold = subprocess.run(closed, capture_output=True, text=True, check=False)
    assert (untold.returncode, untold.stdout, untold.stderr) == (2, "", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["evaluate", "--data", "MNIST"],
        pytest.param(["compare", "PICTURE"], marks=pytest.mark.slow),
        pytest.param(["predict", "PICTURE", "nothing.png"], marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_a_command_works_where_stderr_is_closed(models, made_up_mnist, picture, command):
    given = [{"MNIST": made_up_mnist, "PICTURE": picture}.get(word, word) for word in command]
    script = ["bash", "-c", '"$@" 2>&-', "bash", sys.executable, "-m", "zoo", *map(str, given), "--root", str(models)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if "nothing.png" in command else 0)
    assert done.stdout
    assert "nothing.png" not in done.stdout
    assert done.stderr == ""
