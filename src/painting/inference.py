"""One way to run ONNX graphs: which are trusted, and with how many threads."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from painting.errors import PaintingError

if TYPE_CHECKING:
    from onnx import ModelProto, TypeProto
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

Signature = Mapping[str, tuple[str, tuple[int | None, ...]]]
"""Names of inputs or outputs → element type ("FLOAT", "INT64", "UINT8") and shape; None: any length."""

# Plain operators of ONNX itself: no control flow, no random numbers, no strings, nothing that reads files.
PLAIN_OPERATORS = frozenset(
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


def check_graph(model: bytes, inputs: Signature, outputs: Signature, error: type[PaintingError]) -> None:
    """Refuse an ONNX graph that is not plain, self-contained and of this signature by raising `error`."""
    import onnx

    try:
        proto = onnx.load_model_from_string(model)
    except Exception as problem:  # protobuf's own class depends on how it was built
        raise error("its graph is not ONNX") from problem
    _check_contents(proto, error)
    _check_signature("inputs", {value.name: value.type for value in proto.graph.input}, inputs, error)
    _check_signature("outputs", {value.name: value.type for value in proto.graph.output}, outputs, error)


def _check_contents(proto: "ModelProto", error: type[PaintingError]) -> None:
    graph = proto.graph
    domains = {node.domain for node in graph.node} | {opset.domain for opset in proto.opset_import}
    foreign = sorted(domains - {"", "ai.onnx"})
    if foreign or proto.functions:
        names = foreign or [function.name for function in proto.functions]
        raise error(f"its graph asks for custom operators ({', '.join(names)}), which are not allowed")
    unknown = sorted({node.op_type for node in graph.node} - PLAIN_OPERATORS)
    if unknown:
        raise error(f"its graph uses operators that are not allowed: {', '.join(unknown)[:200]}")
    attributes = [attribute for node in graph.node for attribute in node.attribute]
    if any(attribute.HasField("g") or attribute.graphs for attribute in attributes):
        raise error("its graph contains graphs inside operators, which are not allowed")
    tensors = [*graph.initializer, *(attribute.t for attribute in attributes if attribute.HasField("t"))]
    if any(tensor.external_data or tensor.data_location for tensor in tensors) or graph.sparse_initializer:
        raise error("its graph keeps weights outside itself, which is not allowed")


def _check_signature(
    side: str, found: "Mapping[str, TypeProto]", wanted: Signature, error: type[PaintingError]
) -> None:
    if set(found) != set(wanted):
        raise error(f"its graph's {side} are {sorted(found)} where {sorted(wanted)} are needed")
    for name, (element, shape) in wanted.items():
        said = _describe(found[name])
        if said[0] != element or len(said[1]) != len(shape):
            raise error(f"its graph's {side[:-1]} '{name}' is {said[0]}{said[1]} where {element}{shape} is needed")
        if any(b is not None and a not in (b, None) for a, b in zip(said[1], shape, strict=True)):
            raise error(f"its graph's {side[:-1]} '{name}' has shape {said[1]} where {shape} is needed")


def _describe(kind: "TypeProto") -> tuple[str, tuple[int | None, ...]]:
    from onnx import TensorProto

    tensor = kind.tensor_type
    shape = tuple(axis.dim_value if axis.HasField("dim_value") else None for axis in tensor.shape.dim)
    return TensorProto.DataType.Name(tensor.elem_type), shape


def available_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def open_session(model: bytes, threads: int | None, error: type[PaintingError]) -> "InferenceSession":
    """Make an ONNX graph runnable on the CPU with `threads` threads (None: one a core that we may use).

    Raises `error` when ONNX Runtime refuses the graph.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.inter_op_num_threads = 1
    # Spinning threads burn the cores that the server's other threads, and other programs, could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what is wrong is raised and told once, by us
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as problem:  # ONNX Runtime's own classes share no base but Exception
        raise error(f"ONNX Runtime cannot run its graph: {_first_line(problem)}") from problem


def _first_line(problem: Exception) -> str:
    lines = str(problem).splitlines()
    return lines[0][:200] if lines else type(problem).__name__
