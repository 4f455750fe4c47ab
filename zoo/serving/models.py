"""The models that are served: loaded once, and what keeps one from being loaded."""

import contextlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from zoo import artifacts
from zoo.artifacts import list_versions
from zoo.card import Card
from zoo.classifier import Classifier, load
from zoo.errors import ModelNotFoundError, ZooError
from zoo.serving import contract

_MOST_OTHERS = 4
"""Of versions that are not the latest, so many that were asked last are kept."""


class Models:
    """The latest version of each model, and the others where somebody asks for them.

    Attributes:
        cards: of the latest versions, by name, the smallest first.
        loaded: those of them that answer, by name.
        errors: a sentence for each of the others, by name.
    """

    def __init__(self, names: Sequence[str] = (), root: str | os.PathLike | None = None):
        """Load models, all of those there are where none are named.

        Raises:
            ModelNotFoundError: a named model does not exist, or there is none at all.
            ZooError: not one of them could be loaded.
        """
        for name in names:
            artifacts.find(name, root=root)
        self.cards: dict[str, Card] = {
            card.name: card for card in artifacts.list_models(root) if not names or card.name in names
        }
        if not self.cards:
            raise ModelNotFoundError("There is no model to serve: build some with `python -m builders`.")
        self._root, self._turn = root, Lock()
        self._others: OrderedDict[tuple[str, int], Classifier] = OrderedDict()
        self._failed: dict[tuple[str, int], str] = {}
        self.loaded: dict[str, Classifier] = {}
        self.errors: dict[str, str] = {}
        for name in self.cards:
            try:
                self.loaded[name] = load(name, root=root)
                self.loaded[name].expect_batches()
            except ZooError as error:
                self.errors[name] = str(error)
        if not self.loaded:
            raise ZooError(next(iter(self.errors.values())))

    def states(self, name: str, version: int | None) -> dict[int, str]:
        """Return what keeps each version of a model, or the wanted one, from being loaded, or "": the highest first.

        Raises:
            RequestError: it, or that version of it, is not there.
        """
        found: dict[int, str] = {}
        if (latest := self.cards.get(name)) is not None:
            with contextlib.suppress(ModelNotFoundError):  # the folder has gone
                found = {older: self._failed.get((name, older), "") for older in list_versions(name, self._root)}
            found[latest.version] = self.errors.get(name, "")
        wanted = sorted(found if version is None else found.keys() & {version}, reverse=True)
        if not wanted:
            raise contract.not_found(name, version)
        return {version: found[version] for version in wanted}

    def classifier(self, name: str, version: int | None) -> Classifier:
        """Return a loaded model; other versions than the latest are loaded for the first who asks, which takes a while.

        Raises:
            RequestError: it, or that version of it, does not answer.
        """
        card = self.cards.get(name)
        if card is not None and version is not None and version != card.version:
            return self._other_version(name, version)
        if name not in self.loaded:
            raise contract.not_servable(name, version)
        return self.loaded[name]

    def _other_version(self, name: str, version: int) -> Classifier:
        key = name, version
        with self._turn:
            if key not in self._others:
                try:
                    self._others[key] = load(name, version, self._root)
                    self._failed.pop(key, None)
                except ZooError as error:
                    if not isinstance(error, ModelNotFoundError):
                        self._failed[key] = str(error)
                    raise contract.not_servable(name, version) from None
                if len(self._others) > _MOST_OTHERS:
                    self._others.popitem(last=False)
            self._others.move_to_end(key)
            return self._others[key]
