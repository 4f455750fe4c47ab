"""Small drawings: what people draw when they try a program that reads digits.

How a form is read: `zoo.synthetic.outliers.forms.styles`.
"""

import math

from zoo.synthetic.outliers.forms import angular, between, styles, turned
from zoo.synthetic.pen import Styles, arc

_RING = "40 12 04 17 48 77 84 71 40"
_WRITTEN = styles(
    {
        "house": (
            "08 04 40. 84. 88. 08. 04. 84",
            "03 08. 88. 83 / 03 40. 83",
            "08. 04. 84. 88. 08 / 04 40. 84 / 38 36. 56. 58",
            "08 03. 40. 83. 88. 08",
        ),
        "smile": (
            f"{_RING} / 32 33 / 52 53 / 25 36 56 65",
            f"{_RING} / 33 / 53 / 25 47 65",
            "20 22 / 60 62 / 05 27 67 85",
            "30 / 60 / 04 28 68 84",
        ),
        "tick": ("05 28. 80", "04 38. 90", "04 18. 50", "05 28 80"),
        "envelope": ("01 07. 87. 81. 01 45. 81", "00 08. 88. 80. 00 / 00 44. 80"),
        "noughts and crosses": ("20 28 / 60 68 / 02 82 / 06 86 / 33 55 / 53 35", "30 38 / 60 68 / 03 83 / 06 86"),
        "man": (
            "40 31 42 51 40 / 42 46 / 14 74 / 46 28 / 46 68",
            "40 31 42 51 40 / 42 46 / 05 43. 85 / 18 46. 78",
        ),
        "cup": ("00 08. 68. 60 / 62 82 85 66 / 00 60",),
        "car": ("06 03. 23. 30. 60. 73. 83. 86. 06 / 26 17 28 37 26 / 66 57 68 77 66",),
        "spiral": ("44 54 35 34 43 63 66 37 16 12 50 83 77 48", "44 43 34 45 65 62 31 13 27 68 84 70"),
        "spectacles": ("14 05 16 35 14 / 44 63 84 65 44 / 34 44",),
    }
)
_WRITTEN_UNSEEN = styles(
    {
        "flower": (
            "33 42 53 44 33 / 33 20 40 53 / 53 80 74 44 / 44 78 48 33 / 34 08 03 33",
            "40 31 42 51 40 / 42 48 / 46 25 36 / 46 65 56",
        ),
        "fish": ("04 31 64 37 04 / 64 82. 86. 64", "82 37 04 31 86", "04 32 52 86 / 04 36 56 82"),
        "boat": ("05 18. 68. 85. 05 / 45 40. 74. 44", "06 28. 68. 86. 06 / 46 40"),
        "eye": ("04 41 84 / 04 47 84 / 43 34 45 54 43", "04 42 84 46 04 / 44"),
        "ladder": ("20 28 / 60 68 / 22 62 / 24 64 / 26 66",),
        "umbrella": ("04 21 40 61 84. 04 / 44 47 38 27",),
        "cat": ("02 00. 22. 62. 80. 84 48 04 02 / 33 / 53 / 45", "04 10. 31 51 70. 84 68 28 04"),
        "note": ("30 36 17 16 36 / 30 62", "20 27 08 06 27 / 20 80. 86 67 66 85"),
        "flag": ("00 08 / 00 81. 74. 04", "10 18 / 10 72. 14"),
        "moon": ("60 23 26 68. 17 03 30 60", "50 73 76 48 46 54 50"),
        "glass": ("00 44. 80. 00 / 44 48 / 28 68", "10 15 46 75 70 / 46 48 / 28 68"),
        "key": ("20 02 14 33 20 / 33 88 / 66 75 / 77 86",),
        "bird": ("03 21 44. 61 83", "04 20 44. 60 84"),
    }
)


def heart(u):
    """Two bows from the notch to the point."""
    notch, point = (0.5, u(0.12, 0.35)), (u(0.4, 0.6), 1)
    left = [notch, (0.35, 0.02), (0.1, 0.05), (0, 0.3), (0.15, 0.6), point]
    return [[*left, point, (0.85, 0.6), (1, 0.3), (0.9, 0.05), (0.65, 0.02), notch]]


def square(u):
    """Four sides, at times with a cross in it."""
    corners = [(u(-0.05, 0.05), u(-0.05, 0.05)), (u(-0.05, 0.05), 1), (1, u(0.95, 1.05)), (1, u(-0.05, 0.05))]
    sides = angular(*corners, (u(-0.1, 0.1), u(-0.08, 0.08)))
    return [sides, [(0, 0), (1, 1)], [(1, 0), (0, 1)]] if u() < 0.3 else [sides]


def arrow(u):
    """A shaft and a head, or a head at either end, in any direction."""
    spread, back = u(0.15, 0.35), u(0.2, 0.4)
    head = angular((1 - back, 0.5 - spread), (1, 0.5), (1 - back, 0.5 + spread))
    other = [[(1 - x, y) for x, y in head]] if u() < 0.2 else []
    return turned([[(0, 0.5), (0.5, 0.5 + u(-0.06, 0.06)), (1, 0.5)], head, *other], u(-180, 180))


def sun(u):
    """A ring and rays about it."""
    rays, start, size = between(6, 9, u), u(0, 360), u(0.18, 0.3)
    angles = [math.radians(start + 360 * ray / rays) for ray in range(rays)]
    near = size + u(0, 0.1)
    lines = [
        [(0.5 + near * math.sin(a), 0.5 - near * math.cos(a)), (0.5 + math.sin(a) / 2, 0.5 - math.cos(a) / 2)]
        for a in angles
    ]
    return [arc(0.5, 0.5, size, size, u(0, 360), 370), *lines]


def star(u):
    """Five points in one line."""
    start, turn = u(-20, 20), 144 if u() < 0.5 else -144
    angles = [math.radians(start + turn * corner) for corner in range(6)]
    return [angular(*[(0.5 + math.sin(angle) / 2, 0.5 - math.cos(angle) / 2) for angle in angles])]


def star_of_ten(u):
    """The outline of a star."""
    tips, deep, start = between(5, 6, u), u(0.4, 0.6), u(-20, 20)
    points = []
    for corner in range(2 * tips + 1):
        angle, reach = math.radians(start + 180 * corner / tips), 0.5 * (deep if corner % 2 else 1)
        points.append((0.5 + reach * math.sin(angle), 0.5 - reach * math.cos(angle)))
    return [angular(*points)]


def triangle(u):
    """Three sides, a point anywhere."""
    top = (u(0.35, 0.65), 0)
    sides = angular(top, (0, u(0.92, 1)), (1, u(0.92, 1)), (top[0] + u(-0.06, 0.06), u(-0.05, 0.05)))
    return turned([sides], u(-30, 30) if u() < 0.6 else u(-180, 180))


LEARNED: Styles = {**_WRITTEN, heart: 1.5, square: 1.5, arrow: 2, sun: 1}
UNSEEN: Styles = {**_WRITTEN_UNSEEN, star: 1, star_of_ten: 1, triangle: 1}
