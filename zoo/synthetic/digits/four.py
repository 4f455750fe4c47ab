"""How people write a 4."""


def four_open(u):
    """Most countries: down, to the right, and a second stroke that starts high and crosses."""
    x = u(0.55, 0.85)
    stem = [(x + u(-0.05, 0.15), u(-0.1, 0.25)), (x, 0.55), (x - u(-0.02, 0.15), u(0.95, 1.1))]
    return [_elbow(u(0.1, 0.45), u), stem]


def four_short(u):
    """Turkey, Eastern Europe, fast hands: the second stroke starts only just above the crossbar; often narrow."""
    narrow, knee = u(0.45, 1), (u(-0.05, 0.1), u(0.52, 0.8))
    end = (u(0.8, 1.1), knee[1] - u(-0.05, 0.2))
    x, y = u(0.55, 1), end[1] - u(-0.03, 0.25)
    arm = [(u(0.2, 0.75), 0), knee, knee, end]
    stem = [(x + u(-0.02, 0.08), y), (x - 0.03, (y + 1) / 2), (x - u(-0.02, 0.2), u(0.98, 1.15))]
    return [[(narrow * x, y) for x, y in stroke] for stroke in (arm, stem)]


def four_closed(u):
    """As print has it: the two strokes start together at the top; in one stroke at times."""
    x, y = u(0.6, 0.8), u(0.55, 0.72)
    tilt, knee = u(-0.05, 0.05), (u(0, 0.08), y)
    top, foot = (x, 0), (x - u(-0.03, 0.1), 1)
    if u() < 0.3:
        return [[(u(0.8, 1.1), y + tilt), knee, knee, top, top, foot]]
    return [[top, knee, knee, (u(0.8, 1.15), y + tilt)], [(x + u(-0.03, 0.08), u(-0.03, 0.12)), (x, 0.5), foot]]


def four_lightning(u):
    """Fast hands: one stroke, down, to the right, and down again."""
    knee, turn = (u(0, 0.1), u(0.48, 0.62)), (u(0.65, 0.95), u(0.38, 0.52))
    return [[(u(0.25, 0.6), 0), (0.25, 0.27), knee, knee, turn, turn, (turn[0] - u(0.05, 0.25), 1)]]


def four_like_y(u):
    """India, China, fast hands: one stroke, a cup, up to the top of the stem, and down."""
    top, low = (u(0.75, 1), u(-0.05, 0.2)), u(0.45, 0.6)
    cup = [(u(0, 0.15), u(0, 0.15)), (0, low - 0.15), (u(0.12, 0.25), low), (0.5, low - 0.03)]
    return [[*cup, top, top, (top[0] - 0.05, 0.6), (top[0] - u(0.05, 0.2), 1)]]


def four_like_u(u):
    """Round hands: a cup, and a stem that crosses its end."""
    low, x = u(0.45, 0.62), u(0.7, 0.9)
    cup = [(u(0, 0.15), u(-0.02, 0.15)), (0, low - 0.2), (u(0.08, 0.2), low - 0.02), (0.5, low)]
    stem = [(x + u(-0.03, 0.1), u(-0.08, 0.15)), (x, 0.5), (x - u(0, 0.12), 1)]
    return [[*cup, (u(0.85, 1.1), low - 0.05)], stem]


def four_leaning(u):
    """Italy, Spain, fast hands: the arm starts at the right, at or beyond the stem, which begins below its start."""
    knee, x = (u(-0.05, 0.12), u(0.5, 0.72)), u(0.5, 0.75)
    arm = [(x + u(-0.1, 0.3), u(-0.05, 0.08)), ((x + knee[0]) / 2 + u(-0.05, 0.1), u(0.22, 0.36)), knee, knee]
    y = knee[1] + u(-0.15, 0.06)
    top = u(0.08, 0.42)
    stem = [(x + 0.05, top), (x, (top + 1) / 2), (x - u(-0.03, 0.15), u(1, 1.15))]
    return [[*arm, (u(0.85, 1.25), y)], stem]


