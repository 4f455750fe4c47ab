"""Synthetic digits: labelled digits, drawn by a program, that nobody had to write, collect or download.

`draw_digit` picks one of a digit's styles below by its share, varies it, and returns strokes as a pen would leave them;
`synthetic_digits` makes images of them with `image_from_strokes`, which also draws what is drawn in the window.

**To add the way you write**, write a function as those in the catalogue and put it in the table of its digit with its
share. A style is a list of strokes in the order and direction the pen moves, each a list of two or more points (x, y)
in a box that is 1 wide and 1 high, y down; a smooth curve runs through them, and **a point written twice is a corner**.
Its argument `u` draws at random: `u(a, b)` is a number between a and b, and `u() < 0.3` is true three times in ten.
Only what makes a style is varied there; slant, width, tremor and all else that any hand does is done to every style, in
`zoo/synthetic/pen.py`.

The shapes come from looking at how people write. Nothing is fitted to anybody's drawings, and none are stored here.
"""

import math
from typing import NamedTuple

import numpy as np

from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.pen import PEN, Stroke, Style, Styles, arc, check_set, make_set, pick, write

TEST_SEED = 2**31
"""Of the digits that models are scored on; out of the range of --seed, so nobody trains on them."""

# ---- 0

DATA_WORDS = ("synthetic", "handwriting")
"""What ``--data`` says of a command for synthetic digits instead of a file; the second is the old word."""


def zero_oval(u):
    """Round from the top, mostly anticlockwise, not quite closed or past the start, at times with a tick."""
    turn = -1 if u() < 0.7 else 1
    start = u(-40, 50)
    oval = arc(0.5, 0.5, 0.5, 0.5, start, turn * u(325, 420))
    if u() < 0.15:
        oval[:0] = [(oval[0][0] - turn * u(-0.1, 0.25), u(-0.15, 0.1))]
    if u() < 0.1:
        oval.append((0.5 + u(-0.3, 0.6), u(-0.15, 0.25)))
    return [oval]


def zero_open(u):
    """The ends stay apart at the top, or pass each other."""
    return [arc(0.5, 0.5, 0.5, u(0.45, 0.55), u(-35, 10), -u(285, 330))]


def zero_horned(u):
    """Both ends stand out at the top, crossing each other or not."""
    ends = [(u(0.45, 1), -u(0, 0.25)), (u(0, 0.6), u(-0.22, 0.15))]
    return [[ends[0], *arc(0.5, 0.5, 0.5, 0.5, u(-60, -10), -u(270, 330)), ends[1]]]


def zero_slashed(u):
    """Crossed from the upper right, inside the oval or beyond it."""
    reach = u(-0.1, 0.12)
    return [*zero_oval(u), [(0.8 + reach, 0.15 - reach), (0.2 - reach, 0.85 + reach)]]


ZERO = {zero_oval: 81, zero_open: 6, zero_horned: 7, zero_slashed: 6}

# ---- 1. Its bar is 1 high, and what is at its side is measured in the same unit.


def one_bar(u):
    """A bare stroke down, a little bent."""
    bend = u(-0.05, 0.05)
    return [[(0, 0), (bend, 0.33), (bend, 0.67), (0, 1)]]


def one_hooked(u):
    """A bar whose end turns to the left, with or without a flag."""
    bar = [(0, 0), (0, 0.45), (0, 0.85), (-u(0.05, 0.1), 0.97), (-u(0.12, 0.28), 1)]
    return [[*_flag(u(15, 70), u(0.1, 0.5), u), *bar] if u() < 0.6 else bar]


def one_flagged(u):
    """Up the flag and down the bar; the flag is short, or long and steep, the top rounded at times."""
    flag = _flag(u(15, 68), u(0.1, 0.6), u) if u() < 0.55 else _flag(u(28, 68), u(0.4, 1), u)
    return [[*flag, *([(0, 0)] if u() < 0.75 else []), (0, 0.5), (0, 1)]]


def one_folded(u):
    """The flag lies close against the bar."""
    return [[*_flag(u(5, 22), u(0.2, 0.9), u), (0, 0), (0, 0.5), (0, 1)]]


