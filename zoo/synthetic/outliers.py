"""Synthetic outliers, which are not one digit, for models to doubt: dots, scribbles, letters, and two digits at once.

They are written as synthetic digits are, by the same hand, and a style is a function of the same kind: to add one, put
it in the table of its kind with its share. A stroke of a single point is a dot.

That a model doubts what it was taught to doubt says little. So every kind has styles to learn from, `LEARNED`, and
others that are kept for measuring, `UNSEEN`, and are no mere variants of the first; of two digits, it is the pairs
that are divided.

Left out is what is a digit in some hands, as O, D, l, S, Z, B, b, g, q, G, Y, J and a bar that leans as a 1 may, and
what a hurried digit comes close to: a printed a, which has the lines of a 2 with a loop.
"""

import math
from functools import partial

import numpy as np

from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import draw_digit
from zoo.synthetic.pen import PEN, Style, Styles, arc, check_set, make_set, pick, write

KINDS = ("dot", "scribble", "letter", "two digits")
"""Of outliers."""
DIGIT_SHAPED = "BDGIOQSZbgiloqsz!'(),/>`|"
"""Characters that are digits by their shape in some hands and countries: no score counts whether they are doubted."""


def _angular(*points):
    """Straight lines: every point between the ends is a corner."""
    return [points[0], *[point for point in points[1:-1] for _ in range(2)], points[-1]]


def _turned(strokes, angle):
    """Turn strokes about the middle of the box, by degrees."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [
        [(0.5 + (x - 0.5) * cosine - (y - 0.5) * sine, 0.5 + (x - 0.5) * sine + (y - 0.5) * cosine) for x, y in stroke]
        for stroke in strokes
    ]


def _apart(count, least, u):
    """Random points, each at least so far from the one before."""
    points = [(u(0, 1), u(0, 1))]
    while len(points) < count:
        point = (u(0, 1), u(0, 1))
        if math.dist(point, points[-1]) >= least:
            points.append(point)
    return points


def _between(low, high, u):
    """Return a random whole number from 0 up, both ends included."""
    return int(u(low, high + 1))


# ---- Dots and other tiny marks, which come out as large as anything else


def dot_point(u):
    """A point: the pen only touched the paper."""
    return [[(0.5, 0.5)]]


def dot_blob(u):
    """A point that was gone over again, from side to side."""
    angles = [math.radians(turn * 180 + u(-50, 50)) for turn in range(_between(9, 14, u))]
    return [[(0.5 + 0.5 * math.sin(a), 0.5 - u(0.2, 0.5) * math.cos(a)) for a in angles]]


def dot_dash(u):
    """A level dash."""
    rise = u(-0.15, 0.15)
    return [[(0, 0.5 + rise), (0.5, 0.5 + u(-0.08, 0.08)), (1, 0.5 - rise)]]


def dot_smear(u):
    """A few steps of a mouse that was hardly moved, from one pixel to the next, one in three of them down as well."""
    smear = [(0.0, 0.0)]
    for _ in range(_between(3, 7, u)):
        x, y = smear[-1]
        smear += [(x + 0.2, y + 0.12 * (u(-1, 2) > 1))] * 2
    return [smear[:-1]]


def dot_pair(u):
    """Two points or three, in a row or not."""
    angle = u(-180, 180)
    dots = [[(0.5, 0.5)], [(0.5, 0)], [(0.5 + u(-0.4, 0.4), u(0.85, 1))]]
    return _turned(dots[: _between(2, 3, u)], angle)


def dot_chevron(u):
    """An angle that points to the left."""
    return [_angular((1, u(0, 0.1)), (0, u(0.4, 0.6)), (1, u(0.9, 1)))]


def dot_bow(u):
    """A flat bow, open above or below."""
    height = u(0.2, 0.4) * (1 if u() < 0.5 else -1)
    return [[(0, 0.5), (0.25, 0.5 + 0.8 * height), (0.5, 0.5 + height), (0.75, 0.5 + 0.8 * height), (1, 0.5)]]


# ---- Scribbles to learn from


def scribble_tangle(u):
    """One line that curves about without a plan."""
    return [_apart(_between(10, 15, u), 0.45, u)]


def scribble_tangles(u):
    """Three to five curved lines across each other."""
    return [_apart(_between(3, 6, u), 0.4, u) for _ in range(_between(3, 5, u))]


def scribble_zigzag(u):
    """To and fro, with corners or round, in any direction."""
    teeth, narrow = _between(6, 11, u), u(0.4, 1)
    points = [(step / teeth + u(-0.03, 0.03), 0.5 + narrow * (step % 2 - 0.5) + u(-0.1, 0.1)) for step in range(teeth)]
    return _turned([_angular(*points) if u() < 0.5 else points], u(-180, 180))


def scribble_spiral(u):
    """Three or four turns, inwards or outwards."""
    turns, start, turn = u(2.5, 4), u(0, 360), 1 if u() < 0.5 else -1
    steps = math.ceil(9 * turns)
    places = [(step / steps, math.radians(start + turn * 360 * turns * step / steps)) for step in range(steps + 1)]
    spiral = [(0.5 + r * math.sin(angle) / 2, 0.5 - r * math.cos(angle) / 2) for r, angle in places]
    return [spiral if u() < 0.6 else spiral[::-1]]


def scribble_coil(u):
    """A row of loops, as a telephone's cord."""
    loops, height, turn = _between(3, 5, u), u(0.2, 0.5), 1 if u() < 0.5 else -1
    steps = 8 * loops
    width = u(0.5, 0.9) / loops
    coil = [
        (step / steps + width * math.sin(step * math.pi / 4), 0.5 - turn * height * math.cos(step * math.pi / 4))
        for step in range(steps + 1)
    ]
    return _turned([coil], u(-180, 180))