def four_looped(u):
    """Fast hands: one stroke, the crossbar's end turns back up to the top of the stem in a loop or a corner."""
    knee, x = (u(-0.05, 0.08), u(0.5, 0.68)), u(0.5, 0.75)
    turn, top = (u(0.85, 1.1), knee[1] - u(0.02, 0.2)), (x + u(0, 0.2), u(0, 0.3))
    arm = [(u(0.2, 0.5), u(0, 0.06)), knee, *([knee] if u() < 0.7 else [])]
    back = [turn, (turn[0] - u(0, 0.1), turn[1] - u(0.08, 0.2))] if u() < 0.6 else [turn, turn]
    return [[*arm, *back, top, *([top] if u() < 0.6 else []), (x, 0.6), (x - u(0, 0.15), u(0.98, 1.1))]]


def four_tailed(u):
    """Hands that join their digits: a u or an elbow whose stem goes far down, its end turned to one side."""
    low, x = u(0.4, 0.58), u(0.65, 0.9)
    cup = [
        (u(0, 0.25), u(0, 0.12)),
        (u(-0.03, 0.08), low - 0.12),
        (u(0.12, 0.28), low),
        (x - 0.15, low - u(0.02, 0.12)),
    ]
    top, foot = (x + u(0, 0.15), u(-0.05, 0.25)), (x - u(-0.02, 0.2), u(0.95, 1.05))
    tail = [(foot[0] - 0.08, 0.98), (u(0, 0.35), u(0.85, 1))] if u() < 0.6 else [foot, (foot[0] + 0.2, u(0.82, 0.98))]
    stem = [top, top, (x, 0.6), (x - 0.03, 0.82)]
    return [[*cup, *stem, *tail]] if u() < 0.6 else [[*cup, (x + u(0.05, 0.3), low - 0.1)], [*stem[1:], *tail]]


def four_low(u):
    """Turkey, and styluses that slip: an L, and a short stem that hangs below or across the end of its foot."""
    knee, narrow = (u(-0.03, 0.15), u(0.68, 0.88)), u(0.4, 1)
    end = (u(0.7, 1.05), knee[1] + u(-0.15, 0.05))
    x, top = end[0] - u(0, 0.35), end[1] - u(0.05, 0.25)
    arm = [(u(0.15, 0.5), 0), (knee[0] + u(0, 0.06), 0.45), knee, *([knee] if u() < 0.6 else []), end]
    stem = [(x + u(-0.03, 0.06), top), (x, (top + 1) / 2), (x - u(0, 0.2), u(0.98, 1.12))]
    return [[(narrow * x, y) for x, y in stroke] for stroke in (arm, stem)]


def four_wide(u):
    """Technical hands and mice: a straight arm, a long crossbar, and a stem that starts high or just above it."""
    knee, x = (u(-0.1, 0.1), u(0.55, 0.72)), u(0.5, 0.8)
    arm = [(x - u(-0.05, 0.35), u(-0.04, 0.08)), knee, knee, (u(1.05, 1.6), knee[1] + u(-0.08, 0.06))]
    return [arm, [(x + u(-0.03, 0.06), u(-0.05, 0.5)), (x - u(-0.05, 0.08), u(0.98, 1.2))]]


def _elbow(start, u):
    knee = (u(-0.05, 0.1), u(0.5, 0.76))
    return [(start, u(0, 0.06)), ((start + knee[0]) / 2, 0.3), knee, knee, (u(0.85, 1.1), knee[1] + u(-0.1, 0.05))]


def four_pinched(u):
    """Fast hands: closed, but for the corners: the arm bends round into the crossbar, which runs on beyond the stem."""
    x, low = u(0.6, 0.8), u(0.36, 0.58)
    arm = [(x + u(-0.1, 0.2), u(-0.05, 0.08)), (u(0.25, 0.45), u(0.06, 0.2)), (u(-0.02, 0.1), low - u(0.03, 0.15))]
    bar = [(u(0.12, 0.3), low), (x, low - u(0.02, 0.1)), (x + u(0.1, 0.4), low - u(0.03, 0.16))]
    return [[*arm, *bar], [(x + u(-0.02, 0.12), u(-0.08, 0.2)), (x, 0.5), (x - u(0, 0.25), u(0.98, 1.05))]]


FOUR = {
    four_open: 22,
    four_short: 24,
    four_closed: 14,
    four_lightning: 5,
    four_like_y: 9,
    four_like_u: 8,
    four_leaning: 7,
    four_looped: 4,
    four_tailed: 3,
    four_low: 5,
    four_wide: 3,
    four_pinched: 3,
}
