"""The command line of the zoo: list, info, predict, compare, evaluate, verify, bench, explore, report."""

import argparse
import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from zoo import artifacts
from zoo._support.processes import import_tensorflow
from zoo._support.progress import progress, say
from zoo.card import Card, score_in_words
from zoo.errors import ModelNotFoundError, ZooError
from zoo.images.strokes import PEN_WIDTH


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line on stderr, and exit code 2."""

    def error(self, message: str):
        """Say what is wrong and where help is."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None, program: str = "python -m zoo", epilog: str | None = None) -> int:
    """Run one command; return the exit code: 0, 1 for a failure, 2 for wrong use.

    Args:
        arguments: what follows the program's name on the command line; by default that of this process.
        program: how the command was called, for ``--help`` and complaints.
        epilog: what ``--help`` says at its end.
    """
    options = _parser(program, epilog).parse_args(arguments)
    try:
        return options.command(options) or 0
    except ZooError as error:
        _tell("")
        print(error, file=sys.stderr)
        return 2 if isinstance(error, ModelNotFoundError) else 1
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        _tell("")
        return 130


def _parser(program: str, epilog: str | None) -> Parser:
    common = Parser(add_help=False)
    common.add_argument("--root", type=Path, metavar="FOLDER", help="folder of models (default: saved_models/)")
    as_json = Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser = Parser(prog=program, description="Neural networks that read handwritten digits, compared.", epilog=epilog)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(command, help: str, *parents: Parser) -> argparse.ArgumentParser:
        added = commands.add_parser(
            command.__name__.strip("_"), help=help, description=help, parents=[common, *parents]
        )
        added.set_defaults(command=command)
        return added

    list_ = add(_list, "list the models", as_json)
    list_.add_argument("--markdown", action="store_true", help="print the table of the README")
    info = add(_info, "show what is known of a model", as_json)
    info.add_argument("name", metavar="NAME")
    info.add_argument("--version", type=int, help="default: the latest")
    predict = add(_predict, "read the digit in pictures", as_json)
    predict.add_argument("pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, BMP, GIF or TIFF with one digit")
    predict.add_argument("--model", metavar="NAME", help="default: the one with the best score on the MNIST test set")
    compare = add(_compare, "let several models read the same picture", as_json)
    compare.add_argument("picture", metavar="PICTURE", help="PNG, JPEG, BMP, GIF or TIFF with one digit")
    compare.add_argument("--models", nargs="+", metavar="NAME", help="default: all")
    compare.add_argument(
        "--plot", type=Path, metavar="FILE", help="also draw the activations side by side (PNG, PDF, SVG)"
    )
    evaluate = add(_evaluate, "score models on labelled images, in raw counts", as_json)
    evaluate.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    evaluate.add_argument(
        "--data",
        metavar="PATH",
        help="MNIST (mnist.npz or a folder of IDX files), or any .npz with images and labels; "
        "default: the MNIST test set, from DIGIT_ZOO_MNIST, Keras's cache or, where it is needed, the network",
    )
    evaluate.add_argument(
        "--strokes",
        metavar="FILE",
        help="also score on drawings, by digit and by writer: an .npz or HDF5 with points, stroke_starts, "
        "drawing_starts, labels and, if known, writers; or drawings.sqlite3, what the window has collected",
    )
    evaluate.add_argument(
        "--pen-width",
        type=float,
        default=PEN_WIDTH,
        metavar="PX",
        help="of these drawings, in pixels of 28 (%(default)s)",
    )
    evaluate.add_argument(
        "--shifted", action="store_true", help="also score on harder sets made of the images: other pens, rotation, ..."
    )
    evaluate.add_argument(
        "--not-digits",
        action="store_true",
        help="also measure how well doubt tells scribbles, letters and the like from digits",
    )
    verify = add(_verify, "check every file of every version against its model.json")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    bench = add(_bench, "measure latency, throughput, load time and size", as_json)
    bench.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    explore = add(_explore, "write a page that shows the data: samples, balance, means, the unusual")
    explore.add_argument(
        "--data",
        metavar="PATH",
        help="MNIST (mnist.npz or a folder of IDX files), any .npz with images and labels, or handwriting: digits "
        "drawn by rules alone; default: MNIST, from DIGIT_ZOO_MNIST or Keras's cache, if it is there, and these",
    )
    explore.add_argument(
        "--output", type=Path, metavar="FOLDER", help="missing, empty, or of a page made before (default: docs/data/)"
    )
    report = add(_report, "write pages that show how the models differ: accuracy, confusions, misread images, the vote")
    report.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    report.add_argument("--data", metavar="PATH", help="as of evaluate")
    report.add_argument("--strokes", metavar="FILE", help="drawings, as of evaluate; without it the report has none")
    report.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="missing, empty, or of a report before (default, for all models: docs/report/)",
    )
    return parser


