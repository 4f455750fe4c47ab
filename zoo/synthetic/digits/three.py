"""How people write a 3."""


def three_round(u):
    """Everywhere: two bows that meet in a corner at the waist."""
    waist = (u(0.25, 0.65), u(0.38, 0.52))
    top = [(u(-0.05, 0.15), u(0.08, 0.33)), (0.4, 0), (u(0.72, 0.85), 0.1), (u(0.7, 0.8), 0.28)]
    return [[*top, waist, waist, *_belly_of_three(u)]]


def three_flat(u):
    """America, East Asia, Eastern Europe: a level top, a straight line to the waist, with corners or without."""
    corner, waist = (u(0.75, 0.95), u(-0.03, 0.06)), (u(0.25, 0.65), u(0.34, 0.46))
    corners = [corner, waist] if u() < 0.45 else [corner, corner, waist, waist]
    return [[(u(0, 0.15), u(0, 0.14)), (0.45, u(0, 0.05)), *corners, *_belly_of_three(u)]]


def three_looped(u):
    """School hands that join their digits: a small loop at the waist."""
    x, y, size = u(0.3, 0.45), u(0.42, 0.5), u(0.03, 0.08)
    top = [(u(0, 0.15), u(0.08, 0.25)), (0.4, 0), (u(0.75, 0.9), 0.12), (0.7, 0.3)]
    loop = [(x + 0.1, y - size / 3), (x, y + size / 2), (x - 1.5 * size, y), (x, y - size), (x + 0.18, y + size / 2)]
    return [[*top, *loop, *_belly_of_three(u)]]


def three_weak(u):
    """Fast hands: a waist without a corner, and not deep."""
    top = [(u(0, 0.2), u(0.05, 0.2)), (0.45, 0), (u(0.75, 0.9), 0.14), (0.7, 0.32)]
    return [[*top, (u(0.45, 0.7), u(0.4, 0.48)), (0.74, u(0.52, 0.58)), *_belly_of_three(u)[1:]]]


def three_tailed(u):
    """Hands that join their digits: the belly turns below, and the tail rises to the right across it."""
    waist, right = (u(0.25, 0.5), u(0.34, 0.46)), u(0.55, 0.85)
    top = [(u(-0.05, 0.15), u(0.05, 0.25)), (0.4, 0), (u(0.68, 0.85), 0.1), (u(0.6, 0.75), 0.25)]
    if u() < 0.3:  # down first, and up again
        low = (u(-0.1, 0.1), u(0.25, 0.5))
        top[:1] = [(u(0, 0.2), u(-0.02, 0.12)), low, low]
    belly = [(right - 0.12, u(0.48, 0.56)), (right, u(0.64, 0.74)), (right - 0.25, 0.96), (u(0.1, 0.25), 1)]
    turn = [(u(-0.1, 0.05), u(0.86, 0.94)), (u(0.12, 0.25), u(0.78, 0.86))]
    return [[*top, waist, waist, *belly, *turn, (u(0.35, 1.3), u(0.5, 0.82))]]


def three_curled(u):
    """Round hands: the ends turn in, at one end or both, as if to close an 8 or a B."""
    waist = (u(0.35, 0.6), u(0.42, 0.5))
    start = [(u(0.15, 0.35), u(0.2, 0.32)), (u(-0.02, 0.1), u(0.16, 0.24))] if u() < 0.6 else [(u(0, 0.1), u(0.1, 0.2))]
    end = [(u(-0.05, 0.05), u(0.78, 0.88)), (u(0.08, 0.35), u(0.68, 0.78))] if u() < 0.6 else [(u(0, 0.1), u(0.8, 0.9))]
    belly = [(0.7, u(0.5, 0.56)), (u(0.8, 0.95), 0.72), (0.7, 0.93), (0.35, 1)]
    return [[*start, (0.3, 0.02), (u(0.68, 0.8), 0.05), (u(0.72, 0.85), 0.25), waist, waist, *belly, *end]]


def three_angular(u):
    """Mice and hurried hands: straight lines, a zigzag with a corner for each bow."""
    waist, low = (u(0.2, 0.6), u(0.36, 0.52)), (u(0.75, 1), u(0.58, 0.8))
    start, corner = (u(0, 0.15), u(-0.02, 0.12)), (u(0.75, 0.95), u(0, 0.2))
    stroke = [start, corner, corner, waist, waist, low, low]
    foot = (low[0] - u(-0.02, 0.15), u(0.93, 1.02))
    return [[*stroke, *([foot, foot] if u() < 0.5 else []), (u(-0.1, 0.2), u(0.88, 1.04))]]


def three_shallow(u):
    """Fast hands: the waist is only a dent, high or low, in one long bow; a 7 has no dent, and ends lower left."""
    y, depth = u(0.3, 0.5), u(0.08, 0.2)
    top = [(u(-0.05, 0.2), u(0.02, 0.2)), (0.4, u(-0.02, 0.03)), (u(0.72, 0.85), u(0.06, 0.14))]
    dent = [(u(0.72, 0.82), y - 0.12), (u(0.72, 0.82) - depth, y), (u(0.75, 0.85), y + 0.13)]
    return [[*top, *dent, (u(0.72, 0.9), 0.78), (u(0.5, 0.65), 0.95), (u(-0.15, 0.3), u(0.92, 1.02))]]


def _belly_of_three(u):
    """From behind the waist to the end at the left, which reaches far out in a quarter of them."""
    right, low = u(0.65, 1), u(0.7, 0.8)
    end = [(u(-0.4, -0.05), u(0.82, 1))] if u() < 0.25 else [(u(0, 0.2), u(0.74, 0.98))]
    return [(right - 0.15, u(0.48, 0.56)), (right, low), (right - 0.15, 0.92), (u(0.35, 0.5), 1), *end]


THREE = {
    three_round: 36,
    three_flat: 23,
    three_looped: 9,
    three_weak: 18,
    three_tailed: 5,
    three_curled: 4,
    three_angular: 3,
    three_shallow: 4.5,
}
