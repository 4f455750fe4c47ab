"""The commands of ``python -m zoo``: each takes the options, prints, and returns its exit code if it is not 0."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from zoo import artifacts
from zoo._support.command_line import WrongUseError
from zoo._support.printing import in_words, megabytes, print_json, print_table, show_step
from zoo._support.progress import note, progress, say
from zoo.card import Card, most_accurate, score_in_words
from zoo.errors import ArtifactError, ImageError, ModelNotFoundError, ZooError

SYNTHETIC = "synthetic"
"""What the option --outliers says where it names no file."""
ENSEMBLE = "ensemble"
"""What evaluate calls the vote of the models."""


def _cards(options: argparse.Namespace) -> list[Card]:
    """Return the latest versions of the named models, or of all."""
    if options.names:
        return [artifacts.read_card(artifacts.find(name, root=options.root)) for name in dict.fromkeys(options.names)]
    cards = artifacts.list_models(options.root)
    if not cards:
        raise ModelNotFoundError("There are no models: build some with `python -m builders`.")
    return cards


def list_command(options: argparse.Namespace) -> None:
    """Print a row for each model."""
    options.names = []
    cards = _cards(options)
    if options.json:
        print_json(
            [card.metadata or {"name": card.name, "version": card.version, "error": card.error} for card in cards]
        )
        return
    if options.markdown:
        _print_markdown(cards)
        return
    print_table(
        ["name", "version", "title", "parameters", "size", "score"],
        [
            [
                card.name,
                card.version,
                "(damaged)" if card.error else f"{card.title} (added)" if card.facts.added else card.title,
                f"{card.parameters:,}",
                megabytes(card.bytes),
                _score(card),
            ]
            for card in cards
        ],
        right="version parameters size",
    )
    for card in cards:
        if card.error:
            note(card.error)


def info_command(options: argparse.Namespace) -> None:
    """Print what is known of a model."""
    card = artifacts.read_card(artifacts.find(options.name, options.version, options.root))
    if options.json:
        print_json(card.metadata)
        return
    said = card.facts
    facts = {
        "name": f"{card.name}, version {card.version}",
        "description": card.description,
        "reference": card.reference,
        "parameters": f"{card.parameters:,}",
        "size": megabytes(card.bytes),
        "score": _score(card),
        "input": said.inputs,
        "output": said.outputs,
        "layers": {name: list(shape) for name, shape in said.layers.items()},
        "data": said.data,
        "recipe": said.recipe,
        "teacher": said.teacher,
        "tuned from": said.tuned_from,
        "added from": said.added,
        "takes images as": said.adapter,
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
        if text := in_words(value):
            print(f"  {fact:<17} {text}")


def predict_command(options: argparse.Namespace) -> int:
    """Print which digit each picture shows, or which digits."""
    from zoo.classifier import load
    from zoo.ensemble import candidates
    from zoo.images.pictures import images_from_picture, piece_from_picture

    options.names = [options.model] if options.model else []
    card = most_accurate(_cards(options))
    if card is None or card.error:
        raise ZooError("Every model.json is damaged: `python -m zoo verify` says how.")
    model, results, failed = None, [], 0
    for picture in options.pictures:
        try:
            pieces = images_from_picture(picture) if options.all else [piece_from_picture(picture, options.box)]
            if not pieces:
                raise ImageError("Expected digits side by side, found ink that is none: name one with --box.")
        except ZooError as error:
            note(f"{picture}: {error}")
            results.append({"picture": picture, "error": str(error)})
            failed = 1
            continue
        if model is None:  # not before there is something to read
            model = load(card.name, root=options.root)
        for piece in pieces:
            prediction = model.predict(piece.image)
            digit, probabilities = int(prediction.digits[0]), prediction.probabilities[0].tolist()
            doubt = float(prediction.doubt[0])
            found = {"picture": picture, "box": piece.box, "model": card.name, "digit": digit, "doubt": doubt}
            results.append({**found, "probabilities": probabilities})
            if not options.json:
                place = f" {','.join(map(str, piece.box))}" if options.all else ""
                warning = "" if candidates(probabilities) else ", which doubts that this is one digit"
                print(f"{digit}  {probabilities[digit]:6.1%}  {picture}{place}  ({card.name}{warning})", flush=True)
    if options.json:
        print_json(results)
    return failed


def compare_command(options: argparse.Namespace) -> None:
    """Print what each model reads in a picture."""
    from zoo.ensemble import compare
    from zoo.images.pictures import image_from_picture

    _check_new(options.plot)
    image = image_from_picture(options.picture)
    comparison = compare(image, options.models, options.root)
    for sentence in comparison.errors.values():
        note(sentence)
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
        vote = comparison.vote
        said = {
            "digit": vote.digit,
            "doubt": vote.doubt,
            "probabilities": vote.probabilities.tolist(),
            "verdict": vote.verdict,
            "is_doubtful": vote.is_doubtful,
        }
        print_json(
            {
                "picture": options.picture,
                "summary": comparison.summary,
                "vote": said,
                "models": models,
                "errors": comparison.errors,
            }
        )
    else:
        print_table(
            ["model", "digit", *map(str, range(10))],
            [
                [name, prediction.digits[0], *(f"{p:.3f}" for p in prediction.probabilities[0])]
                for name, prediction in comparison.predictions.items()
            ],
            right="digit 0 1 2 3 4 5 6 7 8 9",
        )
        print(f"{comparison.verdict}: {comparison.summary}.")
    if options.plot:
        from zoo.report.comparison_plot import plot_comparison

        plot_comparison(comparison, options.plot)


def _check_new(path: Path | None) -> None:
    """Refuse to replace a picture, before anything is computed for it."""
    if path and path.exists():
        raise ZooError(f"{path} exists already: name another file, or remove it first.")
    if path and not path.parent.is_dir():
        raise ZooError(f"The folder {path.parent} does not exist: make it, or name another for the picture.")


def evaluate_command(options: argparse.Namespace) -> int:
    """Print how many labelled images each model reads right."""
    from zoo.classifier import load
    from zoo.evaluation import scoring, turned
    from zoo.evaluation.sets import load_sets
    from zoo.evaluation.tables import legend, tables

    file = None if options.outliers in (None, SYNTHETIC) else options.outliers
    if file and not os.path.exists(file) and file in (card.name for card in artifacts.list_models(options.root)):
        options.names, file = [*options.names, file], None  # evaluate --outliers NAME
    cards = _cards(options)
    if options.ensemble and ENSEMBLE in (card.name for card in cards):
        raise ZooError(
            f"A model is called {ENSEMBLE!r}, as the vote is: name the other models, or leave out --ensemble."
        )
    if options.misread and len(cards) > 1 and not options.ensemble:
        raise WrongUseError("A sheet shows one model or the vote of several: name a model, or add --ensemble.")
    if options.misread and options.misread.suffix.lower() != ".png":
        raise WrongUseError(f"Expected a name that ends in .png, found {options.misread.name!r}: name it so.")
    _check_new(options.misread)
    with_outliers = options.outliers is not None and file is None
    sets = load_sets(
        options.data, options.strokes, options.pen_width, options.corruptions, with_outliers, file, show_step
    )

    def measure(card: Card) -> scoring.Scores:
        return scoring.measure(load(card.name, root=options.root), sets)

    show_step("")
    results, failed = _for_each(cards, measure)
    scores = {card.name: scored for card, scored in results}
    versions = {card.name: {"version": card.version} for card, _ in results}
    for sentence in turned.sentences(scores, sets, lambda name: load(name, root=options.root)):
        note(sentence)
    if options.ensemble and results:
        learned = [card.facts.learned_doubt for card, _ in results]
        scores[ENSEMBLE] = scoring.vote_of(list(scores.values()), learned, sets)
        versions[ENSEMBLE] = {"models": list(versions)}
    if options.json:
        print_json([{"model": name, **versions[name], **scoring.as_json(one, sets)} for name, one in scores.items()])
    elif results:
        main, *others = tables(scores, sets)
        print_table(*main, right=main[0][1:])
        print(*legend(scores, sets), sep="\n")
        for head, rows in others:
            print()
            print_table(head, rows, right=head[1:])
    if options.misread and results:
        from zoo.report.misread_sheet import write_misread

        name = list(scores)[-1]
        write_misread(options.misread, f"The {name}" if name == ENSEMBLE else name, scores[name], sets)
    return failed


def _for_each(cards: list[Card], measure: Callable) -> tuple[list[tuple], int]:
    """Measure model by model; one that cannot be loaded costs a line on stderr, and the others are measured."""
    results, failed = [], 0
    for card in progress(cards, "models"):
        try:
            if card.error:
                raise ZooError(card.error)
            results.append((card, measure(card)))
        except ZooError as error:
            note(str(error))
            failed = 1
    return results, failed


def verify_command(options: argparse.Namespace) -> int:
    """Check every file of every version."""
    names = options.names or [card.name for card in artifacts.list_models(options.root)]
    damaged = total = 0
    for name in progress(names, "models"):
        try:
            versions = artifacts.list_versions(name, options.root)
        except ArtifactError as error:
            damaged, total = damaged + 1, total + 1
            say(f"{name}  FAILED  {error}")
            continue
        for version in versions:
            total += 1
            path = artifacts.find(name, version, options.root)
            try:
                card = artifacts.verify(path)
                say(f"{name}/{version}  ok  ({len(card.files)} files, {megabytes(card.bytes)})")
            except ZooError as error:
                damaged += 1
                say(f"{name}/{version}  FAILED  {error}")
    if damaged:
        note(f"{damaged} of {total} artifacts failed the check.")
    return 1 if damaged else 0


def bench_command(options: argparse.Namespace) -> int:
    """Print how fast each model is, and how large."""
    from zoo.evaluation.benchmark import bench, seconds_a_drawing

    cards = _cards(options)
    results, failed = _for_each(cards, lambda card: bench(card, with_tensorflow=options.tensorflow))
    if options.json:
        print_json({card.name: figures for card, figures in results})
        return failed
    beside = {"predict on TensorFlow": "tensorflow_us", "signature": "signature_us", "Model.predict": "keras_us"}
    columns = beside if options.tensorflow else {}
    heads = [head for column in columns for head in (column, "ratio")]
    print_table(
        ["model", "predict", *heads, "1", "32", "1,024", "load", "size"],
        [
            [
                card.name,
                f"{r['predict_us']:,.0f} us",
                *(text for key in columns.values() for text in _beside(r["predict_us"], r[key])),
                *(f"{rate:,.0f}/s" for rate in r["images_per_second"].values()),
                f"{r['load_ms']:,.0f} ms",
                f"{r['bytes'] / r['weight_bytes']:.2f}",
            ]
            for card, r in results
        ],
        right=["predict", *heads, "1", "32", "1,024", "load", "size"],
    )
    print(
        "One image through Classifier.predict; images per second in batches of 1, 32 and 1,024; time to load and "
        "verify;\nbytes on disk over the bytes of the weights."
    )
    if columns:
        print(
            "Beside it, in the same run: Classifier.predict with runtime='tensorflow', the bare loaded signature, and "
            "Keras's Model.predict;\neach with how many times as long it takes, and empty for a network in NumPy."
        )
    print(f"image_from_strokes takes {seconds_a_drawing() * 1e6:,.0f} us for a drawing.")
    return failed


def _beside(predict_us: float, other_us: float | None) -> tuple[str, str]:
    """Return another way's time, and how many times as long as ``Classifier.predict`` it takes."""
    return (f"{other_us:,.0f} us", f"{other_us / predict_us:.1f} x") if other_us else ("", "")