def _cards(options: argparse.Namespace) -> list[Card]:
    """The latest versions of the named models, or of all."""
    if options.names:
        return [artifacts.read_card(artifacts.find(name, root=options.root)) for name in options.names]
    cards = artifacts.list_models(options.root)
    if not cards:
        raise ModelNotFoundError("There are no models: build some with `python -m builders`.")
    return cards


def _import_what_runs(cards: list[Card]) -> None:
    """Import TensorFlow, without its notices, where one of the models runs on it."""
    if any(card.facts.runtime == "tensorflow" for card in cards):
        with contextlib.suppress(ImportError):  # loading the model says it better, and the others go on
            import_tensorflow()


def _list(options: argparse.Namespace) -> None:
    options.names = []
    cards = _cards(options)
    if options.json:
        _print_json(
            [card.metadata or {"name": card.name, "version": card.version, "error": card.error} for card in cards]
        )
        return
    if options.markdown:
        _print_markdown(cards)
        return
    _print_table(
        ["name", "version", "title", "parameters", "size", "score"],
        [
            [
                card.name,
                card.version,
                "(damaged)" if card.error else card.title,
                f"{card.parameters:,}",
                _megabytes(card.bytes),
                _score(card),
            ]
            for card in cards
        ],
        right="version parameters size",
    )
    for card in cards:
        if card.error:
            print(card.error, file=sys.stderr)


def _info(options: argparse.Namespace) -> None:
    card = artifacts.read_card(artifacts.find(options.name, options.version, options.root))
    if options.json:
        _print_json(card.metadata)
        return
    said = card.facts
    facts = {
        "name": f"{card.name}, version {card.version}",
        "description": card.description,
        "reference": card.reference,
        "parameters": f"{card.parameters:,}",
        "size": _megabytes(card.bytes),
        "score": _score(card),
        "input": said.inputs,
        "output": said.outputs,
        "layers": {name: list(shape) for name, shape in said.layers.items()},
        "data": said.data,
        "recipe": said.recipe,
        "teacher": said.teacher,
        "tuned from": said.tuned_from,
        "recipe chosen on": said.recipe_chosen_on,
        "seed": said.seed,
        "calibration": said.calibration,
        "latency": said.latency,
        "training took": said.seconds and f"{said.seconds} s",
        "made with": said.libraries,
        "made at": said.created,
        "weights sha256": said.weights_sha256,
        "folder": card.path,
    }
    print(card.title)
    for fact, value in facts.items():
        if text := _in_words(value):
            print(f"  {fact:<17} {text}")


def _predict(options: argparse.Namespace) -> int:
    from zoo.classifier import DOUBTFUL, load
    from zoo.images.pictures import image_from_picture

    options.names = [options.model] if options.model else []
    readable = [card for card in _cards(options) if not card.error]
    card = max(readable, key=lambda card: card.accuracy or 0.0, default=None)
    if card is None:
        raise ZooError("Every model.json is damaged: `python -m zoo verify` says how.")
    model, results, failed = None, [], 0
    for picture in options.pictures:
        try:
            image = image_from_picture(picture)
        except ZooError as error:
            print(f"{picture}: {error}", file=sys.stderr)
            results.append({"picture": picture, "error": str(error)})
            failed = 1
            continue
        if model is None:  # not before there is something to read
            _import_what_runs([card])
            model = load(card.name, root=options.root)
        prediction = model.predict(image)
        digit, probabilities = int(prediction.digits[0]), prediction.probabilities[0].tolist()
        doubt = float(prediction.doubt[0])
        results.append(
            {"picture": picture, "model": card.name, "digit": digit, "doubt": doubt, "probabilities": probabilities}
        )
        if not options.json:
            warning = ", which doubts that this is one digit" if doubt > DOUBTFUL else ""
            print(f"{digit}  {probabilities[digit]:6.1%}  {picture}  ({card.name}{warning})", flush=True)
    if options.json:
        _print_json(results)
    return failed


