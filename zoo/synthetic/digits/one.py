"""How people write a 1. Its bar is 1 high, and what is at its side is measured in the same unit."""

import math

from zoo.synthetic.pen import arc


def one_bar(u):
    """Britain, America, India, Arab countries: a bare stroke down, a little bent."""
    bend = u(-0.12, 0.12) if u() < 0.3 else u(-0.05, 0.05)
    return [[(0, 0), (bend, 0.33), (bend, 0.67), (0, 1)]]


def one_hooked(u):
    """Round hands: a bar whose end turns to the left, with or without a flag."""
    bar = [(0, 0), (0, 0.45), (0, 0.85), (-u(0.05, 0.1), 0.97), (-u(0.12, 0.28), 1)]
    return [[*_flag(u(15, 70), u(0.1, 0.5), u), *bar] if u() < 0.6 else bar]


def one_flagged(u):
    """Germany, France, Italy, Iberia, Eastern Europe: up the flag, short or long and steep, and down the bar."""
    flag = _flag(u(15, 68), u(0.1, 0.6), u) if u() < 0.55 else _flag(u(28, 68), u(0.4, 1), u)
    return [[*flag, *([(0, 0)] if u() < 0.75 else []), (0, 0.5), (0, 1)]]


def one_folded(u):
    """Fast Continental hands: the flag lies close against the bar."""
    return [[*_flag(u(5, 22), u(0.2, 0.9), u), (0, 0), (0, 0.5), (0, 1)]]


def one_footed(u):
    """Germany, Turkey, careful Americans: a flag, level at times, and a foot; half of them in one stroke."""
    angle, length = (u(72, 95), u(0.15, 0.4)) if u() < 0.3 else (u(5, 72), u(0.1, 0.6))
    flag = _flag(angle, length, u) if u() < 0.9 else []
    left, right, tilt = u(0.02, 0.55), u(0.02, 0.55), u(-0.06, 0.06)
    bar = [*flag, (0, 0), (0, 0.5), (0, 1)]
    foot = [(-left, 1 + tilt), (0, 1), (right, 1 - tilt)]
    return [[*bar, (0, 1), *foot[:1], *foot]] if u() < 0.5 else [bar, foot]


def one_detached(u):
    """Careful hands, and those that draw with a mouse: the flag is a stroke of its own, and does not reach the bar."""
    footed = u() < 0.35
    flag, gap = _flag(u(20, 95 if footed else 72), u(0.12, 0.45), u), u(-0.05, 0.14)
    if u() < 0.4:  # an arch
        reach, droop = u(0.15, 0.4), u(0.05, 0.25)
        flag = [(-reach, droop), (-reach * u(0.4, 0.6), u(-0.06, 0.03)), (0, droop * u(0, 0.6))]
    bar = [(u(-0.02, 0.06), u(-0.1, 0.08)), (0, 0.5), (u(-0.08, 0.04), 1)]
    strokes = [[(x - gap, y) for x, y in flag], bar]
    if footed:
        strokes.append([(-u(0.05, 0.45), 1 + u(-0.05, 0.04)), (u(0, 0.35), 1 + u(-0.05, 0.04))])
    return strokes


def one_drooping(u):
    """Italy, Spain, France: a flag that rises in an arch and bends over into the bar, short, with a foot at times."""
    reach, droop = u(0.1, 0.38), u(0.05, 0.28)
    flag = [(-reach, droop), (-reach * 0.7, droop * 0.25), (-reach * 0.3, -u(0, 0.04))]
    bar = [*flag, (0, u(0, 0.06)), (u(-0.02, 0.03), 0.5), (0, 1)]
    return [bar, *([[(-u(0.1, 0.4), 1), (u(0.1, 0.4), 1 + u(-0.04, 0.04))]] if u() < 0.35 else [])]


def one_ticked(u):
    """Hands that join their digits, and styluses lifted late: the foot turns up to the right, short or it were a 6."""
    tip = (u(0.03, 0.3), 1 - u(0.03, 0.28))
    foot = [(0, u(0.88, 1)), (tip[0] / 2, 1)] if u() < 0.4 else [(0, 1), (0, 1)]
    bar = [(u(-0.03, 0.1), 0), (0, 0.5), *foot, tip]
    return [[*_flag(u(8, 60), u(0.08, 0.4), u), (0, 0), *bar[1:]] if u() < 0.3 else bar]


def one_topped(u):
    """As print has it: a short level line at the top, at its left or across it, often one at the foot too."""
    left, right = u(0.08, 0.3), u(-0.02, 0.25)
    foot = [[(-u(0.1, 0.35), 1 + u(-0.04, 0.04)), (u(0.1, 0.35), 1 + u(-0.04, 0.04))]]
    foot = foot if right > 0.05 or u() < 0.6 else []  # or it were a T
    return [[(-left, u(-0.02, 0.06)), (right, u(-0.03, 0.03))], [(0, 0), (u(-0.03, 0.03), 0.5), (0, 1)], *foot]


def one_looped(u):
    """Turkey and Eastern Europe: the flag begins with a small loop or curl, and there is a foot, or it were a 9."""
    x, size = -u(0.1, 0.22), u(0.06, 0.14)
    curl = arc(x, u(0.12, 0.2), size, size * 1.1, u(90, 180), -u(220, 330))
    foot = [[(-u(0.2, 0.45), 1 + u(-0.04, 0.04)), (u(0.15, 0.45), 1 + u(-0.05, 0.04))]]
    return [[*curl, (0, 0), (0, 0), (u(-0.03, 0.05), 0.5), (0, 1)], *foot]


def _flag(angle, length, u):
    """From the flag's tip to the top of the bar; the angle is to the bar, in degrees."""
    x, y = -length * math.sin(math.radians(angle)), length * math.cos(math.radians(angle))
    bow = u(-0.2, 0.2)
    return [(x, y), (x / 2 + bow * y, y / 2 - bow * x), (0, 0)]


ONE = {
    one_bar: 27,
    one_hooked: 5,
    one_flagged: 30,
    one_folded: 8,
    one_footed: 20,
    one_detached: 3.5,
    one_drooping: 2.5,
    one_ticked: 7,
    one_topped: 1.5,
    one_looped: 1,
}
