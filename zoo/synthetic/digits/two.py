"""How people write a 2."""

from zoo.synthetic.pen import arc


def two_plain(u):
    """Most countries: a round head, a slope to the corner at the lower left, and a level tail, long or short."""
    foot = (u(-0.3, 0.1), u(0.93, 1))
    narrow = u(0.65, 1)
    head = [(narrow * x, y) for x, y in (*_head_of_two(u), (u(0.45, 0.6), u(0.55, 0.68)))]
    return [[*head, foot, foot, (0.4, 0.98 + u(-0.05, 0.02)), (u(0.6, 1.25), 1 + u(-0.08, 0.06))]]


def two_like_z(u):
    """Technical and hurried hands, and a mouse: straight lines and corners."""
    corner, foot = (u(0.8, 1), u(0, 0.15)), (u(-0.05, 0.1), u(0.92, 1))
    return [[(u(0, 0.15), u(0.02, 0.22)), (0.45, u(0, 0.06)), corner, corner, foot, foot, (u(0.85, 1.15), u(0.93, 1))]]


def two_looped(u):
    """Older school hands of Europe and America: a small loop at the lower left, and a wave for a tail."""
    slope = [(u(0.45, 0.6), u(0.55, 0.68)), (0.22, 0.9), (u(0.02, 0.1), 0.98)]
    loop = [(-u(0, 0.08), u(0.86, 0.92)), (0.12, u(0.76, 0.86)), (0.35, u(0.86, 0.92))]
    return [[*_head_of_two(u), *slope, *loop, (0.65, 0.98), (u(0.85, 1.3), u(0.78, 0.98))]]


def two_sloping(u):
    """Fast hands: the tail falls to the right, below the corner."""
    foot = (u(-0.02, 0.12), u(0.78, 0.9))
    return [[*_head_of_two(u), (0.5, 0.6), foot, foot, (0.5, 0.9), (u(0.85, 1.15), u(0.97, 1.1))]]


def two_american(u):
    """America: the round right side runs down to the bottom; a big loop goes left and up, and the tail crosses it."""
    low, loop = u(0.92, 1), u(0.52, 0.78)
    side = [(u(0.68, 0.82), u(0.4, 0.5)), (u(0.55, 0.7), 0.75), (0.38, low - 0.03), (0.15, low)]
    back = [(-u(-0.03, 0.1), (low + loop) / 2 + 0.03), (u(0.08, 0.22), loop), (0.45, loop + u(0.05, 0.12))]
    tail = [(0.75, u(0.85, 0.95)), (u(0.95, 1.35), u(0.74, 1.02))]
    return [[(u(0, 0.15), u(0.12, 0.28)), (u(0.2, 0.35), 0.03), (0.58, u(0, 0.06)), *side, *back, *tail]]


def two_rising(u):
    """Slanted hands that join their digits: narrow, an arched head, and a tail that rises, from a corner or a loop."""
    narrow, foot = u(0.45, 1), (u(-0.05, 0.12), u(0.95, 1.02))
    head = [(u(-0.05, 0.15), u(0.2, 0.45)), (u(0.2, 0.4), u(0.02, 0.08)), (u(0.55, 0.7), u(0, 0.06))]
    if u() < 0.5:  # down to the head's start, and up again
        head[:0] = [(u(0.05, 0.2), u(-0.05, 0.12)), head[0], head[0]]
    side = [(u(0.75, 0.9), 0.25), (u(0.45, 0.6), 0.62)]
    if u() < 0.5:
        tail = [foot, foot, (u(0.9, 1.5), u(0.68, 0.92))]
    else:
        tail = [
            (0.25, 0.95),
            (u(-0.05, 0.1), 1),
            (-u(0.05, 0.2), u(0.86, 0.94)),
            (0.2, u(0.7, 0.84)),
            (1.2, u(0.2, 0.7)),
        ]
    return [[(narrow * x, y) for x, y in (*head, *side, *tail)]]


def two_swan(u):
    """Britain, India, East Asia: no corner at all, the slope bends into the tail as a swan's neck does."""
    head = [
        (u(0, 0.12), u(0.1, 0.32)),
        (u(0.25, 0.4), u(0, 0.04)),
        (u(0.75, 0.9), u(0.1, 0.2)),
        (u(0.6, 0.8), u(0.4, 0.5)),
    ]
    bend = [(u(0.2, 0.4), u(0.62, 0.75)), (u(0, 0.12), u(0.85, 0.95)), (u(0.25, 0.45), u(0.98, 1.03))]
    return [[*head, *bend, (u(0.7, 1.3), u(0.88, 1.06))]]


def two_curled(u):
    """Round hands: the head begins with a curl, which is closed at times."""
    x, y, size = u(0.15, 0.28), u(0.2, 0.3), u(0.08, 0.16)
    curl = arc(x, y, size, size, u(60, 150), u(120, 260))
    foot = (u(-0.1, 0.1), u(0.92, 1))
    head = [(u(0.2, 0.35), 0.02), (u(0.6, 0.75), 0), (u(0.85, 1), u(0.2, 0.3)), (0.5, u(0.6, 0.7))]
    return [[*curl, *head, foot, *([foot] if u() < 0.7 else []), (0.5, u(0.92, 1)), (u(0.8, 1.2), u(0.9, 1.03))]]


def two_lying(u):
    """Fast hands: low and wide, with a long tail."""
    wide, foot = u(1.1, 1.7), (u(-0.15, 0.1), u(0.93, 1))
    head = [(u(0, 0.25), u(0.05, 0.25)), (0.4, u(-0.02, 0.05)), (u(0.6, 0.8), u(0.15, 0.3)), (0.4, 0.65)]
    return [[(wide * x, y) for x, y in (*head, foot, foot, (0.5, u(0.9, 1)), (u(0.9, 1.3), u(0.9, 1.1)))]]


def _head_of_two(u):
    hook = [(u(0.1, 0.25), u(0.3, 0.4)), (u(-0.02, 0.06), u(0.2, 0.28))] if u() < 0.2 else [(u(0, 0.12), u(0.15, 0.35))]
    return [*hook, (u(0.15, 0.28), 0.06), (0.5, 0), (u(0.78, 0.88), u(0.08, 0.14)), (u(0.8, 0.92), u(0.28, 0.38))]


def two_sagging(u):
    """East Asia, fast hands: the corner is high, and the tail hangs below it in a long bow, its end up at times."""
    foot = (u(-0.05, 0.15), u(0.52, 0.78))
    head = [(u(-0.05, 0.2), u(0.08, 0.28)), (u(0.3, 0.45), u(-0.02, 0.04)), (u(0.65, 0.85), u(0.1, 0.2))]
    tail = [(u(0.15, 0.35), u(0.86, 0.95)), (u(0.5, 0.7), u(0.98, 1.03)), (u(0.95, 1.4), u(0.7, 1.08))]
    return [[*head, (u(0.4, 0.55), foot[1] * u(0.6, 0.75)), foot, *([foot] if u() < 0.6 else []), *tail]]


TWO = {
    two_plain: 34,
    two_like_z: 10,
    two_looped: 14,
    two_sloping: 7,
    two_american: 22,
    two_rising: 6.5,
    two_swan: 4,
    two_curled: 2,
    two_lying: 2,
    two_sagging: 3,
}