def _compare(options: argparse.Namespace) -> None:
    from zoo.ensemble import compare
    from zoo.images.pictures import image_from_picture

    if options.plot and options.plot.exists():
        raise ZooError(f"{options.plot} exists already: name another file, or remove it first.")
    image = image_from_picture(options.picture)
    cards = artifacts.list_models(options.root)
    _import_what_runs([card for card in cards if not options.models or card.name in options.models])
    comparison = compare(image, options.models, options.root)
    for sentence in comparison.errors.values():
        print(sentence, file=sys.stderr)
    if options.json:
        models = [
            {
                "model": name,
                "digit": int(prediction.digits[0]),
                "doubt": float(prediction.doubt[0]),
                "probabilities": prediction.probabilities[0].tolist(),
                "logits": prediction.logits[0].tolist(),
            }
            for name, prediction in comparison.predictions.items()
        ]
        _print_json(
            {"picture": options.picture, "summary": comparison.summary, "models": models, "errors": comparison.errors}
        )
    else:
        _print_table(
            ["model", "digit", *map(str, range(10))],
            [
                [name, prediction.digits[0], *(f"{p:.3f}" for p in prediction.probabilities[0])]
                for name, prediction in comparison.predictions.items()
            ],
            right="digit 0 1 2 3 4 5 6 7 8 9",
        )
        print(comparison.summary + ".")
    if options.plot:
        from zoo.report.comparison_plot import plot_comparison

        plot_comparison(comparison, options.plot)


def _evaluate(options: argparse.Namespace) -> int:
    from zoo.classifier import load
    from zoo.evaluation import scoring

    cards = _cards(options)
    sets = scoring.load_sets(
        options.data, options.strokes, options.pen_width, options.shifted, options.not_digits, _tell
    )
    _import_what_runs(cards)

    def measure(card: Card) -> scoring.Scores:
        return scoring.measure(load(card.name, root=options.root), sets)

    _tell("")
    results, failed = _for_each(cards, measure)
    if options.json:
        _print_json(
            [{"model": card.name, "version": card.version, **scoring.as_json(scores, sets)} for card, scores in results]
        )
    elif results:
        main, *others = scoring.tables({card.name: scores for card, scores in results}, sets)
        _print_table(*main, right=main[0][1:])
        print(*scoring.legend(sets), sep="\n")
        for head, rows in others:
            print()
            _print_table(head, rows, right=head[1:])
    return failed


def _tell(doing: str) -> None:
    """Say on a terminal what is being done, in a line that the next replaces; nothing elsewhere."""
    if sys.stderr.isatty():
        print(f"\033[K{doing}", end="\r", file=sys.stderr, flush=True)


def _for_each(cards: list[Card], measure: Callable) -> tuple[list[tuple], int]:
    """Measure model by model; one that cannot be loaded is told of, and does not keep the others from it."""
    results, failed = [], 0
    for card in progress(cards, "models"):
        try:
            if card.error:
                raise ZooError(card.error)
            results.append((card, measure(card)))
        except ZooError as error:
            say(str(error), sys.stderr)
            failed = 1
    return results, failed


def _verify(options: argparse.Namespace) -> int:
    names = options.names or [card.name for card in artifacts.list_models(options.root)]
    damaged = total = 0
    for name in progress(names, "models"):
        for version in artifacts.list_versions(name, options.root):
            total += 1
            path = artifacts.find(name, version, options.root)
            try:
                card = artifacts.verify(path)
                say(f"{name}/{version}  ok  ({len(card.files)} files, {_megabytes(card.bytes)})")
            except ZooError as error:
                damaged += 1
                say(f"{name}/{version}  FAILED  {error}")
    if damaged:
        print(f"{damaged} of {total} artifacts failed the check.", file=sys.stderr)
    return 1 if damaged else 0


