"""What the page asks of the window, and tells it."""

from collections.abc import Callable
from dataclasses import dataclass

FileTypes = list[tuple[str, str]]


@dataclass(frozen=True)
class Callbacks:
    """The functions of the window that the page calls.

    Attributes:
        choose_open: asks which file to open, given a title and the types of files; returns "" where none was chosen.
        choose_save: asks where to save, given a title, a name and the types of files; returns "" where nowhere.
        confirm: asks whether to go on, given a title and a question.
        show_notice: says what was done.
        show_error: says what went wrong.
        titles: returns the titles of the models that can be tuned, by their names.
        install: returns the command that installs what tuning a model needs, given its name; "" where all is there.
        copy: puts a text on the clipboard.
        focus: returns the name of the model in focus.
        on_tuned: is given the name of a model that was made a moment ago.
        on_compare: is given the name of a model that is to be compared.
    """

    choose_open: Callable[[str, FileTypes], str]
    choose_save: Callable[[str, str, FileTypes], str]
    confirm: Callable[[str, str], bool]
    show_notice: Callable[[str], object]
    show_error: Callable[[str], object]
    titles: Callable[[], dict[str, str]]
    install: Callable[[str], str]
    copy: Callable[[str], object]
    focus: Callable[[], str | None]
    on_tuned: Callable[[str], object]
    on_compare: Callable[[str], object]
