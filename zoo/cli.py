"""The command line of the zoo: ``python -m zoo COMMAND``."""

import argparse
import io
import re
import sys
from collections.abc import Callable

from zoo import commands
from zoo._support.command_line import Parser, expanded, open_closed_streams, path_option, run
from zoo._support.printing import show_step
from zoo._support.progress import note
from zoo.adding import commands as adding
from zoo.facts import OUTPUTS, SCALES
from zoo.images.strokes import PEN_WIDTH
from zoo.serving import commands as serving


def main(arguments: list[str] | None = None, program: str = "python -m zoo", epilog: str | None = None) -> int:
    """Run one command; return the exit code: 0, 1 for a failure, 2 for wrong use.

    Args:
        arguments: what follows the program's name on the command line; by default that of this process.
        program: how the command was called, for ``--help`` and complaints.
        epilog: what ``--help`` says at its end.
    """

    def tell(sentence: str) -> None:
        show_step("")
        note(sentence)

    open_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):  # so that names of files that are no text are printed as they are
        sys.stdout.reconfigure(errors="surrogateescape")
    options = _parser(program, epilog).parse_args(arguments)
    return run(lambda: options.command(options), tell=tell)


def _box(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+,\d+,[1-9]\d*,[1-9]\d*", text):
        raise argparse.ArgumentTypeError(f"expected four whole numbers, X,Y,W,H, found {text!r}")
    return tuple(map(int, text.split(",")))


def _parser(program: str, epilog: str | None) -> Parser:
    common = Parser(add_help=False)
    common.add_argument("--root", type=path_option, metavar="FOLDER", help="folder of models (default: saved_models/)")
    as_json = Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser = Parser(prog=program, description="Neural networks that read handwritten digits, compared.", epilog=epilog)
    added = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(command: Callable, help: str, *parents: Parser) -> argparse.ArgumentParser:
        name = command.__name__.removesuffix("_command")
        of_command = added.add_parser(name, help=help, description=help, parents=[common, *parents])
        of_command.set_defaults(command=command)
        return of_command

    list_ = add(commands.list_command, "list the models", as_json)
    list_.add_argument("--markdown", action="store_true", help="print the table of the README")
    info = add(commands.info_command, "show what is known of a model", as_json)
    info.add_argument("name", metavar="NAME")
    info.add_argument("--version", type=int, help="default: the latest")
    predict = add(commands.predict_command, "read the digit in pictures", as_json)
    predict.add_argument(
        "pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, BMP, GIF, TIFF or WebP with one digit"
    )
    predict.add_argument("--model", metavar="NAME", help="default: the one with the best score on the MNIST test set")
    where = predict.add_mutually_exclusive_group()
    where.add_argument("--all", action="store_true", help="read digits that stand side by side, from left to right")
    where.add_argument(
        "--box", type=_box, metavar="X,Y,W,H", help="look only there: pixels from the upper left corner, width, height"
    )
    compare = add(commands.compare_command, "let several models read the same picture", as_json)
    compare.add_argument("picture", metavar="PICTURE", help="PNG, JPEG, BMP, GIF, TIFF or WebP with one digit")
    compare.add_argument("--models", nargs="+", metavar="NAME", help="default: all")
    compare.add_argument(
        "--plot", type=path_option, metavar="FILE", help="also draw the activations side by side (PNG, PDF, SVG)"
    )
    evaluate = add(commands.evaluate_command, "score models on labelled images, in raw counts", as_json)
    evaluate.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    evaluate.add_argument(
        "--data",
        type=expanded,
        metavar="PATH",
        help="MNIST (mnist.npz, or a folder of IDX or CSV files), or an .npz or CSV with images and labels; "
        "default: the MNIST test set, from DIGIT_ZOO_MNIST, Keras's cache or, where it is needed, the network",
    )
    evaluate.add_argument(
        "--strokes",
        type=expanded,
        metavar="FILE",
        help="also score on drawings, by digit and by writer and how sure that is: an .npz or HDF5 with points, "
        "stroke_starts, "
        "drawing_starts, labels and, if known, writers; or drawings.sqlite3, what the window has collected",
    )
    evaluate.add_argument(
        "--pen-width",
        type=float,
        default=PEN_WIDTH,
        metavar="PX",
        help="of drawings from files, in pixels of 28 (%(default)s)",
    )
    evaluate.add_argument(
        "--corruptions", action="store_true", help="also score on corruptions of the images: other pens, rotation, ..."
    )
    evaluate.add_argument(
        "--outliers",
        nargs="?",
        const=commands.SYNTHETIC,
        type=expanded,
        metavar="FILE",
        help="also measure how well doubt tells outliers from digits: synthetic scribbles, letters and the like, or "
        "the drawings in FILE, by character: an .npz as for --strokes, whose labels are text",
    )
    evaluate.add_argument(
        "--ensemble", action="store_true", help="also score the vote of these models, as compare counts it"
    )
    evaluate.add_argument(
        "--misread",
        type=path_option,
        metavar="FILE",
        help="draw what one model, or the ensemble, misreads and which outliers it does not doubt (a new PNG)",
    )
    evaluate.add_argument("--shifted", dest="corruptions", action="store_true", help=argparse.SUPPRESS)
    evaluate.add_argument(
        "--not-digits", dest="outliers", action="store_const", const=commands.SYNTHETIC, help=argparse.SUPPRESS
    )
    verify = add(commands.verify_command, "check every file of every version against its model.json")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    bench = add(commands.bench_command, "measure latency, throughput, load time and size", as_json)
    bench.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    bench.add_argument("--tensorflow", action="store_true", help="beside it TensorFlow on the same models, in turns")
    explore = add(commands.explore_command, "write a page that shows the data: samples, balance, means, the unusual")
    explore.add_argument(
        "--data",
        type=expanded,
        metavar="PATH",
        help="MNIST (mnist.npz, or a folder of IDX or CSV files), an .npz or CSV with images and labels, or synthetic: "
        "synthetic digits alone; default: MNIST, from DIGIT_ZOO_MNIST or Keras's cache, if it is there, and these",
    )
    explore.add_argument(
        "--output",
        type=path_option,
        metavar="FOLDER",
        help="missing, empty, or of a page made before (default: docs/data/)",
    )
    report = add(
        commands.report_command,
        "write pages that show how the models differ: accuracy, confusions, misread images, the vote",
    )
    report.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    report.add_argument("--data", type=expanded, metavar="PATH", help="as of evaluate")
    report.add_argument(
        "--strokes", type=expanded, metavar="FILE", help="drawings, as of evaluate; without it the report has none"
    )
    report.add_argument(
        "--output",
        type=path_option,
        metavar="FOLDER",
        help="missing, empty, or of a report before (default, for all models: docs/report/)",
    )
    serve = add(serving.serve_command, "serve models over HTTP, with a page to draw on in a browser")
    serve.add_argument("--host", default="127.0.0.1", help="0.0.0.0: for everybody in the network (%(default)s)")
    serve.add_argument("--port", type=int, default=8501, help="0: any that is free (%(default)s)")
    serve.add_argument("--models", nargs="+", default=[], metavar="NAME", help="default: all")
    serve.add_argument("--workers", type=int, default=1, help="processes, each with models of its own (%(default)s)")
    serve.add_argument(
        "--allow-origin", nargs="+", default=[], metavar="ORIGIN", help="pages of others that may ask (CORS); *: all"
    )
    add_ = add(adding.add_command, "add your own network: from Keras, TensorFlow or TensorFlow Lite", as_json)
    add_.add_argument(
        "path", type=path_option, metavar="PATH", help="a .keras, .h5 or .tflite file, or a SavedModel folder"
    )
    add_.add_argument("--name", metavar="NAME", help="of the model here (default: made of the file's name)")
    add_.add_argument("--title", metavar="TEXT", help="what people call it (default: its name)")
    add_.add_argument("--scale", choices=SCALES, help="of the grey levels it was trained on; default: found by trying")
    add_.add_argument("--invert", action="store_true", help="it was trained on dark ink on white paper")
    add_.add_argument("--output", choices=OUTPUTS, help="what its ten outputs are; default: found by trying")
    add_._negative_number_matcher = re.compile(r"-\d+(\.\.\d+)?$")  # so that -1..1 is no option
    remove = add(adding.remove_command, "remove a model that you have added or tuned, with all its versions")
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="do not ask")
    return parser
