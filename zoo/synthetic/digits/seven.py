"""How people write a 7."""


def seven_plain(u):
    """America, Britain, Asia: a level top, a corner, a stem; a serif at the left of a third of them."""
    return [_angle_of_seven(u(0.1, 0.6), u)]


def seven_barred(u):
    """Continental Europe, South America, careful programmers: a short bar across the stem."""
    foot = u(0.15, 0.65)
    stroke = _angle_of_seven(foot, u)
    return [stroke, _bar_of_seven(stroke[-3][0], foot, u)]


def seven_curved(u):
    """Round hands: a round top; the stem then stays upright, or it would be a 2."""
    foot, corner = u(0.4, 0.7), u(0.8, 1)
    top = [(u(0, 0.1), u(0.05, 0.22)), (u(0.2, 0.3), u(0, 0.06)), (0.62, u(-0.02, 0.04)), (corner, u(0.08, 0.18))]
    stroke = [*top, ((corner + foot) / 2 + u(0, 0.06), 0.5), (foot, 1)]
    return [stroke, _bar_of_seven(corner, foot, u)] if u() < 0.55 else [stroke]


def seven_ticked(u):
    """Hands that join their digits, and styluses lifted late: the foot turns up to the right, short or it were a 2."""
    stroke = _angle_of_seven(u(0.3, 0.75), u)
    x, y = stroke[-1]
    return [[*stroke, *([(x, y)] if u() < 0.6 else [(x + 0.03, 1.02)]), (x + u(0.08, 0.35), y - u(0.06, 0.32))]]


def seven_hooked(u):
    """Japan, Korea, Taiwan: the top begins with a line down at its left, long and steep."""
    start, corner, foot = (u(-0.02, 0.1), u(-0.02, 0.08)), (u(0.8, 1), u(-0.06, 0.05)), (u(0.2, 0.8), 1)
    hook = [(start[0] + u(-0.1, 0.05), u(0.22, 0.5)), start, start]
    if u() < 0.4:
        hook = [start, hook[0], hook[0], (u(0.1, 0.25), u(0.02, 0.12))]  # down first, and up again
    return [[*hook, corner, corner, ((corner[0] + foot[0]) / 2 + u(-0.06, 0.06), 0.5), foot]]


def seven_wavy(u):
    """Arab countries, Eastern Europe, ornate hands: the top is a wave; a bar in half of them."""
    corner, foot = u(0.85, 1), u(0.15, 0.6)
    top = [(u(-0.05, 0.1), u(0.12, 0.32)), (u(0.2, 0.32), u(-0.06, 0.06)), (u(0.55, 0.7), u(0.08, 0.18))]
    stroke = [*top, (corner, u(-0.06, 0.04)), (corner, 0), ((corner + foot) / 2 + u(-0.08, 0.04), 0.5), (foot, 1)]
    return [stroke, _bar_of_seven(corner, foot, u)] if u() < 0.5 else [stroke]


def seven_bowed(u):
    """Fast hands: the stem bends all the way down, out to the right or in; the top is short or long."""
    start, corner, foot = (u(0, 0.35), u(-0.04, 0.12)), (u(0.8, 1), u(-0.05, 0.06)), (u(0.1, 0.65), 1)
    bow = u(0.05, 0.2) if u() < 0.6 else -u(0.03, 0.14)
    stem = [(corner[0] + (foot[0] - corner[0]) * y + bow * 4 * y * (1 - y), y) for y in (0.3, 0.6, 0.85)]
    return [[start, (0.5, u(-0.03, 0.05)), corner, *([corner] if u() < 0.6 else []), *stem, foot]]


def seven_barred_low(u):
    """Turkey, Eastern Europe: the bar is below the middle, long at times; the stem has no tail, or it were a 2."""
    foot, y, tilt = u(0.2, 0.6), u(0.55, 0.78), u(-0.1, 0.16)
    stroke = _angle_of_seven(foot, u)
    if u() < 0.4:  # a round top that starts with a hook, and an upright stem
        foot, x = u(0.5, 0.75), u(0.75, 0.95)
        top = [(u(-0.05, 0.1), u(0.14, 0.3)), (u(0.05, 0.2), u(0.02, 0.08)), (0.5, 0), (x, u(0.06, 0.16))]
        stroke = [*top, (x, 0.3), ((x + foot) / 2, 0.6), (foot, 1)]
    x = stroke[-3][0] + (foot - stroke[-3][0]) * y
    return [stroke, [(x - u(0.2, 0.6), y + tilt), (x + u(0.15, 0.6), y - tilt)]]


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


SEVEN = {
    seven_plain: 37,
    seven_barred: 32,
    seven_curved: 18,
    seven_ticked: 3,
    seven_hooked: 4,
    seven_wavy: 2,
    seven_bowed: 4,
    seven_barred_low: 8,
}
