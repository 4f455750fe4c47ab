"""How people write an 8."""

from zoo.synthetic.pen import arc


def eight_s_first(u):
    """Most countries: an S from the upper right, then back up; a quarter of them the other way round."""
    waist, end = u(0.4, 0.54), u(0, 0.25)
    stroke = [*_s_of_eight(waist, (0.85 + u(-0.05, 0.2), u(0.05, 0.28)), u), (u(0.72, 0.88), waist * 0.45)]
    stroke.append((0.85 + end / 2, 0.2 - end))
    return [_mirrored(stroke) if u() < 0.25 else stroke]


def eight_unclosed(u):
    """Fast hands: as an S, but the end stops short of the start."""
    waist = u(0.42, 0.56)
    stroke = [*_s_of_eight(waist, (0.85 + u(0, 0.3), u(0, 0.15)), u), (u(0.75, 1), waist * u(0.4, 0.8))]
    return [_mirrored(stroke) if u() < 0.25 else stroke]


def eight_from_two(u):
    """Hands that join their digits: a head like a 2; the last line rises to the left, across the head and far out."""
    waist = u(0.42, 0.54)
    line = [(u(0.85, 1.1), waist * 0.6), (u(0.95, 1.45), u(0, 0.35))]
    return [_mirrored([*_s_of_eight(waist, (u(0.75, 1), u(0.15, 0.32)), u), *line])]


def eight_two_rings(u):
    """Children, and all who cannot cross: two rings, one on the other."""
    waist, small = u(0.4, 0.55), u(0.28, 0.42)
    upper = arc(0.5, waist / 2, small, waist / 2, u(130, 230), -u(340, 390))
    return [upper, arc(0.5, (1 + waist) / 2, u(0.38, 0.5), (1 - waist) / 2, u(-40, 40), -u(340, 390))]


def eight_slit(u):
    """Fast slanted hands: a figure of eight whose loops are nearly shut."""
    waist, narrow = u(0.4, 0.6), u(0.45, 0.65)
    stroke = [*_s_of_eight(waist, (0.8, 0.15), u), (0.8, waist * 0.45), (0.82, 0.15)]
    head = u(0, 0.6) if u() < 0.5 else 0  # wide above, shut below
    return [[(0.5 + (narrow + head * (0.5 - y)) * (x - 0.5), y) for x, y in stroke]]


def eight_ribbon(u):
    """Fast hands: down from one horn, round below, and up across to the other; open at the top."""
    cross, b, low = u(0.3, 0.7), u(0.2, 0.5), 1 - u(0, 0.03)
    left, right = (u(-0.05, 0.25), u(-0.03, 0.15)), (u(0.75, 1.1), u(-0.05, 0.15))
    side = (1 + cross) / 2
    loop = [(0.5 - b * 0.8, side - 0.05), (0.5 - b * 0.6, low - 0.03), (0.5, low), (0.5 + b * 0.7, low - 0.05)]
    stroke = [right, (0.55, cross), *loop, (0.5 + b * 0.8, side - 0.05), (0.45, cross), left]
    if u() < 0.4:  # a horn turns in
        stroke.append((left[0] + u(0.1, 0.25), left[1] - u(0, 0.1)))
    return [_mirrored(stroke) if u() < 0.4 else stroke]


def eight_hooked(u):
    """Fast hands, and displays that lose the end: an S whose lower loop closes at the waist, where the pen stops."""
    waist = u(0.36, 0.56)
    stroke = _s_of_eight(waist, (u(0.7, 1.05), u(0.05, 0.3)), u)
    if u() < 0.5:
        stroke.append((u(0.6, 0.8), waist * u(0.78, 0.95)))
    return [_mirrored(stroke) if u() < 0.4 else stroke]


