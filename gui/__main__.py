"""``python -m gui``: open the window."""

import argparse
import os
import signal
import sys
from pathlib import Path

from zoo._support.command_line import Parser, WrongUseError, expanded, open_closed_streams, run
from zoo.errors import ZooError


def main(arguments: list[str] | None = None, program: str = "python -m gui") -> int:
    """Open the window and return the exit status: 2 for wrong use, 1 where no window can be opened."""
    open_closed_streams()
    parser = Parser(prog=program, description="Draw a digit and see what each model of the zoo makes of it.")
    parser.add_argument("--root", type=expanded, metavar="DIR", help="the folder of models (default: saved_models)")
    parser.add_argument(
        "--model", metavar="NAME", help="the model to put in focus at first (default: that of last time)"
    )
    parser.add_argument("--reset-settings", action="store_true", help="forget what the window remembers, and exit")
    options = parser.parse_args(arguments)
    return run(lambda: _reset_settings() if options.reset_settings else _open(options))


def _open(options: argparse.Namespace) -> int:
    if options.root is not None and not Path(options.root).is_dir():
        raise WrongUseError(f"The models folder {options.root} does not exist: give an existing folder with --root.")
    try:
        import tkinter
    except ImportError as error:
        from gui.no_tkinter import how_to_install

        raise ZooError(
            f"Python's tkinter is missing, so no window can be opened: {how_to_install(error)}, or read a picture "
            "without a window: `python -m zoo compare PICTURE`."
        ) from None
    import zoo
    from gui.worker.link import WorkerLink

    try:
        cards = zoo.list_models(options.root)
    except zoo.ModelNotFoundError:
        if options.root is not None:
            raise
        cards = []  # the default folder is made by the first build
    names = [card.name for card in cards]
    if options.model is not None and options.model not in names:
        known = ", ".join(names) or "none"
        raise WrongUseError(f"There is no model {options.model!r} to put in focus; the models are: {known}.")
    link = WorkerLink([card.name for card in cards if card.error is None], options.root)
    link.start()  # the models are loaded while the window is imported and built
    from gui import settings
    from gui.app import App
    from zoo._support.folders import data_folder

    try:
        app = App(
            cards,
            link,
            options.model,
            root=options.root,
            settings_path=settings.config_path(),
            collection_path=data_folder() / "drawings.sqlite3",
        )
    except tkinter.TclError as error:
        link.close()
        raise ZooError(
            f"No window can be opened ({error}): run this where there is a display, or under xvfb-run, or read a "
            "picture without a window: python -m zoo compare PICTURE"
        ) from None
    signal.signal(signal.SIGINT, lambda *_: app.destroy())
    app.mainloop()
    return 0


def _reset_settings() -> int:
    from gui import settings

    path = settings.config_path()
    sentence = settings.reset(path)
    if os.path.lexists(path):
        raise ZooError(sentence)
    print(sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
