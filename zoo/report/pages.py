"""The pages of a report: the facts that the templates for one model and for all models tell."""

import dataclasses
from collections.abc import Mapping

from zoo.card import DataSet, Layer
from zoo.data.arrays import digest
from zoo.data.mnist import MNIST_CREDIT, MNIST_TEST_SHA256
from zoo.evaluation.metrics import BINS, Evaluation
from zoo.evaluation.statistics import LEVEL, mcnemar, wilson
from zoo.report import model_plots, zoo_plots
from zoo.report.markdown import plain_text, render, table
from zoo.report.results import Model, Results
from zoo.report.tables import TABLES, against

CURVES = ("loss", "val_loss", "val_accuracy")


def _interval(evaluation: Evaluation) -> str:
    low, high = wilson(evaluation.correct, evaluation.total)
    return f"{low:.2%} to {high:.2%}"


def _p_value(value: float) -> str:
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


def model_page(results: Results, model: Model) -> str:
    """Return the page of one model."""
    return render(
        "model",
        card=model.card,
        megabytes=_megabytes(model),
        sets=list(results.sets.values()),
        first=model.evaluations[next(iter(results.sets))],
        rank=results.models.index(model) + 1,
        models=len(results.models),
        layers=_layers_table(model),
        training=_training_table(model),
        curves=drawn_curves(model),
        scores=_scores_table(results, model),
        digits=_digits_table(results, model),
        bins=BINS,
        calibration=model.card.facts.calibration,
        misread_images=[
            {"name": name, "images": images, "total": evaluation.total, "wrong": evaluation.total - evaluation.correct}
            for (name, images), evaluation in zip(results.sets.items(), model.evaluations.values(), strict=True)
        ],
        shown=model_plots.SHOWN,
        credits=_credits(results),
    )


def _layers_table(model: Model) -> str:
    """Return a table of the layers without columns that are empty; nothing where ``model.json`` does not say."""
    if not model.shapes:
        return ""
    known = model.architecture
    rows = []
    for name, shape in model.shapes.items():
        layer = known.get(name, Layer("", name))
        rows.append(
            [
                f"`{plain_text(name)}`",
                plain_text(layer.kind),
                _in_words(layer.settings),
                "" if layer.parameters is None else f"{layer.parameters:,}",
                " \N{MULTIPLICATION SIGN} ".join(map(str, shape)),
            ]
        )
    head = ["layer", "kind", "settings", "parameters", "its output"]
    filled = [column for column in range(len(head)) if any(row[column] for row in rows)]
    return table(
        [head[column] for column in filled], [[row[column] for column in filled] for row in rows], right=len(filled) - 1
    )


def _training_table(model: Model) -> str:
    """Return a table of what ``model.json`` says of the training; nothing where it says nothing."""
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
    rows = [[fact, plain_text(value)] for fact, value in facts.items() if value not in (None, "")]
    return table(["", "what `model.json` says"], rows, right=2) if rows else ""


def drawn_curves(model: Model) -> dict[str, tuple[float, ...]]:
    """Return the curves of a training that its page shows, a value an epoch."""
    return {name: model.history[name] for name in CURVES if name in model.history}


def _in_words(facts: Mapping[str, object]) -> str:
    return plain_text(
        ", ".join(f"{key.replace('_', ' ')} {entry}" for key, entry in facts.items() if entry not in ("", None))
    )


def _images_in_words(data: DataSet) -> str:
    return f"{data.images:,} images" + (f" of {plain_text(data.name)}" if data.name else "")


def _scores_table(results: Results, model: Model) -> str:
    rows = [
        [
            results.sets[name].heading,
            f"{evaluation.correct:,} of {evaluation.total:,}",
            f"**{evaluation.accuracy:.2%}**",
            _interval(evaluation),
            f"{evaluation.calibration_error:.2%}",
        ]
        for name, evaluation in model.evaluations.items()
    ]
    return table(["", "read right", "share", "95 % confidence interval", "calibration error"], rows, right=1)


def _digits_table(results: Results, model: Model) -> str:
    rows = []
    for name, evaluation in model.evaluations.items():
        rows.append([f"{results.sets[name].heading}, misread", *zoo_plots.misread_by_digit(evaluation)])
        rows.append(["of", *(f"{count:,}" for count in evaluation.confusion.sum(axis=1))])
    return table(["digit", *range(10)], rows, right=1)


# --- the page of all models ---


