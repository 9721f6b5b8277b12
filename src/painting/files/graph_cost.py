"""The cost of running an untrusted ONNX graph, computed before any runtime loads it, and the budget of a run.

Shapes and the values from which a graph computes shapes are followed through all operators, for every batch size.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from painting.errors import PaintingError
from painting.files import shape_rules, window_rules
from painting.files.onnx_graph import ELEMENT_TYPES, MAX_KNOWN_VALUES, Graph, Node, Tensor
from painting.files.protobuf import ProtobufError
from painting.files.shape_rules import Inputs, Known, Lengths, UnknownShape, given, need
from painting.files.shape_values import VALUE_RULES, Values, known_result

MAX_BATCH_SIZE = 16
"""Pictures of one run at most."""
MAX_RUN_ELEMENTS = 1 << 28
"""Elements of all tensors that a run computes, together: a bound of its memory, 1 GiB where they are float32."""
MAX_RUN_OPERATIONS = 1 << 35
"""Multiplications of a run, and 16 for each element that an operator reads or writes: a bound of its time."""
OPERATIONS_PER_ELEMENT = 16
MAX_RANK = 12
# ONNX's numbers of element types.
FLOAT32_ELEMENT = 1
UINT8_ELEMENT = 2
INT32_ELEMENT = 6
INT64_ELEMENT = 7
BOOL_ELEMENT = 9
SIGNED_INTEGERS = {INT32_ELEMENT, INT64_ELEMENT}

SAME_SHAPE = """
Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization BitwiseNot Cast CastLike Ceil Celu Clip Cos Cosh CumSum
DequantizeLinear Elu Erf Exp EyeLike Floor Gelu GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization
IsInf IsNaN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization MeanVarianceNormalization Mish Neg Not PRelu
QuantizeLinear RMSNormalization Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish
Tan Tanh ThresholdedRelu Trilu
""".split()
BROADCAST_OPERATORS = """
Add And BitShift BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul
Or Pow Sub Sum Where Xor
""".split()
REDUCING_OPERATORS = """
ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
""".split()
SHAPE_RULES: dict[str, shape_rules.ShapeRule] = {
    **dict.fromkeys(SAME_SHAPE, shape_rules.same),
    **dict.fromkeys(BROADCAST_OPERATORS, shape_rules.broadcast_all),
    **dict.fromkeys(REDUCING_OPERATORS, shape_rules.reduced),
    **dict.fromkeys(("ArgMax", "ArgMin"), shape_rules.arg_reduced),
    **dict.fromkeys(("AveragePool", "MaxPool"), window_rules.pooled),
    **dict.fromkeys(("GlobalAveragePool", "GlobalMaxPool"), window_rules.pooled_globally),
    **dict.fromkeys(("Conv", "ConvInteger"), window_rules.convolved),
    **dict.fromkeys(("MatMul", "MatMulInteger"), window_rules.product),
    "Concat": shape_rules.concatenated,
    "ConvTranspose": window_rules.convolved_back,
    "DepthToSpace": window_rules.depth_to_space,
    "Expand": shape_rules.expanded,
    "Flatten": shape_rules.flattened,
    "Gather": shape_rules.gathered,
    "GatherElements": lambda _, inputs: given(inputs, 1).lengths,
    "GatherND": shape_rules.gathered_nd,
    "Gemm": window_rules.general_product,
    "OneHot": shape_rules.one_hot,
    "Pad": shape_rules.padded,
    "QLinearConv": window_rules.convolved_integers,
    "QLinearMatMul": window_rules.product_of_quantized,
    "Range": shape_rules.counted,
    "Reshape": shape_rules.reshaped,
    "Resize": shape_rules.resized_lengths,
    "Slice": shape_rules.sliced,
    "SpaceToDepth": window_rules.space_to_depth,
    "Squeeze": shape_rules.squeezed,
    "Tile": shape_rules.tiled,
    "Transpose": shape_rules.transposed,
    "Unsqueeze": shape_rules.unsqueezed,
}
TRUTH_OPERATORS = "And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or Xor".split()
ELEMENT_RULES = {
    **dict.fromkeys(TRUTH_OPERATORS, BOOL_ELEMENT),
    **dict.fromkeys(("ArgMax", "ArgMin"), INT64_ELEMENT),
    **dict.fromkeys(("ConvInteger", "MatMulInteger"), INT32_ELEMENT),
    "QuantizeLinear": UINT8_ELEMENT,
    "DequantizeLinear": FLOAT32_ELEMENT,
}
"""Operators whose output's element type does not depend on their inputs."""
ELEMENT_INPUTS = {"Where": 1, "CastLike": 1, "OneHot": 2}
"""Operators whose output's element type is that of another input than the first."""