def scribble_crossings(u):
    """Three to six long lines, each across the box."""
    lines = []
    for _ in range(_between(3, 6, u)):
        angle, aside = u(-180, 180), u(-0.4, 0.4)
        lines += _turned([[(u(-0.1, 0.2), 0.5 + aside), (0.5, 0.5 + aside + u(-0.1, 0.1)), (u(0.8, 1.1), 0.5)]], angle)
    return lines


# ---- Scribbles to measure with


def scribble_polygon(u):
    """Straight lines from corner to corner without a plan."""
    return [_angular(*_apart(_between(7, 14, u), 0.5, u))]


def scribble_hatching(u):
    """Lines side by side, and at times others across them."""
    hatching = _hatching(u)
    return _turned([*hatching, *_turned(_hatching(u), u(60, 120))] if u() < 0.4 else hatching, u(-180, 180))


def scribble_twigs(u):
    """A line with twigs at both sides, as a fish bone."""
    twigs, back, reach = _between(3, 5, u), u(-0.2, 0.25), u(0.3, 0.5)
    strokes = [[(0, 0.5), (0.5, 0.5 + u(-0.06, 0.06)), (1, 0.5)]]
    for twig in range(twigs):
        x = (twig + 0.5) / twigs
        if u() < 0.5:
            strokes.append([(x - back, 0.5 - reach), (x, 0.5), (x, 0.5), (x - back, 0.5 + reach)])
        else:
            strokes += [[(x, 0.5), (x - back, 0.5 + side * u(0.2, 0.5))] for side in (-1, 1)]
    return _turned(strokes, u(-180, 180))


def scribble_rings(u):
    """Five to seven rings, apart: fewer could be an 8."""
    return [
        arc(1.2 * x, y, u(0.12, 0.26), u(0.12, 0.26), u(0, 360), u(300, 400))
        for x, y in _apart(_between(5, 7, u), 0.4, u)
    ]


def scribble_rain(u):
    """Many short marks, apart."""
    rain, angle = [], u(-180, 180)
    for x, y in _apart(_between(6, 12, u), 0.3, u):
        rain += _turned([[(0.42, 0.5), (0.58, 0.5)]], angle + u(-30, 30))
        rain[-1] = [(a + x - 0.5, b + y - 0.5) for a, b in rain[-1]]
    return rain


def _hatching(u):
    lines = _between(4, 7, u)
    return [
        [(u(-0.1, 0.15), y := line / (lines - 1)), (0.5, y + u(-0.04, 0.04)), (u(0.85, 1.1), y + u(-0.06, 0.06))]
        for line in range(lines)
    ]


# ---- Letters and signs to learn from


def letter_d(u):
    """A bowl at the left of a tall stem, in one stroke or two."""
    top, x = u(0.42, 0.55), u(0.8, 0.95)
    bowl = arc(0.42, (1 + top) / 2, 0.42, (1 - top) / 2, u(40, 70), -u(270, 300))
    stem = [(x + u(-0.02, 0.08), 0), (x, 0.5), (x, 0.95), (x + u(0.05, 0.3), 1)]
    return [[*bowl, stem[0], *stem]] if u() < 0.5 else [bowl, stem]


