"""How people write a 5."""


def five_flagged(u):
    """Most countries: neck and belly first; then the flag, which may start apart from the neck and rise."""
    y = u(-0.03, 0.08)
    flag = [(u(-0.12, 0.15), y), (u(0.65, 1.1), y - u(-0.03, 0.15))]
    return [[(u(0.08, 0.33), y + u(-0.06, 0.06)), *_belly_of_five(u)], flag]


def five_one_stroke(u):
    """Fast hands: from the flag's end to the left, down the neck, round the belly."""
    neck = (u(0.1, 0.3), u(0, 0.06))
    return [[(u(0.7, 1.1), u(-0.06, 0.05)), (0.5, 0.01), neck, neck, *_belly_of_five(u)]]


def five_like_s(u):
    """Fast hands: one curve without corners."""
    top = [(u(0.7, 1.1), u(-0.02, 0.1)), (0.5, 0), (u(0.15, 0.28), u(0.12, 0.2)), (u(0.2, 0.3), 0.36)]
    belly = [(u(0.5, 0.6), 0.45), (u(0.72, 0.9), u(0.58, 0.66)), (u(0.68, 0.85), 0.86), (0.4, 1)]
    wide = u(1.2, 2) if u() < 0.2 else 1
    return [[(wide * x, y) for x, y in (*top, *belly, (u(-0.1, 0.15), u(0.88, 1)))]]


def five_apart(u):
    """Children and fast hands: the flag is far from a short neck, or the neck is missing."""
    gap, right = u(0.06, 0.28), u(0.75, 1)
    neck = [(u(0.05, 0.3), gap + u(-0.02, 0.12))] if u() < 0.7 else []
    belly = [(u(0, 0.2), u(0.36, 0.48)), (0.5, u(0.3, 0.42)), (right - 0.05, 0.48), (right, 0.7), (right - 0.15, 0.92)]
    rise = u(-0.03, 0.15)
    return [[*neck, *belly, (0.4, 1), (u(-0.1, 0.2), u(0.88, 1))], [(u(0, 0.3), rise / 2), (u(0.6, 1.05), -rise / 2)]]


def five_round(u):
    """Round hands: the neck bends into the belly without a corner, and the flag is apart or starts left of it."""
    x, y = u(0.1, 0.35), u(0, 0.12)
    neck = [(x, y), (x - u(0.02, 0.12), 0.22), (x + u(0, 0.08), u(0.36, 0.44))]
    belly = [
        (0.55, u(0.4, 0.48)),
        (u(0.8, 0.95), 0.62),
        (u(0.72, 0.85), 0.88),
        (0.42, 1),
        (u(-0.1, 0.15), u(0.85, 0.97)),
    ]
    return [[*neck, *belly], [(x - u(-0.05, 0.25), u(-0.03, 0.06)), (u(0.7, 1.15), u(-0.12, 0.06))]]


def five_angular(u):
    """Technical hands and mice: straight lines and corners."""
    neck, waist = (u(0.02, 0.25), u(-0.02, 0.06)), (u(0, 0.15), u(0.36, 0.5))
    side, low = (u(0.75, 1), u(0.38, 0.6)), (u(0.7, 1), u(0.88, 1.02))
    stroke = [neck, neck, waist, waist, side, side, *([low, low] if u() < 0.6 else []), (u(-0.1, 0.15), u(0.9, 1.04))]
    flag = (u(0.65, 1.1), u(-0.08, 0.08))
    return [[flag, *stroke]] if u() < 0.5 else [stroke[1:], [neck, flag]]


def five_curled(u):
    """Fast slanted hands: a large belly whose end curls in, nearly closed at times, under a high straight flag."""
    x, right = u(0.2, 0.4), u(0.75, 0.95)
    belly = [(u(0.05, 0.2), u(0.38, 0.46)), (0.5, u(0.38, 0.46)), (right, u(0.62, 0.72)), (right - 0.25, 0.97)]
    end = [(0.2, u(0.94, 1)), (u(0, 0.1), u(0.78, 0.88)), (u(0.1, 0.6), u(0.64, 0.8))]
    return [[(u(0.8, 1.2), u(-0.1, 0.04)), (x, u(0, 0.06)), *([(x, 0.03)] if u() < 0.5 else []), *belly, *end]]


def _belly_of_five(u):
    """From the foot of the neck, a corner; the end is at the left, or in the middle and curled."""
    neck, right = (u(0.02, 0.16), u(0.34, 0.5)), u(0.7, 1)
    belly = [(u(0.38, 0.5), neck[1] - u(-0.03, 0.08)), (right - 0.08, u(0.45, 0.58)), (right, u(0.68, 0.76))]
    end = [(0.42, u(0.93, 1)), (u(0.15, 0.3), u(0.75, 0.9))] if u() < 0.12 else [(0.4, 1), (u(-0.15, 0.15), u(0.86, 1))]
    return [neck, neck, *belly, (right - 0.12, 0.9), *end]


def five_split(u):
    """Turkey, Eastern Europe: the neck falls from the middle of the flag, which begins with a line down at its left."""
    x, y, left = u(0.25, 0.55), u(0, 0.1), u(-0.1, 0.15)
    waist = (x - u(0, 0.25), u(0.3, 0.45))
    belly = [(x + u(0.15, 0.25), u(0.44, 0.52)), (u(0.75, 0.95), u(0.6, 0.72)), (u(0.6, 0.75), 0.92), (0.3, 1)]
    flag = [(left + u(-0.08, 0.05), u(0.12, 0.35)), (left, y), (left, y)] if u() < 0.7 else [(left, y)]
    return [[(x, y), waist, waist, *belly, (u(-0.1, 0.15), u(0.85, 0.98))], [*flag, (u(0.8, 1.2), u(-0.1, 0.06))]]


FIVE = {
    five_flagged: 50,
    five_one_stroke: 23,
    five_like_s: 13,
    five_apart: 4,
    five_round: 5,
    five_angular: 3,
    five_curled: 3,
    five_split: 3,
}
