"""The card: what model.json says, each fact of one type whatever a foreign file holds."""

import json

import pytest

from zoo import Card
from zoo.card import Calibration, DataSet, Facts, Latency, Layer, Teacher, TunedFrom, described, recipe_from_json
from zoo.cli import main

FACTS = Facts(
    runtime="numpy",
    family="spiking",
    inputs={"image": "grey levels"},
    outputs={"logits": "before the softmax"},
    layers={"flatten": (784,), "logits": (10,)},
    architecture=(Layer("dense", "logits", {"units": 10}, 7850, (10,)),),
    recipe={"epochs": 3, "synthetic": 200, "outliers": 30, "learning_rate": 0.1, "teacher": ""},
    recipe_chosen_on="held-out images",
    data={"training": DataSet(500, "ab", "MNIST"), "own": DataSet(10, "cd", in_training=8, held_out=2)},
    tuned_from=TunedFrom("mlp", 2, "ef", "small_mlp", {"held_out": {"correct": 1, "total": 2}}),
    seed=1,
    seconds=2.5,
    history={"loss": (2.0, 1.0)},
    calibration=Calibration(0.9, "calibrated_logits", "a few images"),
    latency=Latency(120, 2),
    libraries={"python": "3"},
    weights_sha256="01",
    created="2026-01-01T00:00:00+00:00",
)


def test_what_is_written_is_what_is_read():
    assert Facts.from_json(json.loads(json.dumps(FACTS.to_json()))) == FACTS
    taught = Facts(teacher=Teacher("big", 1, "23"))
    assert Facts.from_json(taught.to_json()) == taught
    metadata = described(FACTS, title="T", description="D", reference="R", parameters=1, metrics={})
    assert {"title", "parameters", "metrics", "recipe", "latency_us", "weights_sha256"} <= metadata.keys()


def test_old_names_are_read_as_the_new_ones():
    old = {"drawings": 200, "not_digits": 30, "drawings_warp": 0.5, "epochs": 3}
    new = {"synthetic": 200, "outliers": 30, "synthetic_warp": 0.5, "epochs": 3}
    assert recipe_from_json(old) == recipe_from_json(new) == new
    layer = {"kind": "dense", "name": "logits", "units": 10, "parameters": 7850, "answers": [10]}
    [read] = Facts.from_json({"architecture": [layer]}).architecture
    assert read == FACTS.architecture[0]
    assert read.to_json() == {"kind": "dense", "name": "logits", "units": 10, "parameters": 7850, "output_shape": [10]}


FOREIGN = [
    None,
    True,
    120,
    -1,
    0.5,
    float("nan"),
    10**400,
    "by hand",
    [],
    ["a"],
    [1],
    [None],
    {},
    {"a": 1},
    {"a": None},
]
FOREIGN += [{"one_image": "fast"}, {"images": "many"}, {"name": 3}, {"loss": [1, "2"]}, {"temperature": [1]}]
OPTIONAL = [
    "family", "input", "output", "layers", "architecture", "recipe", "recipe_chosen_on", "data", "teacher",
    "tuned_from", "seed", "seconds", "history", "calibration", "latency_us", "libraries", "weights_sha256", "created",
]  # fmt: skip


@pytest.mark.parametrize("key", OPTIONAL)
def test_an_optional_fact_of_another_type_is_as_good_as_absent(tmp_path, key):
    for value in FOREIGN:
        card = Card("made_up", 1, tmp_path, "Made up", metadata={key: value})
        facts = card.facts
        json.dumps(facts.to_json())
        assert isinstance(card.family, str)
        assert facts.learned_doubt is False
        assert facts.latency is None


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ({"not_digits": 3000}, True),
        ({"outliers": 3000}, True),
        ({"not_digits": 0}, False),
        ({}, False),
        ("by hand", False),
        ({"not_digits": "many"}, False),
        (None, False),
    ],
)
def test_a_card_tells_whether_its_model_learned_doubt(tmp_path, recipe, expected):
    assert Card("made_up", 1, tmp_path, "Made up", metadata={"recipe": recipe}).facts.learned_doubt is expected


@pytest.mark.parametrize("value", [120, "by hand", ["a"], {"a": [1]}, None], ids=str)
@pytest.mark.parametrize("command", [["list"], ["list", "--markdown"], ["info", "made_up"]], ids=" ".join)
def test_the_command_line_bears_a_foreign_model_json(tmp_path, capsys, command, value):
    from tests.test_artifacts import publish

    publish(tmp_path, **dict.fromkeys(OPTIONAL, value))
    assert main([*command, "--root", str(tmp_path)]) == 0
    assert "Made up" in capsys.readouterr().out
