"""Losses: what training makes small, and the gradient at which backpropagation starts.

Each takes the output of the network and what it should be, float ``(n, classes)``, and averages over the `n` rows; its
``gradient`` is that of the average, with respect to the outputs.
"""

import numpy as np

from zoo.scratch.activations import softmax


class SoftmaxCrossEntropy:
    """The cross-entropy of ``softmax(logits)`` against target probabilities, whose rows sum to 1, in nats.

    Softmax and logarithm are taken as one, which is exact where a probability is too small for a float, and their
    gradient is simply the error. Source: Nielsen, Neural Networks and Deep Learning (2015), chapter 3, equation 82.
    """

    @staticmethod
    def value(logits: np.ndarray, targets: np.ndarray) -> float:
        """Return the mean of minus the sum of ``targets * log(softmax(logits))``."""
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=1))
        return float((log_sum - (targets * shifted).sum(axis=1)).mean())

    @staticmethod
    def gradient(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``(softmax(logits) - targets) / n``."""
        return (softmax(logits) - targets) / len(logits)


class QuadraticCost:
    """Half the squared distance between the last activations and the targets.

    Behind a sigmoid it learns slowly from outputs that are badly wrong, as the sigmoid is flat there; the cross-entropy
    was found to mend that. Source: Nielsen (2015), chapter 1, equation 6.
    """

    @staticmethod
    def value(outputs: np.ndarray, targets: np.ndarray) -> float:
        """Return the mean over the rows of half the sum of the squared errors."""
        return float(0.5 * np.square(outputs - targets).sum(axis=1).mean())

    @staticmethod
    def gradient(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``(outputs - targets) / n``."""
        return (outputs - targets) / len(outputs)


def smoothed(targets: np.ndarray, smoothing: float) -> np.ndarray:
    """Return the targets with a share `smoothing`, 0..1, of each row spread evenly over the classes.

    It keeps a network from becoming ever surer of what it knows. Source: Szegedy et al., "Rethinking the Inception
    architecture for computer vision" (2016), section 7.
    """
    return targets * (1 - smoothing) + smoothing / targets.shape[1]