def letter_e_capital(u):
    """A stem and three arms."""
    y, reach = u(0.4, 0.6), u(0.6, 0.95)
    frame = _angular((u(0.8, 1), u(-0.03, 0.05)), (0, 0), (0, 1), (u(0.8, 1), 1 + u(-0.05, 0.03)))
    return [frame, [(0, y), (reach, y + u(-0.05, 0.05))]]


def letter_f_capital(u):
    """A stem and two arms."""
    y = u(0.4, 0.58)
    arms = [[(0, 0), (u(0.8, 1), u(-0.05, 0.05))], [(0, y), (u(0.55, 0.85), y + u(-0.05, 0.05))]]
    return [[(0, 0), (u(-0.04, 0.04), 0.5), (0, 1)], *arms]


def letter_h(u):
    """A tall stem and an arch."""
    top, x = u(0.42, 0.55), u(0.75, 1)
    return [_angular((0, 0), (0, 1), (0, top + 0.2)) + [(0.3, top), (x - 0.1, top + 0.05), (x, 0.75), (x, 1)]]


def letter_h_capital(u):
    """Two stems and a bar."""
    y = u(0.4, 0.52)
    stems = [[(x, u(-0.05, 0.05)), (x + u(-0.04, 0.04), 0.5), (x, u(0.98, 1.08))] for x in (0, 1)]
    return [*stems, [(u(-0.08, 0.05), y + u(-0.05, 0.05)), (u(0.95, 1.08), y + u(-0.05, 0.05))]]


def letter_m(u):
    """Three feet and two arches."""
    low = u(0.3, 0.6)
    arches = [(0, 0.6), (0.2, low - 0.25), (0.42, low), (0.5, 1), (0.5, 1), (0.52, 0.6), (0.75, low - 0.25)]
    return [[(0, u(0.1, 0.2)), (0, 1), (0, 1), *arches, (0.95, low), (1, 1)]]


def letter_n(u):
    """Two feet and an arch."""
    arch = [(0.03, 0.5), (0.25, u(0.1, 0.2)), (0.55, u(-0.02, 0.05)), (u(0.8, 0.9), 0.25), (u(0.85, 1), 1)]
    return [[(0, u(-0.05, 0.1)), (0, 1), (0, 1), *arch, *([(1.15, 0.97)] if u() < 0.4 else [])]]


def letter_r(u):
    """A stem and half an arch."""
    return [
        [(0.15, u(-0.05, 0.1)), (0.15, 1), (0.15, 1), (0.2, 0.4), (0.5, u(0.05, 0.15)), (0.85, 0), (1, u(0.1, 0.25))]
    ]


def letter_t(u):
    """A tall stem that turns to the right at the foot, and a bar across."""
    y = u(0.25, 0.4)
    stem = [(0.5, 0), (0.48, 0.45), (0.5, 0.82), (u(0.6, 0.7), 1), (u(0.85, 1), u(0.82, 0.95))]
    return [stem, [(u(0.02, 0.2), y + u(-0.04, 0.04)), (u(0.8, 1), y + u(-0.04, 0.04))]]


def letter_t_capital(u):
    """A level top, and a stem from its middle."""
    x = u(0.45, 0.55)
    return [[(u(-0.1, 0), u(-0.05, 0.05)), (u(1, 1.1), u(-0.05, 0.05))], [(x, 0), (x + u(-0.05, 0.05), 0.5), (x, 1)]]


def letter_u(u):
    """A wide cup, and a stem at its right."""
    cup = [(0, 0), (u(0, 0.05), 0.55), (u(0.2, 0.3), 0.95), (u(0.6, 0.7), 0.95), (0.95, 0.5), (1, 0)]
    return [[*cup, (1, 0), (1, 0.6), (1.02, 1), *([(1.25, 0.92)] if u() < 0.5 else [])]]


def letter_v(u):
    """An angle; one arm is longer in a check mark."""
    left, x = (0, u(-0.05, 0.05)), u(0.4, 0.6)
    if u() < 0.4:
        left, x = (0, u(0.45, 0.65)), u(0.2, 0.35)
    return [_angular(left, (x, 1), (1, u(-0.1, 0.05)))]


def letter_x(u):
    """Two lines across each other, aslant or upright."""
    lines = [[(0, 0), (0.5, 0.5 + u(-0.05, 0.05)), (1, 1)], [(1, 0), (0.5 + u(-0.05, 0.05), 0.5), (0, 1)]]
    return lines if u() < 0.5 else _turned(lines, 45)