def one_footed(u):
    """A flag, level at times, and a foot; half of the feet are drawn without lifting the pen."""
    flag = _flag(u(72, 95), u(0.15, 0.4), u) if u() < 0.3 else _flag(u(5, 72), u(0.1, 0.6), u)
    left, right, tilt = u(0.02, 0.45), u(0.02, 0.45), u(-0.04, 0.04)
    bar = [*flag, (0, 0), (0, 0.5), (0, 1)]
    foot = [(-left, 1 + tilt), (0, 1), (right, 1 - tilt)]
    return [[*bar, (0, 1), *foot[:1], *foot]] if u() < 0.5 else [bar, foot]


def _flag(angle, length, u):
    """From the flag's tip to the top of the bar; the angle is to the bar, in degrees."""
    x, y = -length * math.sin(math.radians(angle)), length * math.cos(math.radians(angle))
    bow = u(-0.2, 0.2)
    return [(x, y), (x / 2 + bow * y, y / 2 - bow * x), (0, 0)]


ONE = {one_bar: 25, one_hooked: 6, one_flagged: 36, one_folded: 10, one_footed: 23}

# ---- 2


def two_plain(u):
    """A round head, a slope to the corner at the lower left, and a level tail, long or short."""
    foot = (u(-0.3, 0.1), u(0.93, 1))
    narrow = u(0.65, 1)
    head = [(narrow * x, y) for x, y in (*_head_of_two(u), (u(0.45, 0.6), u(0.55, 0.68)))]
    return [[*head, foot, foot, (0.4, 0.98 + u(-0.05, 0.02)), (u(0.6, 1.25), 1 + u(-0.08, 0.06))]]


def two_like_z(u):
    """Straight lines and corners."""
    corner, foot = (u(0.8, 1), u(0, 0.15)), (u(-0.05, 0.1), u(0.92, 1))
    return [[(u(0, 0.15), u(0.02, 0.22)), (0.45, u(0, 0.06)), corner, corner, foot, foot, (u(0.85, 1.15), u(0.93, 1))]]


def two_looped(u):
    """A small loop at the lower left, and a wave for a tail."""
    slope = [(u(0.45, 0.6), u(0.55, 0.68)), (0.22, 0.9), (u(0.02, 0.1), 0.98)]
    loop = [(-u(0, 0.08), u(0.86, 0.92)), (0.12, u(0.76, 0.86)), (0.35, u(0.86, 0.92))]
    return [[*_head_of_two(u), *slope, *loop, (0.65, 0.98), (u(0.85, 1.3), u(0.78, 0.98))]]


def two_sloping(u):
    """The tail falls to the right, below the corner."""
    foot = (u(-0.02, 0.12), u(0.78, 0.9))
    return [[*_head_of_two(u), (0.5, 0.6), foot, foot, (0.5, 0.9), (u(0.85, 1.15), u(0.97, 1.1))]]


def two_american(u):
    """The round right side runs down to the bottom; a big loop goes left and up, and the tail crosses to the right."""
    low, loop = u(0.92, 1), u(0.52, 0.78)
    side = [(u(0.68, 0.82), u(0.4, 0.5)), (u(0.55, 0.7), 0.75), (0.38, low - 0.03), (0.15, low)]
    back = [(-u(-0.03, 0.1), (low + loop) / 2 + 0.03), (u(0.08, 0.22), loop), (0.45, loop + u(0.05, 0.12))]
    tail = [(0.75, u(0.85, 0.95)), (u(0.95, 1.35), u(0.74, 1.02))]
    return [[(u(0, 0.15), u(0.12, 0.28)), (u(0.2, 0.35), 0.03), (0.58, u(0, 0.06)), *side, *back, *tail]]


def _head_of_two(u):
    hook = [(u(0.1, 0.25), u(0.3, 0.4)), (u(-0.02, 0.06), u(0.2, 0.28))] if u() < 0.2 else [(u(0, 0.12), u(0.15, 0.35))]
    return [*hook, (u(0.15, 0.28), 0.06), (0.5, 0), (u(0.78, 0.88), u(0.08, 0.14)), (u(0.8, 0.92), u(0.28, 0.38))]