def eight_on_ring(u):
    """Children and careful hands: a ring with a bow, a cup or an arch on it, in one stroke or two."""
    waist, a = u(0.3, 0.5), u(0.26, 0.45)
    ring = arc(0.5, (1 + waist) / 2, u(0.38, 0.5), (1 - waist) / 2, u(-50, 50), -u(330, 390))
    kind = u(0, 3)
    if kind < 1:  # an arch
        bow = arc(0.5, waist * 0.55, a, waist * 0.55, u(-130, -90), u(180, 260))
    elif kind < 2:  # a cup
        bow = arc(0.5, waist * 0.35, a, waist * 0.65, u(-90, -50), -u(180, 260))
    else:  # open to the right or left
        bow = arc(0.5, waist / 2, a, waist / 2, u(30, 100), -u(220, 300))
        bow = _mirrored(bow) if u() < 0.3 else bow
    return [bow, ring] if u() < 0.6 else [[*bow, *ring]]


def eight_apart(u):
    """Mice and hurried hands: two rings that do not touch, or lie over each other."""
    gap, small, big = u(-0.12, 0.1), u(0.24, 0.45), u(0.3, 0.5)
    waist = u(0.38, 0.52)
    upper = arc(0.5 + u(-0.12, 0.2), (waist - gap / 2) / 2, small, (waist - gap / 2) / 2, u(-60, 60), -u(310, 400))
    middle, half = (1 + waist + gap / 2) / 2, (1 - waist - gap / 2) / 2
    return [upper, arc(0.5, middle, big, half, u(-60, 60), -u(310, 400))]


def eight_angular(u):
    """Technical hands and mice: two crossing lines between a top and a foot, all of them straight."""
    top, narrow, waist = u(0, 0.12), u(0.6, 1), u(-0.1, 0.1)
    corners = [
        (u(0, 0.12), top),
        (u(0.88, 1), u(0.92, 1.02)),
        (u(0, 0.12), u(0.92, 1.02)),
        (u(0.88, 1.05), u(-0.05, 0.1)),
    ]
    a, b, c, d = [(0.5 + narrow * (x - 0.5) + waist * (y - 0.5), y) for x, y in corners]
    end = (a[0] + u(-0.1, 0.15), a[1] + u(-0.08, 0.08))
    stroke = [a, b, b, c, c, d, d, end]
    return [_mirrored(stroke) if u() < 0.5 else stroke]


def eight_tailed(u):
    """Fast hands: an S first whose last line runs far out to the upper right, as in a small delta."""
    waist, x = u(0.4, 0.56), u(0.7, 0.9)
    stroke = [*_s_of_eight(waist, (x, u(0.08, 0.3)), u), (x, waist * u(0.5, 0.7)), (x + u(0.25, 0.7), u(-0.15, 0.2))]
    return [stroke]


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


def eight_from_waist(u):
    """Turkey, Eastern Europe: from the left through the waist and round below, then round above; open at the left."""
    cross, a, b = u(0.38, 0.58), u(0.2, 0.45), u(0.15, 0.42)
    side, low = (1 + cross) / 2, 1 - u(0, 0.03)
    start = [(0.5 - u(0.3, 0.75), cross - u(-0.05, 0.25)), (0.48, cross)]
    loop = [(0.5 + b, side), (0.5 + b * 0.3, low), (0.5 - b * 0.5, low - 0.02), (0.5 - b, side + 0.03), (0.53, cross)]
    over = [(0.5 + a, cross * 0.5), (0.5 + a * 0.6, 0.03), (0.5 - a * u(-0.2, 0.3), 0)]
    end = [(0.5 - a * u(0.5, 1.2), cross * u(0.1, 0.5))] if u() < 0.8 else []
    return [[*start, *loop, *over, *end]]


EIGHT = {
    eight_s_first: 46,
    eight_unclosed: 15,
    eight_from_two: 11,
    eight_two_rings: 6,
    eight_slit: 4,
    eight_ribbon: 7,
    eight_hooked: 6,
    eight_on_ring: 2,
    eight_apart: 2,
    eight_angular: 2,
    eight_tailed: 3,
    eight_from_waist: 7,
}
