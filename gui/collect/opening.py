"""The collection as it is opened for the window: what is damaged is set aside, and what cannot be used is explained."""

from pathlib import Path
from typing import NamedTuple

from zoo._support.folders import NO_HOME
from zoo.data.collection import Collection
from zoo.data.collection_file import BusyCollectionError, CollectionError, UnreadableCollectionError, set_aside

PATIENCE = 0.3
"""Seconds that the window may stand still while another program is writing to the collection."""


class Opened(NamedTuple):
    """A collection, in memory where its file cannot be used; a warning, or nothing; and whether the file is locked."""

    collection: Collection
    warning: str = ""
    is_locked: bool = False


def open_collection(path: Path | None) -> Opened:
    """Open the collection in a file, which is made where there is none; in memory without a path."""
    if path is None:
        return Opened(Collection())
    moved = ""
    try:
        try:
            return Opened(Collection(path, patience=PATIENCE))
        except UnreadableCollectionError:
            aside = set_aside(path)
            moved = f"The file of your drawings, {path}, could not be read. It was kept as {aside.name}, beside it"
            return Opened(Collection(path, patience=PATIENCE), f"{moved}, and a new one begun.")
    except BusyCollectionError:
        warning = (
            f"Another program is writing to the file of your drawings, {path}. Nothing is shown or saved until it has "
            "ended."
        )
        return Opened(Collection(), warning, is_locked=True)
    except CollectionError as error:
        reason = "There is no home folder." if NO_HOME in path.parents else error
        warning = (
            f"{moved}{'. ' if moved else ''}Your drawings cannot be kept: {reason} Export what you draw before you "
            "close the window."
        )
        return Opened(Collection(), warning)