TWO = {two_plain: 38, two_like_z: 10, two_looped: 16, two_sloping: 8, two_american: 28}

# ---- 3


def three_round(u):
    """Two bows that meet in a corner at the waist."""
    waist = (u(0.25, 0.65), u(0.38, 0.52))
    top = [(u(-0.05, 0.15), u(0.08, 0.33)), (0.4, 0), (u(0.72, 0.85), 0.1), (u(0.7, 0.8), 0.28)]
    return [[*top, waist, waist, *_belly_of_three(u)]]


def three_flat(u):
    """A level top and a corner, a straight line to the waist, another corner; many with no corners."""
    corner, waist = (u(0.75, 0.95), u(-0.03, 0.06)), (u(0.25, 0.65), u(0.34, 0.46))
    corners = [corner, waist] if u() < 0.45 else [corner, corner, waist, waist]
    return [[(u(0, 0.15), u(0, 0.14)), (0.45, u(0, 0.05)), *corners, *_belly_of_three(u)]]


def three_looped(u):
    """A small loop at the waist."""
    x, y, size = u(0.3, 0.45), u(0.42, 0.5), u(0.03, 0.08)
    top = [(u(0, 0.15), u(0.08, 0.25)), (0.4, 0), (u(0.75, 0.9), 0.12), (0.7, 0.3)]
    loop = [(x + 0.1, y - size / 3), (x, y + size / 2), (x - 1.5 * size, y), (x, y - size), (x + 0.18, y + size / 2)]
    return [[*top, *loop, *_belly_of_three(u)]]


def three_weak(u):
    """A waist without a corner, and not deep."""
    top = [(u(0, 0.2), u(0.05, 0.2)), (0.45, 0), (u(0.75, 0.9), 0.14), (0.7, 0.32)]
    return [[*top, (u(0.45, 0.7), u(0.4, 0.48)), (0.74, u(0.52, 0.58)), *_belly_of_three(u)[1:]]]


def _belly_of_three(u):
    """From behind the waist to the end at the left, which reaches far out in a quarter of them."""
    right, low = u(0.65, 1), u(0.7, 0.8)
    end = [(u(-0.4, -0.05), u(0.82, 1))] if u() < 0.25 else [(u(0, 0.2), u(0.74, 0.98))]
    return [(right - 0.15, u(0.48, 0.56)), (right, low), (right - 0.15, 0.92), (u(0.35, 0.5), 1), *end]


THREE = {three_round: 40, three_flat: 25, three_looped: 10, three_weak: 25}

# ---- 4


def four_open(u):
    """Down, to the right, and a second stroke that starts high and crosses."""
    x = u(0.55, 0.85)
    stem = [(x + u(-0.05, 0.15), u(-0.1, 0.25)), (x, 0.55), (x - u(-0.02, 0.15), u(0.95, 1.1))]
    return [_elbow(u(0.1, 0.45), u), stem]


def four_short(u):
    """The second stroke starts only just above the crossbar; often narrow."""
    narrow, knee = u(0.45, 1), (u(-0.05, 0.1), u(0.52, 0.8))
    end = (u(0.8, 1.1), knee[1] - u(-0.05, 0.2))
    x, y = u(0.55, 1), end[1] - u(0.03, 0.25)
    arm = [(u(0.2, 0.75), 0), knee, knee, end]
    stem = [(x + u(-0.02, 0.08), y), (x - 0.03, (y + 1) / 2), (x - u(-0.02, 0.2), u(0.98, 1.15))]
    return [[(narrow * x, y) for x, y in stroke] for stroke in (arm, stem)]


