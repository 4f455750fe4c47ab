"""Read a SavedModel as a file, before TensorFlow opens it, and refuse what could do more than compute.

A SavedModel is a program: its graph can read and write files, print, and call Python. What may stand in one is listed
here; all else is refused, whoever could call it. Only memory and time stay without a bound: a graph that passes can
still ask for more of both than there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zoo.errors import ArtifactError

if TYPE_CHECKING:
    from tensorflow.core.framework.node_def_pb2 import NodeDef
    from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef

MOST_BYTES = 256 * 1024 * 1024
"""A larger saved_model.pb is not read: the weights of a network stand in variables/."""

_GROUPS = {
    "arithmetic": """
        Abs AccumulateNV2 Acos Acosh Add AddN AddV2 Angle Asin Asinh Atan Atan2 Atanh BatchMatMul BatchMatMulV2
        BatchMatMulV3 BitwiseAnd BitwiseOr BitwiseXor Ceil Cholesky ClipByValue Complex ComplexAbs Conj Cos Cosh
        Cross Cumprod Cumsum CumulativeLogsumexp Digamma Div DivNoNan Einsum Erf Erfc Erfinv EuclideanNorm Exp Expm1
        FFT FFT2D Floor FloorDiv FloorMod IFFT IFFT2D IRFFT IRFFT2D Imag Inv Invert L2Loss LeftShift Lgamma Log
        Log1p MatMul MatrixInverse MatrixSolve MatrixTriangularSolve Max Maximum Mean Min Minimum Mod Mul MulNoNan
        Ndtri Neg Pow Prod Qr RFFT RFFT2D Real RealDiv Reciprocal RightShift Rint Round Rsqrt SelfAdjointEigV2 Sign
        Sin Sinh Sqrt Square SquaredDifference Sub Sum Svd Tan Tanh TruncateDiv TruncateMod Xdivy Xlog1py Xlogy
    """,
    "comparisons and conditions": """
        All Any ApproximateEqual ArgMax ArgMin Bucketize Equal Greater GreaterEqual InTopKV2 IsFinite IsInf IsNan
        Less LessEqual LogicalAnd LogicalNot LogicalOr LowerBound NotEqual Select SelectV2 TopK TopKV2 UpperBound
        Where
    """,
    "arrays: making, shaping, cutting and joining them": """
        BatchToSpace BatchToSpaceND Bincount Bitcast BroadcastArgs BroadcastGradientArgs BroadcastTo Cast Concat
        ConcatOffset ConcatV2 Const DenseBincount DepthToSpace Diag DiagPart DynamicPartition DynamicStitch
        EnsureShape ExpandDims Fill Gather GatherNd GatherV2 GuaranteeConst Identity IdentityN InvertPermutation
        LinSpace MatrixBandPart MatrixDiag MatrixDiagPart MatrixDiagPartV2 MatrixDiagPartV3 MatrixDiagV2
        MatrixDiagV3 MatrixSetDiag MatrixSetDiagV2 MatrixSetDiagV3 MirrorPad OneHot OnesLike Pack Pad PadV2
        ParallelConcat ParallelDynamicStitch Placeholder PlaceholderWithDefault PreventGradient Range Rank Reshape
        Reverse ReverseSequence ReverseV2 Roll ScatterNd SegmentMax SegmentMean SegmentMin SegmentSum Shape ShapeN
        Size Slice Snapshot SpaceToBatch SpaceToBatchND SpaceToDepth Split SplitV Squeeze StopGradient StridedSlice
        TensorScatterAdd TensorScatterMax TensorScatterMin TensorScatterSub TensorScatterUpdate
        TensorStridedSliceUpdate Tile Transpose Unique UniqueV2 Unpack UnravelIndex UnsortedSegmentMax
        UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum ZerosLike
    """,
    "neural networks": """
        AvgPool AvgPool3D BiasAdd BiasAddV1 BlockLSTM BlockLSTMV2 Conv Conv2D Conv2DBackpropInput Conv3D
        Conv3DBackpropInputV2 DepthwiseConv2dNative Dilation2D Elu FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars
        FakeQuantWithMinMaxVarsPerChannel FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 GRUBlockCell LRN
        LSTMBlockCell LeakyRelu LogSoftmax MaxPool MaxPool3D MaxPoolV2 MaxPoolWithArgmax QuantizeAndDequantizeV2
        QuantizeAndDequantizeV3 QuantizeAndDequantizeV4 Relu Relu6 Selu Sigmoid Softmax
        SoftmaxCrossEntropyWithLogits Softplus Softsign SparseSoftmaxCrossEntropyWithLogits
    """,
    "their gradients, for models that were saved with their training": """
        AvgPool3DGrad AvgPoolGrad BiasAddGrad Conv2DBackpropFilter Conv3DBackpropFilterV2
        DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput EluGrad FusedBatchNormGrad
        FusedBatchNormGradV2 FusedBatchNormGradV3 InvGrad LRNGrad LeakyReluGrad MaxPool3DGrad MaxPoolGrad
        MaxPoolGradV2 MirrorPadGrad ReciprocalGrad Relu6Grad ReluGrad ResizeBilinearGrad ResizeNearestNeighborGrad
        RsqrtGrad SeluGrad SigmoidGrad SoftplusGrad SoftsignGrad SqrtGrad StridedSliceGrad TanhGrad
    """,
    "images in memory": """
        AdjustContrastv2 AdjustHue AdjustSaturation CropAndResize ExtractImagePatches HSVToRGB
        ImageProjectiveTransformV2 ImageProjectiveTransformV3 RGBToHSV ResizeArea ResizeBicubic ResizeBilinear
        ResizeNearestNeighbor ScaleAndTranslate
    """,
    "random numbers": """
        Multinomial RandomGamma RandomShuffle RandomStandardNormal RandomUniform RandomUniformInt RngReadAndSkip
        RngSkip StatefulStandardNormalV2 StatefulTruncatedNormal StatefulUniform StatefulUniformFullInt
        StatefulUniformInt StatelessMultinomial StatelessRandomBinomial StatelessRandomGammaV2
        StatelessRandomGammaV3 StatelessRandomGetAlg StatelessRandomGetKeyCounter StatelessRandomGetKeyCounterAlg
        StatelessRandomNormal StatelessRandomNormalV2 StatelessRandomPoisson StatelessRandomUniform
        StatelessRandomUniformFullInt StatelessRandomUniformFullIntV2 StatelessRandomUniformInt
        StatelessRandomUniformIntV2 StatelessRandomUniformV2 StatelessShuffle StatelessTruncatedNormal
        StatelessTruncatedNormalV2 TruncatedNormal
    """,
    "control flow, of TensorFlow 2 and of 1, and checks that stop a computation": """
        Assert Case CheckNumerics CheckNumericsV2 ControlTrigger Enter Exit FakeParam If LoopCond Merge
        NextIteration NoOp PartitionedCall StatefulPartitionedCall StatelessCase StatelessIf StatelessWhile Switch
        While
    """,
    "lists of arrays, as recurrent networks keep them": """
        EmptyTensorList TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayReadV3
        TensorArrayScatterV3 TensorArraySizeV3 TensorArraySplitV3 TensorArrayV3 TensorArrayWriteV3 TensorListConcat
        TensorListConcatV2 TensorListElementShape TensorListFromTensor TensorListGather TensorListGetItem
        TensorListLength TensorListPopBack TensorListPushBack TensorListReserve TensorListResize TensorListScatter
        TensorListScatterIntoExistingList TensorListScatterV2 TensorListSetItem TensorListSplit TensorListStack
    """,
    "variables": """
        AssignAddVariableOp AssignSubVariableOp AssignVariableOp DisableCopyOnRead ReadVariableOp ResourceGather
        ResourceGatherNd ResourceScatterAdd ResourceScatterUpdate ResourceStridedSliceAssign VarHandleOp
        VarIsInitializedOp VariableShape
    """,
}
OPERATIONS = frozenset(" ".join(_GROUPS.values()).split())
"""What a graph may hold wherever it stands: each changes nothing but arrays and the model's own variables."""

