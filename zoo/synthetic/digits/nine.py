"""How people write a 9."""

from zoo.synthetic.pen import arc


def nine_straight(u):
    """America, Britain, Asia: the loop, a corner at the upper right, a straight stem."""
    loop, foot = _loop_of_nine(u(285, 350), u), u(0.45, 0.95)
    return [[*loop, ((loop[-1][0] + foot) / 2, 0.55), (foot, 1)]]


def nine_bent(u):
    """Most countries: the stem bends to the left at the bottom."""
    loop = _loop_of_nine(u(285, 350), u)
    return [[*loop, (u(0.78, 0.92), 0.5), (u(0.65, 0.85), 0.8), (u(0.2, 0.6), 1)]]


def nine_tail_left(u):
    """Continental Europe: the tail runs far to the left, its tip up."""
    loop = _loop_of_nine(u(285, 350), u)
    tail = [(u(0.75, 0.9), 0.82), (u(0.45, 0.6), 1), (u(0.1, 0.25), 0.97), (u(-0.25, 0.1), u(0.78, 0.94))]
    return [[*loop, (u(0.85, 0.98), 0.52), *tail]]


def nine_footed(u):
    """Technical hands: a corner at the bottom and a level foot to the left."""
    loop, corner = _loop_of_nine(u(285, 350), u), (u(0.7, 0.95), u(0.93, 1))
    return [[*loop, ((loop[-1][0] + corner[0]) / 2, 0.55), corner, corner, (u(-0.2, 0.25), u(0.93, 1.03))]]


def nine_open(u):
    """Fast hands: the loop does not come round to the stem."""
    loop = _loop_of_nine(u(190, 270), u)
    stem = [(0.85, 0.5), (u(0.75, 0.88), 0.8)]
    return [[*loop, *stem, *([(u(0.6, 0.85), 1)] if u() < 0.5 else [(0.5, 1), (u(-0.1, 0.2), u(0.88, 0.98))])]]


def nine_pointed(u):
    """Fast hands: a loop that is flat below and rises to the top of the stem, apart from where it began."""
    low, top = u(0.36, 0.52), (u(0.8, 1), u(-0.06, 0.15))
    loop = [(u(0.55, 0.85), u(-0.02, 0.1)), (0.35, u(0.04, 0.14)), (u(0, 0.1), low * 0.7), (u(0.05, 0.2), low)]
    return [[*loop, (0.5, low - u(-0.02, 0.1)), top, top, (top[0] - u(0, 0.15), 0.6), (u(0.45, 0.95), 1)]]


def nine_leaf(u):
    """Fast slanted hands: a flat loop that slopes up to the right, and a straight stem."""
    tip, low = (u(0.85, 1), u(-0.02, 0.12)), u(0.26, 0.42)
    leaf = [tip, (0.45, u(0.02, 0.1)), (u(0, 0.1), low * 0.75), (u(0.1, 0.2), low + 0.02), (0.5, low - u(0.02, 0.08))]
    return [[*leaf, tip, tip, ((tip[0] + 0.6) / 2 + u(0, 0.08), 0.5), (u(0.4, 0.75), 1)]]


def nine_through(u):
    """Turkey, Eastern Europe: a small loop at the left; the stem runs through it, bulges right and ends far left."""
    x, low = u(0.25, 0.4), u(0.36, 0.46)
    loop = [(u(0.6, 0.85), u(0.05, 0.15)), (x + 0.08, 0), (0.03, u(0.12, 0.2)), (x - 0.08, low), (x + 0.22, low - 0.12)]
    back = [(x + 0.08, u(0.06, 0.14)), (x - 0.08, 0.16)] if u() < 0.4 else [(x + 0.2, u(0.1, 0.18))]
    stem = [(x + 0.25, u(0.36, 0.42)), (u(0.78, 0.95), u(0.56, 0.68)), (u(0.7, 0.85), 0.85), (0.4, u(0.96, 1))]
    return [[*loop, *back, *stem, (u(-0.25, 0.1), u(0.85, 1))]]


def nine_small(u):
    """Fast hands and thick pens: a small head, filled at times, on a long stem that is straight or bent."""
    height, a = u(0.18, 0.34), u(0.16, 0.36)
    x = u(0.3, 0.5)
    loop = arc(x, height / 2, a, height / 2, u(40, 95), -u(290, 400))
    bend = (x + a * u(0.7, 1.1), u(0.45, 0.6))
    return [[*loop, *([loop[-1]] if u() < 0.5 else []), bend, (u(0.1, 0.9), 1)]]