def four_closed(u):
    """The two strokes start together at the top; in one stroke at times."""
    x, y = u(0.6, 0.8), u(0.55, 0.72)
    tilt, knee = u(-0.05, 0.05), (u(0, 0.08), y)
    top, foot = (x, 0), (x - u(-0.03, 0.1), 1)
    if u() < 0.3:
        return [[(u(0.8, 1.1), y + tilt), knee, knee, top, top, foot]]
    return [[top, knee, knee, (u(0.8, 1.15), y + tilt)], [(x + u(-0.03, 0.08), u(-0.03, 0.12)), (x, 0.5), foot]]


def four_lightning(u):
    """One stroke: down, to the right, and down again."""
    knee, turn = (u(0, 0.1), u(0.48, 0.62)), (u(0.65, 0.95), u(0.38, 0.52))
    return [[(u(0.25, 0.6), 0), (0.25, 0.27), knee, knee, turn, turn, (turn[0] - u(0.05, 0.25), 1)]]


def four_like_y(u):
    """One stroke: a cup, up to the top of the stem, and down."""
    top, low = (u(0.75, 1), u(-0.05, 0.2)), u(0.45, 0.6)
    cup = [(u(0, 0.15), u(0, 0.15)), (0, low - 0.15), (u(0.12, 0.25), low), (0.5, low - 0.03)]
    return [[*cup, top, top, (top[0] - 0.05, 0.6), (top[0] - u(0.05, 0.2), 1)]]


def four_like_u(u):
    """A cup, and a stem that crosses its end."""
    low, x = u(0.45, 0.62), u(0.7, 0.9)
    cup = [(u(0, 0.15), u(-0.02, 0.15)), (0, low - 0.2), (u(0.08, 0.2), low - 0.02), (0.5, low)]
    stem = [(x + u(-0.03, 0.1), u(-0.08, 0.15)), (x, 0.5), (x - u(0, 0.12), 1)]
    return [[*cup, (u(0.85, 1.1), low - 0.05)], stem]


def _elbow(start, u):
    knee = (u(-0.05, 0.1), u(0.5, 0.76))
    return [(start, u(0, 0.06)), ((start + knee[0]) / 2, 0.3), knee, knee, (u(0.85, 1.1), knee[1] + u(-0.1, 0.05))]


FOUR = {four_open: 26, four_short: 28, four_closed: 18, four_lightning: 6, four_like_y: 12, four_like_u: 12}

# ---- 5


def five_flagged(u):
    """Neck and belly first; then the flag, which may start apart from the neck and rise."""
    y = u(-0.03, 0.08)
    flag = [(u(-0.12, 0.15), y), (u(0.65, 1.1), y - u(-0.03, 0.15))]
    return [[(u(0.08, 0.33), y + u(-0.06, 0.06)), *_belly_of_five(u)], flag]


def five_one_stroke(u):
    """From the flag's end to the left, down the neck, round the belly."""
    neck = (u(0.1, 0.3), u(0, 0.06))
    return [[(u(0.7, 1.1), u(-0.06, 0.05)), (0.5, 0.01), neck, neck, *_belly_of_five(u)]]


def five_like_s(u):
    """One curve without corners."""
    top = [(u(0.7, 1.1), u(-0.02, 0.1)), (0.5, 0), (u(0.15, 0.28), u(0.12, 0.2)), (u(0.2, 0.3), 0.36)]
    belly = [(u(0.5, 0.6), 0.45), (u(0.72, 0.9), u(0.58, 0.66)), (u(0.68, 0.85), 0.86), (0.4, 1)]
    return [[*top, *belly, (u(-0.1, 0.15), 0.92)]]


def _belly_of_five(u):
    """From the foot of the neck, a corner; the end is at the left, or in the middle and curled."""
    neck, right = (u(0.02, 0.16), u(0.34, 0.5)), u(0.7, 1)
    belly = [(u(0.38, 0.5), neck[1] - u(-0.03, 0.08)), (right - 0.08, u(0.45, 0.58)), (right, u(0.68, 0.76))]
    end = [(0.42, u(0.93, 1)), (u(0.15, 0.3), u(0.75, 0.9))] if u() < 0.12 else [(0.4, 1), (u(-0.15, 0.15), u(0.86, 1))]
    return [neck, neck, *belly, (right - 0.12, 0.9), *end]


