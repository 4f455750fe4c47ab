"""How weights start: random, of a spread that keeps the signal's size from layer to layer.

Each function takes a generator, the weights' shape and how many values a unit sees (`inputs`) and is seen by
(`outputs`), and returns float64 of that shape.
"""

import numpy as np


def he_normal(random: np.random.Generator, shape: tuple[int, ...], inputs: int, outputs: int) -> np.ndarray:
    """Return normal weights of variance 2 / inputs, for ReLU, which lets half of the signal through.

    Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers" (2015), equation 10.
    """
    return random.normal(0, np.sqrt(2 / inputs), shape)


def lecun_normal(random: np.random.Generator, shape: tuple[int, ...], inputs: int, outputs: int) -> np.ndarray:
    """Return normal weights of variance 1 / inputs: a sum over `inputs` values of variance 1 has variance 1.

    Source: LeCun, Bottou, Orr and Müller, "Efficient backprop" (1998), section 4.6; Nielsen (2015), chapter 3.
    """
    return random.normal(0, np.sqrt(1 / inputs), shape)


def glorot_uniform(random: np.random.Generator, shape: tuple[int, ...], inputs: int, outputs: int) -> np.ndarray:
    """Return uniform weights of variance 2 / (inputs + outputs), a compromise between the sizes of signal and gradient.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010),
    equation 16.
    """
    limit = np.sqrt(6 / (inputs + outputs))
    return random.uniform(-limit, limit, shape)


def zeros(random: np.random.Generator, shape: tuple[int, ...], inputs: int, outputs: int) -> np.ndarray:
    """Return zeros: right for biases, wrong for kernels, whose units would all learn the same."""
    return np.zeros(shape)


INITIALISERS = {function.__name__: function for function in (he_normal, lecun_normal, glorot_uniform, zeros)}
"""Every initialiser, by name."""
