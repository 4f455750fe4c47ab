"""The command line as a user and a program meet it."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from zoo.cli import main


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
    assert " say" in out
    with Image.open(chart) as drawn:
        assert drawn.size > (400, 200)
    code, _, err = run(capsys, "compare", picture, "--plot", chart, "--root", models)
    assert code == 1
    assert "exists already" in err
    comparison = json.loads(run(capsys, "compare", picture, "--json", "--models", "small_mlp", "--root", models)[1])
    assert [model["model"] for model in comparison["models"]] == ["small_mlp"]


def test_evaluate_counts_every_image(models, made_up_mnist, capsys):
    code, out, _ = run(capsys, "evaluate", "--data", made_up_mnist, "--root", models)
    assert code == 0
    assert [line.split()[2] for line in out.splitlines()[1:]] == ["100", "100"]
    results = json.loads(run(capsys, "evaluate", "small_mlp", "--data", made_up_mnist, "--json", "--root", models)[1])
    confusion = np.array(results[0]["confusion"])
    assert confusion.sum(axis=1).tolist() == [10] * 10
    assert results[0]["correct"] == confusion.trace()


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


def test_bench_reports_every_figure(models, capsys):
    code, out, _ = run(capsys, "bench", "small_mlp", "--json", "--root", models)
    figures = json.loads(out)["small_mlp"]
    assert code == 0
    assert set(figures["images_per_second"]) == {"1", "32", "1024"}
    assert all(figures[key] > 0 for key in ("predict_us", "signature_us", "keras_us", "load_ms"))
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
