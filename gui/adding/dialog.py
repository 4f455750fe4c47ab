"""The window in which a network is added: its file, what it is called, and how far that is."""

import tkinter
from collections.abc import Callable
from tkinter import font

import ttkbootstrap as ttk

from gui.adding.adding import Adding
from gui.appearance import PALETTE, SPACE, elide_middle, px, set_enabled
from gui.errors import plain
from gui.placement import place_over
from gui.program import clock

ABOUT = (
    "A network that reads digits of 28 × 28 pixels and has ten outputs: a .keras, .h5 or .tflite file, or the folder "
    "of a SavedModel."
)
SCALES = {
    "": "Found out by trying",
    "0..1": "0 to 1",
    "0..255": "0 to 255",
    "-1..1": "−1 to 1",
    "mean,std": "Standardised",
}
"""The values that a network was trained on, as the command names them, in words for a person."""
WIDTH = 440
"""Logical pixels of the texts."""
ADDING = "Reading the network, trying it on digits and scoring it"


class AddDialog(tkinter.Toplevel):
    """Shows ``adding``, which outlives it, and takes over what is typed. It does not hold up the window behind it.

    The buttons call ``on_file`` ... ``on_copy``; ``on_close`` is called where the dialog itself is to be closed.
    """

    def __init__(
        self,
        root: tkinter.Tk,
        adding: Adding,
        *,
        on_file: Callable[[], None],
        on_folder: Callable[[], None],
        on_start: Callable[[], None],
        on_cancel: Callable[[], None],
        on_copy: Callable[[], None],
        on_close: Callable[[], None],
    ):
        super().__init__(root, background=PALETTE.paper)
        self.withdraw()
        self.title("Add a model")
        self.transient(root)
        self.resizable(False, False)
        self._adding = adding
        gap, width = px(self, 8), px(self, WIDTH)
        body = ttk.Frame(self, padding=px(self, SPACE))
        body.pack(fill="both", expand=True)
        self._body = font.nametofont("ZooBody", root=self)
        self._width = width
        about = ttk.Label(body, text=ABOUT, font="ZooBody", foreground=PALETTE.muted, wraplength=width)
        about.grid(row=0, column=0, columnspan=4, sticky="w", pady=(0, 2 * gap))
        ttk.Label(body, text="Model", font="ZooBody").grid(row=1, column=0, sticky="w")
        self._path = ttk.Label(body, font="ZooBody", width=1)
        self._path.grid(row=1, column=1, sticky="ew", padx=gap)
        self.file_button = ttk.Button(body, text="File…", command=on_file)
        self.folder_button = ttk.Button(body, text="Folder…", command=on_folder)
        self.file_button.grid(row=1, column=2, padx=(0, gap // 2))
        self.folder_button.grid(row=1, column=3)
        labels = {"title": "Title", "name": "Short name"}
        self._texts = {key: tkinter.StringVar(self) for key in labels}
        self.entries: dict[str, ttk.Entry] = {}
        for row, (key, text) in enumerate(self._texts.items(), start=2):
            ttk.Label(body, text=labels[key], font="ZooBody").grid(row=row, column=0, sticky="w", pady=(gap, 0))
            self.entries[key] = ttk.Entry(body, textvariable=text, font="ZooBody")
            self.entries[key].grid(row=row, column=1, columnspan=3, sticky="ew", padx=(gap, 0), pady=(gap, 0))
            text.trace_add("write", lambda *_about, key=key: self._typed(key))
        ttk.ToolTip(self.entries["name"], text="What commands call it: python -m zoo info my_net")
        ttk.Label(body, text="Pixels", font="ZooBody").grid(row=4, column=0, sticky="w", pady=(gap, 0))
        self.scale = ttk.Combobox(body, state="readonly", font="ZooBody", values=list(SCALES.values()))
        self.scale.grid(row=4, column=1, columnspan=3, sticky="ew", padx=(gap, 0), pady=(gap, 0))
        self.scale.bind("<<ComboboxSelected>>", lambda _event: self._scale_chosen())
        self.progress = ttk.Progressbar(body, mode="indeterminate")
        self.progress.grid(row=5, column=0, columnspan=4, sticky="ew", pady=(2 * gap, 0))
        self._message = ttk.Label(body, font="ZooBody", wraplength=width, justify="left")
        self._message.grid(row=6, column=0, columnspan=4, sticky="w", pady=gap)
        buttons = ttk.Frame(body)
        buttons.grid(row=7, column=0, columnspan=4, sticky="ew")
        self.copy_button = ttk.Button(buttons, text="Copy the command", command=on_copy)
        self.cancel_button = ttk.Button(buttons, text="Cancel", command=on_cancel)
        self.add_button = ttk.Button(buttons, text="Add", bootstyle="primary", command=on_start)
        for column, button in enumerate((self.copy_button, self.cancel_button, self.add_button)):
            button.grid(row=0, column=column, padx=(gap // 2 if column else 0, 0), sticky="w" if not column else "e")
        for entry in self.entries.values():
            entry.bind("<Return>", lambda _event: self.add_button.invoke())
        buttons.columnconfigure(0, weight=1)
        body.columnconfigure(1, weight=1, minsize=width // 2)
        self.bind("<Escape>", lambda _event: on_cancel())
        self.protocol("WM_DELETE_WINDOW", on_close)
        self.show()
        place_over(self, root, above=3)
        self.deiconify()
        self.file_button.focus_set()

    def show(self, install: str = "") -> None:
        """Show all as it is now; ``install`` is the command that installs what is missing, where something is."""
        adding, is_running = self._adding, self._adding.is_running
        path = "" if adding.path is None else adding.path.name
        self._path.configure(text=elide_middle(path, self._width // 2, self._body))
        for key, text in self._texts.items():
            if text.get() != getattr(adding, key):
                text.set(getattr(adding, key))
        fields: list[ttk.Button | ttk.Entry] = [self.file_button, self.folder_button, *self.entries.values()]
        for field in fields:
            set_enabled(field, not is_running)
        self.scale.set(SCALES[adding.scale])
        self.scale.configure(state="disabled" if is_running else "readonly")
        set_enabled(self.add_button, not is_running and not adding.missing)
        if is_running:
            self.progress.grid()
            self.progress.step(4)
            sentence, colour = f"{ADDING}… {clock(adding.program.seconds)}", PALETTE.muted
        else:
            self.progress.grid_remove()
            sentence, colour = plain(adding.error) or adding.missing, PALETTE.warning if adding.error else PALETTE.muted
        self._message.configure(text=sentence, foreground=colour)
        if install:
            self.copy_button.grid()
        else:
            self.copy_button.grid_remove()

    @property
    def message(self) -> str:
        """The sentence as shown."""
        return str(self._message.cget("text"))

    def _typed(self, key: str) -> None:
        if self._texts[key].get() != getattr(self._adding, key):
            setattr(self._adding, key, self._texts[key].get())
            self._adding.error = ""
            self.show()

    def _scale_chosen(self) -> None:
        self.scale.selection_clear()
        self._adding.scale = list(SCALES)[self.scale.current()]
