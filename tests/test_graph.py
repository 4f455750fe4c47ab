"""A SavedModel is read before TensorFlow opens it: what could do more than compute is refused, wherever it hides."""

import os
import re
import shutil
from pathlib import Path

import pytest

from zoo._support.processes import import_tensorflow
from zoo.errors import ArtifactError
from zoo.runtimes import graph
from zoo.runtimes.graph import check_graph
from zoo.runtimes.saved_model import open_saved_model

pytestmark = pytest.mark.slow
SHIPPED = sorted(path.parent for path in Path("saved_models").glob("*/*/saved_model.pb"))


@pytest.fixture(scope="module")
def tf():
    import_tensorflow()
    import tensorflow

    return tensorflow


@pytest.fixture(scope="module")
def clean(tf, tmp_path_factory):
    """A SavedModel of a variable that a signature and a second function use."""
    folder = tmp_path_factory.mktemp("clean")
    save(tf, folder, lambda x: x)
    return folder


def save(tf, folder, compute, **attributes):
    """Write a SavedModel whose signature is ``variable * compute(image)``."""
    module = tf.Module()
    module.variable = tf.Variable(2.0)
    for name, value in attributes.items():
        setattr(module, name, value)
    signature = tf.TensorSpec((None, 28, 28), tf.float32)
    module.serve = tf.function(lambda image: {"logits": module.variable * compute(image)}, [signature])
    tf.saved_model.save(module, str(folder), signatures={"serve": module.serve})


def edited(clean, folder, edit):
    """Copy a SavedModel and change its protobuf: ``edit(meta_graph)``."""
    from tensorflow.core.protobuf import saved_model_pb2

    shutil.copytree(clean, folder, dirs_exist_ok=True)
    saved = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    edit(saved.meta_graphs[0])
    (folder / "saved_model.pb").write_bytes(saved.SerializeToString())


def refused(folder, *words):
    """Fail unless a model is refused in one line that says all these words."""
    with pytest.raises(ArtifactError) as caught:
        check_graph(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    assert all(re.search(rf"\b{word}\b", message) for word in words), message


def saver_functions(meta_graph):
    """Return the names of the functions that save and restore the checkpoint."""
    nodes = {node.name: node for node in meta_graph.graph_def.node}
    saver = meta_graph.saver_def
    names = (saver.save_tensor_name.split(":")[0], saver.restore_op_name)
    return [nodes[name].attr["f"].func.name for name in names]


def function_named(meta_graph, part):
    return next(it for it in meta_graph.graph_def.library.function if part in it.signature.name)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.parent.name)
def test_the_shipped_models_pass(tf, folder):
    check_graph(folder)


def test_a_plain_model_passes_and_is_not_changed(tf, clean):
    before = {path: path.read_bytes() for path in clean.rglob("*") if path.is_file()}
    assert open_saved_model(clean).signatures["serve"](tf.ones((1, 28, 28)))["logits"].numpy().max() == 2
    assert before == {path: path.read_bytes() for path in clean.rglob("*") if path.is_file()}


def test_every_allowed_operation_is_one_of_tensorflow_and_none_reaches_files(tf):
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.client import pywrap_tf_session as session

    known = op_def_pb2.OpList.FromString(session.TF_GetBuffer(session.TF_GetAllOpList())).op
    assert {it.name for it in known} >= graph.SAVING | graph.RESTORING
    # What changes more than its outputs: random generators, variables, lists, calls, checks, and nothing else.
    plain = r"Random|^Stateful|^Rng|Multinomial|TruncatedNormal|^TensorArray|Variable|VarHandle|VarIs|^Resource(Gather|"
    plain += r"Scatter|Strided)|^(Case|If|While|Assert|CheckNumerics(V2)?|DisableCopyOnRead|GuaranteeConst)$"
    stateful = {it.name for it in known if it.is_stateful} & graph.OPERATIONS
    assert {name for name in stateful if not re.search(plain, name)} == set()
    touching = re.compile(
        r"File|Print|PyFunc|Dataset|Table|Summary|Save|Restore|Send|Recv|Remote|Reader|Debug|Dump|Xla"
    )
    assert {name for name in graph.OPERATIONS if touching.search(name)} == set()


