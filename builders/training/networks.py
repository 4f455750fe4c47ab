"""The networks that there are: one a file in ``builders/``."""

import importlib
import pkgutil
from pathlib import Path

from builders.training.recipe import Network
from zoo.errors import ZooError

OTHERS = {"__main__", "cli", "finetune"}
"""The modules of ``builders/`` that are no network."""


def network_names() -> list[str]:
    """Return the names of all networks, in alphabetical order."""
    package = Path(__file__).parents[1]
    modules = pkgutil.iter_modules([str(package)])
    return sorted(module.name for module in modules if not (module.ispkg or module.name in OTHERS))


def load_network(name: str) -> Network:
    """Return what the builder file of this name declares.

    Raises:
        ZooError: it declares a network of another name, as a copy of a builder file may.
    """
    network: Network = importlib.import_module(f"builders.{name}").NETWORK
    if network.name != name:
        raise ZooError(
            f"Expected the network {name!r} in builders/{name}.py, found {network.name!r}: give it the file's name."
        )
    return network
