"""What a card says of a model in words, from ``model.json``. Knows no Tk."""

from collections.abc import Mapping

import numpy as np

from gui.numbers import accuracy, latency
from zoo.card import SETS, Card
from zoo.runtimes.litert import FILE_NAME


def headline(card: Card) -> str:
    """Return its size and its speed in one line."""
    said = card.facts
    parts = [f"{card.parameters:,} parameters"] if card.parameters else []
    parts += [f"{card.bytes / 1e6:.2f} MB on disk"] if card.bytes else []
    if said.latency is not None:
        parts.append(f"latency {latency(said.latency.one_image / 1000)}")
    return " · ".join([*parts, card.family, f"version {card.version}"])


def training(card: Card) -> list[tuple[str, str]]:
    """Return how it was trained: facts and what ``model.json`` says of them; of a foreign model perhaps nothing."""
    said = card.facts
    images = "; ".join(
        f"{key.replace('_', ' ')}: {data.images:,}" + (f" of {data.name}" if data.name else "")
        for key, data in said.data.items()
    )
    facts = {
        "Images": images,
        "Recipe": ", ".join(
            f"{key.replace('_', ' ')} {value}" for key, value in said.recipe.items() if value not in ("", None)
        ),
        "Recipe chosen on": said.recipe_chosen_on,
        "Teacher": said.teacher.name if said.teacher else "",
        "Tuned from": said.tuned_from.name if said.tuned_from else "",
        "Added from": said.added.file if said.added else "",
        "Seed": "" if said.seed is None else str(said.seed),
        "Took": "" if said.seconds is None else _duration(said.seconds),
        "Made with": ", ".join(f"{library} {version}" for library, version in said.libraries.items()),
    }
    return [(name, text) for name, text in facts.items() if text]


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def scores(card: Card, confusions: Mapping[str, np.ndarray]) -> list[str]:
    """Return how many images it reads right of each recorded set that is not among the confusion matrices."""
    shown = [(int(counts.trace()), int(counts.sum())) for counts in confusions.values()]
    lines = []
    for part, score in card.metrics.items():
        right, total = score["correct"], score["total"]
        if (right, total) not in shown:
            images = SETS.get(part, f"{part} images")
            lines.append(f"{right:,} of {total:,} {images} ({accuracy(right / total)})")
    return lines


def code(card: Card, is_delivered: bool) -> str:
    """Return the lines of Python that load it and read a picture.

    Args:
        card: of the model.
        is_delivered: whether it is in the folder where the zoo looks unless told otherwise.
    """
    where = "" if is_delivered else f", root={str(card.path.parent.parent)!r}"
    lines = [
        "import zoo",
        "",
        f'model = zoo.load("{card.name}"{where})',
        'image = zoo.image_from_picture("digit.png")  # uint8 (28, 28)',
        "print(model.predict(image).digits)",
    ]
    if FILE_NAME in card.files and card.facts.adapter is None:
        lines += [
            "",
            "# or with LiteRT alone",
            "from ai_edge_litert.interpreter import Interpreter",
            "",
            f"file = {str(card.path / FILE_NAME)!r}",
            'network = Interpreter(file).get_signature_runner("serve")',
            'print(network(image=image[None].astype("float32"))["probabilities"])',
        ]
    return "\n".join(lines)