EVIL = {
    "WriteFile": lambda tf, file: lambda x: _after(tf, tf.io.write_file(file, "x"), x),
    "ReadFile": lambda tf, file: lambda x: x + tf.cast(tf.strings.length(tf.io.read_file(__file__)), tf.float32),
    "MatchingFiles": lambda tf, file: lambda x: x + tf.cast(tf.size(tf.io.matching_files("/*")), tf.float32),
    "PrintV2": lambda tf, file: lambda x: _after(tf, tf.raw_ops.PrintV2(
        input="x", output_stream=f"file://{file}"), x),
    "EagerPyFunc": lambda tf, file: lambda x: tf.py_function(lambda x: Path(file).write_text("x") and x, [x], x.dtype),
    "PyFunc": lambda tf, file: lambda x: tf.numpy_function(lambda x: Path(file).write_text("x") and x, [x], x.dtype),
    "SaveV2": lambda tf, file: lambda x: _after(tf, tf.raw_ops.SaveV2(
        prefix=file, tensor_names=["x"], shape_and_slices=[""], tensors=[x]), x),
    "RestoreV2": lambda tf, file: lambda x: x + tf.raw_ops.RestoreV2(
        prefix=file, tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32])[0],
    "MergeV2Checkpoints": lambda tf, file: lambda x: _after(tf, tf.raw_ops.MergeV2Checkpoints(
        checkpoint_prefixes=[file], destination_prefix=file, delete_old_dirs=True), x),
    "LoadAndRemapMatrix": lambda tf, file: lambda x: x + tf.raw_ops.LoadAndRemapMatrix(
        ckpt_path=file, old_tensor_name="x", row_remapping=[0], col_remapping=[0], initializing_values=[], num_rows=1,
        num_cols=1),
    "DebugIdentity": lambda tf, file: lambda x: tf.raw_ops.DebugIdentity(input=x, debug_urls=[f"file://{file}"]),
    "WriteSummary": lambda tf, file: lambda x: _summary(tf, file, x),
    "TensorSliceDataset": lambda tf, file: lambda x: tf.data.Dataset.from_tensors(x).get_single_element(),
}  # fmt: skip


def _after(tf, operation, x):
    with tf.control_dependencies([operation] if operation is not None else []):
        return tf.identity(x)


def _summary(tf, file, x):
    handle = tf.raw_ops.SummaryWriter(shared_name="", container="")
    tf.raw_ops.CreateSummaryFileWriter(writer=handle, logdir=file, max_queue=1, flush_millis=1, filename_suffix="")
    tf.raw_ops.WriteSummary(writer=handle, step=tf.constant(0, tf.int64), tensor=x, tag="x", summary_metadata="")
    return x


# The first operation met is named: one that stands before it in the function, where there is one.
NAMED = {"WriteSummary": "(SummaryWriter|CreateSummaryFileWriter)", "TensorSliceDataset": "TensorDataset"}


@pytest.mark.parametrize("operation", EVIL)
def test_an_operation_off_the_list_is_refused_by_name(tf, tmp_path, operation):
    file = tmp_path / "reached"
    save(tf, tmp_path / "model", EVIL[operation](tf, str(file)))
    refused(tmp_path / "model", NAMED.get(operation, operation), "in the function")
    with pytest.raises(ArtifactError, match=NAMED.get(operation, operation)):
        open_saved_model(tmp_path / "model")
    assert not file.exists()


def nested(tf, evil):
    inner = tf.function(evil)
    middle = tf.function(lambda x: inner(x) + 1)
    return lambda x: middle(x)


def looped(tf, evil):
    return lambda x: tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, evil(x)), [tf.constant(0), x])[1]


def branched(tf, evil):
    return lambda x: tf.cond(tf.reduce_sum(x) > 1e9, lambda: evil(x), lambda: x)


def switched(tf, evil):
    return lambda x: tf.switch_case(tf.constant(0), [lambda: x, lambda: evil(x)])


