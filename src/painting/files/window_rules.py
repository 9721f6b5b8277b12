"""Shapes and multiplications of convolutions, pools and products, exactly as runtimes compute them.

C channels, M output channels, G groups; k lengths of a kernel.
"""

import math
from collections.abc import Callable

from painting.files.onnx_graph import Node
from painting.files.shape_rules import Inputs, Lengths, UnknownShape, axis_of, broadcast, lengths_of, need


def _spatial(node: Node, lengths: Lengths, kernel: Lengths) -> Lengths:
    """The places of a window of these lengths over all axes but the first two."""
    rank = len(lengths) - 2
    strides = node.numbers("strides") or [1] * rank
    dilations = node.numbers("dilations") or [1] * rank
    pads = node.numbers("pads") or [0] * (2 * rank)
    need(rank == len(kernel) == len(strides) == len(dilations) and len(pads) == 2 * rank)
    need(min([*kernel, *strides, *dilations], default=1) >= 1 and min(pads, default=0) >= 0)
    padding = node.text("auto_pad", "NOTSET")
    found = []
    for axis, length in enumerate(lengths[2:]):
        if padding in ("SAME_UPPER", "SAME_LOWER"):
            found.append(-(-length // strides[axis]))
            continue
        around = pads[axis] + pads[rank + axis] if padding == "NOTSET" else 0
        window = dilations[axis] * (kernel[axis] - 1) + 1
        need(length + around >= window)
        found.append((length + around - window) // strides[axis] + 1)
    return tuple(found)


def convolved(node: Node, inputs: Inputs, weights: int = 1) -> Lengths:
    """A convolution of (N, C, …) with (M, C / G, *k), which is the input at the place `weights`."""
    lengths, kernels = lengths_of(inputs, 0), lengths_of(inputs, weights)
    need(len(lengths) == len(kernels) >= 3)
    return (lengths[0], kernels[0], *_spatial(node, lengths, kernels[2:]))


def convolved_integers(node: Node, inputs: Inputs) -> Lengths:
    """A convolution of quantized tensors, each followed by its scale and zero point."""
    return convolved(node, inputs, 3)


def convolved_back(node: Node, inputs: Inputs) -> Lengths:
    """A transposed convolution of (N, C, …) with (C, M / G, *k)."""
    lengths, kernels = lengths_of(inputs, 0), lengths_of(inputs, 1)
    rank = len(lengths) - 2
    need(len(lengths) == len(kernels) and rank >= 1)
    strides = node.numbers("strides") or [1] * rank
    dilations = node.numbers("dilations") or [1] * rank
    pads = node.numbers("pads") or [0] * (2 * rank)
    more = node.numbers("output_padding") or [0] * rank
    need(len(strides) == len(dilations) == len(more) == rank and len(pads) == 2 * rank)
    need(min([*kernels, *strides, *dilations]) >= 1 and min([*pads, *more]) >= 0)
    need(not node.numbers("output_shape") and node.text("auto_pad", "NOTSET") == "NOTSET", "its padding is not plain")
    found = [
        strides[axis] * (lengths[2 + axis] - 1)
        + more[axis]
        + dilations[axis] * (kernels[2 + axis] - 1)
        + 1
        - pads[axis]
        - pads[rank + axis]
        for axis in range(rank)
    ]
    need(min(found) >= 0)
    return (lengths[0], kernels[1] * node.number("group", 1), *found)


def pooled(node: Node, inputs: Inputs) -> Lengths:
    """The mean or extreme under a window."""
    lengths = lengths_of(inputs, 0)
    need(not node.number("ceil_mode", 0), "its size is rounded up")
    return (*lengths[:2], *_spatial(node, lengths, tuple(node.numbers("kernel_shape"))))


def pooled_globally(_: Node, inputs: Inputs) -> Lengths:
    """The mean or extreme of each channel."""
    lengths = lengths_of(inputs, 0)
    return (*lengths[:2], *(1 for _ in lengths[2:]))


def depth_to_space(node: Node, inputs: Inputs) -> Lengths:
    """Channels laid out as squares of pixels."""
    lengths, side = lengths_of(inputs, 0), node.number("blocksize", 0)
    need(len(lengths) == 4 and side >= 1 and lengths[1] % side**2 == 0)
    return (lengths[0], lengths[1] // side**2, lengths[2] * side, lengths[3] * side)


def space_to_depth(node: Node, inputs: Inputs) -> Lengths:
    """Squares of pixels laid out as channels."""
    lengths, side = lengths_of(inputs, 0), node.number("blocksize", 0)
    need(len(lengths) == 4 and side >= 1 and lengths[2] % side == lengths[3] % side == 0)
    return (lengths[0], lengths[1] * side**2, lengths[2] // side, lengths[3] // side)


def general_product(node: Node, inputs: Inputs) -> Lengths:
    """A product of two matrices, each perhaps transposed, and a bias."""
    one, other = lengths_of(inputs, 0), lengths_of(inputs, 1)
    need(len(one) == len(other) == 2)
    rows, inner = one[::-1] if node.number("transA", 0) else one
    inner_too, columns = other[::-1] if node.number("transB", 0) else other
    need(inner == inner_too)
    return rows, columns


def product(_: Node, inputs: Inputs, second: int = 1) -> Lengths:
    """Products of matrices, as numpy has it, of the inputs at places 0 and `second`."""
    one, other = lengths_of(inputs, 0), lengths_of(inputs, second)
    need(bool(one) and bool(other))
    rows, columns = one[-2:-1], other[-1:] if len(other) > 1 else ()
    need(one[-1] == (other[-2] if len(other) > 1 else other[0]))
    return (*broadcast(one[:-2], other[:-2]), *rows, *columns)


def product_of_quantized(node: Node, inputs: Inputs) -> Lengths:
    """Products of quantized matrices, each followed by its scale and zero point."""
    return product(node, inputs, 3)


def split_into_parts(node: Node, inputs: Inputs) -> list[Lengths]:
    """The parts of an axis, of given lengths, or of equal ones but the last."""
    lengths = lengths_of(inputs, 0)
    axis = axis_of(node.number("axis", 0), len(lengths))
    count = len(node.outputs)
    parts = [int(part) for part in _values(inputs)] if len(inputs) > 1 and inputs[1] else []
    if not parts:
        most = -(-lengths[axis] // count)
        parts = [most] * (count - 1) + [lengths[axis] - most * (count - 1)]
    need(len(parts) == count and min(parts) >= 0 and sum(parts) == lengths[axis])
    return [(*lengths[:axis], part, *lengths[axis + 1 :]) for part in parts]


def largest(node: Node, inputs: Inputs) -> list[Lengths]:
    """The K largest along an axis, and their places."""
    lengths = lengths_of(inputs, 0)
    axis = axis_of(node.number("axis", -1), len(lengths))
    count = _values(inputs)
    need(len(count) == 1 and 0 <= count[0] <= lengths[axis])
    return [(*lengths[:axis], count[0], *lengths[axis + 1 :])] * 2


def _values(inputs: Inputs) -> list[int]:
    tensor = inputs[1] if len(inputs) > 1 else None
    if tensor is None or tensor.values is None:
        raise UnknownShape("a length is computed while it runs")
    return [int(value) for value in tensor.values.reshape(-1)]


def _per_output(weights: int) -> Callable[[Node, Inputs, int], int]:
    return lambda node, inputs, size: size * math.prod(lengths_of(inputs, weights)[1:])


def _per_input(node: Node, inputs: Inputs, size: int) -> int:
    return math.prod(lengths_of(inputs, 0)) * math.prod(lengths_of(inputs, 1)[1:])


def _inner(node: Node, inputs: Inputs, size: int) -> int:
    lengths = lengths_of(inputs, 0)
    return size * (lengths[0] if node.number("transA", 0) else lengths[-1])


MULTIPLICATION_RULES: dict[str, Callable[[Node, Inputs, int], int]] = {
    "Conv": _per_output(1),
    "ConvInteger": _per_output(1),
    "QLinearConv": _per_output(3),
    "ConvTranspose": _per_input,
    "Gemm": _inner,
    "MatMul": _inner,
    "MatMulInteger": _inner,
    "QLinearMatMul": _inner,
    "MaxPool": lambda node, _, size: size * math.prod(node.numbers("kernel_shape")),
    "AveragePool": lambda node, _, size: size * math.prod(node.numbers("kernel_shape")),
}
"""Operators that do more for an element than a few steps → that work, from their inputs and their output's size."""
