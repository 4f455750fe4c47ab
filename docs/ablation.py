"""Print the table of docs/ablation.md: how well a small network reads real drawings when styles are left out.

python docs/ablation.py FILE.npz [FILE.npz ...] [--seeds 1 2] [--only GROUP ...]

Each group and seed takes a minute or two. The network learns 15,000 of MNIST's training images and 30,000 synthetic
digits, and is measured on the last 10,000 of MNIST's training images and on the drawings of each file. What is left out
is made up for by other styles of the digit.
"""

import argparse
import sys
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

IMAGES, MADE = 15_000, 30_000
SPARE = 1.25  # so many times as many are drawn, so that none has to be drawn twice

GROUPS = {
    "0: crossed, barred, dotted": (
        "zero_slashed zero_slashed_far zero_slashed_steep zero_slashed_through zero_backslashed zero_barred zero_dotted"
    ),
    "0: lying, curled, pointed, in halves": "zero_lying zero_curled zero_pointed zero_halves",
    "1: ticked at the foot": "one_ticked",
    "1: flag apart, drooping, topped or looped": "one_detached one_drooping one_topped one_looped",
    "2: rising or hanging tail, swan, curl, lying": "two_rising two_swan two_curled two_lying two_sagging",
    "3: tailed, curled, shallow": "three_tailed three_curled three_shallow",
    "4: leaning, looped, tailed, low, wide": "four_leaning four_looped four_tailed four_low four_wide four_pinched",
    "5: flag apart, round neck, curled": "five_apart five_round five_curled five_split",
    "6: high, small, spiral, cornered": "six_high six_small six_spiral six_cornered",
    "7: ticked, hooked, wavy, bowed, low bar": "seven_ticked seven_hooked seven_wavy seven_bowed seven_barred_low",
    "8: open, hooked, on a ring, tailed": (
        "eight_ribbon eight_hooked eight_on_ring eight_apart eight_tailed eight_from_waist"
    ),
    "9: small or flat head, bulging": "nine_small nine_flat nine_bulging",
    "9: like a g, two strokes, curled": "nine_like_g nine_two_strokes nine_curled nine_horned",
    "angular 3, 5, 6, 8 and 9": "three_angular five_angular six_angular eight_angular nine_angular",
}
DEVICES = "shaky hands, sparse and stepped devices"
"""Left out by `zoo/synthetic/pen.py`, not by a table of styles."""


def main() -> None:
    """Train once with all styles and once without each group, and print a table."""
    from zoo.data.drawing_files import load_drawings
    from zoo.data.drawings import images_of
    from zoo.data.mnist import load_mnist
    from zoo.errors import DataError

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE.npz")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--only", nargs="+", metavar="GROUP", choices=[*GROUPS, DEVICES], default=[*GROUPS, DEVICES])
    options = parser.parse_args()

    try:
        images, labels = load_mnist(download=False)[:2]
        files = {Path(file).stem: load_drawings(file) for file in options.files}
    except DataError as error:
        sys.exit(str(error))
    sets = {"MNIST held out": (images[-10_000:], labels[-10_000:])}
    sets |= {name: (images_of(drawings.drawings), drawings.labels) for name, drawings in files.items()}

    columns = ("left out", *sets, *(f"{name} wrong, by digit" for name in list(sets)[1:]))
    print("|", " | ".join(columns), "|\n|" + "---|" * len(columns), flush=True)
    for group in ("nothing", *options.only):
        wrong = {name: np.zeros(10) for name in sets}
        for seed in options.seeds:
            read = _trained(images[:IMAGES], labels[:IMAGES], group, seed)
            for name, (pictures, digits) in sets.items():
                missed = digits[read(pictures).argmax(1) != digits]
                wrong[name] += np.bincount(missed, minlength=10) / len(options.seeds)
        cells = [f"{100 - 100 * count.sum() / len(sets[name][1]):.2f}" for name, count in wrong.items()]
        cells += [" ".join(f"{n:.3g}" for n in count) for count in list(wrong.values())[1:]]
        print("|", " | ".join((group, *cells)), "|", flush=True)


def _trained(images: np.ndarray, labels: np.ndarray, group: str, seed: int):
    """Return what reads digits, having learned without a group: images uint8 `(n, 28, 28)` to logits `(n, 10)`."""
    from dataclasses import replace

    from builders.training.data import TrainingSet
    from builders.training.keras_backend import KerasBackend
    from builders.two_conv_cnn import NETWORK

    made, digits, styles = _pool(seed, group != DEVICES)
    kept = np.flatnonzero(~np.isin(styles, GROUPS.get(group, "").split()))
    chosen = np.concatenate([kept[digits[kept] == digit][:count] for digit, count in enumerate(_counts())])
    made, digits = made[chosen], digits[chosen]
    count = len(labels) + len(digits)
    warps = np.repeat(np.array([0.6, 0.4], np.float32), [len(labels), len(digits)])
    learned = TrainingSet(np.concatenate([images, made]), np.concatenate([labels, digits]), warps, count, 0)
    recipe = replace(NETWORK.recipe, epochs=6, warmup_epochs=1, label_smoothing=0.02)
    backend = KerasBackend(replace(NETWORK, build=_probe, recipe=recipe), learned, seed)
    backend.fit(0, None, lambda logs: None)
    return lambda pictures: backend.logits(backend.model, pictures)


@cache
def _pool(seed: int, devices: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw more than enough: images uint8 `(n, 28, 28)`, labels uint8 `(n,)` and the names of the styles `(n,)`."""
    from zoo.images.strokes import image_from_strokes
    from zoo.synthetic import pen
    from zoo.synthetic.digits import DIGITS, draw_digit

    random = np.random.default_rng(seed)
    images, labels, styles = [], [], []
    with mock.patch.dict(vars(pen), {} if devices else dict.fromkeys(("_SHAKY", "_SPARSE", "_STEPPED"), 0.0)):
        for digit in np.repeat(np.arange(10, dtype=np.uint8), np.ceil(_counts() * SPARE).astype(int)):
            styles.append(pen.pick(DIGITS[digit].styles, random.random()))
            images.append(image_from_strokes(*draw_digit(int(digit), random, styles[-1])))
            labels.append(digit)
    return np.stack(images), np.array(labels), np.array([style.__name__ for style in styles])


def _counts() -> np.ndarray:
    """Return how many of each digit are learned from, whole numbers `(10,)`."""
    from zoo.synthetic.digits import DIGITS

    shares = np.array([digit.frequency for digit in DIGITS])
    return (shares / shares.sum() * MADE).astype(int)


def _probe():
    """Return a network like the two-conv CNN, with strides in place of pooling: five times as fast."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Reshape((28, 28, 1))(keras.layers.Rescaling(1 / 255)(image))
    for filters in (16, 40):
        convolution = keras.layers.Conv2D(
            filters, 5, strides=2, padding="same", activation="relu", kernel_initializer="he_normal"
        )
        x = convolution(x)
    x = keras.layers.Dense(100, activation="relu", kernel_initializer="he_normal")(keras.layers.Flatten()(x))
    return keras.Model(image, keras.layers.Dense(10, name="logits")(x))


if __name__ == "__main__":
    main()
