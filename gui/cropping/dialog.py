"""The window in which a part of a picture is chosen, beside it the model input that it would give."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk
from PIL import Image, ImageTk

from gui.appearance import PALETTE, SPACE, focus_ring, px, set_enabled
from gui.compare.image_tile import ImageTile
from gui.cropping.cropping import Cropping
from gui.placement import place_over

SEVERAL = "This picture shows several digits: click one, or drag a box around it."
ONE = "Drag a box around the digit that is to be read."
KEYS = "Page Up and Page Down: another digit. Arrows: move the box, with Shift: size it. Enter: read."
LOOKING = "Looking…"
WIDTH, HEIGHT = 480, 340
"""Logical pixels of the picture, at most."""
TILE = 140
"""Logical pixels of the model input."""
STEP = 0.02
"""Of the picture's longer side, by which a key moves the box."""


class CropDialog(tkinter.Toplevel):
    """Shows ``cropping``, which outlives it, and changes its box. It does not hold up the window behind it.

    ``on_box`` is called when there is a new box to look into, ``on_read`` and ``on_close`` by the buttons.
    """

    def __init__(
        self,
        root: tkinter.Tk,
        cropping: Cropping,
        *,
        on_box: Callable[[], None],
        on_read: Callable[[], None],
        on_close: Callable[[], None],
    ):
        super().__init__(root, background=PALETTE.paper)
        self.withdraw()
        self.title("What is to be read")
        self.transient(root)
        self.resizable(False, False)
        self._cropping, self._on_box = cropping, on_box
        self._start: tuple[int, int] | None = None  # where a drag began
        gap = px(self, 8)
        body = ttk.Frame(self, padding=px(self, SPACE))
        body.pack(fill="both", expand=True)
        self._about = ttk.Label(body, font="ZooBody")
        self._about.grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, gap))
        self.canvas = tkinter.Canvas(
            body,
            background=PALETTE.paper,
            cursor="crosshair",
            takefocus=True,
            **focus_ring(self, PALETTE.line),
        )
        self.canvas.grid(row=1, column=0, sticky="n")
        side = ttk.Frame(body)
        side.grid(row=1, column=1, sticky="n", padx=(2 * gap, 0))
        self.tile = ImageTile(side, "Model input (28 × 28)", ground="black", pixelated=True, enlarges=False)
        self.tile.set_side(px(self, TILE))
        self.tile.grid(row=0, column=0, columnspan=3, sticky="w")
        self.back = ttk.Button(side, text="‹", width=2, command=lambda: self._step(-1))
        self.next = ttk.Button(side, text="›", width=2, command=lambda: self._step(1))
        self._place = ttk.Label(side, font="ZooBody", anchor="center")
        for column, widget in enumerate((self.back, self._place, self.next)):
            widget.grid(row=1, column=column, sticky="ew", pady=(gap, 0))
        side.columnconfigure(1, weight=1)
        self._message = ttk.Label(side, font="ZooBody", wraplength=px(self, TILE), justify="left")
        self._message.grid(row=2, column=0, columnspan=3, sticky="w", pady=(gap, 0))
        keys = ttk.Label(body, text=KEYS, font="ZooSmall", foreground=PALETTE.muted, wraplength=px(self, WIDTH + TILE))
        keys.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap, gap))
        buttons = ttk.Frame(body)
        buttons.grid(row=3, column=0, columnspan=2, sticky="e")
        self.cancel_button = ttk.Button(buttons, text="Cancel", command=on_close)
        self.read_button = ttk.Button(buttons, text="Read", bootstyle="primary", command=on_read)
        self.cancel_button.pack(side="left", padx=(0, gap // 2))
        self.read_button.pack(side="left")
        self._listen()
        self.protocol("WM_DELETE_WINDOW", on_close)
        self.bind("<Escape>", lambda _event: on_close())
        self.show_picture()
        place_over(self, root, above=3)
        self.deiconify()
        self.canvas.focus_set()

    def _listen(self) -> None:
        canvas = self.canvas
        canvas.bind("<ButtonPress-1>", self._press)
        canvas.bind("<B1-Motion>", self._drag)
        canvas.bind("<ButtonRelease-1>", self._release)
        for key, across, down in (("Left", -STEP, 0), ("Right", STEP, 0), ("Up", 0, -STEP), ("Down", 0, STEP)):
            canvas.bind(f"<{key}>", lambda _event, by=(across, down): self._move(*by))
            canvas.bind(f"<Shift-{key}>", lambda _event, by=(across, down): self._move(*by, is_sized=True))
        for key, by in (("Prior", -1), ("Next", 1)):
            self.bind(f"<{key}>", lambda _event, by=by: self._step(by))
        for key in ("Return", "KP_Enter"):
            canvas.bind(f"<{key}>", lambda _event: self.read_button.invoke())

    # ---------------------------------------------------------------- showing

    def show_picture(self) -> None:
        """Show another picture, and all else as it is now."""
        picture = Image.fromarray(self._cropping.opened.shown)
        widest = min(px(self, WIDTH), self.winfo_screenwidth() // 2)
        highest = min(px(self, HEIGHT), self.winfo_screenheight() // 2)
        scale = min(widest / picture.width, highest / picture.height)
        size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
        self._photo = ImageTk.PhotoImage(picture.resize(size, Image.Resampling.BICUBIC), master=self)
        self._scale = size[0] / self._cropping.opened.size[0], size[1] / self._cropping.opened.size[1]
        self._edge = int(self.canvas["highlightthickness"])
        self.canvas.configure(width=size[0], height=size[1])
        self.show()

    def show(self) -> None:
        """Show the box, what was taken for the digit, and what can be done, as it is now."""
        cropping, canvas = self._cropping, self.canvas
        self._about.configure(text=SEVERAL if cropping.is_of_several else ONE)
        canvas.delete("all")
        canvas.create_image(self._edge, self._edge, image=self._photo, anchor="nw")
        for box in cropping.opened.boxes if cropping.is_of_several else []:
            self._outline(box, PALETTE.accent, 1)
        self._outline(cropping.box, PALETTE.paper, 5)  # so that it stands out from ink and paper
        self._outline(cropping.box, PALETTE.accent, 3)
        self.tile.show(None if cropping.image is None else Image.fromarray(cropping.image))
        waits = cropping.image is None and not cropping.error
        self._message.configure(
            text=LOOKING if waits else cropping.error, foreground=PALETTE.muted if waits else PALETTE.warning
        )
        set_enabled(self.read_button, cropping.image is not None)
        for button in (self.back, self.next):
            set_enabled(button, cropping.count)
        place = "–" if cropping.number is None else cropping.number + 1
        self._place.configure(text=f"{place} of {cropping.count}" if cropping.count else "")

    @property
    def message(self) -> str:
        """What is said beneath the image."""
        return str(self._message.cget("text"))

    def place_of(self, x: float, y: float) -> tuple[int, int]:
        """Return where on the canvas a place of the picture is."""
        return round(x * self._scale[0]) + self._edge, round(y * self._scale[1]) + self._edge

    def _outline(self, box, colour: str, width: int) -> None:
        x, y, across, down = box
        corners = *self.place_of(x, y), *self.place_of(x + across, y + down)
        self.canvas.create_rectangle(*corners, outline=colour, width=px(self, width))

    # ---------------------------------------------------------------- what a person does

    def _in_picture(self, event: tkinter.Event) -> tuple[float, float]:
        return (event.x - self._edge) / self._scale[0], (event.y - self._edge) / self._scale[1]

    def _press(self, event: tkinter.Event) -> None:
        self.canvas.focus_set()
        self._start = event.x, event.y

    def _drag(self, event: tkinter.Event) -> None:
        if self._start is not None and self._is_far(event):
            start = (self._start[0] - self._edge) / self._scale[0], (self._start[1] - self._edge) / self._scale[1]
            self._cropping.drag(*start, *self._in_picture(event))
            self.show()

    def _release(self, event: tkinter.Event) -> None:
        if self._start is None:
            return
        if self._is_far(event):
            self._drag(event)
            self._on_box()
        elif (number := self._cropping.digit_at(*self._in_picture(event))) is not None:
            self._cropping.choose(number)
            self.show()
        self._start = None

    def _is_far(self, event: tkinter.Event) -> bool:
        """Whether the pointer was dragged, and not only pressed with a hand that trembles."""
        return max(abs(event.x - self._start[0]), abs(event.y - self._start[1])) >= px(self, 4)

    def _move(self, across: float, down: float, is_sized: bool = False) -> str:
        self._cropping.move(across, down, is_sized)
        self.show()
        self._on_box()
        return "break"

    def _step(self, by: int) -> None:
        self._cropping.step(by)
        self.show()
