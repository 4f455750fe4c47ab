"""What the tasks of the worker are made of: steps, between which a drawing can be read. Knows no Tk."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from zoo.classifier import Classifier
from zoo.errors import ModelNotFoundError

Models = dict[str, Classifier]
Result = TypeVar("Result")
Steps = Generator[float | None, None, object]
"""What a task is: it yields how much is done, and returns its result."""


def models_of(arguments: dict) -> set[str]:
    """Return the models that a request names."""
    return {*arguments.get("names", ()), *([arguments["model"]] if "model" in arguments else ())}


def chosen(models: Models, name: str) -> Classifier:
    """Return the model of this name.

    Raises:
        ModelNotFoundError: it is not loaded.
    """
    if name not in models:
        raise ModelNotFoundError(f"Expected a model that is loaded, found {name!r}: choose another one.")
    return models[name]


def aside(function: Callable[..., Result], *arguments) -> Generator[None, None, Result]:
    """Run in a thread what cannot be cut into steps."""
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(function(*arguments))
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    while not done.done():
        wait([done], timeout=0.005)
        yield None
    return done.result()
