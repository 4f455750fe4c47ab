"""Choose zoo.ensemble.DOUBTFUL_VOTE, after networks were built anew: the doubt above which a drawing is no digit.

python docs/vote_threshold.py --strokes FILE.npz FILE.npz --outliers FILE.npz [--false-alarms 0.01]

It is the least at which the vote doubts no more digits than that, neither of synthetic digits, nor of the training
images of MNIST that releases do not learn from, nor of the drawings in any FILE; printed with how many outliers it
doubts, of shapes that no model learned from and of those in the other FILEs, but for those that are digits by their
shape. The same threshold of each model is printed beside it; they all use zoo.classifier.DOUBTFUL.
"""

import argparse
import math
import sys
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

COUNT, SEED = 5000, 2**31 + 3  # of synthetic images; the seed is out of the range of those that builders train with
HELD_OUT = 3000  # training images that releases do not learn from


def main() -> None:
    """Let every released model read all, count the votes, and print a row a model and the threshold of the vote."""
    import zoo
    from zoo._support.printing import print_table
    from zoo.ensemble import Votes
    from zoo.evaluation.metrics import evaluate, threshold_at, threshold_for

    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0], formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--strokes", nargs="*", default=[], metavar="FILE", help="drawings of digits")
    parser.add_argument("--outliers", nargs="*", default=[], metavar="FILE", help="drawings of what is no digit")
    parser.add_argument("--false-alarms", type=float, default=0.01, metavar="SHARE", help="of the digits (%(default)s)")
    options = parser.parse_args()
    digits, outliers = sets_of_digits(options.strokes), sets_of_outliers(options.outliers)
    if len(digits) < 2 + len(options.strokes) or digits.keys() & outliers.keys():
        parser.error("two sets have the same name: give the file of one another")
    released = [card for card in zoo.list_models() if not card.error]
    cards = [card for card in released if not card.facts.added and not card.facts.tuned_from]
    read: dict[str, list[np.ndarray]] = {name: [] for name in [*digits, *outliers]}
    doubts: dict[str, dict[str, np.ndarray]] = {}
    for card in cards:
        classifier = zoo.load(card.name)
        doubts[card.name] = {}
        for name, images in [*digits.items(), *outliers.items()]:
            evaluation = evaluate(classifier, images, np.zeros(len(images), int))
            read[name].append(evaluation.probabilities)
            doubts[card.name][name] = evaluation.doubt
        print(f"{card.name} has read all.", file=sys.stderr)
    learned = [card.facts.learned_doubt for card in cards]
    doubts["vote"] = {
        name: Votes(probabilities, learned=learned).decisive_doubt for name, probabilities in read.items()
    }

    def row(name: str, threshold: float) -> list[str]:
        doubt = doubts[name]
        shares = [threshold_at(threshold, doubt[part], doubt[part]).digits for part in [*digits, *outliers]]
        return [name, f"{threshold:.2f}", *(f"{share:.1%}" for share in shares)]

    def least(name: str) -> float:
        found = [threshold_for(options.false_alarms, doubts[name][part], doubts[name][part]).doubt for part in digits]
        return math.ceil(100 * max(found)) / 100

    head = ["doubted", "above", *digits, *outliers]
    print_table(head, [row(name, least(name)) for name in doubts], right=head[1:])
    print()
    print_table(head, [row("vote", threshold / 20) for threshold in range(1, 17)], right=head[1:])
    print(f"\nDOUBTFUL_VOTE = {least('vote'):.2f}    # in zoo/ensemble.py")


def sets_of_digits(files: list[str]) -> dict[str, np.ndarray]:
    """Return images uint8 (n, 28, 28) by name."""
    from zoo.data.drawing_files import load_drawings
    from zoo.data.drawings import images_of
    from zoo.data.mnist import load_mnist, split_held_out
    from zoo.synthetic.digits import synthetic_digits

    found = {
        "synthetic": synthetic_digits(COUNT, SEED)[0],
        "MNIST held out": split_held_out(load_mnist(), HELD_OUT)[1][0],
    }
    return found | {Path(file).stem: images_of(load_drawings(file).drawings) for file in files}


def sets_of_outliers(files: list[str]) -> dict[str, np.ndarray]:
    """Return the same of outliers."""
    from zoo.evaluation.sets import read_outliers
    from zoo.synthetic.outliers import synthetic_outliers

    found = {"unseen": synthetic_outliers(COUNT, SEED, unseen=True)[0]}
    for file in files:
        outliers = read_outliers(file)
        for part in ("letters", "symbols"):
            if part in outliers.parts:
                found[part if len(files) == 1 else f"{Path(file).stem}, {part}"] = outliers.images[outliers.parts[part]]
    return found


if __name__ == "__main__":
    main()
