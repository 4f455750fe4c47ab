import json

import pytest

from builders import finetune
from zoo import card, finetuning

SCORES = {"own": {"correct": 3, "total": 4}}
MESSAGES = [
    finetuning.Progress("tuning", 0.5),
    finetuning.Progress("tuning", 0.7, 0.02, 0.975),
    finetuning.Result("softmax_tuned", 2, "saved_models/softmax_tuned/2", SCORES, SCORES),
    finetuning.Result(None, None, None, SCORES, SCORES),
    finetuning.Failure("Expected drawings, found “none”."),
]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_one_line_and_comes_back_as_it_was(message):
    line = finetuning.to_line(message)
    assert "\n" not in line
    assert json.loads(line)["kind"] in ("progress", "result", "error")
    assert finetuning.from_line(line + "\n") == message


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Epoch 1/2",
        "[]",
        '"progress"',
        '{"kind": "news"}',
        '{"kind": "progress"}',
        '{"kind": "progress", "phase": "tuning", "done": "half"}',
        '{"kind": "progress", "phase": "tuning", "done": 7}',
        '{"kind": "result", "name": 3, "version": 1, "path": "", "before": {}, "after": {}}',
        '{"kind": "progress", "phase": "tuning", "done": 0.5, "loss": "small"}',
        '{"kind": "error", "error": null}',
        '{"kind": ["progress"], "phase": "tuning", "done": 0.5}',
    ],
)
def test_what_is_no_message_is_none(line):
    assert finetuning.from_line(line) is None


def test_progress_rises_through_the_phases_to_the_end():
    shares = [finetuning.progress(phase, part).done for phase in finetuning.PHASES for part in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_the_command_and_the_scores_are_those_that_there_are():
    assert finetune.__name__ == finetuning.MODULE
    assert set(finetuning.SCORES) <= set(card.SETS)
