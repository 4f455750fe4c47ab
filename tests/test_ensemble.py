"""Several models on one image: votes, words for them, and models that cannot be loaded."""

import shutil

import numpy as np
import pytest

import zoo
from zoo.ensemble import DOUBTFUL_VOTE, NOT_ONE_DIGIT, Comparison, Vote, Votes, candidates, entropy


def comparison(**digits):
    one_hot = np.eye(10, dtype=np.float32)
    predictions = {
        name: zoo.Prediction(one_hot[digit : digit + 1], one_hot[digit : digit + 1]) for name, digit in digits.items()
    }
    return Comparison(np.zeros((28, 28), np.uint8), {}, predictions)


def test_votes_and_their_words():
    split = comparison(a=7, b=2, c=7)
    assert split.votes == {7: ["a", "c"], 2: ["b"]}
    assert not split.agree
    assert split.summary == "2 of 3 say 7 · 1 says 2"
    assert comparison(a=3, b=3).agree
    assert comparison(a=3, b=3).summary == "Both say 3"
    assert comparison(a=9, b=1).votes == {1: ["b"], 9: ["a"]}
    assert comparison(a=4).summary == "1 says 4"


def share(confidence, digit=7, second=None):
    """Ten probabilities, of which one is given and a second takes nearly all of the rest, or none in particular."""
    rest = 1 - confidence
    probabilities = np.full(10, rest / 9 if second is None else rest * 0.02 / 8)
    if second is not None:
        probabilities[second] = rest * 0.98
    probabilities[digit] = confidence
    return probabilities


def test_ten_probabilities_leave_one_digit_or_two_or_none():
    assert candidates(share(0.97)) == (7,)
    assert candidates(share(0.5)) == (7,)
    assert candidates(share(0.49)) == ()
    assert candidates([0.1] * 10) == ()
    assert candidates(share(0.55, 4, 9)) == (4, 9)
    assert candidates(share(0.45, 9, 4)) == (4, 9)  # the likelier first
    assert candidates(share(0.65, 4, 9)) == (4,)
    assert candidates(share(0.65), doubtful=0.3) == ()


def test_a_vote_is_the_mean_and_says_how_the_models_split():
    vote = Vote([share(0.9), share(0.6), share(0.95, 2)])
    assert vote.digits.tolist() == [7, 7, 2]
    assert (vote.digit, vote.candidates, vote.is_doubtful) == (7, (7,), False)
    assert vote.probability == pytest.approx(np.mean([0.9, 0.6, 0.05 / 9]))
    assert vote.counts.tolist() == [0, 0, 1, 0, 0, 0, 0, 2, 0, 0]
    assert vote.summary == "2 of 3 say 7 · 1 says 2"
    assert vote.agreement == pytest.approx(2 / 3)
    assert vote.entropy == pytest.approx(0.9183, abs=1e-4)
    alone = Vote([share(0.9)])
    assert (alone.summary, alone.agreement, alone.entropy) == ("1 says 7", 1, 0)
    assert Vote([share(0.55, 4, 9), share(0.5, 9, 4)]).candidates == (4, 9)


def test_models_that_learned_what_is_no_digit_decide_whether_it_is_one():
    sure_of_a_scribble, in_doubt = share(0.99, 3), np.full(10, 0.1)
    answers = [sure_of_a_scribble] * 3 + [in_doubt]
    assert not Vote(answers).is_doubtful
    assert Vote(answers, learned=[False, False, False, True]).candidates == ()
    outvoted = Vote([share(0.99, 3)] * 3 + [share(0.95, 5)], learned=[False, False, False, True])
    assert (outvoted.candidates, outvoted.digit, outvoted.summary) == ((5,), 5, "3 of 4 say 3 · 1 says 5")
    assert outvoted.probability == pytest.approx(0.95)
    sure = 1 - DOUBTFUL_VOTE
    assert not Vote([share(sure + 0.01)] * 2, learned=[True, True]).is_doubtful
    assert Vote([share(sure - 0.01)] * 2, learned=[True, True]).is_doubtful


def test_a_vote_gives_its_verdict_in_words():
    assert Vote([share(0.9)]).verdict == "7"
    two = Vote([share(0.5, 4, 9)] * 2, learned=[True, True])
    assert (two.verdict, two.doubt) == ("4 or 9", pytest.approx(0.5))
    none = Vote([share(0.99, 3), np.full(10, 0.1)], learned=[False, True])
    assert (none.verdict, none.doubt) == (NOT_ONE_DIGIT, pytest.approx(0.9))


