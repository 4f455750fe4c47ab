"""Reports that let a person see how the models differ: Markdown pages, pictures beside them, and the figures as CSV.

``results.py`` asks every model once; ``model_plots.py`` and ``zoo_plots.py`` draw in the style of ``style.py``;
``pages.py`` fills the templates, ``tables.py`` writes figures. ``write_report`` puts all of it into a folder.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from zoo._support.folders import pages_folder
from zoo._support.progress import progress
from zoo.report import markdown, model_plots, pages, style, tables, zoo_plots
from zoo.report.output import check_folder, write_folder
from zoo.report.results import Images, Model, Results, load_sets, read_sets

__all__ = ["Images", "Model", "Results", "check_output", "load_sets", "read_sets", "write_report"]

FOLDER = pages_folder("report")
"""Where a report is written to by default."""

COMMAND = "python -m zoo report"


def check_output(folder: Path) -> None:
    """Refuse a folder in which a report would overwrite what no report wrote.

    Raises:
        ZooError: it is a file, or holds something else than a former report.
    """
    check_folder(folder, COMMAND)


def write_report(results: Results, output: Path) -> None:
    """Write the report into the folder `output`, in place of a former one. The same results give the same bytes.

    Raises:
        ZooError: the folder holds what no report wrote, or cannot be written.
    """
    write_folder(output, COMMAND, lambda folder: _write(results, folder))


def _write(results: Results, folder: Path) -> None:
    pictures = folder / markdown.PICTURES_FOLDER
    for made in (pictures, folder / markdown.TABLES_FOLDER):
        made.mkdir()
    tables.write_tables(results, folder / markdown.TABLES_FOLDER)
    texts = {"README": pages.comparison_page(results)}
    texts |= {model.name: pages.model_page(results, model) for model in results.models}
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")
    drawn = list(_pictures(results))
    with style.style():
        for name, draw in progress(drawn, "drawing"):
            (pictures / f"{name}.png").write_bytes(style.png(draw()))


def _pictures(results: Results) -> Iterator[tuple[str, Callable]]:
    """Yield the pictures of a report: their names, and what draws them."""
    models, sets = results.models, results.sets
    example = next(iter(sets.values())).pixels[0]
    yield "accuracy", lambda: zoo_plots.draw_accuracy(results)
    yield "digits", lambda: zoo_plots.draw_digits(results)
    if len(models) > 1:
        yield "costs", lambda: zoo_plots.draw_costs(results)
        if len(sets) > 1:
            yield "sets", lambda: zoo_plots.draw_sets(results)
        yield "disagreement", lambda: zoo_plots.draw_differing_pairs(results)
        yield "doubt", lambda: zoo_plots.draw_doubt(results)
        for name, images in sets.items():
            ensemble = results.ensemble(name)
            yield f"better-{name}", lambda pairs=ensemble.pairs: zoo_plots.draw_tests(models, pairs)
            if len(ensemble.disagreements):
                yield f"splits-{name}", lambda of=(images, ensemble): zoo_plots.draw_disagreements(*of)
    for model in models:
        name, evaluations = model.name, model.evaluations
        if model.shapes:
            yield f"{name}-layers", lambda model=model: model_plots.draw_layers(model, example)
        if curves := pages.drawn_curves(model):
            yield f"{name}-training", lambda curves=curves: model_plots.draw_history(curves)
        yield f"{name}-confusion", lambda of=evaluations: model_plots.draw_confusion(of, sets)
        yield f"{name}-digits", lambda of=evaluations: model_plots.draw_digits(of, sets)
        yield f"{name}-calibration", lambda of=evaluations: model_plots.draw_calibration(of, sets)
        for key, evaluation in evaluations.items():
            if evaluation.correct < evaluation.total:
                of = evaluation, sets[key]
                yield f"{name}-misread-{key}", lambda of=of: model_plots.draw_misread(*of)