def comparison_page(results: Results) -> str:
    """Return the page that compares all models."""
    several = len(results.models) > 1
    return render(
        "comparison",
        models=len(results.models),
        sets=list(results.sets.values()),
        ranking=_ranking_table(results),
        chosen_on=_chosen_on(results.models),
        table_names=TABLES,
        credits=_credits(results),
        **(_differences(results) if several else {}),
    )


def _ranking_table(results: Results) -> str:
    head = ["", "model", "parameters", *(f"{images.heading} read right" for images in results.sets.values())]
    rows = []
    for rank, model in enumerate(results.models, 1):
        row = [rank, f"[{plain_text(model.card.title)}]({model.name}.md)", f"{model.card.parameters:,}"]
        for evaluation in model.evaluations.values():
            row.append(f"{evaluation.correct:,} ({evaluation.accuracy:.2%})<br>{_interval(evaluation)}")
        rows.append([*row, _megabytes(model), _latency(model), _duration(model)])
    return table([*head, "size", "one image takes", "training took"], rows, right=2)


def _chosen_on(models: list[Model]) -> str:
    """Return what the recipes were chosen on, as a score on the same images is a little too kind."""
    chosen = sorted({plain_text(text) for model in models if (text := model.card.facts.recipe_chosen_on)})
    return " ".join(f"Recipes were chosen on {text}." for text in chosen)


def _differences(results: Results) -> dict[str, object]:
    """Return what the page tells only where there are several models."""
    compared, disagreements, tests = [], [], []
    for name, images in results.sets.items():
        ensemble = results.ensemble(name)
        pairs = ensemble.pairs
        significant = sum(pair.significant for pair in pairs)
        compared.append({"name": name, "images": images, "pairs": len(pairs), "significant": significant})
        disagreements.append({"name": name, "images": images, "count": len(ensemble.disagreements)})
        more, fewer = against(ensemble.mean, results.best(name).evaluations[name])
        p = mcnemar(more, fewer)
        test = {"title": images.title, "more": more, "fewer": fewer, "p": _p_value(p), "significant": p < LEVEL}
        tests.append(test)
    return {
        "all_costs_known": all(
            cost(model) is not None for cost in zoo_plots.COSTS.values() for model in results.models
        ),
        "compared_pairs": compared,
        "level": f"{LEVEL:g}",
        "disagreements": disagreements,
        "shown": zoo_plots.SHOWN,
        "votes": _votes_table(results),
        "vote_tests": tests,
        "agreement": _agreement_table(results),
    }


def _votes_table(results: Results) -> str:
    rows = []
    for name, images in results.sets.items():
        ensemble, best = results.ensemble(name), results.best(name)
        readers = {
            "**mean probability**": ensemble.mean,
            "plurality": ensemble.plurality,
            f"the best single model, {plain_text(best.card.title)}": best.evaluations[name],
        }
        for reader, evaluation in readers.items():
            right = f"{evaluation.correct:,} of {evaluation.total:,} ({evaluation.accuracy:.2%})"
            rows.append([images.heading, reader, right, _interval(evaluation)])
    return table(["", "reader", "read right", "95 % confidence interval"], rows, right=2)


def _agreement_table(results: Results) -> str:
    by_set = [results.ensemble(name).by_agreement() for name in results.sets]
    head = ["models that agree"]
    for images in results.sets.values():
        head += [images.heading, "read right"]
    rows = []
    for count in sorted(set().union(*by_set), reverse=True):
        row: list = [count]
        for found in by_set:
            total, right = found.get(count, (0, 0))
            row += [f"{total:,}", f"{right:,} ({right / total:.2%})"] if total else ["", ""]
        rows.append(row)
    return table(head, rows, right=0)


# --- of both ---

PENDIGITS_LABELS_SHA256 = "458884c5709296167960024c50e825540af759e02b9668a239f646a1322617f3"
"""`zoo.data.arrays.digest` of the uint8 labels of UCI's 7,494 training digits, in their order."""

_PENDIGITS = (
    "The drawings are UCI's [Pen-Based Recognition of Handwritten Digits](https://archive.ics.uci.edu/dataset/81), by "
    "Ethem Alpaydin and Fevzi Alimoglu, licensed under [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/); the "
    "pictures show them as the models receive them."
)


def _credits(results: Results) -> str:
    """Return whose the images are, where that is known: both sets ask for it wherever they are shown."""
    credits = []
    for images in results.sets.values():
        if digest(images.pixels, images.labels) == MNIST_TEST_SHA256:
            credits.append(f"{MNIST_CREDIT}; so are the pictures that show its images.")
        if digest(images.labels) == PENDIGITS_LABELS_SHA256:
            credits.append(_PENDIGITS)
    return f"<sub>{' '.join(credits)}</sub>" if credits else ""