def _bench(options: argparse.Namespace) -> int:
    from zoo.evaluation.benchmark import bench, seconds_a_drawing

    cards = _cards(options)
    _import_what_runs(cards)
    results, failed = _for_each(cards, bench)
    if options.json:
        _print_json({card.name: figures for card, figures in results})
        return failed
    _print_table(
        [
            "model",
            "predict",
            "signature",
            "ratio",
            "Model.predict",
            "ratio",
            "1",
            "32",
            "1,024",
            "load",
            "size",
        ],
        [
            [
                card.name,
                f"{r['predict_us']:,.0f} us",
                f"{r['signature_us']:,.0f} us" if r["signature_us"] else "",
                f"{r['predict_us'] / r['signature_us']:.2f} x" if r["signature_us"] else "",
                f"{r['keras_us']:,.0f} us" if r["keras_us"] else "",
                f"{r['keras_us'] / r['predict_us']:.0f} x" if r["keras_us"] else "",
                *(f"{rate:,.0f}/s" for rate in r["images_per_second"].values()),
                f"{r['load_ms']:,.0f} ms",
                f"{r['bytes'] / r['weight_bytes']:.2f}",
            ]
            for card, r in results
        ],
        right="predict signature ratio Model.predict 1 32 1,024 load size",
    )
    print(
        "One image through Classifier.predict, through the bare loaded signature and its ratio, and through Keras's "
        "Model.predict and its ratio,\nboth empty for a model that runs without TensorFlow; images per second in "
        "batches of 1, 32 and 1,024; time to load and verify;\nbytes on disk over the bytes of the weights."
    )
    print(f"image_from_strokes takes {seconds_a_drawing() * 1e6:,.0f} us for a drawing.")
    return failed


def _explore(options: argparse.Namespace) -> None:
    from zoo.report.explore import FOLDER, explore

    page = explore(options.data, options.output or FOLDER, tell=_tell)
    _tell("")
    print(page)


def _report(options: argparse.Namespace) -> int:
    from zoo import report
    from zoo.classifier import load

    if (options.names or options.root) and not options.output:
        raise ZooError(f"{report.FOLDER} is for the report on all models: name a folder for yours with --output.")
    output = options.output or report.FOLDER
    report.check_output(output)
    options.names = list(dict.fromkeys(options.names))
    cards = _cards(options)
    sets = report.gather(options.data, options.strokes)
    _import_what_runs(cards)
    results, failed = _for_each(cards, lambda card: report.read(load(card.name, root=options.root), sets))
    if failed and not options.output:
        raise ZooError(
            f"Nothing was written to {output}, as the report there is on all models and not all could be read: "
            "name another folder with --output."
        )
    if results:
        report.write_report(report.Answers(sets, [model for _, model in results]), output)
        print(output / "README.md")
    return failed


def _print_markdown(cards: list[Card]) -> None:
    print("| model | title | parameters | of the MNIST test set | of the drawings | size | one image takes |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for card in cards:
        if card.error:
            print(card.error, file=sys.stderr)
            continue
        latency = card.facts.latency
        cores = f" ({latency.cpu_cores} cores)" if latency and latency.cpu_cores else ""
        milliseconds = f"{latency.milliseconds:.2f} ms{cores}" if latency else ""
        print(
            f"| `{card.name}` | {card.title} | {card.parameters:,} | {_counts(card, 'mnist_test')} "
            f"| {_counts(card, 'drawings')} | {_megabytes(card.bytes)} | {milliseconds} |"
        )


def _score(card: Card) -> str:
    """The recorded scores, as raw counts."""
    return "; ".join(score_in_words(part, score) for part, score in card.metrics.items())


def _counts(card: Card, part: str) -> str:
    score = card.metrics.get(part)
    return f"{score['correct']:,} of {score['total']:,} ({score['correct'] / score['total']:.2%})" if score else ""


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"


def _in_words(value: object, inner: str = "{}") -> str:
    """Return a fact in words: of several, each with its name and, if it is of several itself, in brackets."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        facts = {name: _in_words(fact, "({})") for name, fact in value.items()}
        return inner.format(", ".join(f"{name} {fact}" for name, fact in facts.items() if fact)) if facts else ""
    return "" if value is None else str(value)


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _print_table(head: list[str], rows: list[list], right: str | list[str] = "") -> None:
    """Print rows in columns; those whose heading is one of `right`, words or a list, are set flush right."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    titles = right.split() if isinstance(right, str) else right
    flush_right = [title in titles for title in head]
    for row in cells:
        aligned = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, flush_right, strict=True)
        )
        print("  ".join(aligned).rstrip())