def test_entropy_counts_along_the_last_axis():
    votes = np.array([[[4, 4, 0, 0, 0, 0, 0, 0, 0, 0], [0, 8, 0, 0, 0, 0, 0, 0, 0, 0]]])
    np.testing.assert_allclose(entropy(votes), [[1, 0]])


def test_many_images_are_counted_as_each_alone():
    random = np.random.default_rng(3)
    answers = random.dirichlet(np.full(10, 0.1), (5, 40))
    learned = [True, False, False, True, False]
    votes = Votes(answers, learned=learned)
    alone = [Vote(answers[:, image], learned=learned) for image in range(40)]
    assert votes.by_mean.tolist() == [vote.digit for vote in alone]
    assert votes.is_doubtful.tolist() == [vote.is_doubtful for vote in alone]
    assert votes.is_doubtful.any()
    assert not votes.is_doubtful.all()
    assert votes.counts.tolist() == [vote.counts.tolist() for vote in alone]
    np.testing.assert_allclose(votes.entropy, [vote.entropy for vote in alone])
    for vote, plurality in zip(alone, votes.by_plurality, strict=True):
        assert vote.counts[plurality] == vote.counts.max()


def test_of_an_equal_number_of_votes_the_higher_mean_decides():
    votes = Votes([[share(0.9, 3)], [share(0.6, 1)], [share(0.6, 1)], [share(0.9, 3)]])
    assert (votes.by_plurality.tolist(), votes.by_mean.tolist()) == ([3], [3])
    assert Votes([[share(0.99, 3)], [share(0.5, 1)], [share(0.5, 1)]]).by_plurality.tolist() == [1]


def test_the_vote_of_models_by_name_hears_the_doubt_of_those_that_learned_it(tmp_path):
    def card(name, outliers):
        return zoo.Card(name, 1, tmp_path, name, metadata={"recipe": {"outliers": outliers}})

    answers = {"sure": share(0.99, 3), "doubts": np.full(10, 0.1), "unknown": share(0.99, 3)}
    assert Vote.of(answers, {"sure": card("sure", 0), "doubts": card("doubts", 5)}).is_doubtful
    assert not Vote.of(answers, {"sure": card("sure", 0)}).is_doubtful
    assert Vote.of({}, {}) is None


def test_a_comparison_has_a_vote():
    split = comparison(a=7, b=2, c=7)
    assert (split.vote.digit, split.vote.summary) == (7, "2 of 3 say 7 · 1 says 2")
    assert split.verdict == split.vote.verdict == "7"


def test_every_model_reads_the_same_image(models, images):
    result = zoo.compare(images[0], root=models)
    assert set(result.predictions) == {"small_mlp", "two_conv_cnn"}
    for name, prediction in result.predictions.items():
        np.testing.assert_array_equal(prediction.logits, zoo.load(name, root=models).predict(images[0]).logits)
    loaded = zoo.load("small_mlp", root=models)
    assert list(zoo.compare(images[0], "small_mlp", root=models).predictions) == ["small_mlp"]
    assert list(zoo.compare(images[0], [loaded, "two_conv_cnn"], root=models).predictions) == [
        "small_mlp",
        "two_conv_cnn",
    ]
    assert list(zoo.compare(images[0], [loaded, "small_mlp"], root=models).predictions) == ["small_mlp"]


def test_a_damaged_model_does_not_keep_the_others_from_answering(models, images, tmp_path):
    root = tmp_path / "models"
    shutil.copytree(models, root)
    (root / "small_mlp" / "1" / "saved_model.pb").unlink()
    result = zoo.compare(images[0], root=root)
    assert list(result.predictions) == ["two_conv_cnn"]
    assert "saved_model.pb is missing" in result.errors["small_mlp"]
    with pytest.raises(zoo.ZooError, match=r"saved_model\.pb is missing"):
        zoo.compare(images[0], ["small_mlp"], root=root)
    with pytest.raises(zoo.ModelNotFoundError, match="No model 'nobody'"):
        zoo.compare(images[0], ["nobody"], root=root)
    with pytest.raises(zoo.ImageError, match=r"one image of shape \(28, 28\) to compare, found 7"):
        zoo.compare(images, root=root)


def test_no_models_at_all(tmp_path, images):
    with pytest.raises(zoo.ModelNotFoundError, match="python -m builders"):
        zoo.compare(images[0], root=tmp_path)
