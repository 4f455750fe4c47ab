"""Optimizers: how the parameters follow their gradients."""

import numpy as np


class SGD:
    """Stochastic gradient descent with momentum.

    A velocity ``v`` remembers the steps before: ``v = momentum * v - learning_rate * gradient``, and the parameter
    moves by ``v``. Nesterov's variant moves by ``momentum * v - learning_rate * gradient`` instead: one step ahead.

    Args:
        parameters: arrays by name, changed in place; those named ``....kernel`` are the kernels.
        momentum: 0..1, the share of the velocity that is kept; 0 is plain gradient descent.
        nesterov: look ahead, or not.
        weight_decay: of kernels, each step takes this share times the learning rate of them away, apart from the
            gradient (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
        max_norm: of kernels, the longest that the weights of one unit may be, as a vector; longer ones are scaled back
            after each step (Srivastava et al., "Dropout", 2014, section 5.1); 0 for no limit.

    Source: Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning"
    (2013), section 2.
    """

    def __init__(
        self,
        parameters: dict[str, np.ndarray],
        momentum: float = 0.9,
        nesterov: bool = True,
        weight_decay: float = 0.0,
        max_norm: float = 0.0,
    ):
        self.parameters = parameters
        self.momentum = momentum
        self.nesterov = nesterov
        self.weight_decay = weight_decay
        self.max_norm = max_norm
        self.velocities = {name: np.zeros_like(parameter) for name, parameter in parameters.items()}

    def step(self, gradients: dict[str, np.ndarray], learning_rate: float) -> None:
        """Move every parameter by its gradient, of its dtype and shape, whose array is written over."""
        for name, parameter in self.parameters.items():
            gradient, velocity = gradients[name], self.velocities[name]
            is_kernel = name.endswith(".kernel")
            if self.weight_decay and is_kernel:
                parameter *= 1 - learning_rate * self.weight_decay
            gradient *= learning_rate
            velocity *= self.momentum
            velocity -= gradient
            if self.nesterov:
                parameter -= gradient
                parameter += np.multiply(velocity, self.momentum, out=gradient)
            else:
                parameter += velocity
            if self.max_norm and is_kernel:
                limit_norms(parameter, self.max_norm)


def limit_norms(kernel: np.ndarray, longest: float) -> None:
    """Scale back, in place, the weights of every unit whose Euclidean norm exceeds `longest`.

    Args:
        kernel: float ``(..., units)``.
        longest: above 0.
    """
    rows = kernel.reshape(-1, kernel.shape[-1])
    norms = np.sqrt(np.einsum("iu,iu->u", rows, rows))
    kernel *= longest / np.maximum(norms, longest)