def in_a_gradient(tf, evil):
    @tf.custom_gradient
    def inner(x):
        return x, lambda gradient: evil(gradient)

    def compute(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = inner(x)
        return tape.gradient(y, x)

    return compute


@pytest.mark.parametrize("hide", [nested, looped, branched, switched, in_a_gradient])
def test_hiding_places_in_a_signature(tf, tmp_path, hide):
    file = tmp_path / "reached"
    save(tf, tmp_path / "model", hide(tf, EVIL["WriteFile"](tf, str(file))))
    refused(tmp_path / "model", "WriteFile")
    assert not file.exists()


def test_a_function_that_no_signature_calls(tf, tmp_path):
    evil = tf.function(EVIL["WriteFile"](tf, str(tmp_path / "reached")), [tf.TensorSpec((), tf.float32)])
    save(tf, tmp_path / "model", lambda x: x, other=evil)
    refused(tmp_path / "model", "WriteFile")


def test_a_resource_with_a_creator_and_an_initialiser(tf, tmp_path):
    from tensorflow.python.trackable.resource import TrackableResource

    class Resource(TrackableResource):
        def _create_resource(self):
            return tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=(), shared_name="x")

        def _initialize(self):
            tf.io.write_file(str(tmp_path / "reached"), "x")
            return tf.constant(1.0)

    resource = Resource()
    save(tf, tmp_path / "model", lambda x: _after(tf, resource.resource_handle, x), resource=resource)
    (tmp_path / "reached").unlink(missing_ok=True)
    refused(tmp_path / "model", "object of the kind resource")
    with pytest.raises(ArtifactError, match="object of the kind resource"):
        open_saved_model(tmp_path / "model")
    assert not (tmp_path / "reached").exists()
    tf.saved_model.load(str(tmp_path / "model"))  # so much for what is not checked
    assert (tmp_path / "reached").exists()


def test_a_table_with_a_file_of_words(tf, tmp_path):
    (tmp_path / "words.txt").write_text("a\nb\n")
    words = tf.lookup.TextFileInitializer(
        str(tmp_path / "words.txt"), tf.string, tf.lookup.TextFileIndex.WHOLE_LINE,
        tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER,
    )  # fmt: skip
    table = tf.lookup.StaticHashTable(words, -1)
    save(tf, tmp_path / "model", lambda x: x + tf.cast(table.lookup(tf.constant("a")), tf.float32), table=table)
    refused(tmp_path / "model", "object of the kind (asset|resource)")


def test_files_of_assets_and_graphs_in_other_files(clean, tmp_path):
    for name, words in {
        "assets/words.txt": "a file that it reads",
        "saved_model.pbtxt": "saved_model.pbtxt",
        "saved_model.cpb": "saved_model.cpb",
    }.items():
        folder = tmp_path / name.replace("/", "_")
        shutil.copytree(clean, folder, dirs_exist_ok=True)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
        refused(folder, words)


def by_a_signature(meta_graph):
    meta_graph.signature_def["serve"].outputs["logits"].name = meta_graph.saver_def.save_tensor_name


def by_an_initialiser(meta_graph):
    saver = meta_graph.saver_def.save_tensor_name.split(":")[0]
    meta_graph.collection_def["saved_model_main_op"].node_list.value[:] = [saver]


def by_a_control_input(meta_graph):
    saver = meta_graph.saver_def.save_tensor_name.split(":")[0]
    next(node for node in meta_graph.graph_def.node if node.op == "NoOp").input.append(f"^{saver}")


def by_another_function(meta_graph):
    node = function_named(meta_graph, "signature_wrapper").node_def.add(name="more", op="StatefulPartitionedCall")
    node.attr["f"].func.name = saver_functions(meta_graph)[0]


def by_a_name_of_an_operation(meta_graph):
    old = saver_functions(meta_graph)[0]
    function_named(meta_graph, old).signature.name = "Identity"  # TensorFlow then calls it for each Identity
    next(n for n in meta_graph.graph_def.node if n.attr["f"].func.name == old).attr["f"].func.name = "Identity"


def by_a_saved_object(meta_graph):
    objects = meta_graph.object_graph_def.nodes
    next(node for node in objects if node.HasField("function")).function.concrete_functions.append(
        saver_functions(meta_graph)[0]
    )


def by_a_gradient(meta_graph):
    meta_graph.graph_def.library.registered_gradients.add(
        gradient_func=saver_functions(meta_graph)[0], registered_op_type="CustomGradient-1"
    )


def by_taking_the_place_of_another(meta_graph):
    function_named(meta_graph, saver_functions(meta_graph)[0]).attr["api_implements"].s = b"x"


def by_the_function_that_restores(meta_graph):
    save, restore = (function_named(meta_graph, name) for name in saver_functions(meta_graph))
    restore.node_def.extend(node for node in save.node_def if node.op == "SaveV2")