@dataclass
class RunCost:
    """Elements that a run computes, and operations that it takes."""

    elements: int = 0
    operations: int = 0

    @property
    def fits(self) -> bool:
        """Whether a run may cost as much."""
        return self.elements <= MAX_RUN_ELEMENTS and self.operations <= MAX_RUN_OPERATIONS


def affordable_batch(graph: Graph, error: type[PaintingError]) -> int:
    """The largest batch size, of at most 16, up to which every batch fits the budget of a run.

    Raises `error` where one picture does not, or where a shape cannot be told before the graph runs.
    """
    fixed = _walk_fixed(graph, error)
    for batch in range(1, MAX_BATCH_SIZE + 1):
        cost = _walk_batch(graph, batch, fixed, error).cost
        if not cost.fits and batch == 1:
            raise error(
                f"one picture takes {cost.elements:.2g} elements and {cost.operations:.2g} operations of its graph; "
                f"at most {MAX_RUN_ELEMENTS:.2g} and {MAX_RUN_OPERATIONS:.2g} are allowed"
            )
        if not cost.fits:
            return batch - 1
    return MAX_BATCH_SIZE


def run_cost(graph: Graph, batch: int, error: type[PaintingError]) -> RunCost:
    """The cost of a run of `batch` pictures; counting ends where it is beyond the budget. Raises `error`."""
    return _walk_batch(graph, batch, _walk_fixed(graph, error), error).cost


@dataclass
class _Walk:
    """Operators in their order, what is known of all tensors so far, and the cost."""

    nodes: list[Node]
    known: dict[str, Known]
    cost: RunCost

    def finish(self, error: type[PaintingError]) -> "_Walk":
        """Walk through the operators, as far as the budget goes."""
        for node in self.nodes:
            try:
                outputs = _count(node, self.known, self.cost)
            except (UnknownShape, ProtobufError, IndexError, OverflowError) as problem:
                raise error(f"its graph's {node.operator} is not understood: {problem}"[:200]) from problem
            for name, output in zip(node.outputs, outputs, strict=False):
                if name in self.known:
                    raise error(f"its graph computes {name[:100]!r} twice")
                self.known[name] = output
            if not self.cost.fits:
                break
        return self


def _walk_fixed(graph: Graph, error: type[PaintingError]) -> _Walk:
    """The part of a graph that depends on its weights alone, walked once for all batch sizes."""
    weights = {weight.name: _of_tensor(weight) for weight in graph.weights}
    if len(weights) != len(graph.weights) or weights.keys() & graph.inputs.keys():
        raise error("its graph has a weight twice, or one with the name of an input")
    depending = {id(node) for node in _depending_on_inputs(graph)}
    nodes = [node for node in graph.nodes if id(node) not in depending]
    return _Walk(nodes, weights, RunCost()).finish(error)


def _walk_batch(graph: Graph, batch: int, fixed: _Walk, error: type[PaintingError]) -> _Walk:
    number_of = {name: number for number, name in ELEMENT_TYPES.items()}
    inputs = {
        name: Known(tuple(length or batch for length in lengths), number_of.get(element, 0))
        for name, (element, lengths) in graph.inputs.items()
    }
    walk = _Walk(_depending_on_inputs(graph), fixed.known | inputs, replace(fixed.cost))
    return walk.finish(error) if walk.cost.fits else walk


def _depending_on_inputs(graph: Graph) -> list[Node]:
    names = set(graph.inputs)
    found = []
    for node in graph.nodes:
        if not names.isdisjoint(node.inputs):
            names.update(node.outputs)
            found.append(node)
    return found


