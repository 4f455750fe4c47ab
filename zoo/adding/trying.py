"""Find out how a network takes an image: try each way on synthetic digits, and take the one that it reads best."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zoo.card import Adapter
from zoo.errors import ArtifactError
from zoo.facts import SCALES
from zoo.runtimes.added import Network, adapted, answers
from zoo.synthetic.digits import synthetic_digits

TRIED = 600  # synthetic digits
SEED = 2**31 + 3  # nobody trains with it, and nothing is scored on it
_ALIKE = 0.02  # shares read right that are no further apart are decided by how probable the right digits were


@dataclass(frozen=True)
class Trial:
    """A way to take an image, and how well digits are read so.

    Attributes:
        scale: a key of ``SCALES``.
        adapter: the way.
        correct: synthetic digits read right.
        total: of so many.
        likelihood: the mean logarithm of the probability of the right digit.
        commonest: the digit that was read most often.
        commonest_count: how often.
    """

    scale: str
    adapter: Adapter
    correct: int
    total: int
    likelihood: float
    commonest: int
    commonest_count: int

    @property
    def share(self) -> float:
        """The share read right, 0..1."""
        return self.correct / self.total

    def __str__(self) -> str:
        ink = "dark ink on white paper" if self.adapter.inverted else "white ink on black paper"
        return f"{self.scale}, {ink}"


def trials(
    network: Network,
    shape: tuple[int, ...],
    scales: Iterable[str] = SCALES,
    inversions: Iterable[bool] = (False, True),
    output: str | None = None,
) -> list[Trial]:
    """Try the ways to take an image, and return them, the best first.

    Args:
        network: what is tried.
        shape: of its input for one image.
        scales: keys of ``SCALES``, those to try.
        inversions: whether dark ink on white paper is to be tried, or nothing else.
        output: ``"probabilities"`` or ``"logits"`` where that is known.
    """
    images, labels = synthetic_digits(TRIED, SEED, workers=1)
    images = images.astype(np.float32)
    ways = [
        (scale, Adapter(shape, *SCALES[scale], inverted))
        for scale in scales
        for inverted in inversions
        if _is_in_range(network, *SCALES[scale])
    ]
    if not ways:
        raise ArtifactError(
            f"Expected grey levels that the input, quantised as {np.dtype(network.input['dtype'])}, can hold, found "
            f"--scale {' or '.join(scales)}: leave it out, or give another."
        )
    raw = [network.read(adapted(images, adapter)) for _, adapter in ways]
    if output is None:
        # Ten sigmoids count as probabilities too. All ways are looked at, as a few logits may lie in 0..1 by chance.
        in_range = all(np.min(values) >= -1e-3 and np.max(values) <= 1 + 1e-3 for values in raw)
        output = "probabilities" if in_range else "logits"
    found = [_tried(scale, adapter, values, labels, output) for (scale, adapter), values in zip(ways, raw, strict=True)]
    return in_order(found)


def in_order(found: list[Trial]) -> list[Trial]:
    """Return trials, the best first: those that read about as many digits by how probable the right ones were.

    A network without biases reads as many at every scale, but is overly sure of them at too large a one.
    """
    most = max(trial.share for trial in found)
    return sorted(
        found,
        key=lambda one: (one.share >= most - _ALIKE, one.likelihood if one.share >= most - _ALIKE else one.share),
        reverse=True,
    )


def _is_in_range(network: Network, factor: float, offset: float) -> bool:
    """Return whether a quantised input can hold the values that grey levels become."""
    scale, zero_point = network.input["quantization"]
    if not scale:
        return True
    limits = np.iinfo(network.input["dtype"])
    low, high = ((limit - zero_point) * scale for limit in (limits.min, limits.max))
    margin = 0.05 * (high - low)
    return low - margin <= offset and 255 * factor + offset <= high + margin


def _tried(scale: str, adapter: Adapter, values: np.ndarray, labels: np.ndarray, output: str) -> Trial:
    adapter = Adapter(adapter.shape, adapter.factor, adapter.offset, adapter.inverted, output)
    if not np.isfinite(values).all():
        return Trial(scale, adapter, 0, len(labels), -np.inf, 0, 0)
    probabilities, _ = answers(values, output)
    digits = probabilities.argmax(axis=1)
    right = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)
    counts = np.bincount(digits, minlength=10)
    correct = int((digits == labels).sum())
    return Trial(
        scale, adapter, correct, len(labels), float(np.log(right).mean()), int(counts.argmax()), int(counts.max())
    )