@pytest.mark.parametrize("call", [
    by_a_signature, by_an_initialiser, by_a_control_input, by_another_function, by_a_name_of_an_operation,
    by_a_saved_object, by_a_gradient, by_taking_the_place_of_another, by_the_function_that_restores,
])  # fmt: skip
def test_nothing_calls_the_function_that_writes_checkpoints(clean, tmp_path, call):
    edited(clean, tmp_path, lambda _meta_graph: None)
    check_graph(tmp_path)
    edited(clean, tmp_path, call)
    refused(tmp_path, "(SaveV2|ShardedFilename|StringJoin|StaticRegexFullMatch|MergeV2Checkpoints)", "in the function")


def test_what_only_an_edited_file_holds(tf, clean, tmp_path):
    def custom(meta_graph):
        meta_graph.graph_def.node.add(name="x", op="My\x1b[31m>Operation")

    def handle(meta_graph):
        node = meta_graph.graph_def.node.add(name="x", op="Const")
        node.attr["dtype"].type = tf.resource.as_datatype_enum

    def of_a_class(meta_graph):
        meta_graph.object_graph_def.nodes[0].registered_name = "Custom.Evil"

    def of_an_older_tensorflow(meta_graph):
        meta_graph.ClearField("object_graph_def")

    for edit, words in (
        (custom, r"the operation 'My\\x1b\[31m>Operation'"),
        (handle, "a constant that is no array"),
        (of_a_class, r"Python class 'Custom\.Evil'"),
        (of_an_older_tensorflow, "Expected one graph of TensorFlow 2"),
    ):
        edited(clean, tmp_path / edit.__name__, edit)
        with pytest.raises(ArtifactError, match=words):
            check_graph(tmp_path / edit.__name__)


def test_a_damaged_missing_endless_or_huge_file(clean, tmp_path, monkeypatch):
    file = tmp_path / "saved_model.pb"
    refused(tmp_path, "there is no file saved_model.pb")
    whole = (clean / "saved_model.pb").read_bytes()
    for content in (whole[:-7], whole[: len(whole) // 2], b"\xff" * 999):
        file.write_bytes(content)
        refused(tmp_path, "is damaged")
    file.write_bytes(b"")
    refused(tmp_path, "found 0 graph")
    if hasattr(os, "mkfifo"):
        file.unlink()
        os.mkfifo(file)
        refused(tmp_path, "there is no file saved_model.pb")
        file.unlink()
    file.write_bytes(whole)
    monkeypatch.setattr(graph, "MOST_BYTES", 10)
    refused(tmp_path, "more than 10")


ACTIVATIONS = (
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu log_sigmoid log_softmax mish "
    "relu6 selu sigmoid silu soft_shrink softplus softsign sparse_plus sparsemax squareplus tanh_shrink"
)


def _networks():
    import keras
    from keras import layers

    def network(*stack):
        return lambda: keras.Sequential([keras.Input((28, 28)), *stack, layers.Flatten(), layers.Dense(10, "softmax")])

    def transformer():
        image = keras.Input((28, 28))
        x = layers.LayerNormalization()(image)
        x = layers.Add()([x, layers.MultiHeadAttention(2, 4, dropout=0.1)(x, x)])
        return keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling1D()(x)))

    picture = layers.Reshape((28, 28, 1))
    return {
        "augmented": network(
            picture, layers.RandomRotation(0.1), layers.RandomTranslation(0.1, 0.1), layers.RandomZoom(0.1),
            layers.RandomContrast(0.1), layers.GaussianNoise(0.1), layers.Resizing(14, 14), layers.Normalization(
                mean=0.1, variance=0.3),
        ),
        "convolutions": network(
            picture, layers.Conv2D(4, 3), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(),
            layers.SeparableConv2D(4, 3), layers.DepthwiseConv2D(3), layers.Conv2DTranspose(2, 3),
            layers.UpSampling2D(interpolation="bilinear"), layers.SpatialDropout2D(0.1), layers.AveragePooling2D(2),
        ),
        "recurrent": network(
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)), layers.GRU(4, return_sequences=True),
            layers.SimpleRNN(4, unroll=True),
        ),
        "transformer": transformer,
        "activations": network(*map(layers.Activation, ACTIVATIONS.split())),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["augmented", "convolutions", "recurrent", "transformer", "activations"])
def test_usual_keras_networks_pass_however_they_are_saved(tf, tmp_path, name):
    network = _networks()[name]()
    network.export(tmp_path / "exported", verbose=False)
    check_graph(tmp_path / "exported")
    if name in ("convolutions", "activations"):  # Keras itself cannot save generators of random numbers in this way
        tf.saved_model.save(network, str(tmp_path / "saved"))
        check_graph(tmp_path / "saved")
