"""The pages of a report, in Markdown as GitHub shows it."""

import dataclasses
from collections.abc import Mapping

from zoo.card import DataSet, Layer
from zoo.data.arrays import digest
from zoo.data.mnist import MNIST_CREDIT, MNIST_TEST_SHA256
from zoo.evaluation.metrics import BINS, Evaluation
from zoo.report import model_plots, zoo_plots
from zoo.report.results import Answers, Images, Model
from zoo.report.statistics import LEVEL, mcnemar, wilson
from zoo.report.tables import TABLES, against

PICTURES_FOLDER, TABLES_FOLDER = "pictures", "tables"
CURVES = ("loss", "val_loss", "val_accuracy")


def _page(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(head: list, rows: list[list], right: int) -> str:
    """A table whose columns from number `right` on are set flush right."""
    line = ["---:" if number >= right else "---" for number in range(len(head))]
    return "\n".join(
        f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in [head, line, *rows]
    )


def _text(value: object) -> str:
    """What a model says of itself: on one line, and no HTML."""
    return " ".join(str(value).split()).replace("&", "&amp;").replace("<", "&lt;")


def _picture(name: str, alt: str, reading: str) -> str:
    """A picture, what it is for those who do not see it, and the sentence that says how to read it."""
    alt = _text(alt).replace("[", "(").replace("]", ")")
    return f"![{alt}]({PICTURES_FOLDER}/{name}.png)\n\n{reading}"


def _interval(evaluation: Evaluation) -> str:
    low, high = wilson(evaluation.correct, evaluation.total)
    return f"{low:.2%} to {high:.2%}"


def _p(value: float) -> str:
    return "p < 0.0001" if value < 0.0001 else f"p = {value:.4f}" if value < 0.1 else f"p = {value:.2f}"


def _megabytes(model: Model) -> str:
    return f"{model.megabytes:.2f} MB"


def _latency(model: Model) -> str:
    return f"{model.latency_ms:.2f} ms" if model.latency_ms else ""


def _duration(model: Model) -> str:
    minutes = model.training_minutes
    if not minutes:
        return ""
    return f"{minutes:,.0f} min" if minutes >= 2 else f"{60 * minutes:.0f} s"


# --- the page of one model ---


def model_page(answers: Answers, model: Model) -> str:
    """The page of one model."""
    return _page(
        f"# {_text(model.card.title)}",
        _text(model.card.description),
        f"Reference: {_text(model.card.reference).rstrip('.')}." if model.card.reference else "",
        _standing(answers, model),
        *_architecture(model),
        *_training(model),
        *_reading(answers, model),
        *[_misread(answers.sets[name], model, name) for name in answers.sets],
        _sources(answers),
        "[All models](README.md)",
    )


def _standing(answers: Answers, model: Model) -> str:
    card, [(name, images), *_] = model.card, answers.sets.items()
    evaluation = model.evaluations[name]
    rank = answers.models.index(model) + 1
    place = f"number {rank} of the {len(answers.models)} models" if len(answers.models) > 1 else "the only model"
    return (
        f"`{card.name}`, version {card.version}: {card.parameters:,} parameters, {_megabytes(model)} on disk. It reads "
        f"{evaluation.correct:,} of {evaluation.total:,} {images.title} right ({evaluation.accuracy:.2%}), {place} of "
        f"[this report](README.md)."
    )


def _architecture(model: Model) -> list[str]:
    if not model.shapes:
        return ["## Its layers", "`model.json` does not tell its layers."]
    known = model.architecture
    rows = []
    for name, shape in model.shapes.items():
        layer = known.get(name, Layer("", name))
        rows.append(
            [
                f"`{_text(name)}`",
                _text(layer.kind),
                _in_words(layer.settings),
                "" if layer.parameters is None else f"{layer.parameters:,}",
                " \N{MULTIPLICATION SIGN} ".join(map(str, shape)),
            ]
        )
    head = ["layer", "kind", "settings", "parameters", "its output"]
    filled = [column for column in range(len(head)) if any(row[column] for row in rows)]
    table = [[row[column] for column in filled] for row in [head, *rows]]
    return [
        "## Its layers",
        _picture(
            f"{model.name}-layers",
            f"The layers of {model.card.title}",
            "From the image at the left to ten numbers at the right: each block is the output of a layer, a stack of "
            "maps, a vector a row, or one vector. Layers that only scale or reshape are left out.",
        ),
        _table(table[0], table[1:], right=len(filled) - 1),
    ]


def _training(model: Model) -> list[str]:
    said = model.card.facts
    facts = {
        "recipe": _in_words(said.recipe),
        "teacher": _in_words(dataclasses.asdict(said.teacher)) if said.teacher else "",
        "learned from, fitted on, scored on": "; ".join(
            f"{key.replace('_', ' ')}: {_images_in_words(data)}" for key, data in said.data.items()
        ),
        "recipe chosen on": said.recipe_chosen_on,
        "seed": said.seed,
        "took": _duration(model),
        "made with": _in_words(said.libraries),
        "one image takes": _latency(model),
    }
    rows = [[fact, _text(value)] for fact, value in facts.items() if value not in (None, "")]
    curves = _picture(
        f"{model.name}-training",
        f"Training curves of {model.card.title}",
        "Epoch by epoch, on logarithmic axes unless a value is 0; the held-out images are not learned from. The "
        "training's loss may lie above theirs, as its images are warped and its labels may be smoothed, or a "
        "teacher's probabilities.",
    )
    return [
        "## How it was trained",
        _table(["", "what `model.json` says"], rows, right=2) if rows else "",
        curves if drawn_curves(model) else "`model.json` holds no curves of its training.",
    ]


def drawn_curves(model: Model) -> dict[str, list[float]]:
    """The curves of a training that its page shows."""
    return {name: model.history[name] for name in CURVES if name in model.history}


def _in_words(facts: Mapping[str, object]) -> str:
    return _text(
        ", ".join(f"{key.replace('_', ' ')} {entry}" for key, entry in facts.items() if entry not in ("", None))
    )


def _images_in_words(data: DataSet) -> str:
    return f"{data.images:,} images" + (f" of {_text(data.name)}" if data.name else "")


def _reading(answers: Answers, model: Model) -> list[str]:
    title = model.card.title
    scores = [
        [
            answers.sets[name].heading,
            f"{evaluation.correct:,} of {evaluation.total:,}",
            f"**{evaluation.accuracy:.2%}**",
            _interval(evaluation),
            f"{evaluation.calibration_error:.2%}",
        ]
        for name, evaluation in model.evaluations.items()
    ]
    digits = []
    for name, evaluation in model.evaluations.items():
        digits.append([f"{answers.sets[name].heading}, misread", *zoo_plots.misread_by_digit(evaluation)])
        digits.append(["of", *(f"{count:,}" for count in evaluation.confusion.sum(axis=1))])
    return [
        "## How well it reads",
        _table(["", "read right", "share", "95 % confidence interval", "calibration error"], scores, right=1),
        _picture(
            f"{model.name}-confusion",
            f"Confusion matrices of {title}",
            "A row holds the images of a digit, a column what was read. The darker, the larger the share of the row "
            "that was misread so; what was read right stands in grey on the diagonal.",
        ),
        _picture(
            f"{model.name}-digits",
            f"Share of each digit that {title} misreads",
            "A dot is the share of a digit's images that is misread, its line the 95 % confidence interval: where "
            "lines overlap widely, chance may be all the difference.",
        ),
        _table(["digit", *range(10)], digits, right=1),
        "## How far its probabilities can be trusted",
        _picture(
            f"{model.name}-calibration",
            f"Reliability diagrams of {title}",
            "Images in bins of the probability that the model gave to the digit it read: on the dashed line as many "
            "are right as it promised, below it fewer. A line is the 95 % confidence interval, a hollow dot a bin "
            "without an error, and a larger dot holds more images. Towards the upper right the axes come ever closer "
            "to certainty.",
        ),
        _calibration(model),
    ]


def _calibration(model: Model) -> str:
    error = (
        f"The expected calibration error is the mean distance from that line, computed in {BINS} bins of equal count "
        f"and not in those drawn."
    )
    calibration = model.card.facts.calibration
    if calibration is None:
        return error
    fitted = f", fitted on {_text(calibration.fitted_on)}" if calibration.fitted_on else ""
    return f"{error} Its logits are divided by a temperature of {calibration.temperature:.3f}{fitted}."


def _misread(images: Images, model: Model, name: str) -> str:
    evaluation = model.evaluations[name]
    wrong, shown = evaluation.total - evaluation.correct, model_plots.SHOWN
    heading = f"## {images.heading} that it misreads"
    if not wrong:
        return f"{heading}\n\nNone: all {evaluation.total:,} are read right."
    which = (
        f"The {shown} of its {wrong:,} mistakes of which it was surest" if wrong > shown else f"All {wrong:,} of them"
    )
    return f"{heading}\n\n" + _picture(
        f"{model.name}-misread-{name}",
        f"{images.heading} that {model.card.title} misreads",
        f"{which}: what the image is \N{RIGHTWARDS ARROW} what was read, and the probability given to that.",
    )


# --- the page of all models ---

_INDEPENDENCE = (
    "Intervals and tests take the images for independent, which digits of the same writer are not: where a few people "
    "wrote many, as in sets of drawings, the intervals are too narrow, and too many differences pass for significant."
)


def comparison_page(answers: Answers) -> str:
    """The page that compares all models."""
    count = len(answers.models)
    sets = " and ".join(f"{len(images.labels):,} {images.title}" for images in answers.sets.values())
    models = f"{count} models, each" if count > 1 else "One model,"
    return _page(
        "# The models compared" if count > 1 else "# The model",
        f"{models} asked once about {sets}. The page behind a model's name shows its layers and its training, what it "
        f"confuses, how far its probabilities can be trusted, and the images that it misreads.",
        _ranking(answers),
        f"Below each count stands the interval that holds the true share with 95 % confidence (Wilson 1927). What one "
        f"image takes was measured when the model was published. {_chosen(answers.models)}",
        _INDEPENDENCE,
        *_accuracy(answers),
        *(_costs(answers) + _differences(answers) + _splits(answers) + _vote(answers) if count > 1 else []),
        "## The figures",
        "All of them as CSV: " + ", ".join(f"[{name}]({TABLES_FOLDER}/{name}.csv)" for name in TABLES) + ".",
        _sources(answers),
    )


def _ranking(answers: Answers) -> str:
    head = ["", "model", "parameters", *(f"{images.heading} read right" for images in answers.sets.values())]
    rows = []
    for rank, model in enumerate(answers.models, 1):
        row = [rank, f"[{_text(model.card.title)}]({model.name}.md)", f"{model.card.parameters:,}"]
        for evaluation in model.evaluations.values():
            row.append(f"{evaluation.correct:,} ({evaluation.accuracy:.2%})<br>{_interval(evaluation)}")
        rows.append([*row, _megabytes(model), _latency(model), _duration(model)])
    return _table([*head, "size", "one image takes", "training took"], rows, right=2)


def _chosen(models: list[Model]) -> str:
    """What the recipes were chosen on, as a score on the same images is a little too kind."""
    chosen = sorted({_text(text) for model in models if (text := model.card.facts.recipe_chosen_on)})
    return " ".join(f"Recipes were chosen on {text}." for text in chosen)


def _accuracy(answers: Answers) -> list[str]:
    blocks = [
        "## How well they read",
        _picture(
            "accuracy",
            "Share of the images that each model misreads, with confidence intervals",
            "The further left the better: a dot is the share that is misread, on a logarithmic axis, its line the 95 % "
            "confidence interval, the number beside it the count of errors.",
        ),
        _picture(
            "digits",
            "Images of each digit that each model misreads",
            "How many images of each digit a model misreads; the darker, the larger the share of that digit's images.",
        ),
    ]
    if len(answers.sets) > 1 and len(answers.models) > 1:
        first, second = list(answers.sets.values())[:2]
        blocks.append(
            _picture(
                "sets",
                f"Share of the {second.title} that is misread against that of the {first.title}",
                f"The further to the lower left the better; above the dashed line a model misreads more of the "
                f"{second.title} than of the {first.title}. Numbers are those of the table; where discs would cover "
                f"each other, a line leads to the place.",
            )
        )
    if len(answers.sets) == 1:
        blocks.append(
            "This report has no drawings: `python -m zoo report --strokes FILE.npz` adds them; "
            "`zoo.data.drawing_files.load_drawings` says what FILE.npz holds."
        )
    return blocks


def _costs(answers: Answers) -> list[str]:
    [images, *_] = answers.sets.values()
    told = all(cost(model) is not None for cost in zoo_plots.COSTS.values() for model in answers.models)
    return [
        "## At what cost",
        _picture(
            "costs",
            f"Share of the {images.title} that is misread against parameters, size, latency and training time",
            "Lower is better, further left is cheaper; all axes are logarithmic."
            + ("" if told else " A model whose `model.json` does not tell a cost is missing there."),
        ),
    ]


def _differences(answers: Answers) -> list[str]:
    titles = [images.title for images in answers.sets.values()]
    where = f"{titles[0]} above the diagonal" + (f", {titles[1]} below" if len(titles) > 1 else "")
    blocks = [
        "## Who differs from whom",
        _picture(
            "disagreement",
            "Images that each two models read as different digits",
            f"How many images two models read as different digits: {where}. The darker, the larger the share; columns "
            f"have the numbers of the rows.",
        ),
        "What follows compares these very models, each trained from one seed, and not their architectures, which other "
        "seeds might rank otherwise.",
    ]
    for name, images in answers.sets.items():
        pairs = answers.together(name).pairs
        significant = sum(pair.significant for pair in pairs)
        blocks.append(
            _picture(
                f"better-{name}",
                f"Which model is better than which on the {images.title}",
                f"How many more of the {images.title} the row's model reads right than the column's. Blue: the row is "
                f"better; orange: it is worse; grey: chance may be all the difference. {significant} of {len(pairs)} "
                f"differences are significant (McNemar's exact test at the level {LEVEL:g}, corrected for so many "
                f"pairs by Holm's method).",
            )
        )
    return blocks


def _splits(answers: Answers) -> list[str]:
    blocks = ["## Images that split the zoo"]
    for name, images in answers.sets.items():
        split, shown = len(answers.together(name).splitting), zoo_plots.SHOWN
        if not split:
            blocks.append(f"All models read all {images.title} alike.")
            continue
        which = f"the {shown} that split them the most, by the entropy of the votes" if shown < split else "all of them"
        blocks.append(
            _picture(
                f"splits-{name}",
                f"{images.heading} that the models read differently",
                f"{split:,} of {len(images.labels):,} {images.title} are not read alike by all models; here are "
                f"{which}. The bar shares out the votes, blue for the right digit; below stand digit and votes.",
            )
        )
    return blocks


def _vote(answers: Answers) -> list[str]:
    rows, tests = [], []
    for name, images in answers.sets.items():
        together, best = answers.together(name), answers.best(name)
        single = best.evaluations[name]
        readers = {
            "**mean probability**": together.mean,
            "plurality": together.plurality,
            f"the best single model, {_text(best.card.title)}": single,
        }
        for reader, evaluation in readers.items():
            right = f"{evaluation.correct:,} of {evaluation.total:,} ({evaluation.accuracy:.2%})"
            rows.append([images.heading, reader, right, _interval(evaluation)])
        more, fewer = against(together.mean, single)
        p = mcnemar(more, fewer)
        verdict = "significant" if p < LEVEL else "not significant"
        tests.append(
            f"Of the {images.title}, {more:,} are read right by the mean probability and not by the best single "
            f"model, and {fewer:,} the other way round: {verdict} (McNemar's exact test, {_p(p)})."
        )
    return [
        "## The zoo's vote",
        "The declared vote is the digit of the highest mean probability over all models: without weights and without a "
        "selection, so nothing of it was fitted to these images. Beside it stands the plurality, the digit that most "
        "models read; a tie goes to the digit of the higher mean probability. The best single model is picked by these "
        "very scores, which flatters it.",
        _table(["", "reader", "read right", "95 % confidence interval"], rows, right=2),
        *tests,
        "The more models agree, the surer their answer:",
        _agreement(answers),
        _picture(
            "doubt",
            "Errors that remain when the most doubtful images are set aside",
            "How many errors remain when the images of the highest doubt (one minus the highest probability) are left "
            "to a person: the faster a line falls, the better doubt points at the errors.",
        ),
    ]


def _agreement(answers: Answers) -> str:
    by_set = [answers.together(name).by_agreement() for name in answers.sets]
    head = ["models that agree"]
    for images in answers.sets.values():
        head += [images.heading, "read right"]
    rows = []
    for count in sorted(set().union(*by_set), reverse=True):
        row = [count]
        for found in by_set:
            total, right = found.get(count, (0, 0))
            row += [f"{total:,}", f"{right:,} ({right / total:.2%})"] if total else ["", ""]
        rows.append(row)
    return _table(head, rows, right=0)


# --- of both ---

PENDIGITS_LABELS_SHA256 = "458884c5709296167960024c50e825540af759e02b9668a239f646a1322617f3"
"""`zoo.data.arrays.digest` of the uint8 labels of UCI's 7,494 training digits, in their order."""

_PENDIGITS = (
    "The drawings are UCI's [Pen-Based Recognition of Handwritten Digits](https://archive.ics.uci.edu/dataset/81), by "
    "Ethem Alpaydin and Fevzi Alimoglu, licensed under [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/); the "
    "pictures show them as the models receive them."
)


def _sources(answers: Answers) -> str:
    """Whose the images are, where that is known: both sets ask for it wherever they are shown."""
    credits = []
    for images in answers.sets.values():
        if digest(images.pixels, images.labels) == MNIST_TEST_SHA256:
            credits.append(f"{MNIST_CREDIT}; so are the pictures that show its images.")
        if digest(images.labels) == PENDIGITS_LABELS_SHA256:
            credits.append(_PENDIGITS)
    return f"<sub>{' '.join(credits)}</sub>" if credits else ""