FIVE = {five_flagged: 60, five_one_stroke: 25, five_like_s: 15}

# ---- 6


def six_curved(u):
    """A bowed stem that turns into the loop."""
    loop = _loop_of_six(u(0.34, 0.6), u)
    return [[(u(0.55, 0.95), u(0, 0.04)), (u(0.32, 0.45), 0.15), (0.12, u(0.35, 0.42)), *loop]]


def six_straight(u):
    """A straight stem, leaning right or left, and a loop that is low at times."""
    loop, top = _loop_of_six(u(0.45, 0.77), u), u(-0.05, 0.65)
    return [[(top, 0), (top * 0.65 + 0.02, 0.25), (top * 0.25 + 0.03, 0.5), *loop]]


def six_unclosed(u):
    """The loop ends before it comes back to the stem."""
    top = u(0.36, 0.65)
    loop = arc(0.48, (1 + top) / 2, 0.46, (1 - top) / 2, -80, -u(190, 275))
    return [[(u(0.3, 0.8), 0), (u(0.15, 0.3), 0.28), *loop]]


def six_crossing(u):
    """The loop's end crosses the stem and comes out at its left."""
    top = u(0.45, 0.78)
    loop = arc(0.48, (1 + top) / 2, u(0.32, 0.48), (1 - top) / 2, -80, -u(255, 285))
    return [[(u(0.1, 0.75), 0), (u(0.08, 0.25), 0.3), *loop, (-u(0.05, 0.35), top + u(0, 0.2))]]


def _loop_of_six(top, u):
    """Anticlockwise from the left, closed against the stem or past it."""
    return arc(u(0.42, 0.52), (1 + top) / 2, u(0.36, 0.5), (1 - top) / 2, -u(80, 100), -u(290, 375))


SIX = {six_curved: 38, six_straight: 30, six_unclosed: 12, six_crossing: 20}

# ---- 7


def seven_plain(u):
    """A level top, a corner, a stem; a serif at the left of a third of them."""
    return [_angle_of_seven(u(0.1, 0.6), u)]


def seven_barred(u):
    """A short bar across the stem."""
    foot = u(0.15, 0.65)
    stroke = _angle_of_seven(foot, u)
    return [stroke, _bar_of_seven(stroke[-3][0], foot, u)]


def seven_curved(u):
    """A round top; the stem then stays upright, or it would be a 2."""
    foot, corner = u(0.4, 0.7), u(0.8, 1)
    top = [(u(0, 0.1), u(0.05, 0.22)), (u(0.2, 0.3), u(0, 0.06)), (0.62, u(-0.02, 0.04)), (corner, u(0.08, 0.18))]
    stroke = [*top, ((corner + foot) / 2 + u(0, 0.06), 0.5), (foot, 1)]
    return [stroke, _bar_of_seven(corner, foot, u)] if u() < 0.55 else [stroke]


def _angle_of_seven(foot, u):
    corner = (u(0.82, 1), u(-0.05, 0.05))
    start = (u(0, 0.1), u(-0.02, 0.1))
    serif = [(start[0] - u(-0.06, 0.06), start[1] + u(0.06, 0.42)), start] if u() < 0.33 else []
    bend = ((corner[0] + foot) / 2 + u(-0.08, 0.08), 0.5)
    return [*serif, start, (0.45, u(-0.03, 0.07)), corner, corner, bend, (foot, 1)]


def _bar_of_seven(corner, foot, u):
    y, tilt = u(0.33, 0.65), u(-0.06, 0.1)
    x = corner + (foot - corner) * y
    return [(x - u(0.12, 0.45), y + tilt), (x + u(0.12, 0.45), y - tilt)]


SEVEN = {seven_plain: 38, seven_barred: 40, seven_curved: 22}

# ---- 8


def eight_s_first(u):
    """An S from the upper right, then back up; a quarter of them the other way round."""
    waist, end = u(0.4, 0.54), u(0, 0.25)
    stroke = [*_s_of_eight(waist, (0.85 + u(-0.05, 0.2), u(0.05, 0.28)), u), (u(0.72, 0.88), waist * 0.45)]
    stroke.append((0.85 + end / 2, 0.2 - end))
    return [_mirrored(stroke) if u() < 0.25 else stroke]