def explore_command(options: argparse.Namespace) -> None:
    """Write the page that shows the data."""
    from zoo.report.explore import FOLDER, explore

    page = explore(options.data, options.output or FOLDER, tell=show_step)
    show_step("")
    print(page)


def report_command(options: argparse.Namespace) -> int:
    """Write the pages that show how the models differ."""
    from zoo import report
    from zoo.classifier import load

    if (options.names or options.root) and not options.output:
        raise ZooError(f"{report.FOLDER} is for the report on all models: name a folder for yours with --output.")
    output = options.output or report.FOLDER
    report.check_output(output)
    cards = _cards(options)
    sets = report.load_sets(options.data, options.strokes)
    results, failed = _for_each(cards, lambda card: report.read_sets(load(card.name, root=options.root), sets))
    if failed and not options.output:
        raise ZooError(
            f"Nothing was written to {output}, as the report there is on all models and not all could be read: "
            "name another folder with --output."
        )
    if results:
        report.write_report(report.Results(sets, [model for _, model in results]), output)
        print(output / "README.md")
    return failed


def _print_markdown(cards: list[Card]) -> None:
    columns = {"of the MNIST test set": "mnist_test", "of the drawings": "drawings"}
    if any("unipen" in card.metrics for card in cards):
        columns["of the UNIPEN digits"] = "unipen"
    heads = ["model", "title", "parameters", *columns, "size", "one image takes"]
    print(f"| {' | '.join(heads)} |")
    print(f"|---|---|{'---:|' * (len(heads) - 2)}")
    for card in cards:
        if card.error:
            note(card.error)
            continue
        latency = card.facts.latency
        cores = f" ({latency.cpu_cores} cores)" if latency and latency.cpu_cores else ""
        milliseconds = f"{latency.milliseconds:.2f} ms{cores}" if latency else ""
        counts = [_counts(card, part) for part in columns.values()]
        cells = [f"`{card.name}`", card.title, f"{card.parameters:,}", *counts, megabytes(card.bytes), milliseconds]
        print(f"| {' | '.join(cells)} |")


def _score(card: Card) -> str:
    """Return the recorded scores, as raw counts."""
    return "; ".join(score_in_words(part, score) for part, score in card.metrics.items())


def _counts(card: Card, part: str) -> str:
    score = card.metrics.get(part)
    return f"{score['correct']:,} of {score['total']:,} ({score['correct'] / score['total']:.2%})" if score else ""
