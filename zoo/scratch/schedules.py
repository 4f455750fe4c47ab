"""Learning rates that change as training goes on: functions of the step, which counts from 0."""

import math


def step_decay(step: int, peak: float, every: int, factor: float = 0.5) -> float:
    """Return `peak`, multiplied by `factor` after each `every` steps."""
    return peak * factor ** (step // every)


def exponential_decay(step: int, peak: float, every: int, factor: float = 0.5) -> float:
    """Return `peak`, falling evenly by `factor` over each `every` steps (Srivastava et al. 2014 and others)."""
    return peak * factor ** (step / every)


def cosine_decay(step: int, peak: float, steps: int, warmup: int = 0) -> float:
    """Return a rate that rises evenly from 0 to `peak` over `warmup` steps and falls on half a cosine to 0 at `steps`.

    Source: Loshchilov and Hutter, "SGDR" (2017), without its restarts; the warm-up: Goyal et al., "Accurate, large
    minibatch SGD" (2017), section 2.2.
    """
    if step < warmup:
        return peak * step / warmup
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return peak * 0.5 * (1 + math.cos(math.pi * done))
