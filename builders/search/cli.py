"""The command line of the search for better recipes: ``python -m builders.search NAME``."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from builders.search import report, studies
from builders.search.search import EPOCHS, HEARTBEAT, Search, run_with_database
from builders.training.networks import load_network, network_names
from builders.training.options import positive, seed
from zoo._support.command_line import Parser, expanded, open_closed_streams, path_option
from zoo._support.folders import training_folder
from zoo._support.processes import require_tensorflow
from zoo._support.progress import note
from zoo.errors import ZooError

if TYPE_CHECKING:
    import optuna


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m builders.search``."""
    parser = Parser(
        prog="python -m builders.search",
        description="Search for a better recipe with Optuna, on training images alone. The same command goes on with "
        "the search after an interruption, and, given to several machines with one database, shares it among them.",
    )
    parser.add_argument("name", metavar="NAME", help=f"one of {', '.join(network_names())}")
    parser.add_argument(
        "--trials",
        type=positive,
        default=50,
        metavar="N",
        help="in all, over all workers and runs (%(default)s)",
    )
    parser.add_argument(
        "--epochs", type=positive, metavar="N", help=f"of a trial (default: {EPOCHS}, or the recipe's if fewer)"
    )
    parser.add_argument(
        "--images",
        type=positive,
        metavar="N",
        help="train on the first N images only, and on fewer synthetic digits and outliers in proportion",
    )
    parser.add_argument("--workers", type=positive, default=1, metavar="N", help="processes at once (%(default)s)")
    parser.add_argument("--seed", type=seed, default=1, help="decides every random choice (%(default)s)")
    parser.add_argument(
        "--data", type=expanded, metavar="PATH", help="MNIST: Keras's mnist.npz, or a folder of IDX files"
    )
    parser.add_argument(
        "--storage",
        metavar="URL",
        help="database of the studies, such as sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE "
        f"(default: the file {training_folder() / 'search.db'})",
    )
    parser.add_argument("--study", metavar="NAME", help="a search of its own in that database (default: the network's)")
    parser.add_argument(
        "--heartbeat",
        type=positive,
        default=HEARTBEAT,
        metavar="SECONDS",
        help=f"between signs of life of a worker; after {studies.SILENCE} times so long without one its trial is "
        "taken over; the same for all of a study (%(default)s)",
    )
    parser.add_argument(
        "--checkpoints",
        type=path_option,
        default=training_folder(),
        metavar="FOLDER",
        help="where unfinished trials are kept, to go on with them (default: %(default)s)",
    )
    parser.add_argument("--report", action="store_true", help="only report on the study as it stands, train nothing")
    parser.add_argument(
        "--output",
        type=path_option,
        metavar="FOLDER",
        help=f"of the report: pictures, trials.csv and the recipe (default: {training_folder() / 'search' / 'STUDY'})",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Search as the options say, then report; return the exit code."""
    open_closed_streams()
    options = parser().parse_args(arguments)
    known = network_names()
    if options.name not in known:
        note(f"No network {options.name!r} in builders/: there are {', '.join(known)}.")
        return 2
    return run_with_database(
        lambda: _search(options),
        interrupted="Interrupted. Finished trials and whole epochs are kept: the same command goes on.",
    )


def _search(options: argparse.Namespace) -> None:
    options.study = options.study or options.name
    if not re.fullmatch(r"[\w.-]+", options.study) or not options.study.strip("."):
        raise ZooError(f"Expected letters, digits, dots, - and _ as a name of a study, found {options.study!r}.")
    options.storage = options.storage or f"sqlite:///{training_folder() / 'search.db'}"
    options.output = options.output or training_folder() / "search" / options.study
    network = load_network(options.name)
    database = studies.database_id(options.storage)
    report.check_folder(options.output, options.study, database)
    if options.report:
        _existing_file(options)
    elif network.library == "keras":
        require_tensorflow("This search")
    with studies.open_storage(options.storage, options.heartbeat) as storage:
        if options.report:
            report.report(_existing(options, storage), network, options.output, database)
            return
        search = Search(options, network, storage)
        search.introduce()
        search.work() if options.workers == 1 else search.employ()
        done = search.done()
        if done == options.trials:
            search.tidy()
        if done:
            report.report(search.study, network, options.output, database)
    if done < options.trials:
        raise ZooError(f"{done} of {options.trials} trials are finished and no worker is left: start the search again.")


def _existing_file(options: argparse.Namespace) -> None:
    import sqlalchemy

    if studies.is_sqlite(options.storage) and not Path(sqlalchemy.make_url(options.storage).database or "").exists():
        raise ZooError(f"There is no database {options.storage} yet: search first, without --report.")


def _existing(options: argparse.Namespace, storage: "optuna.storages.RDBStorage") -> "optuna.Study":
    import optuna

    try:
        return optuna.load_study(study_name=options.study, storage=storage)
    except KeyError:
        there = ", ".join(optuna.get_all_study_names(storage)) or "none"
        raise ZooError(f"No study {options.study!r} in the database: there are {there}.") from None
