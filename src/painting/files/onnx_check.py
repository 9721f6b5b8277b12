"""Safety check of untrusted ONNX graphs: standard operators only, self-contained, with the expected signature."""

from collections.abc import Mapping

from painting.errors import PaintingError
from painting.files.protobuf import Message, ProtobufError

Signature = Mapping[str, tuple[str, tuple[int | None, ...]]]
"""Names of inputs or outputs → element type and shape; None: any length."""

ELEMENT_TYPES = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64"}

# Standard operators of ONNX itself: no control flow, no random numbers, no strings, nothing that reads files.
ALLOWED_OPERATORS = frozenset(
    """
    Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitwiseAnd BitwiseNot
    BitwiseOr BitwiseXor BitShift Cast CastLike Ceil Celu Clip Concat Constant ConstantOfShape Conv ConvInteger
    ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div DynamicQuantizeLinear Elu Equal Erf Exp Expand
    EyeLike Flatten Floor Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater
    GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization IsInf IsNaN
    LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization MatMul MatMulInteger Max MaxPool Mean
    MeanVarianceNormalization Min Mish Mod Mul Neg NonZero Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul
    QuantizeLinear RMSNormalization Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round Selu Shape Sigmoid Sign Sin
    Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu
    Tile TopK Transpose Trilu Unsqueeze Where Xor
    """.split()
)


class _Model:
    """Field numbers of onnx.proto that the check reads, message by message."""

    GRAPH, OPSETS, TRAINING, FUNCTIONS = 7, 8, 20, 25


class _Graph:
    NODES, INITIALIZERS, INPUTS, OUTPUTS, SPARSE_INITIALIZERS = 1, 5, 11, 12, 15


class _Node:
    OPERATOR, ATTRIBUTES, DOMAIN = 4, 5, 7


class _Attribute:
    TENSOR, GRAPH, TENSORS, GRAPHS, SPARSE_TENSOR, SPARSE_TENSORS = 5, 6, 10, 11, 22, 23


class _Tensor:
    EXTERNAL_DATA, DATA_LOCATION = 13, 14


class _Value:
    NAME, TYPE = 1, 2
    TENSOR_TYPE, ELEMENT, SHAPE = 1, 1, 2
    AXES, LENGTH = 1, 1


OPSET_DOMAIN = 1


def check_graph(model: bytes, inputs: Signature, outputs: Signature, error: type[PaintingError]) -> None:
    """Raise `error` unless an ONNX graph has standard operators only, is self-contained and has this signature."""
    try:
        proto = Message(memoryview(model))
        if not proto.has(_Model.GRAPH) or not proto.has(_Model.OPSETS):
            raise error("its graph is not ONNX")
        graph = proto.message(_Model.GRAPH)
        nodes = graph.messages(_Graph.NODES)
        _check_operators(proto, nodes, error)
        _check_weights(graph, nodes, error)
        _check_signature("inputs", graph.messages(_Graph.INPUTS), inputs, error)
        _check_signature("outputs", graph.messages(_Graph.OUTPUTS), outputs, error)
    except (ProtobufError, UnicodeDecodeError) as problem:
        raise error("its graph is not ONNX") from problem


def _check_operators(proto: Message, nodes: list[Message], error: type[PaintingError]) -> None:
    domains = {node.text(_Node.DOMAIN) for node in nodes}
    domains |= {opset.text(OPSET_DOMAIN) for opset in proto.messages(_Model.OPSETS)}
    foreign = sorted(domains - {"", "ai.onnx"})
    if foreign or proto.has(_Model.FUNCTIONS) or proto.has(_Model.TRAINING):
        names = ", ".join(foreign)[:200] or "functions of its own"
        raise error(f"its graph uses custom operators ({names}), which are not allowed")
    unknown = sorted({node.text(_Node.OPERATOR) for node in nodes} - ALLOWED_OPERATORS)
    if unknown:
        raise error(f"its graph uses operators that are not allowed: {', '.join(unknown)[:200]}")


def _check_weights(graph: Message, nodes: list[Message], error: type[PaintingError]) -> None:
    tensors = graph.messages(_Graph.INITIALIZERS)
    for attribute in (attribute for node in nodes for attribute in node.messages(_Node.ATTRIBUTES)):
        if attribute.has(_Attribute.GRAPH) or attribute.has(_Attribute.GRAPHS):
            raise error("its graph contains graphs inside operators, which are not allowed")
        if attribute.has(_Attribute.SPARSE_TENSOR) or attribute.has(_Attribute.SPARSE_TENSORS):
            raise error("its graph contains sparse weights, which are not allowed")
        tensors += attribute.messages(_Attribute.TENSOR) + attribute.messages(_Attribute.TENSORS)
    if graph.has(_Graph.SPARSE_INITIALIZERS):
        raise error("its graph contains sparse weights, which are not allowed")
    if any(tensor.has(_Tensor.EXTERNAL_DATA) or tensor.number(_Tensor.DATA_LOCATION) for tensor in tensors):
        raise error("its graph keeps weights outside itself, which is not allowed")


def _check_signature(side: str, values: list[Message], expected: Signature, error: type[PaintingError]) -> None:
    found = {value.text(_Value.NAME): _describe(value) for value in values}
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


def _describe(value: Message) -> tuple[str, tuple[int | None, ...]]:
    tensor = value.message(_Value.TYPE).message(_Value.TENSOR_TYPE)
    axes = tensor.message(_Value.SHAPE).messages(_Value.AXES)
    element = tensor.number(_Value.ELEMENT)
    return ELEMENT_TYPES.get(element or 0, "another type"), tuple(axis.number(_Value.LENGTH) for axis in axes)