def _count(node: Node, known: Mapping[str, Known], cost: RunCost) -> list[Known]:
    """What is known of an operator's outputs; its work is added to the cost."""
    inputs = [known.get(name) for name in node.inputs]
    read = 0
    for name, tensor in zip(node.inputs, inputs, strict=True):
        if tensor is None:
            need(not name, f"its input {name[:100]!r} is nowhere")
        else:
            read += tensor.size
    outputs = _outputs(node, inputs)
    written = outputs[0].size * max(0, len(node.outputs) - len(outputs))  # of those that nothing is known of
    for output in outputs:
        need(len(output.lengths) <= MAX_RANK, f"it has more than {MAX_RANK} axes")
        written += output.size
    work = window_rules.MULTIPLICATION_RULES.get(node.operator)
    cost.elements += written
    cost.operations += OPERATIONS_PER_ELEMENT * (written + read) + (work(node, inputs, outputs[0].size) if work else 0)
    return outputs


def _outputs(node: Node, inputs: Inputs) -> list[Known]:
    if node.operator in SOURCE_RULES:
        return [SOURCE_RULES[node.operator](node, inputs)]
    first = given(inputs, ELEMENT_INPUTS.get(node.operator, 0))
    if node.operator == "Split":
        return [Known(lengths, first.element) for lengths in window_rules.split_into_parts(node, inputs)]
    if node.operator == "TopK":
        values, places = window_rules.largest(node, inputs)
        return [Known(values, first.element), Known(places, INT64_ELEMENT)]
    if node.operator == "DynamicQuantizeLinear":
        return [Known(first.lengths, UINT8_ELEMENT), Known((), FLOAT32_ELEMENT), Known((), UINT8_ELEMENT)]
    lengths = SHAPE_RULES[node.operator](node, inputs)
    element = ELEMENT_RULES.get(node.operator, first.element)
    if node.operator == "Cast":
        element = node.number("to", 0)
    if node.operator == "Div" and first.element in SIGNED_INTEGERS:
        _check_divisor(given(inputs, 1).values)
    if node.operator not in VALUE_RULES:
        return [Known(lengths, element)]
    values_in = [None if tensor is None else tensor.values for tensor in inputs]
    return [Known(lengths, element, known_result(node, values_in, lengths))]


def _check_divisor(values: Values | None) -> None:
    """A whole number by 0 or the smallest by -1 ends the process: only known divisors are allowed."""
    need(values is not None and bool(np.all(values > 0)), "it divides whole numbers by others than constants above 0")


def _of_tensor(tensor: Tensor) -> Known:
    return Known(tensor.dims, tensor.element, tensor.values)


def _constant(node: Node, _: Inputs) -> Known:
    tensor = node.tensor("value")
    if tensor is not None:
        return _of_tensor(tensor)
    if "value_ints" in node.attributes:
        return _whole_numbers(np.array(node.numbers("value_ints"), np.int64))
    if "value_int" in node.attributes:
        return _whole_numbers(np.array(node.number("value_int", 0), np.int64))
    need("value_float" in node.attributes, "its value is not a tensor or a number")
    return Known((), FLOAT32_ELEMENT)


def _constant_of_shape(node: Node, inputs: Inputs) -> Known:
    lengths: Lengths = tuple(shape_rules.values_of(inputs, 0) or ())
    need(min(lengths, default=0) >= 0)
    fill = node.tensor("value")
    if fill is None or fill.values is None or math.prod(lengths) > MAX_KNOWN_VALUES:
        return Known(lengths, fill.element if fill else FLOAT32_ELEMENT)
    return Known(lengths, fill.element, np.broadcast_to(fill.values.reshape(-1)[:1], lengths))


def _shape(node: Node, inputs: Inputs) -> Known:
    lengths = given(inputs, 0).lengths
    end = node.number("end", len(lengths)) if "end" in node.attributes else None
    return _whole_numbers(np.array(lengths[node.number("start", 0) : end], np.int64))


def _size(_: Node, inputs: Inputs) -> Known:
    return _whole_numbers(np.array(given(inputs, 0).size, np.int64))


def _whole_numbers(values: Values) -> Known:
    return Known(values.shape, INT64_ELEMENT, values)


SOURCE_RULES = {"Constant": _constant, "ConstantOfShape": _constant_of_shape, "Shape": _shape, "Size": _size}
"""Operators whose output's values come from attributes or shapes."""
