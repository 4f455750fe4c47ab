"""Read a ``.keras`` or ``.h5`` file without running anything that it holds. Needs TensorFlow.

Keras makes objects of whatever classes and functions a file names. So the names are read first: nothing but layers,
initialisers and the like of Keras itself passes, no ``Lambda`` and nothing that opens further files. Then the network
is drafted without its weights, and what it would allocate is counted. Only then it is loaded, in Keras's safe mode.
"""

import io
import json
import math
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from zoo._support.processes import import_tensorflow, require_tensorflow
from zoo.adding.source import Source, check_ends, check_size
from zoo.adding.tflite_file import check_converted
from zoo.data.arrays import UNREADABLE, check_closed
from zoo.errors import ArtifactError, first_line
from zoo.runtimes.conversion import to_litert

MAX_PARAMETERS = 2**26
MAX_LAYER = 2**22
"""Values that a layer may have for one image."""
_MAX_CONFIG = 2**24  # bytes
_MAX_UNROLLED = 64  # steps of a recurrent layer that are written out, as LiteRT is quicker then and takes any batch

_UNSAFE = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
_UNSAFE |= {"StringLookup", "IntegerLookup", "TextVectorization"}  # which read the file that a configuration names
_PLAIN = {
    "__keras_tensor__",
    "__tuple__",
    "__numpy__",
    "__tensor__",
    "__ellipsis__",
    "slice",
    "Sequential",
    "Functional",
}
_PLAIN |= {"Model", "DTypePolicy", "Policy"}


