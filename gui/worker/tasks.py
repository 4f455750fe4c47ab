"""What the worker does on request beside reading drawings. Knows no Tk.

A task is a generator function. It is called with the models that are loaded, by name, and the arguments of the request;
it yields after at most some 30 milliseconds, so that a drawing can be read in between: how much is done, 0..1, or
None; and it returns one of the messages. What it raises refuses the request. A task with the argument ``model``, or
``names``, begins when these models are loaded.
"""

from collections.abc import Callable

from gui.worker import files, labelled, reading
from gui.worker.steps import Steps

TASKS: dict[str, Callable[..., Steps]] = {
    "break": reading.break_it,
    "chart": reading.chart,
    "confusion": labelled.confusion,
    "crop": files.crop,
    "disagreements": labelled.disagreements,
    "examples": labelled.examples,
    "explain": reading.explain,
    "export": files.export_drawings,
    "import": files.import_drawings,
    "inspect": reading.inspect,
    "pair": reading.pair,
    "paste": files.paste,
    "picture": files.picture,
    "sweep": reading.sweep,
    "typical": labelled.typical_images,
}
"""The tasks by the names that requests give them."""