def eight_unclosed(u):
    """As an S, but the end stops short of the start."""
    waist = u(0.42, 0.56)
    stroke = [*_s_of_eight(waist, (0.85 + u(0, 0.3), u(0, 0.15)), u), (u(0.75, 1), waist * u(0.5, 0.75))]
    return [_mirrored(stroke) if u() < 0.25 else stroke]


def eight_from_two(u):
    """A head like a 2; the last line rises to the left, across the head and far out."""
    waist = u(0.42, 0.54)
    line = [(u(0.85, 1.1), waist * 0.6), (u(0.95, 1.45), u(0, 0.35))]
    return [_mirrored([*_s_of_eight(waist, (u(0.75, 1), u(0.15, 0.32)), u), *line])]


def eight_two_rings(u):
    """Two rings, one on the other."""
    waist, small = u(0.4, 0.55), u(0.28, 0.42)
    upper = arc(0.5, waist / 2, small, waist / 2, u(130, 230), -u(340, 390))
    return [upper, arc(0.5, (1 + waist) / 2, u(0.38, 0.5), (1 - waist) / 2, u(-40, 40), -u(340, 390))]


def eight_slit(u):
    """A figure of eight whose loops are nearly shut."""
    waist, narrow = u(0.4, 0.6), u(0.45, 0.65)
    stroke = [*_s_of_eight(waist, (0.8, 0.15), u), (0.8, waist * 0.45), (0.82, 0.15)]
    return [[(0.5 + narrow * (x - 0.5), y) for x, y in stroke]]


def _s_of_eight(waist, start, u):
    """From the start over the top, down the S, and round below up to the waist again."""
    a, b = u(0.26, 0.42), u(0.34, 0.5)
    if u() < 0.3:  # one of the loops is squeezed
        a, b = (u(0.3, 0.5), u(0.1, 0.28)) if u() < 0.6 else (u(0.16, 0.28), u(0.36, 0.5))
    low = 1 - waist
    over = [(0.5 + a * 0.35, 0), (0.5 - a * 0.6, waist * 0.08), (0.5 - a, waist * 0.48), (0.5 - a * 0.45, waist * 0.86)]
    down = [(0.5 + b * 0.6, waist + low * 0.2), (0.5 + b, waist + low * 0.6)]
    below = [(0.5 + b * 0.4, 0.98), (0.5 - b * 0.4, 1), (0.5 - b, waist + low * 0.65)]
    return [start, *over, *down, *below, (0.5 - b * 0.6, waist + low * 0.25), (0.5 + a * 0.4, waist * 0.8)]


def _mirrored(stroke):
    return [(1 - x, y) for x, y in stroke]


EIGHT = {eight_s_first: 54, eight_unclosed: 19, eight_from_two: 15, eight_two_rings: 8, eight_slit: 2}

# ---- 9


def nine_straight(u):
    """The loop, a corner at the upper right, a straight stem."""
    loop, foot = _loop_of_nine(u(285, 350), u), u(0.45, 0.95)
    return [[*loop, ((loop[-1][0] + foot) / 2, 0.55), (foot, 1)]]


def nine_bent(u):
    """The stem bends to the left at the bottom."""
    loop = _loop_of_nine(u(285, 350), u)
    return [[*loop, (u(0.78, 0.92), 0.5), (u(0.65, 0.85), 0.8), (u(0.2, 0.6), 1)]]


def nine_curled(u):
    """The tail runs far to the left, its tip up."""
    loop = _loop_of_nine(u(285, 350), u)
    tail = [(u(0.75, 0.9), 0.82), (u(0.45, 0.6), 1), (u(0.1, 0.25), 0.97), (u(-0.25, 0.1), u(0.78, 0.94))]
    return [[*loop, (u(0.85, 0.98), 0.52), *tail]]