def read(path: Path, kind: str) -> Source:
    """Return the network in a Keras file of the kind ``"keras"`` or ``"h5"``.

    Raises:
        ArtifactError: it is damaged or too large, holds other classes than Keras's own, or is no network of one such
            input and ten outputs.
        ZooError: TensorFlow is not installed, or another program has the file open.
    """
    require_tensorflow("Adding a Keras file")
    if kind == "h5":
        check_closed(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"model.{kind}"  # what is checked is what is loaded
        shutil.copyfile(path, copy)
        config = _read_config(path, copy, kind)
        import_tensorflow()
        check_classes(path, config)
        if kind == "h5":
            _by_keras(path, lambda: _modernise(config, copy))
        import keras

        try:
            _check_draft(path, config, kind)
        finally:
            keras.utils.clear_session()  # else Keras allocates the draft's variables with the next network's

        model = _by_keras(path, lambda: keras.saving.load_model(copy, compile=False, safe_mode=True))
    return _converted(path, model)


def check_classes(path: Path, config: object) -> None:
    """Raise ArtifactError where a configuration names another class or function than Keras's own harmless ones."""
    allowed = _allowed_classes()
    for entry in _entries(config):
        name, module = entry["class_name"], entry.get("module")
        name = name if isinstance(name, str) else "?"
        of_keras = module is None or (isinstance(module, str) and (module == "keras" or module.startswith("keras.")))
        if name == "Lambda":
            raise ArtifactError(
                f"Expected no Lambda layer in {path}, found one: it is Python code that would run here, so save the "
                f"network with a layer such as Rescaling or Reshape instead."
            )
        if name == "function" and _is_activation(entry):
            continue
        registered = entry.get("registered_name")
        if not of_keras or name not in allowed or registered not in (None, "", name):
            shown = registered if isinstance(registered, str) and registered else name
            raise ArtifactError(
                f"Expected layers of Keras alone in {path}, found {shown!r}: export the network with "
                f"model.export('folder') and add that folder."
            )


def _allowed_classes() -> set[str]:
    """Return the names of the classes that a file may ask for."""
    import inspect

    import keras
    from keras.src.ops import image, math, nn, numpy

    spaces = {
        keras.layers: keras.Layer,
        keras.initializers: keras.Initializer,
        keras.regularizers: keras.Regularizer,
        keras.constraints: keras.constraints.Constraint,
        **dict.fromkeys((nn, numpy, math, image), keras.Operation),
    }
    return (_PLAIN | {"Cast"}).union(
        name
        for space, base in spaces.items()
        for name, found in vars(space).items()
        if inspect.isclass(found) and issubclass(found, base) and name not in _UNSAFE
    )


def _is_activation(entry: dict[str, Any]) -> bool:
    import keras

    name, module = entry.get("config"), entry.get("module")
    known = set(vars(keras.activations)) - {"get", "serialize", "deserialize"}
    return isinstance(name, str) and name in known and module in (None, "builtins", "keras.activations")


def _entries(config: object) -> Iterator[dict[str, Any]]:
    """Yield every object in a configuration that names a class, however deep it lies."""
    waiting = [config]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "class_name" in one:
                yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _read_config(path: Path, copy: Path, kind: str) -> dict[str, Any]:
    """Return the configuration in a file, after the sizes of its weights were checked."""
    import h5py

    try:
        if kind == "h5":
            with h5py.File(copy) as file:
                _check_weights(path, file)
                text = file.attrs.get("model_config")
        else:
            with zipfile.ZipFile(copy) as archive:
                check_size(path, sum(member.file_size for member in archive.infolist()))
                if archive.getinfo("config.json").file_size > _MAX_CONFIG:
                    raise ValueError("its config.json is too large")
                text = archive.read("config.json")
                with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
                    _check_weights(path, file)
        if text is None:
            raise ArtifactError(
                f"Expected a whole network in {path}, found its weights alone: save it with model.save('model.keras')."
            )
        config = json.loads(text)
        if not isinstance(config, dict):
            raise ValueError("its configuration is no object")
    except (*UNREADABLE, KeyError, TypeError, RecursionError, NotImplementedError) as error:
        raise ArtifactError(
            f"Expected a Keras file at {path}, found a damaged one ({first_line(error)}): save the model again."
        ) from error
    # How it was trained matters to nobody here, and may name losses of its author.
    return {key: value for key, value in config.items() if key != "compile_config"}


def _check_weights(path: Path, file: Any) -> None:
    """Raise ArtifactError where an HDF5 file holds more than it may, or leads to another file."""
    import h5py

    size, seen, waiting = 0, set(), [file]
    while waiting:
        group = waiting.pop()
        if (address := h5py.h5o.get_info(group.id).addr) in seen:
            continue
        seen.add(address)
        for name in group:
            leads_away = not isinstance(group.get(name, getlink=True), h5py.HardLink)
            if leads_away or (isinstance(found := group[name], h5py.Dataset) and (found.external or found.is_virtual)):
                raise ArtifactError(
                    f"Expected weights in {path} itself, found a link to elsewhere: save the model again with Keras."
                )
            if isinstance(found, h5py.Group):
                waiting.append(found)
            elif isinstance(found, h5py.Dataset):
                size += math.prod(found.shape or ()) * found.dtype.itemsize
    check_size(path, size)


def _modernise(config: dict[str, Any], copy: Path) -> None:
    """Write the configuration that older versions of Keras gave a network as Keras 3 reads it."""
    import h5py

    for entry in _entries(config):
        inner = entry.get("config")
        if isinstance(inner, dict):
            inner.pop("time_major", None)
        if entry["class_name"] == "Sequential" and isinstance(inner, list):
            entry["config"] = inner = {"name": "sequential", "layers": inner}
        layers = inner.get("layers") if isinstance(inner, dict) else None
        if entry["class_name"] == "Sequential" and isinstance(layers, list) and layers:
            first = layers[0].get("config", {}) if isinstance(layers[0], dict) else {}
            if "batch_input_shape" in first and layers[0].get("class_name") != "InputLayer":
                begin = {"name": "input", "batch_shape": first["batch_input_shape"], "dtype": "float32"}
                layers.insert(0, {"class_name": "InputLayer", "config": begin})
    with h5py.File(copy, "r+") as file:
        file.attrs["model_config"] = json.dumps(config)


def _by_keras(path: Path, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except ArtifactError:
        raise
    except Exception as error:  # whatever Keras raises for a file that is not as its version writes them
        import keras

        raise ArtifactError(
            f"Keras {keras.__version__} cannot load {path} ({first_line(error)[:200]}): save it as .keras, or export "
            f"it with model.export('folder') where it was made, and add that folder."
        ) from error


def _check_draft(path: Path, config: dict[str, Any], kind: str) -> None:
    """Make the network without allocating its weights, and raise ArtifactError where it is not what can be added."""
    import keras
    from keras.src.legacy.saving import saving_options, saving_utils
    from keras.src.saving.serialization_lib import SafeModeScope

    def draft() -> Any:
        # Variables of a scope that initialises none are only described.
        with keras.StatelessScope(initialize_variables=False), SafeModeScope(True):
            if kind == "keras":
                return keras.saving.deserialize_keras_object(config, safe_mode=True)
            with saving_options.keras_option_scope(use_legacy_config=True):
                return saving_utils.model_from_config(config)

    model = _by_keras(path, draft)
    if not isinstance(model, keras.Sequential | keras.src.models.functional.Functional) or not model.built:
        raise ArtifactError(
            f"Expected a Sequential or a functional network with known shapes in {path}, found another: begin it with "
            f"keras.Input((28, 28)), or export it with model.export('folder') and add that folder."
        )
    _check_ends(path, model)
    largest = max(math.prod(size or 1 for size in shape[1:]) for shape in _output_shapes(model))
    for found, limit, what in ((model.count_params(), MAX_PARAMETERS, "parameters"), (largest, MAX_LAYER, "outputs")):
        if found > limit:
            raise ArtifactError(
                f"Expected up to {limit:,} {what} in {path}, found {found:,}: no network for digits needs so many."
            )


def _output_shapes(model: Any) -> Iterator[tuple]:
    import keras

    for layer in model._flatten_layers(include_self=False):
        for node in layer._inbound_nodes:
            yield from (tuple(tensor.shape) for tensor in node.output_tensors)
    yield from (tuple(tensor.shape) for tensor in keras.tree.flatten(model.outputs))


def _check_ends(path: Path, model: Any) -> tuple[int, ...]:
    return check_ends(path, *([tuple(end.shape) for end in ends] for ends in (model.inputs, model.outputs)))


def _converted(path: Path, model: Any) -> Source:
    """Return a loaded network as it is added, with the outputs of its layers."""
    import keras
    import tensorflow as tf

    shape = _check_ends(path, model)
    graph = model if isinstance(model, keras.src.models.functional.Functional) else model._functional
    values: dict[str, Any] = {}  # by name, in the order of the layers; of a layer that is used twice the first
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        for node in graph._nodes_by_depth[depth]:
            if not isinstance(node.operation, _hidden()) and len(node.output_tensors) == 1:
                values.setdefault(node.operation.name, node.output_tensors[0])
    layers = model._flatten_layers()
    for layer in layers:
        layer.dtype_policy = "float32"  # of mixed precision too, which LiteRT does not have
    if max((value.shape[1] or 28 for value in values.values() if len(value.shape) == 3), default=0) <= _MAX_UNROLLED:
        for layer in layers:
            if isinstance(layer, keras.layers.RNN):
                layer.unroll = True
    inner = keras.Model(graph.inputs, values | {"": graph.outputs[0]})

    def outputs(image: Any) -> dict[str, Any]:
        found = inner(tf.cast(image, graph.inputs[0].dtype), training=False)
        return {name: tf.cast(value, tf.float32) for name, value in found.items()}

    def serve(image: Any) -> dict[str, Any]:
        return {"output": outputs(image)[""]}

    def activations(image: Any) -> dict[str, Any]:
        return {name: value for name, value in outputs(image).items() if name}

    variables = [variable.value for variable in model.variables]
    content, shapes = to_litert({"serve": serve, "activations": activations}, shape, variables, path)
    check_converted(path, serve, shape, content)
    return Source(content, model.count_params(), _family(layers), shapes["activations"])


def _hidden() -> tuple[type, ...]:
    import keras

    return keras.layers.InputLayer, keras.layers.Dropout


def _family(layers: list[Any]) -> str:
    import keras

    kinds = [type(layer).__name__ for layer in layers]
    if any("Conv" in kind for kind in kinds):
        return "convolutional"
    if any(isinstance(layer, keras.layers.RNN) for layer in layers):
        return "recurrent"
    if any("Attention" in kind for kind in kinds):
        return "attention"
    return "fully connected" if "Dense" in kinds else ""
