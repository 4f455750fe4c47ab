"""Dots and other tiny marks, and scribbles: lines without a plan."""

import math

from zoo.synthetic.outliers.forms import angular, between, turned
from zoo.synthetic.pen import Styles, arc

# ---- Dots and other tiny marks, which come out as large as anything else


def dot_point(u):
    """A point: the pen only touched the paper."""
    return [[(0.5, 0.5)]]


def dot_blob(u):
    """A point that was gone over again, from side to side."""
    angles = [math.radians(turn * 180 + u(-50, 50)) for turn in range(between(9, 14, u))]
    return [[(0.5 + 0.5 * math.sin(a), 0.5 - u(0.2, 0.5) * math.cos(a)) for a in angles]]


def dot_dash(u):
    """A level dash."""
    rise = u(-0.15, 0.15)
    return [[(0, 0.5 + rise), (0.5, 0.5 + u(-0.08, 0.08)), (1, 0.5 - rise)]]


def dot_smear(u):
    """A few steps of a mouse that was hardly moved, from one pixel to the next, one in three of them down as well."""
    smear = [(0.0, 0.0)]
    for _ in range(between(3, 7, u)):
        x, y = smear[-1]
        smear += [(x + 0.2, y + 0.12 * (u(-1, 2) > 1))] * 2
    return [smear[:-1]]


def dot_pair(u):
    """Two points or three, in a row or not."""
    angle = u(-180, 180)
    dots = [[(0.5, 0.5)], [(0.5, 0)], [(0.5 + u(-0.4, 0.4), u(0.85, 1))]]
    return turned(dots[: between(2, 3, u)], angle)


def dot_chevron(u):
    """An angle that points to the left."""
    return [angular((1, u(0, 0.1)), (0, u(0.4, 0.6)), (1, u(0.9, 1)))]


def dot_bow(u):
    """A flat bow, open above or below."""
    height = u(0.2, 0.4) * (1 if u() < 0.5 else -1)
    return [[(0, 0.5), (0.25, 0.5 + 0.8 * height), (0.5, 0.5 + height), (0.75, 0.5 + 0.8 * height), (1, 0.5)]]


# ---- Scribbles to learn from


def scribble_tangle(u):
    """One line that curves about without a plan."""
    return [_apart(between(10, 15, u), 0.45, u)]


def scribble_tangles(u):
    """Three to five curved lines across each other."""
    return [_apart(between(3, 6, u), 0.4, u) for _ in range(between(3, 5, u))]


def scribble_zigzag(u):
    """To and fro, with corners or round, in any direction."""
    teeth, narrow = between(6, 11, u), u(0.4, 1)
    points = [(step / teeth + u(-0.03, 0.03), 0.5 + narrow * (step % 2 - 0.5) + u(-0.1, 0.1)) for step in range(teeth)]
    return turned([angular(*points) if u() < 0.5 else points], u(-180, 180))


def scribble_spiral(u):
    """Three or four turns, inwards or outwards."""
    turns, start, turn = u(2.5, 4), u(0, 360), 1 if u() < 0.5 else -1
    steps = math.ceil(9 * turns)
    places = [(step / steps, math.radians(start + turn * 360 * turns * step / steps)) for step in range(steps + 1)]
    spiral = [(0.5 + r * math.sin(angle) / 2, 0.5 - r * math.cos(angle) / 2) for r, angle in places]
    return [spiral if u() < 0.6 else spiral[::-1]]


def scribble_coil(u):
    """A row of loops, as a telephone's cord."""
    loops, height, turn = between(3, 5, u), u(0.2, 0.5), 1 if u() < 0.5 else -1
    steps = 8 * loops
    width = u(0.5, 0.9) / loops
    coil = [
        (step / steps + width * math.sin(step * math.pi / 4), 0.5 - turn * height * math.cos(step * math.pi / 4))
        for step in range(steps + 1)
    ]
    return turned([coil], u(-180, 180))


def scribble_crossings(u):
    """Three to six long lines, each across the box."""
    lines = []
    for _ in range(between(3, 6, u)):
        angle, aside = u(-180, 180), u(-0.4, 0.4)
        lines += turned([[(u(-0.1, 0.2), 0.5 + aside), (0.5, 0.5 + aside + u(-0.1, 0.1)), (u(0.8, 1.1), 0.5)]], angle)
    return lines


# ---- Scribbles to measure with


def scribble_polygon(u):
    """Straight lines from corner to corner without a plan."""
    return [angular(*_apart(between(7, 14, u), 0.5, u))]


def scribble_hatching(u):
    """Lines side by side, and at times others across them."""
    hatching = _hatching(u)
    return turned([*hatching, *turned(_hatching(u), u(60, 120))] if u() < 0.4 else hatching, u(-180, 180))


def scribble_twigs(u):
    """A line with twigs at both sides, as a fish bone."""
    twigs, back, reach = between(3, 5, u), u(-0.2, 0.25), u(0.3, 0.5)
    strokes = [[(0, 0.5), (0.5, 0.5 + u(-0.06, 0.06)), (1, 0.5)]]
    for twig in range(twigs):
        x = (twig + 0.5) / twigs
        if u() < 0.5:
            strokes.append([(x - back, 0.5 - reach), (x, 0.5), (x, 0.5), (x - back, 0.5 + reach)])
        else:
            strokes += [[(x, 0.5), (x - back, 0.5 + side * u(0.2, 0.5))] for side in (-1, 1)]
    return turned(strokes, u(-180, 180))


def scribble_rings(u):
    """Five to seven rings, apart: fewer could be an 8."""
    return [
        arc(1.2 * x, y, u(0.12, 0.26), u(0.12, 0.26), u(0, 360), u(300, 400))
        for x, y in _apart(between(5, 7, u), 0.4, u)
    ]


def scribble_rain(u):
    """Many short marks, apart."""
    rain, angle = [], u(-180, 180)
    for x, y in _apart(between(6, 12, u), 0.3, u):
        rain += turned([[(0.42, 0.5), (0.58, 0.5)]], angle + u(-30, 30))
        rain[-1] = [(a + x - 0.5, b + y - 0.5) for a, b in rain[-1]]
    return rain


def _hatching(u):
    lines = between(4, 7, u)
    return [
        [(u(-0.1, 0.15), y := line / (lines - 1)), (0.5, y + u(-0.04, 0.04)), (u(0.85, 1.1), y + u(-0.06, 0.06))]
        for line in range(lines)
    ]


def _apart(count, least, u):
    """Random points, each at least so far from the one before."""
    points = [(u(0, 1), u(0, 1))]
    while len(points) < count:
        point = (u(0, 1), u(0, 1))
        if math.dist(point, points[-1]) >= least:
            points.append(point)
    return points


LEARNED_DOTS: Styles = {dot_point: 2, dot_blob: 3, dot_dash: 2, dot_smear: 3}
UNSEEN_DOTS: Styles = {dot_pair: 2, dot_bow: 1, dot_chevron: 1}
LEARNED: Styles = {
    scribble_tangle: 4,
    scribble_tangles: 4,
    scribble_zigzag: 3,
    scribble_spiral: 2,
    scribble_coil: 2,
    scribble_crossings: 2,
}
UNSEEN: Styles = {
    scribble_polygon: 2,
    scribble_hatching: 2,
    scribble_twigs: 1,
    scribble_rings: 1,
    scribble_rain: 1,
}
