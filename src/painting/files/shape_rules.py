"""Shapes of operators' outputs, exactly as runtimes compute them, from the shapes and known values of their inputs."""

import math
from collections.abc import Callable, Sequence
from itertools import zip_longest

import numpy as np

from painting.files.onnx_graph import Node
from painting.files.shape_values import Values, slice_places

Lengths = tuple[int, ...]
MAX_STEP = 1 << 31  # of a slice


class UnknownShape(ValueError):
    """Lengths of an operator's output that depend on what it computes, or inputs that do not fit together."""


class Known:
    """What is known of a tensor before a graph runs: its lengths, element type (ONNX's number) and perhaps values."""

    __slots__ = ("element", "lengths", "size", "values")

    def __init__(self, lengths: Lengths, element: int, values: Values | None = None) -> None:
        self.lengths = lengths
        self.element = element
        self.values = values
        self.size = math.prod(lengths)


Inputs = Sequence[Known | None]


def need(condition: bool, message: str = "its inputs do not fit together") -> None:
    """Raise UnknownShape unless the condition holds."""
    if not condition:
        raise UnknownShape(message)


def given(inputs: Inputs, place: int) -> Known:
    """An input that must be there."""
    found = inputs[place] if place < len(inputs) else None
    if found is None:
        raise UnknownShape("an input is missing")
    return found


def lengths_of(inputs: Inputs, place: int) -> Lengths:
    """The lengths of an input that must be there."""
    return given(inputs, place).lengths


def values_of(inputs: Inputs, place: int) -> list[int] | None:
    """The known whole numbers of an input, None where it is left out; raises UnknownShape."""
    if place >= len(inputs) or inputs[place] is None:
        return None
    values = given(inputs, place).values
    if values is None:
        raise UnknownShape("a length is computed while it runs")
    return [int(value) for value in values.reshape(-1)]


def axis_of(axis: int, rank: int) -> int:
    """An axis counted from 0; raises UnknownShape beyond the rank."""
    need(-rank <= axis < rank, f"axis {axis} of {rank}")
    return axis % rank


def broadcast(*shapes: Lengths) -> Lengths:
    """The lengths of tensors of these lengths together, as numpy has it."""
    reverse = []
    for together in zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        longer = {length for length in together if length != 1}
        need(len(longer) <= 1)
        reverse.append(longer.pop() if longer else 1)
    return tuple(reverse[::-1])


def broadcast_all(_: Node, inputs: Inputs) -> Lengths:
    """Element by element, of several tensors."""
    return broadcast(*(tensor.lengths for tensor in inputs if tensor))


def same(_: Node, inputs: Inputs) -> Lengths:
    """Element by element, of the first tensor."""
    return lengths_of(inputs, 0)


def reduced(node: Node, inputs: Inputs) -> Lengths:
    """A sum, mean or extreme over axes, which are an attribute or the second input."""
    lengths = lengths_of(inputs, 0)
    named = node.numbers("axes") or values_of(inputs, 1)
    if not named and node.number("noop_with_empty_axes", 0):
        return lengths
    axes = {axis_of(axis, len(lengths)) for axis in named} if named else set(range(len(lengths)))
    return _without(lengths, axes, node)


def arg_reduced(node: Node, inputs: Inputs) -> Lengths:
    """The place of an extreme along one axis."""
    lengths = lengths_of(inputs, 0)
    return _without(lengths, {axis_of(node.number("axis", 0), len(lengths))}, node)


def _without(lengths: Lengths, axes: set[int], node: Node) -> Lengths:
    if node.number("keepdims", 1):
        return tuple(1 if axis in axes else length for axis, length in enumerate(lengths))
    return tuple(length for axis, length in enumerate(lengths) if axis not in axes)


def concatenated(node: Node, inputs: Inputs) -> Lengths:
    """Tensors one behind the other."""
    shapes = [tensor.lengths for tensor in inputs if tensor]
    need(bool(shapes))
    axis = axis_of(node.number("axis", 0), len(shapes[0]))
    need(len({(*shape[:axis], -1, *shape[axis + 1 :]) for shape in shapes}) == 1)
    return (*shapes[0][:axis], sum(shape[axis] for shape in shapes), *shapes[0][axis + 1 :])


def expanded(_: Node, inputs: Inputs) -> Lengths:
    """A tensor repeated to given lengths."""
    wanted = tuple(values_of(inputs, 1) or ())
    need(min(wanted, default=0) >= 0)
    return broadcast(lengths_of(inputs, 0), wanted)


def flattened(node: Node, inputs: Inputs) -> Lengths:
    """Two axes of many."""
    lengths = lengths_of(inputs, 0)
    axis = node.number("axis", 1)
    need(-len(lengths) <= axis <= len(lengths))
    axis += len(lengths) if axis < 0 else 0
    return math.prod(lengths[:axis]), math.prod(lengths[axis:])


def gathered(node: Node, inputs: Inputs) -> Lengths:
    """Rows by their numbers."""
    lengths = lengths_of(inputs, 0)
    axis = axis_of(node.number("axis", 0), len(lengths))
    return (*lengths[:axis], *lengths_of(inputs, 1), *lengths[axis + 1 :])


def gathered_nd(node: Node, inputs: Inputs) -> Lengths:
    """Slices by their places."""
    lengths, places = lengths_of(inputs, 0), lengths_of(inputs, 1)
    batch = node.number("batch_dims", 0)
    need(bool(places) and batch >= 0 and batch + places[-1] <= len(lengths))
    return (*places[:-1], *lengths[batch + places[-1] :])