def sign_asterisk(u):
    """Three lines through one point, or four."""
    lines, start = _between(3, 4, u), u(0, 180)
    ends = [math.radians(start + 180 * line / lines) for line in range(lines)]
    return [
        [(0.5 - math.cos(a) / 2, 0.5 - math.sin(a) / 2), (0.5 + math.cos(a) / 2, 0.5 + math.sin(a) / 2)] for a in ends
    ]


def sign_equals(u):
    """Two level lines."""
    gap = u(0.3, 0.5)
    return [[(u(0, 0.1), y), (u(0.9, 1), y + u(-0.05, 0.05))] for y in (0.5 - gap / 2, 0.5 + gap / 2)]


def sign_heart(u):
    """Two bows from the notch to the point."""
    notch, point = (0.5, u(0.2, 0.32)), (u(0.45, 0.55), 1)
    left = [notch, (0.35, 0.02), (0.1, 0.05), (0, 0.3), (0.15, 0.6), point]
    return [[*left, point, (0.85, 0.6), (1, 0.3), (0.9, 0.05), (0.65, 0.02), notch]]


def sign_infinity(u):
    """An eight that lies on its side."""
    start, narrow = u(0, 360), u(0.2, 0.3)
    angles = [math.radians(start + 30 * step) for step in range(_between(12, 13, u) + 1)]
    return [[(0.5 + 0.6 * math.sin(angle), 0.5 + narrow * math.sin(2 * angle)) for angle in angles]]


def sign_question(u):
    """A hook and, well apart, a dot."""
    hook = [(0, u(0.15, 0.25)), (0.2, 0.03), (0.55, 0), (0.85, 0.2), (0.65, 0.4), (0.42, 0.52), (0.4, u(0.68, 0.74))]
    return [hook, [(0.4 + u(-0.05, 0.05), 1)]]


def sign_square(u):
    """Four sides, at times with a cross in it."""
    corners = [(u(-0.05, 0.05), u(-0.05, 0.05)), (u(-0.05, 0.05), 1), (1, u(0.95, 1.05)), (1, u(-0.05, 0.05))]
    square = _angular(*corners, (u(-0.1, 0.1), u(-0.08, 0.08)))
    return [square, [(0, 0), (1, 1)], [(1, 0), (0, 1)]] if u() < 0.3 else [square]


# ---- Letters and signs to measure with


def letter_a_capital(u):
    """Two lines that lean together, and a bar."""
    x, y = u(0.42, 0.58), u(0.55, 0.72)
    return [_angular((0, 1), (x, 0), (1, 1)), [(x * (1 - y) + u(-0.1, 0.03), y), (x + (1 - x) * y + u(-0.03, 0.1), y)]]


def letter_e(u):
    """A level bar and, from its end, most of a ring."""
    y = u(0.42, 0.55)
    return [[(0.05, y + u(0, 0.08)), (0.95, y - 0.02), (0.95, y - 0.02), *arc(0.5, 0.5, 0.5, 0.5, 70, -u(285, 310))]]


def letter_f(u):
    """A stem that hooks to the right at the top, and a bar across."""
    y = u(0.35, 0.48)
    stem = [(1, u(0.05, 0.15)), (0.75, 0), (0.5, u(0.12, 0.2)), (0.45, 0.5), (0.45, 1)]
    return [stem, [(u(0, 0.15), y + u(-0.04, 0.04)), (u(0.8, 1), y + u(-0.04, 0.04))]]


def letter_k(u):
    """A stem, and an angle at its right; small or capital."""
    top, knee = u(0, 0.4), u(0.55, 0.65)
    angle = _angular((u(0.7, 0.95), top), (u(0, 0.12), knee), (u(0.75, 1), 1))
    return [[(0, 0), (u(-0.03, 0.03), 0.5), (0, 1)], angle]


def letter_l_capital(u):
    """A stem and a long foot."""
    return [_angular((u(-0.05, 0.05), 0), (0, 1), (u(0.75, 1.1), u(0.95, 1.03)))]


def letter_m_capital(u):
    """Four straight lines."""
    return [_angular((u(-0.08, 0.05), 1), (u(0, 0.15), 0), (0.5, u(0.5, 0.95)), (u(0.85, 1), 0), (u(0.95, 1.08), 1))]


def letter_n_capital(u):
    """Three straight lines."""
    return [_angular((0, 1), (u(-0.03, 0.08), 0), (u(0.92, 1.03), 1), (1, 0))]


