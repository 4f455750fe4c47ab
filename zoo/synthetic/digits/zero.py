"""How people write a 0. Crossed in one of eight: a 6 or 9 has no line through its ring, an 8 no ring about it."""

from zoo.synthetic.pen import arc


def zero_oval(u):
    """Everywhere: round from the top, mostly anticlockwise, not quite closed or past the start."""
    turn = -1 if u() < 0.7 else 1
    start = u(-40, 50)
    oval = arc(0.5, 0.5, 0.5, 0.5, start, turn * u(325, 420))
    if u() < 0.15:
        oval[:0] = [(oval[0][0] - turn * u(-0.1, 0.25), u(-0.15, 0.1))]
    if u() < 0.1:
        oval.append((0.5 + u(-0.3, 0.6), u(-0.15, 0.25)))
    return [oval]


def zero_open(u):
    """Fast hands: the ends stay apart at the top, or pass each other."""
    return [arc(0.5, 0.5, 0.5, u(0.45, 0.55), u(-35, 10), -u(285, 330))]


def zero_lying(u):
    """Fast hands: wider than high and leaning up to the right, closed or open at its upper left."""
    wide, start = u(1.1, 2.1), u(-80, 50)
    rise, sweep = u(-0.1, 0.4), u(300, 400) if u() < 0.6 else u(225, 300)
    return [[(wide * x, y - rise * x) for x, y in arc(0.5, 0.5, 0.5, u(0.38, 0.5), start, -sweep)]]


def zero_horned(u):
    """Hands that join their digits: both ends stand out at the top, crossing each other or not."""
    ends = [(u(0.45, 1), -u(0, 0.25)), (u(0, 0.6), u(-0.22, 0.15))]
    return [[ends[0], *arc(0.5, 0.5, 0.5, 0.5, u(-60, -10), -u(270, 330)), ends[1]]]


def zero_curled(u):
    """Round hands: the end runs on into the ring or stops below the start, high up in either case, or it were a 6."""
    if u() < 0.35:
        start = (u(0.3, 0.65), -u(0.03, 0.22))
        return [[start, *arc(0.5, 0.5, 0.5, 0.5, -u(30, 60), -u(270, 300)), (u(0.2, 0.4), u(0.02, 0.2))]]
    inside = [(u(0.42, 0.62), u(0.1, 0.2)), (u(0.28, 0.5), u(0.2, 0.34))]
    if u() < 0.5:
        return [[*arc(0.5, 0.5, 0.5, 0.5, u(-20, 25), -u(315, 350)), *inside]]
    return [[*inside[::-1], *arc(0.5, 0.5, 0.5, 0.5, u(20, 50), u(325, 400))]]


def zero_pointed(u):
    """Narrow, hurried, like a leaf: the ends meet in a point at the top, one of them higher."""
    tip = (u(0.4, 0.8), u(-0.12, 0))
    side = [(u(0.1, 0.2), 0.2), (0, u(0.5, 0.62)), (u(0.2, 0.35), 0.95), (u(0.55, 0.7), 0.98), (1, u(0.5, 0.65))]
    return [[tip, *side, (u(0.8, 0.95), 0.25), (tip[0] + u(-0.15, 0.1), tip[1] + u(-0.05, 0.15))]]


def zero_halves(u):
    """Children, and hands of East Asia: the left half, then the right half, each from the top."""
    left = arc(0.5, 0.5, 0.5, 0.5, u(-5, 30), -u(175, 205))
    return [left, arc(u(0.47, 0.55), u(0.47, 0.53), 0.48, 0.5, u(-25, 5), u(170, 200))]


# A slashed zero: programmers, engineers, armies and radio amateurs of all countries, so that none is an O.


def zero_slashed(u):
    """Programmers: a slash from the upper right that stays inside the ring, or ends on it."""
    reach, top = u(0.1, 0.38), u(0.25, 0.85)
    return [*_ring(u), _slash(top, reach, reach + u(-0.06, 0.06), u)]


def zero_slashed_far(u):
    """Engineers and armies: the slash runs beyond a ring of any width on one side or on both, far at times."""
    top, most = u(0.15, 1.4), 0.8 if u() < 0.5 else 0.3
    narrow = u(0.4, 1.4)
    ring = [[(0.5 + narrow * (x - 0.5), y) for x, y in stroke] for stroke in _ring(u)]
    upper, lower = ((0.5 + u(-0.08, most)) / max(1, 2 * top - 1) for _ in range(2))
    return [*ring, _slash(top, upper, lower, u)]


