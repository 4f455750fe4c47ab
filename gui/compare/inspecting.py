"""Which unit, or map, of the model in focus one looks into, and how it comes to its value. Knows no Tk."""

from collections.abc import Callable

import numpy as np

from gui.compare.session import Session
from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, Inspected, Progress, TaskMessage
from zoo.explanation import Layer


class Inspecting:
    """The unit that was chosen, and what the worker says of it; asked anew for each explanation of a drawing.

    ``place`` is the row and the column of a feature map that one points at; None for the place of its largest value.

    Args:
        session: has the model in focus and the outputs of its layers.
        link: of the worker.
        image: returns what the models were asked about last.
        on_change: called when there is something new to show.
    """

    def __init__(
        self,
        session: Session,
        link: WorkerLink,
        image: Callable[[], np.ndarray | None],
        on_change: Callable[[], None],
    ):
        self.place: tuple[int, int] | None = None
        self._session, self._link, self._image, self._on_change = session, link, image, on_change
        self._chosen: dict[str, tuple[str, int]] = {}  # layer and unit, by model
        self._asked: tuple = ()
        self._said: Inspected | None = None

    @property
    def layers(self) -> list[Layer]:
        """The layers of the model in focus, where they are known."""
        explanation = self._session.explanation
        return [] if explanation is None else explanation.layers

    @property
    def layer(self) -> Layer | None:
        """The layer that one looks into: the chosen one, or that of a model that has no other."""
        name = self.choice[0]
        return next((layer for layer in self.layers if layer.name == name), None)

    @property
    def choice(self) -> tuple[str, int]:
        """The name of the layer, and the unit; of a model with one layer its strongest unit, else none, ``("", 0)``."""
        chosen = self._chosen.get(self._session.focus or "")
        if chosen is not None:
            return chosen
        return (self.layers[0].name, int(self.layers[0].values.argmax())) if len(self.layers) == 1 else ("", 0)

    def choose(self, layer: str, unit: int) -> None:
        """Look into a unit or a map."""
        if self._session.focus is not None:
            self._chosen[self._session.focus] = layer, unit
            self.place = None
            self._on_change()

    def step(self, units: int, layers: int = 0) -> None:
        """Look into the next unit, or the strongest of the next layer; without one into that of the first layer."""
        names = [layer.name for layer in self.layers]
        if not names:
            return
        name, unit = self.choice
        place = names.index(name) + layers if name in names else 0
        layer = self.layers[max(0, min(place, len(names) - 1))]
        count = layer.values.shape[-1 if layer.kind == "rows" else 0]
        if layer.name != name:
            strength = layer.values.reshape(count, -1).max(axis=1) if layer.kind != "rows" else layer.values.std(axis=0)
            self.choose(layer.name, int(strength.argmax()))
        elif units:
            self.choose(name, (unit + units) % count)

    def point_at(self, layer: str, unit: int, row: int, column: int) -> None:
        """Look at the patch beneath a place of the chosen map; other maps are left alone."""
        if (layer, unit) == self.choice and self.place != (row, column):
            self.place = row, column
            self._on_change()

    @property
    def said(self) -> Inspected | None:
        """What the worker says of the unit, of this drawing or the one before; asks it where that is old."""
        layer, unit = self.choice
        image, explanation = self._image(), self._session.explanation
        if not layer or image is None or explanation is None or explanation.model != self._session.focus:
            return None
        wanted = explanation.model, layer, unit, explanation.generation
        if wanted != self._asked:
            self._asked = wanted
            self._link.request("inspect", model=explanation.model, image=image, layer=layer, unit=unit)
        said = self._said
        is_mine = said is not None and (said.model, said.layer, said.unit) == wanted[:3]
        return said if is_mine else None

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was for this."""
        if message.task != "inspect":
            return False
        if isinstance(message, Answer) and isinstance(message.result, Inspected):
            self._said = message.result
        if not isinstance(message, Progress):
            self._on_change()
        return True