def letter_p(u):
    """A stem, and a bowl at its upper right; of an R with a leg."""
    low, right = u(0.45, 0.58), u(0.75, 1)
    bowl = [(0, 0.03), (0.5, 0), (right, low * 0.4), (0.55, low), (0, low + 0.02)]
    leg = [(0.15, low + 0.02)] * 2 + [(u(0.8, 1), 1)] if u() < 0.5 else []
    return [[(0, u(-0.02, 0.08)), (u(-0.03, 0.03), 0.5), (0, 1)], [*bowl, *leg]]


def letter_w(u):
    """Four lines, straight, or as two cups."""
    middle = (0.5, u(0.1, 0.5))
    if u() < 0.6:
        return [_angular((0, 0), (u(0.2, 0.3), 1), middle, (u(0.7, 0.8), 1), (1, 0))]
    cup = [(0.05, 0.7), (0.25, 1), (0.45, 0.7)]
    return [[(0, 0), *cup, middle, middle, *[(x + 0.5, y) for x, y in cup], (1, 0)]]


def sign_arrow(u):
    """A shaft and a head, in any direction."""
    spread, back = u(0.2, 0.35), u(0.25, 0.4)
    head = _angular((1 - back, 0.5 - spread), (1, 0.5), (1 - back, 0.5 + spread))
    return _turned([[(0, 0.5), (0.5, 0.5 + u(-0.06, 0.06)), (1, 0.5)], head], u(-180, 180))


def sign_hash(u):
    """Two lines across two others."""
    a, b = u(0.25, 0.38), u(0.62, 0.75)
    return [[(x, 0), (x + u(-0.08, 0.02), 1)] for x in (a, b)] + [[(0, y), (1, y + u(-0.05, 0.05))] for y in (a, b)]


def sign_percent(u):
    """A slash between two rings."""
    rings = [arc(x, x, 0.18, 0.2, u(0, 360), u(330, 390)) for x in (0.18, 0.82)]
    return [rings[0], [(u(0.8, 0.95), 0), (u(0.05, 0.2), 1)], rings[1]]


def sign_star(u):
    """Five points in one line."""
    start, turn = u(-20, 20), 144 if u() < 0.5 else -144
    angles = [math.radians(start + turn * corner) for corner in range(6)]
    return [_angular(*[(0.5 + math.sin(angle) / 2, 0.5 - math.cos(angle) / 2) for angle in angles])]


def sign_triangle(u):
    """Three sides, a point above."""
    top = (u(0.35, 0.65), 0)
    return [_angular(top, (0, u(0.92, 1)), (1, u(0.92, 1)), (top[0] + u(-0.06, 0.06), u(-0.05, 0.05)))]


# ---- The catalogue

LEARNED: dict[str, Styles] = {
    "dot": {dot_point: 2, dot_blob: 3, dot_dash: 2, dot_smear: 3},
    "scribble": {
        scribble_tangle: 4,
        scribble_tangles: 4,
        scribble_zigzag: 3,
        scribble_spiral: 2,
        scribble_coil: 2,
        scribble_crossings: 2,
    },
    "letter": {
        letter_d: 1,
        letter_e_capital: 1,
        letter_f_capital: 1,
        letter_h: 1,
        letter_h_capital: 1,
        letter_m: 1,
        letter_n: 1,
        letter_r: 1,
        letter_t: 1,
        letter_t_capital: 1,
        letter_u: 1,
        letter_v: 1,
        letter_x: 1.5,
        sign_asterisk: 0.5,
        sign_equals: 0.5,
        sign_heart: 0.5,
        sign_infinity: 0.5,
        sign_question: 1,
        sign_square: 1,
    },
}
UNSEEN: dict[str, Styles] = {
    "dot": {dot_pair: 2, dot_bow: 1, dot_chevron: 1},
    "scribble": {scribble_polygon: 2, scribble_hatching: 2, scribble_twigs: 1, scribble_rings: 1, scribble_rain: 1},
    "letter": {
        letter_a_capital: 1,
        letter_e: 1,
        letter_f: 1,
        letter_k: 1,
        letter_l_capital: 1,
        letter_m_capital: 1,
        letter_n_capital: 1,
        letter_p: 1,
        letter_w: 1,
        sign_arrow: 1,
        sign_hash: 0.5,
        sign_percent: 0.5,
        sign_star: 0.5,
        sign_triangle: 0.5,
    },
}
SHARES = {"dot": 5, "scribble": 35, "letter": 40, "two digits": 20}
"""How many of a hundred outliers are of each kind."""

