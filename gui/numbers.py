"""How the window writes numbers: each kind in one way everywhere."""

MINUS = "\N{MINUS SIGN}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share of 0..1 as ``"99.9 %"``."""
    return f"{100 * share:.{digits}f} %"


def accuracy(share: float) -> str:
    """Return the share of a test set that a model reads right as ``"99.54 %"``."""
    return percent(share, 2)


def number(value: float, digits: int = 2) -> str:
    """Return a number as ``"0.50"`` or ``"−0.50"``; what is next to nothing has no sign."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", MINUS)


def a_digit(digit: int) -> str:
    """Return a digit as ``"a 7"`` or ``"an 8"``."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def latency(milliseconds: float) -> str:
    """Return ``"0.3 ms"``; below a tenth ``"0.03 ms"``, and nothing where it is not known."""
    if milliseconds <= 0:
        return ""
    return f"{milliseconds:.1f} ms" if milliseconds >= 0.095 else f"{max(milliseconds, 0.01):.2f} ms"
