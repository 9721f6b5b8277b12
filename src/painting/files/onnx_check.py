"""Safety check of untrusted ONNX graphs: standard operators only, self-contained, with the expected signature."""

from collections.abc import Mapping

from painting.errors import PaintingError
from painting.files.onnx_graph import Graph, Shape, parse_graph
from painting.files.protobuf import ProtobufError

Signature = Mapping[str, tuple[str, Shape]]
"""Names of inputs or outputs → element type and shape; None: any length."""

MAX_NODES = 8192
"""Operators of a graph, and weights: a runtime's time to load them grows with the square of their number."""
OPSET_VERSIONS = range(13, 26)  # of ONNX: older and newer ones have other rules

# Standard operators of ONNX itself: no control flow, no random numbers, no strings, nothing that reads files.
ALLOWED_OPERATORS = frozenset(
    """
    Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitwiseAnd BitwiseNot
    BitwiseOr BitwiseXor BitShift Cast CastLike Ceil Celu Clip Concat Constant ConstantOfShape Conv ConvInteger
    ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div DynamicQuantizeLinear Elu Equal Erf Exp Expand
    EyeLike Flatten Floor Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater
    GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization IsInf IsNaN
    LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization MatMul MatMulInteger Max MaxPool Mean
    MeanVarianceNormalization Min Mish Mod Mul Neg Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul
    QuantizeLinear RMSNormalization Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round Selu Shape Sigmoid Sign Sin
    Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu
    Tile TopK Transpose Trilu Unsqueeze Where Xor
    """.split()
)


def check_graph(model: bytes, inputs: Signature, outputs: Signature, error: type[PaintingError]) -> Graph:
    """Read an ONNX graph of standard operators only that is self-contained and has this signature, or raise `error`."""
    try:
        graph = parse_graph(model, MAX_NODES)
        _check_operators(graph, error)
        _check_weights(graph, error)
    except (ProtobufError, UnicodeDecodeError) as problem:
        raise error(f"its graph is not ONNX that can be read: {problem}"[:200]) from problem
    _check_signature("inputs", graph.inputs, inputs, error)
    _check_signature("outputs", graph.outputs, outputs, error)
    return graph


def _check_operators(graph: Graph, error: type[PaintingError]) -> None:
    domains = {node.domain for node in graph.nodes} | set(graph.opsets)
    foreign = sorted(domains - {"", "ai.onnx"})
    if foreign or graph.extended:
        names = ", ".join(foreign)[:200] or "functions of its own"
        raise error(f"its graph uses custom operators ({names}), which are not allowed")
    unknown = sorted({node.operator for node in graph.nodes} - ALLOWED_OPERATORS)
    if unknown:
        raise error(f"its graph uses operators that are not allowed: {', '.join(unknown)[:200]}")
    versions = [version for version in graph.opsets.values() if version not in OPSET_VERSIONS]
    if versions:
        raise error(f"its graph is of ONNX's operator set {versions[0]}; 13 to {OPSET_VERSIONS[-1]} are read")


def _check_weights(graph: Graph, error: type[PaintingError]) -> None:
    if any(node.holds_graphs for node in graph.nodes):
        raise error("its graph contains graphs inside operators, which are not allowed")
    if graph.sparse or any(node.holds_sparse_weights for node in graph.nodes):
        raise error("its graph contains sparse weights, which are not allowed")
    constants = [tensor for node in graph.nodes for tensor in node.tensors()]
    if any(tensor.external for tensor in [*graph.weights, *constants]):
        raise error("its graph keeps weights outside itself, which is not allowed")


def _check_signature(
    side: str, found: Mapping[str, tuple[str, Shape]], expected: Signature, error: type[PaintingError]
) -> None:
    if set(found) != set(expected):
        raise error(f"its graph's {side} are {sorted(found)}, expected {sorted(expected)}"[:300])
    for name, (element, shape) in expected.items():
        actual_element, actual_shape = found[name]
        fits = len(actual_shape) == len(shape) and all(
            length is None or actual in (length, None) for actual, length in zip(actual_shape, shape, strict=True)
        )
        if actual_element != element or not fits:
            actual = f"{actual_element} {actual_shape}"
            raise error(f"its graph's {side[:-1]} '{name}' is {actual}, expected {element} {shape}"[:300])