def nine_footed(u):
    """A corner at the bottom and a level foot to the left."""
    loop, corner = _loop_of_nine(u(285, 350), u), (u(0.7, 0.95), u(0.93, 1))
    return [[*loop, ((loop[-1][0] + corner[0]) / 2, 0.55), corner, corner, (u(-0.2, 0.25), u(0.93, 1.03))]]


def nine_open(u):
    """The loop does not come round to the stem."""
    loop = _loop_of_nine(u(190, 270), u)
    stem = [(0.85, 0.5), (u(0.75, 0.88), 0.8)]
    return [[*loop, *stem, *([(u(0.6, 0.85), 1)] if u() < 0.5 else [(0.5, 1), (u(-0.1, 0.2), u(0.88, 0.98))])]]


def nine_pointed(u):
    """A loop that is flat below and rises to the top of the stem, apart from where it began."""
    low, top = u(0.36, 0.52), (u(0.8, 1), u(-0.06, 0.15))
    loop = [(u(0.55, 0.85), u(-0.02, 0.1)), (0.35, u(0.04, 0.14)), (u(0, 0.1), low * 0.7), (u(0.05, 0.2), low)]
    return [[*loop, (0.5, low - u(-0.02, 0.1)), top, top, (top[0] - u(0, 0.15), 0.6), (u(0.45, 0.95), 1)]]


def nine_leaf(u):
    """A flat loop that slopes up to the right, and a straight stem."""
    tip, low = (u(0.85, 1), u(-0.02, 0.12)), u(0.26, 0.42)
    leaf = [tip, (0.45, u(0.02, 0.1)), (u(0, 0.1), low * 0.75), (u(0.1, 0.2), low + 0.02), (0.5, low - u(0.02, 0.08))]
    return [[*leaf, tip, tip, ((tip[0] + 0.6) / 2 + u(0, 0.08), 0.5), (u(0.4, 0.75), 1)]]


def nine_through(u):
    """A small loop at the left; the stem runs through it, bulges to the right and ends far left."""
    x, low = u(0.25, 0.4), u(0.36, 0.46)
    loop = [(u(0.6, 0.85), u(0.05, 0.15)), (x + 0.08, 0), (0.03, u(0.12, 0.2)), (x - 0.08, low), (x + 0.22, low - 0.12)]
    back = [(x + 0.08, u(0.06, 0.14)), (x - 0.08, 0.16)] if u() < 0.4 else [(x + 0.2, u(0.1, 0.18))]
    stem = [(x + 0.25, u(0.36, 0.42)), (u(0.78, 0.95), u(0.56, 0.68)), (u(0.7, 0.85), 0.85), (0.4, u(0.96, 1))]
    return [[*loop, *back, *stem, (u(-0.25, 0.1), u(0.85, 1))]]


def _loop_of_nine(sweep, u):
    """Anticlockwise from the upper right, then to the corner where the stem begins, which some hands round off."""
    height, start = u(0.35, 0.65), u(25, 85)
    loop = arc(u(0.4, 0.46), height / 2, u(0.36, 0.45), height / 2, start, -sweep)
    top = (u(0.8, 0.95), u(0.02, height * 0.5))
    return [*loop, top, top] if u() < 0.8 else [*loop, top]


NINE = {
    nine_straight: 22,
    nine_bent: 15,
    nine_curled: 18,
    nine_footed: 5,
    nine_open: 11,
    nine_pointed: 13,
    nine_leaf: 9,
    nine_through: 14,
}

# ---- The catalogue, and what varies in every hand


class Digit(NamedTuple):
    """A digit's styles with their shares, which need not sum to 100, and what all of them have in common.

    At height 1, least and most: `width` of the box that the styles are written in, and `slant`, how far the top leans
    to the right of the foot. `frequency`: how often `synthetic_digits` draws it, relative to the others.
    """

    styles: Styles
    width: tuple[float, float] = (0.45, 0.9)
    slant: tuple[float, float] = (-0.12, 0.5)
    frequency: float = 1


