import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from zoo.classifier import Prediction
from zoo.evaluation.metrics import (
    Rate,
    area_under_roc,
    calibration_error,
    evaluate,
    threshold_at,
    threshold_for,
)


class Reader:
    """Stands in for a Classifier: reads the digit that the first pixel names, as sure as the second, in percent."""

    def predict(self, images):
        digits, sure = images[:, 0, 0], images[:, 0, 1] / 100
        probabilities = np.repeat(((1 - sure) / 9)[:, None], 10, axis=1).astype(np.float32)
        probabilities[np.arange(len(images)), digits] = sure
        return Prediction(probabilities, np.log(probabilities))


@pytest.fixture
def images():
    """2,500 images, more than a batch, that are read as 0, 1, ... 9, 0, ... by turns: half surely, half in doubt."""
    images = np.zeros((2500, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(2500) % 10
    images[:, 0, 1] = np.where(np.arange(2500) < 1250, 90, 40)
    return images


def test_counts(images):
    labels = images[:, 0, 0].copy()
    labels[:100] = 3  # 90 of them misread
    evaluation = evaluate(Reader(), images, labels)
    assert (evaluation.correct, evaluation.total, evaluation.accuracy) == (2410, 2500, 2410 / 2500)
    assert evaluation.confusion.sum() == 2500
    assert evaluation.confusion[3].tolist() == [10, 10, 10, 250, *[10] * 6]
    assert evaluation.by(evaluation.labels)[3] == Rate(250, 340)
    assert evaluation.by(evaluation.labels)[4] == Rate(240, 240)
    writers = np.where(np.arange(2500) < 150, 7, 2)
    assert evaluation.by(writers) == {2: Rate(2350, 2350), 7: Rate(60, 150)}
    assert list(evaluation.by(writers)) == [2, 7]


def test_a_rate_says_how_sure_it_is():
    assert Rate(9, 10).share == 0.9
    assert Rate(9, 10).interval == pytest.approx((0.5958, 0.9821), abs=1e-4)
    low, high = Rate(20, 20).interval
    assert (round(low, 4), high) == (0.8389, 1)


def test_thresholds_doubt_no_more_digits_than_they_may():
    digits, outliers = np.arange(100) / 100, np.array([0.5, 0.97, 0.98, 0.985])
    assert threshold_at(0.97, digits, outliers) == (0.97, 0.02, 0.5)
    assert threshold_for(0.02, digits, outliers) == (0.97, 0.02, 0.5)
    assert threshold_for(0.029, digits, outliers) == (0.97, 0.02, 0.5)
    assert threshold_for(0, digits, outliers) == (0.99, 0, 0)
    assert threshold_for(1, digits, outliers) == (0, 0.99, 1)
    assert threshold_for(0.5, np.full(4, 0.3), np.array([0.3, 0.4])) == (0.3, 0, 0.5)  # equal doubts stay together


def test_doubt_and_false_alarms(images):
    evaluation = evaluate(Reader(), images, images[:, 0, 0])
    assert evaluation.false_alarms == 1250
    np.testing.assert_allclose(evaluation.doubt, np.repeat([0.1, 0.6], 1250), rtol=1e-5)
    assert evaluation.calibration_error == pytest.approx((0.1 + 0.6) / 2)  # all right, and not so sure


def test_calibration_error_of_a_known_example():
    confidence = np.array([0.9, 0.5, 0.8, 0.6])
    right = np.array([False, True, True, False])
    # In two bins: confidences 0.5 and 0.6 with one of two right, and 0.8 and 0.9 with one of two right.
    assert calibration_error(confidence, right, bins=2) == pytest.approx((0.05 + 0.35) / 2)
    assert calibration_error(confidence, right, bins=4) == pytest.approx((0.5 + 0.6 + 0.2 + 0.9) / 4)
    assert calibration_error(confidence, right, bins=1) == pytest.approx(0.2)


def test_a_fair_coin_is_calibrated_in_any_order():
    right = np.arange(300) < 150
    assert calibration_error(np.full(300, 0.5), right) == 0
    assert calibration_error(np.full(300, 0.5), np.random.default_rng(0).permutation(right)) == 0
    assert calibration_error(np.full(300, 1.0), right) == 0.5


def test_calibration_error_by_fifteen_bins_of_equal_count():
    random = np.random.default_rng(1)
    confidence = random.beta(5, 1, 3000)
    right = random.random(3000) < confidence**2
    pairs = sorted(zip(confidence, right, strict=True))
    bins = [np.array(pairs[start : start + 200]) for start in range(0, 3000, 200)]
    expected = np.mean([abs(bin[:, 0].mean() - bin[:, 1].mean()) for bin in bins])
    assert calibration_error(confidence, right) == pytest.approx(expected)


def test_area_under_roc():
    assert area_under_roc([0.1, 0.2], [0.3, 0.4]) == 1
    assert area_under_roc([0.3, 0.4], [0.1, 0.2]) == 0
    assert area_under_roc([0.5, 0.5], [0.5]) == 0.5
    # Of six pairs: above, equal, below; above, above, above.
    assert area_under_roc([0.5, 0, 0.2], [0.2, 0.9]) == pytest.approx(4.5 / 6)


def test_area_under_roc_is_the_u_statistic():
    random = np.random.default_rng(2)
    digits, outliers = random.integers(0, 20, 300), random.integers(5, 25, 200)  # with many ties
    expected = mannwhitneyu(outliers, digits).statistic / (300 * 200)
    assert area_under_roc(digits, outliers) == pytest.approx(expected)
