"""The models that are served: loaded once, the latest version of each, and what keeps one from being loaded."""

import os
from collections.abc import Sequence

from zoo import artifacts
from zoo.card import Card
from zoo.classifier import Classifier, load
from zoo.errors import ModelNotFoundError, ZooError
from zoo.serving import contract


class Models:
    """The latest version of each model.

    Attributes:
        cards: of all of them, by name, the smallest first.
        loaded: those that answer, by name.
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

    def card(self, name: str, version: int | None) -> Card:
        """Return the card of a model, whether it is loaded or not.

        Raises:
            RequestError: it, or that version of it, is not served.
        """
        card = self.cards.get(name)
        if card is None or version not in (None, card.version):
            raise contract.not_found(name, version)
        return card

    def classifier(self, name: str, version: int | None) -> Classifier:
        """Return a loaded model.

        Raises:
            RequestError: it, or that version of it, does not answer.
        """
        classifier = self.loaded.get(name)
        if classifier is None or version not in (None, classifier.card.version):
            raise contract.not_servable(name, version)
        return classifier
