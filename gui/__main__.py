"""``python -m gui``: open the window."""

import argparse
import os
import signal
import sys
from pathlib import Path


def main(arguments: list[str] | None = None, program: str = "python -m gui") -> int:
    """Open the window and return the exit status: 2 for wrong use, 1 where no window can be opened."""
    parser = _Parser(prog=program, description="Draw a digit and see what each model of the zoo makes of it.")
    parser.add_argument("--root", metavar="DIR", help="the folder of models (default: saved_models)")
    parser.add_argument(
        "--model", metavar="NAME", help="the model to put in focus at first (default: that of last time)"
    )
    parser.add_argument("--reset-settings", action="store_true", help="forget what the window remembers, and exit")
    options = parser.parse_args(arguments)
    if options.reset_settings:
        return _reset_settings()
    if options.root is not None and not Path(options.root).is_dir():
        return _fail(2, f"The models folder {options.root} does not exist: give an existing folder with --root.")
    try:
        import tkinter
    except ImportError:
        return _fail(
            1,
            "Python's tkinter is missing, so no window can be opened: install it (on Debian and Ubuntu: sudo apt "
            "install python3-tk), or read a picture without a window: python -m zoo compare PICTURE",
        )
    import zoo
    from gui import settings
    from gui.app import App
    from gui.worker.link import WorkerLink
    from zoo._support.folders import data_folder

    try:
        cards = zoo.list_models(options.root)
    except zoo.ModelNotFoundError:
        cards = []  # the default folder is made by the first build
    names = [card.name for card in cards]
    if options.model is not None and options.model not in names:
        known = ", ".join(names) or "none"
        return _fail(2, f"There is no model {options.model!r} to put in focus; the models are: {known}.")
    link = WorkerLink([card.name for card in cards if card.error is None], options.root)
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
        return _fail(
            1,
            f"No window can be opened ({error}): run this where there is a display, or under xvfb-run, or read a "
            "picture without a window: python -m zoo compare PICTURE",
        )
    # Models that need no TensorFlow are there at once, so they are loaded first; then the model in focus.
    link.names.sort(key=lambda name: (app.cards[name].facts.runtime != "numpy", name != app.focus_name))
    signal.signal(signal.SIGINT, lambda *_: app.destroy())
    app.mainloop()
    return 0


class _Parser(argparse.ArgumentParser):
    # As zoo.cli.Parser, which needs packages that may not be installed yet.
    def error(self, message: str):
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _reset_settings() -> int:
    from gui import settings

    path = settings.config_path()
    sentence = settings.reset(path)
    if os.path.lexists(path):
        return _fail(1, sentence)
    print(sentence)
    return 0


def _fail(status: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