SAVING = OPERATIONS.union(["MergeV2Checkpoints", "SaveV2", "ShardedFilename", "StaticRegexFullMatch", "StringJoin"])
RESTORING = OPERATIONS.union(["RestoreV2"])
"""What the two functions that each SavedModel has for its checkpoints may hold besides. Nothing else can call them."""

PLAIN_ATTRIBUTES = {"_construction_context", "_input_shapes"}

OBJECTS = {"bare_concrete_function", "captured_tensor", "constant", "function", "user_object", "variable"}
"""The kinds of saved objects that loading does not run: no resources with functions of their own, and no files."""


def check_graph(folder: Path) -> None:
    """Refuse a SavedModel that could do more than compute. Nothing of it is run.

    Raises:
        ArtifactError: there is no SavedModel of TensorFlow 2 in `folder`, it is damaged, or it holds an operation that
            is not on the list, a file to be read, or an object that runs as it is loaded.
    """
    data = _read(folder)
    meta_graph = _meta_graph(folder, data)
    for kind in (node.WhichOneof("kind") for node in meta_graph.object_graph_def.nodes):
        if kind not in OBJECTS:
            raise _refusal(folder, f"an object of the kind {kind}")
    for name in (node.registered_name or node.registered_saver for node in meta_graph.object_graph_def.nodes):
        if name not in ("", "tf.TrackableConstant"):
            raise _refusal(folder, f"an object of the Python class {_shown(name)}")
    if meta_graph.asset_file_def or any(path.is_file() for path in (folder / "assets").rglob("*")):
        raise _refusal(folder, "a file that it reads (in assets)")

    own_lists = dict(_savers(meta_graph, data))
    _check_nodes(folder, meta_graph.graph_def.node, OPERATIONS, "")
    for function in meta_graph.graph_def.library.function:
        name = function.signature.name
        _check_nodes(folder, function.node_def, own_lists.get(name, OPERATIONS), f" in the function {_shown(name)}")