# More often where people differ more.
DIGITS = (
    Digit(ZERO, width=(0.45, 1)),
    Digit(ONE, width=(1, 1), slant=(-0.25, 0.85), frequency=1.5),
    Digit(TWO, width=(0.4, 1), frequency=1.35),
    Digit(THREE, width=(0.4, 0.9)),
    Digit(FOUR, frequency=1.2),
    Digit(FIVE, width=(0.45, 1)),
    Digit(SIX, width=(0.35, 0.85), slant=(-0.25, 0.5)),
    Digit(SEVEN, slant=(-0.12, 0.45), frequency=1.2),
    Digit(EIGHT, width=(0.42, 0.85), slant=(-0.12, 0.65)),
    Digit(NINE, width=(0.4, 0.85), frequency=1.4),
)

SHEET_MARGIN = 0.15
"""Of the side of a sheet, left free on all sides of a digit that is drawn on it."""
_UNLIFTED = 0.03  # chance of a pen that is not lifted between two strokes


def draw_digit(digit: int, random: np.random.Generator, style: Style | None = None) -> tuple[list[np.ndarray], float]:
    """Draw a digit as one of many hands would.

    Args:
        digit: 0 to 9.
        random: decides everything; the same state gives the same drawing.
        style: a function of the catalogue, or one like them; without it, one of the digit's by their shares.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down), about 1 high; and the width of the pen in pixels of
        the 28 x 28 image, as `image_from_strokes` takes it.

    Raises:
        DataError: if there is no such digit.
    """
    if isinstance(digit, bool) or not isinstance(digit, int | np.integer) or not 0 <= digit <= 9:
        raise DataError(f"Expected a digit from 0 to 9, found {digit!r}: draw one of these.")
    habits = DIGITS[digit]
    if style is None:
        style = pick(habits.styles, random.random())
    strokes = style(random.uniform)
    if len(strokes) > 1 and random.random() < _UNLIFTED:
        strokes = [_without_lifting(strokes)]
    written = write(strokes, habits.width, habits.slant, random)
    pen = random.triangular(*PEN)
    if digit == 1:
        pen += random.uniform(0, 1.8) if random.random() < 0.3 else 0
    else:  # a thick pen would fill the loops of a narrow digit
        width, height = np.ptp(np.concatenate(written), axis=0)
        pen = min(pen, 1.2 + 4 * width / height)
    return written, float(pen)


def draw_digit_on_sheet(digit: int, random: np.random.Generator) -> list[np.ndarray]:
    """Draw a digit as one of many hands would, in the middle of a sheet and as large as its margin allows.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down) in 0..1, to five decimals.

    Raises:
        DataError: if there is no such digit.
    """
    strokes, _ = draw_digit(digit, random)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (1 - 2 * SHEET_MARGIN) / (high - low).max()
    return [np.round((stroke - (low + high) / 2) * scale + 0.5, 5) for stroke in strokes]


def synthetic_digits(count: int, seed: int, workers: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Draw labelled digits, each digit in proportion to its frequency in `DIGITS`, in random order.

    Args:
        count: how many, 1 or more.
        seed: 0 or more; the same count and seed give the same set, however many workers make it.
        workers: processes that draw; without it, as many as there are cores and as pay. With 1, none is started; others
            start Python anew, so a script that calls this keeps its own work under `if __name__ == "__main__"`.

    Returns:
        Images uint8 `(count, 28, 28)`, white ink (255) on black (0), and labels uint8 `(count,)`.

    Raises:
        DataError: if an argument is out of range.
    """
    check_set(count, seed, workers)
    seeds = np.random.SeedSequence(int(seed))
    return make_set(_images, [digit.frequency for digit in DIGITS], count, seeds, workers)


def _images(labels: np.ndarray, seed: np.random.SeedSequence) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.stack([image_from_strokes(*draw_digit(int(label), random)) for label in labels])


def _without_lifting(strokes: list[Stroke]) -> Stroke:
    """Join strokes by straight lines, as a pen does that stays on the paper."""
    joined = list(strokes[0])
    for stroke in strokes[1:]:
        joined += [joined[-1], stroke[0], *stroke]
    return joined
