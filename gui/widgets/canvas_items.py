"""Changes of what is drawn on a canvas."""

import tkinter


class CanvasItems:
    """Changes items of a canvas, and leaves alone what is so already: Tk would draw it, and all around it, anew."""

    def __init__(self, canvas: tkinter.Canvas):
        self._canvas = canvas
        self._options: dict[int, dict[str, object]] = {}
        self._places: dict[int, tuple[float, ...]] = {}

    def set(self, item: int, **options) -> None:
        """Give an item these options."""
        known = self._options.setdefault(item, {})
        if changed := {key: value for key, value in options.items() if known.get(key) != value}:
            self._canvas.itemconfigure(item, **changed)
            known |= changed

    def place(self, item: int, *coordinates: float) -> None:
        """Give an item these coordinates, in whole pixels."""
        place = tuple(map(round, coordinates))
        if self._places.get(item) != place:
            self._canvas.coords(item, *place)
            self._places[item] = place

    def forget_places(self) -> None:
        """Note that the items were moved by others."""
        self._places.clear()