_WIDTH = {"dot": (0.9, 1.1), "scribble": (0.7, 1.3), "letter": (0.65, 1.05)}
_SLANT = {"dot": (-0.05, 0.25), "scribble": (-0.2, 0.4), "letter": (-0.12, 0.4)}
# Pixels of the 28 x 28 image: least, most frequent, most. Two digits are half as high as one.
_PENS = {"dot": (1.5, 3, 6), "scribble": (1.3, 2, 4), "letter": PEN, "two digits": (1.2, 1.8, 2.8)}


def draw_outlier(
    kind: str, random: np.random.Generator, *, unseen: bool = False, style: Style | None = None
) -> tuple[list[np.ndarray], float]:
    """Draw an outlier: what is not one digit.

    Args:
        kind: one of `KINDS`.
        random: decides everything; the same state gives the same drawing.
        unseen: whether to draw what is kept for measuring, or what models learn from.
        style: a function of the catalogue, or one like them; without it, one of the kind's by their shares. Two digits
            have no styles but those of the digits.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down); and the width of the pen in pixels of the 28 x 28
        image, as `image_from_strokes` takes it.

    Raises:
        DataError: if there is no such kind.
    """
    if kind not in KINDS:
        raise DataError(f"Expected a kind of outlier, found {kind!r}: use one of {', '.join(KINDS)}.")
    if kind == "two digits":
        return _two_digits(random, unseen)
    if style is None:
        style = pick((UNSEEN if unseen else LEARNED)[kind], random.random())
    strokes = write(style(random.uniform), _WIDTH[kind], _SLANT[kind], random, rounding=0)
    pen = random.triangular(*_PENS[kind])
    if kind == "letter":  # a thick pen would leave nothing of a narrow letter
        width, height = np.ptp(np.concatenate(strokes), axis=0)
        pen = min(pen, 1.2 + 2.5 * width / height)
    return strokes, float(pen)


def synthetic_outliers(
    count: int, seed: int, *, unseen: bool = False, workers: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw outliers, each kind in proportion to its share in `SHARES`, in random order.

    Args:
        count: how many, 1 or more.
        seed: 0 or more; the same count and seed give the same set, however many workers make it.
        unseen: True for what is kept for measuring, False for what models learn from; the two share no style.
        workers: as `synthetic_digits` takes it.

    Returns:
        Images uint8 `(count, 28, 28)`, white ink (255) on black (0), and kinds, str `(count,)`, each one of `KINDS`.

    Raises:
        DataError: if an argument is out of range.
    """
    check_set(count, seed, workers)
    seeds = np.random.SeedSequence([int(seed), 1 + bool(unseen)])  # not those of the digits
    shares = [SHARES[kind] for kind in KINDS]
    images, kinds = make_set(partial(_images, unseen=bool(unseen)), shares, count, seeds, workers)
    return images, np.array(KINDS)[kinds]


def _images(kinds: np.ndarray, seed: np.random.SeedSequence, unseen: bool) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.stack([image_from_strokes(*draw_outlier(KINDS[kind], random, unseen=unseen)) for kind in kinds])


def _two_digits(random: np.random.Generator, unseen: bool) -> tuple[list[np.ndarray], float]:
    """Put two digits side by side, touching or apart, nearly of one size and on one line."""
    left, right = _pair(random, unseen)
    first, second = (draw_digit(digit, random)[0] for digit in (left, right))
    points = np.concatenate(first)
    size = random.uniform(0.8, 1.2)
    gap = random.uniform(-0.1, 0.05) if random.random() < 0.35 else random.uniform(0.05, 0.6)
    middle = np.ptp(points[:, 1]) * random.normal(0, 0.08)
    other = np.concatenate(second) * size
    move = (points[:, 0].max() + gap - other[:, 0].min(), (_middle(points) - _middle(other))[1] + middle)
    return [*first, *[stroke * size + move for stroke in second]], float(random.triangular(*_PENS["two digits"]))


def _pair(random: np.random.Generator, unseen: bool) -> tuple[int, int]:
    """Return two digits; with each digit at either place, four of ten others are unseen."""
    while True:
        left, right = (int(digit) for digit in random.integers(0, 10, 2))
        if ((3 * left + right) % 5 < 2) == unseen:
            return left, right


def _middle(points: np.ndarray) -> np.ndarray:
    return (points.min(0) + points.max(0)) / 2