def zero_slashed_steep(u):
    """Drawing offices and Northern Europe: a steep line far beyond a small ring, as in a phi."""
    wide, tilt = u(0.8, 1.7), u(-0.2, 0.3)
    ring = [[(0.5 + wide * (x - 0.5), y) for x, y in stroke] for stroke in _ring(u)]
    middle = 0.5 + u(-0.12, 0.12) * wide
    top, foot = (middle + tilt, -u(0.05, 0.8)), (middle - tilt, 1 + u(0.05, 0.8))
    line = [top, (middle + u(-0.04, 0.04), 0.5), foot]
    return [*ring, [*line, (foot[0] - u(0.05, 0.2), foot[1] - u(0, 0.15))] if u() < 0.15 else line]


def zero_slashed_through(u):
    """Fast hands: the ring's own stroke goes on through it to the lower left, or begins as the slash."""
    wide = u(0.7, 1.4)
    top, foot = (u(0.55, 1.1), u(-0.15, 0.1)), (u(-0.15, 0.45), u(0.75, 1.4))
    turn = [(top[0] * 0.6 + 0.3, top[1] + u(-0.02, 0.06))]
    ring = arc(0.5, 0.5, 0.5, 0.5, u(-30, 50), -u(290, 360))
    if u() < 0.3:  # the slash first, upwards
        ring = arc(0.5, 0.5, 0.5, 0.5, u(40, 70), -u(300, 400))
        stroke = [foot, ((foot[0] + ring[0][0]) / 2, (foot[1] + ring[0][1]) / 2), *turn, *ring]
    elif u() < 0.5:
        stroke = [*ring, *turn, top, top, foot]  # a sharp turn
    else:
        stroke = [*ring, (u(0.85, 1.1), u(0, 0.2)), (u(0.5, 0.7), u(0.4, 0.6)), foot]  # a round one
    return [[(wide * x, y) for x, y in stroke]]


def zero_backslashed(u):
    """Left-handers, and where a slash would be the Nordic letter: the line falls to the right."""
    wide, slash = u(0.55, 1), _slash(u(0.5, 1), u(0.3, 0.8), u(0.3, 0.8), u)
    return [[(wide * (1 - x), y) for x, y in stroke] for stroke in (*_ring(u), slash)]


def zero_barred(u):
    """Programmers: a line that is level or nearly so, as in a theta, inside the ring or a little beyond."""
    reach, rise, y = u(0.2, 0.65), u(-0.08, 0.2), u(0.38, 0.62)
    return [*_ring(u), [(0.5 - reach, y + rise), (0.5 + reach + u(-0.1, 0.1), y - rise)]]


def zero_dotted(u):
    """Programmers: a dot or a short dash in the middle, as on the screens that they read."""
    x, y, size = 0.5 + u(-0.12, 0.12), 0.5 + u(-0.12, 0.12), u(0.01, 0.12)
    return [*_ring(u), [(x, y - size), (x + u(-0.03, 0.03), y), (x - u(0, size), y + size)]]


def _ring(u):
    turn = -1 if u() < 0.8 else 1
    return [arc(0.5, 0.5, 0.5, 0.5, u(-70, 60), turn * u(320, 400))]


def _slash(x, upper, lower, u):
    """Return a line through about the middle; `x` is where it leaves the box's upper edge, 0.5 above the middle.

    `upper` and `lower`: how far up and down from the middle it goes.
    """
    lean, middle = (x - 0.5) * 2, 0.5 + u(-0.08, 0.08)
    ends = (middle + lean * upper, 0.5 - upper), (middle - lean * lower, 0.5 + lower)
    return [ends[0], (middle + u(-0.04, 0.04), 0.5 + u(-0.04, 0.04)), ends[1]]


ZERO = {
    zero_oval: 55,
    zero_open: 6,
    zero_lying: 4,
    zero_horned: 7,
    zero_curled: 6,
    zero_pointed: 3,
    zero_halves: 2,
    zero_slashed: 3,
    zero_slashed_far: 6,
    zero_slashed_steep: 4,
    zero_slashed_through: 3.5,
    zero_backslashed: 1.5,
    zero_barred: 1,
    zero_dotted: 1,
}
