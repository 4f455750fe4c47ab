"""The backends that there are: Keras, and NumPy for the networks from scratch."""

from builders.training.backend import Backend
from builders.training.recipe import Network


def backend_of(network: Network) -> type[Backend]:
    """Return what trains and saves `network`: the backend of its library, which is imported here."""
    if network.library == "numpy":
        from builders.training.numpy_backend import NumpyBackend

        return NumpyBackend
    from builders.training.keras_backend import KerasBackend

    return KerasBackend