def nine_bulging(u):
    """America and Britain: the head runs round to the left, and from there the stem swings out to the right."""
    low, wide, x = u(0.24, 0.44), u(0.25, 0.5), u(0.35, 0.6)
    right = (x + wide, u(0.08, 0.2))
    start = (x + u(-0.6, 0.8) * wide, low - u(-0.03, 0.14)) if u() < 0.88 else (x + wide * 0.95, low - 0.05)
    head = [start, right, (x + u(-0.1, 0.3) * wide, 0), (x - wide, u(0.12, 0.24)), (x - wide * u(0.1, 0.5), low)]
    return [[*head, (x + wide * u(0.5, 1.1), low + u(0.15, 0.3)), (u(0.6, 0.9), 0.85), (u(0.3, 0.8), 1)]]


def nine_flat(u):
    """Fast slanted hands: the head is a flat hook, a short line left and back, hardly open."""
    thick, tip = u(0.15, 0.3), (u(0.85, 1.1), u(-0.03, 0.1))
    start = (u(0.55, 0.95), u(-0.02, 0.08))
    hook = [(u(0.25, 0.4), u(-0.02, 0.06)), (u(-0.05, 0.08), thick * 0.6), (u(0.05, 0.2), thick), (0.5, thick - 0.04)]
    return [[start, *hook, tip, *([tip] if u() < 0.8 else []), (tip[0] - u(0.1, 0.25), 0.55), (u(0.2, 0.7), 1)]]


def nine_like_g(u):
    """Central Europe, Italy: the tail turns up again at the left, as in a g, and is closed at times."""
    loop, x = _loop_of_nine(u(285, 350), u), u(0.78, 0.95)
    tail = [(x, 0.82), (u(0.5, 0.65), 1), (u(0.15, 0.3), 0.98), (u(-0.1, 0.1), u(0.78, 0.9))]
    return [[*loop, (x + 0.03, 0.55), *tail, *([(u(0, 0.35), u(0.64, 0.78))] if u() < 0.5 else [])]]


def nine_two_strokes(u):
    """Children and careful hands: a ring, and a stem of its own, which touches it, cuts it or stands apart."""
    height, x = u(0.38, 0.6), u(0.78, 1)
    ring = arc(0.42, height / 2, u(0.36, 0.46), height / 2, u(-40, 90), -u(320, 400))
    stem = [(x, u(-0.06, 0.2)), (x + u(-0.04, 0.04), 0.5), (x - u(-0.03, 0.3), u(0.95, 1.02))]
    return [ring, [*stem, (u(0, 0.3), u(0.9, 1.02))] if u() < 0.25 else stem]


def nine_curled(u):
    """Round hands: the head begins inside, with a curl."""
    loop = arc(0.42, 0.26, 0.42, 0.26, u(60, 90), -u(300, 350))
    curl = [(u(0.45, 0.6), u(0.22, 0.34)), (u(0.6, 0.75), u(0.3, 0.36))]
    x = u(0.75, 0.95)
    return [[*curl, *loop, (x, u(0.1, 0.25)), (x, 0.55), (x - u(0, 0.2), 0.85), (u(-0.1, 0.7), u(0.9, 1))]]


def nine_angular(u):
    """Technical hands and mice: straight lines and corners."""
    height, left, right = u(0.34, 0.55), u(-0.05, 0.12), u(0.8, 1)
    a, b, c = (left, u(-0.02, 0.1)), (left + u(-0.05, 0.08), height), (right, height - u(0, 0.2))
    top = (right + u(-0.05, 0.05), u(-0.05, 0.05))
    return [[(right - u(0, 0.15), u(0, 0.08)), a, a, b, b, c, c, top, top, (u(0.4, 1), 1)]]


def _loop_of_nine(sweep, u):
    """Anticlockwise from the upper right, then to the corner where the stem begins, which some hands round off."""
    height, start = u(0.35, 0.65), u(25, 85)
    loop = arc(u(0.4, 0.46), height / 2, u(0.36, 0.45), height / 2, start, -sweep)
    top = (u(0.8, 0.95), u(0.02, height * 0.5))
    return [*loop, top, top] if u() < 0.8 else [*loop, top]


def nine_horned(u):
    """Turkey, Central Europe: the head begins with a horn at its right, which stands out beyond the stem."""
    loop = _loop_of_nine(u(270, 330), u)
    x = loop[-1][0]
    stem = [
        (x, 0.55),
        (x - u(0, 0.15), 0.85),
        *([(0.5, 1), (u(-0.1, 0.2), u(0.88, 1))] if u() < 0.6 else [(x - 0.1, 1)]),
    ]
    return [[(u(0.95, 1.35), u(-0.02, 0.22)), (u(0.75, 0.9), u(0, 0.05)), *loop, *stem]]


NINE = {
    nine_straight: 20,
    nine_bent: 14,
    nine_tail_left: 14,
    nine_footed: 4,
    nine_open: 9,
    nine_pointed: 11,
    nine_leaf: 7,
    nine_through: 10,
    nine_small: 4,
    nine_bulging: 5,
    nine_flat: 5,
    nine_like_g: 5,
    nine_two_strokes: 3,
    nine_curled: 2,
    nine_angular: 2,
    nine_horned: 4,
}