def _read(folder: Path) -> bytes:
    path = folder / "saved_model.pb"
    for other in ("saved_model.pbtxt", "saved_model.cpb"):
        if (folder / other).exists():
            raise ArtifactError(
                f"The SavedModel {folder} holds a graph in {other}, which cannot be checked: save the model again with "
                f"model.export of Keras, which writes saved_model.pb alone."
            )
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise FileNotFoundError(f"there is no file {path.name}")
        if (size := path.stat().st_size) > MOST_BYTES:
            raise OSError(f"{path.name} has {size:,} bytes, more than {MOST_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(
            f"Expected a SavedModel in {folder}, and it cannot be read ({error}): give the folder that model.export of "
            f"Keras has written."
        ) from None


def _meta_graph(folder: Path, data: bytes) -> MetaGraphDef:
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2

    try:
        meta_graphs = saved_model_pb2.SavedModel.FromString(data).meta_graphs
    except DecodeError:
        raise ArtifactError(
            f"The graph of the SavedModel {folder} is damaged (saved_model.pb, {len(data):,} bytes): copy the folder "
            f"again from where it came from."
        ) from None
    if len(meta_graphs) != 1 or not meta_graphs[0].HasField("object_graph_def"):
        raise ArtifactError(
            f"Expected one graph of TensorFlow 2 in the SavedModel {folder}, found {len(meta_graphs)} graph(s) of "
            f"another kind: save the model again with model.export of Keras 3."
        )
    return meta_graphs[0]


def _savers(meta_graph: MetaGraphDef, data: bytes) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the functions that save and restore the model's checkpoint, each with the operations that it may hold.

    Nothing else can call them: only the saver's own node names such a function (its name stands twice in the whole
    file, the other time where it is defined), nothing names this node, and the function has no attribute by which
    TensorFlow would put it in another's place. Loading in Python runs neither, loading in C++ the one that restores.
    """
    graph, saver = meta_graph.graph_def, meta_graph.saver_def
    named = {source.lstrip("^").split(":")[0] for node in graph.node for source in node.input}
    for described in [*meta_graph.signature_def.values(), *meta_graph.collection_def.values()]:
        named.update(re.findall(r'"([^":]*)', str(described)))
    nodes = {node.name: node for node in graph.node}
    functions = {function.signature.name: function for function in graph.library.function}
    for tensor, operations in ((saver.save_tensor_name, SAVING), (saver.restore_op_name, RESTORING)):
        node = nodes.get(tensor.split(":")[0])
        if node is None or node.name in named:
            continue
        name = node.attr["f"].func.name
        if name in functions and data.count(name.encode()) == 2 and set(functions[name].attr) <= PLAIN_ATTRIBUTES:
            yield name, operations


def _check_nodes(folder: Path, nodes: list[NodeDef], allowed: frozenset[str], where: str) -> None:
    from tensorflow.core.framework import types_pb2

    for node in nodes:
        if node.op not in allowed:
            raise _refusal(folder, f"the operation {_shown(node.op)}{where}")
        # A constant that is a handle would point at what other models hold.
        if node.op == "Const" and node.attr["dtype"].type in (types_pb2.DT_RESOURCE, types_pb2.DT_VARIANT):
            raise _refusal(folder, f"a constant that is no array{where}")


def _shown(name: str) -> str:
    return name if name.isidentifier() and len(name) < 100 else ascii(name[:100])


def _refusal(folder: Path, found: str) -> ArtifactError:
    return ArtifactError(
        f"The SavedModel {folder} holds {found}, which can reach beyond the model, so TensorFlow does not open it: "
        f"save the network without it, or use a .keras or .tflite file of it."
    )