def one_hot(node: Node, inputs: Inputs) -> Lengths:
    """A row of zeros and a one for each number."""
    lengths = lengths_of(inputs, 0)
    depth = values_of(inputs, 1) or [0]
    need(len(depth) == 1 and depth[0] > 0)
    axis = axis_of(node.number("axis", -1), len(lengths) + 1)
    return (*lengths[:axis], depth[0], *lengths[axis:])


def padded(node: Node, inputs: Inputs) -> Lengths:
    """Borders added or cut off."""
    lengths = list(lengths_of(inputs, 0))
    pads = values_of(inputs, 1) or []
    axes = values_of(inputs, 3)
    axes = list(range(len(lengths))) if axes is None else [axis_of(axis, len(lengths)) for axis in axes]
    need(len(pads) == 2 * len(axes) and len(set(axes)) == len(axes))
    for axis, before, behind in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        lengths[axis] += before + behind
    need(min(lengths, default=0) >= 0)
    return tuple(lengths)


def counted(_: Node, inputs: Inputs) -> Lengths:
    """A range of numbers."""
    ends = [given(inputs, place).values for place in range(3)]
    if any(values is None for values in ends):
        raise UnknownShape("a length is computed while it runs")
    start, limit, step = (float(values.reshape(-1)[0]) for values in ends if values is not None and values.size == 1)
    need(step != 0 and math.isfinite((limit - start) / step))
    return (max(0, math.ceil((limit - start) / step)),)


def reshaped(node: Node, inputs: Inputs) -> Lengths:
    """Other lengths for the same elements: 0 is the input's, -1 what is left."""
    tensor = given(inputs, 0)
    wanted = values_of(inputs, 1) or []
    lengths = []
    for axis, length in enumerate(wanted):
        if length == 0 and not node.number("allowzero", 0):
            need(axis < len(tensor.lengths))
            length = tensor.lengths[axis]
        lengths.append(length)
    need(lengths.count(-1) <= 1 and min(lengths, default=0) >= -1)
    rest = math.prod(length for length in lengths if length != -1)
    if -1 in lengths:
        need(rest > 0 and tensor.size % rest == 0)
        lengths[lengths.index(-1)] = tensor.size // rest
    need(math.prod(lengths) == tensor.size)
    return tuple(lengths)


def resized_lengths(node: Node, inputs: Inputs) -> Lengths:
    """A picture of another size, by sizes or by scales in single precision."""
    lengths = lengths_of(inputs, 0)
    need(node.text("keep_aspect_ratio_policy", "stretch") == "stretch", "its size depends on another")
    axes = [axis_of(axis, len(lengths)) for axis in node.numbers("axes")] or list(range(len(lengths)))
    sizes = values_of(inputs, 3)
    if sizes is None:
        scales = given(inputs, 2).values
        need(scales is not None and scales.size == len(axes), "a length is computed while it runs")
        factors = np.asarray(scales, np.float32).reshape(-1)
        need(bool(np.isfinite(factors).all() and (factors > 0).all()))
        sizes = [int(factor * np.float32(lengths[axis])) for axis, factor in zip(axes, factors, strict=True)]
    need(len(sizes) == len(axes) and min(sizes, default=0) >= 0)
    by_axis = dict(zip(axes, sizes, strict=True))
    return tuple(by_axis.get(axis, length) for axis, length in enumerate(lengths))


def sliced(_: Node, inputs: Inputs) -> Lengths:
    """A part of each axis."""
    lengths = list(lengths_of(inputs, 0))
    starts, ends = values_of(inputs, 1) or [], values_of(inputs, 2) or []
    axes = values_of(inputs, 3) or list(range(len(starts)))
    steps = values_of(inputs, 4) or [1] * len(starts)
    need(len(starts) == len(ends) == len(axes) == len(steps) and all(0 < abs(step) <= MAX_STEP for step in steps))
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        need(step > 0 or end < MAX_STEP - 1, "it goes backwards to an end beyond all")  # runtimes differ
        axis = axis_of(axis, len(lengths))
        lengths[axis] = len(slice_places(lengths[axis], start, end, step))
    return tuple(lengths)


def squeezed(_: Node, inputs: Inputs) -> Lengths:
    """Without axes of length 1."""
    lengths = lengths_of(inputs, 0)
    named = values_of(inputs, 1)
    if named is None:
        return tuple(length for length in lengths if length != 1)
    axes = {axis_of(axis, len(lengths)) for axis in named}
    need(all(lengths[axis] == 1 for axis in axes))
    return tuple(length for axis, length in enumerate(lengths) if axis not in axes)


def unsqueezed(_: Node, inputs: Inputs) -> Lengths:
    """With more axes of length 1."""
    lengths = lengths_of(inputs, 0)
    named = values_of(inputs, 1) or []
    rank = len(lengths) + len(named)
    axes = {axis_of(axis, rank) for axis in named}
    need(len(axes) == len(named))
    rest = iter(lengths)
    return tuple(1 if axis in axes else next(rest) for axis in range(rank))


def tiled(_: Node, inputs: Inputs) -> Lengths:
    """Repeated along each axis."""
    lengths, repeats = lengths_of(inputs, 0), values_of(inputs, 1) or []
    need(len(repeats) == len(lengths) and min(repeats, default=0) >= 0)
    return tuple(length * times for length, times in zip(lengths, repeats, strict=True))


def transposed(node: Node, inputs: Inputs) -> Lengths:
    """The axes in another order."""
    lengths = lengths_of(inputs, 0)
    order = node.numbers("perm") or list(range(len(lengths)))[::-1]
    need(sorted(order) == list(range(len(lengths))))
    return tuple(lengths[axis] for axis in order)


ShapeRule = Callable[[Node, Inputs], Lengths]
