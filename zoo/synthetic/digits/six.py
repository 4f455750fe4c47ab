"""How people write a 6."""

from zoo.synthetic.pen import arc


def six_curved(u):
    """Most countries: a bowed stem that turns into the loop."""
    loop = _loop_of_six(u(0.34, 0.6), u)
    return [[(u(0.55, 0.95), u(0, 0.04)), (u(0.32, 0.45), 0.15), (0.12, u(0.35, 0.42)), *loop]]


def six_straight(u):
    """Technical hands: a straight stem, leaning right or left, and a loop that is low at times."""
    loop, top = _loop_of_six(u(0.45, 0.77), u), u(-0.05, 0.65)
    return [[(top, 0), (top * 0.65 + 0.02, 0.25), (top * 0.25 + 0.03, 0.5), *loop]]


def six_unclosed(u):
    """Fast hands: the loop ends before it comes back to the stem."""
    top = u(0.36, 0.65)
    loop = arc(0.48, (1 + top) / 2, 0.46, (1 - top) / 2, -80, -u(190, 275))
    return [[(u(0.3, 0.8), 0), (u(0.15, 0.3), 0.28), *loop]]


def six_crossing(u):
    """Round hands: the loop's end crosses the stem and comes out at its left."""
    top = u(0.45, 0.78)
    loop = arc(0.48, (1 + top) / 2, u(0.32, 0.48), (1 - top) / 2, -80, -u(255, 285))
    return [[(u(0.1, 0.75), 0), (u(0.08, 0.25), 0.3), *loop, (-u(0.05, 0.35), top + u(0, 0.2))]]


def six_high(u):
    """Hands that join their digits: a high narrow loop, whose end runs down through the foot to the right."""
    left, top, x = u(-0.02, 0.1), u(0.18, 0.5), u(0.6, 0.9)
    stem = [(u(0.05, 0.45), 0), (left, 0.35), (left + u(0, 0.05), 0.75), (u(0.2, 0.35), u(0.96, 1.02))]
    loop = [(x - 0.05, 0.75), (x + 0.12, top + 0.15), (x, top), (x - u(0.12, 0.22), top + 0.14), (x - 0.16, 0.75)]
    return [[*stem, *loop, (x - u(0, 0.1), u(0.93, 1.02)), *([(x + u(0.05, 0.3), u(0.75, 0.95))] if u() < 0.6 else [])]]


def six_small(u):
    """Fast hands: a long stem, and a loop that is small, level or tall."""
    top, wide = u(0.66, 0.85), u(0.18, 0.42)
    loop = arc(wide, (1 + top) / 2, wide, (1 - top) / 2, -u(75, 100), -u(270, 380))
    return [[(u(-0.05, 0.75), 0), (u(0.08, 0.3), u(0.3, 0.4)), (u(0, 0.08), 0.65), *loop]]


def six_spiral(u):
    """Britain, India, East Asia: one bow that winds inwards, the end well inside the loop."""
    top = u(0.36, 0.58)
    loop = arc(0.5, (1 + top) / 2, u(0.42, 0.5), (1 - top) / 2, -u(80, 100), -u(230, 280))
    inside = [(u(0.4, 0.55), top + u(0.02, 0.12)), (u(0.22, 0.4), top + u(0.1, 0.28))]
    return [[(u(0.5, 0.9), u(0, 0.05)), (u(0.2, 0.35), 0.16), (0.05, u(0.4, 0.5)), *loop, *inside]]


def six_cornered(u):
    """As b is taught: down to the foot, and a bow from there or from half of the stem, with a corner between."""
    top, foot = u(0.38, 0.62), (u(-0.02, 0.12), u(0.93, 1))
    stem = [(u(0, 0.55), 0), (u(0.05, 0.2), 0.5), foot, foot]
    if u() < 0.5:
        bow = [(u(0.5, 0.7), 1), (u(0.8, 0.95), (1 + top) / 2), (u(0.45, 0.6), top), (u(0, 0.15), top + u(0.08, 0.2))]
    else:
        bow = [
            (0.1, (1 + top) / 2),
            (u(0.45, 0.6), top),
            (u(0.8, 0.95), (1 + top) / 2),
            (0.5, 1),
            (u(-0.05, 0.1), 0.97),
        ]
    return [[*stem, *bow]]


def six_angular(u):
    """Technical hands and mice: straight lines and corners."""
    foot, side, top = (u(-0.05, 0.1), u(0.92, 1)), u(0.7, 1), u(0.42, 0.65)
    low, high = (side, u(0.9, 1.02)), (side + u(-0.08, 0.04), top)
    stem = [(u(0.1, 0.9), u(0, 0.06)), (u(0.05, 0.25), u(0.3, 0.5))]
    return [[*stem, stem[-1], foot, foot, low, low, high, high, (u(-0.1, 0.2), top + u(-0.02, 0.15))]]


def _loop_of_six(top, u):
    """Anticlockwise from the left, closed against the stem or past it."""
    return arc(u(0.42, 0.52), (1 + top) / 2, u(0.36, 0.5), (1 - top) / 2, -u(80, 100), -u(290, 375))


SIX = {
    six_curved: 35,
    six_straight: 26,
    six_unclosed: 10,
    six_crossing: 16,
    six_high: 5,
    six_small: 3,
    six_spiral: 3,
    six_cornered: 2,
    six_angular: 2,
}
