"""Values of small tensors of whole numbers, from which a graph computes lengths, without running it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.files.onnx_graph import ELEMENT_TYPES, LENGTH_TYPES, MAX_KNOWN_VALUES, Node

Values = NDArray[Any]
MAX_EXACT = 2.0**53  # beyond, sums and products may differ between machines


def known_result(node: Node, inputs: Sequence[Values | None], shape: Sequence[int]) -> Values | None:
    """The values of an operator's first output of this shape; None where they are not known, or not exactly."""
    if not inputs or any(values is None for values in inputs) or np.prod(shape) > MAX_KNOWN_VALUES:
        return None
    known = [values for values in inputs if values is not None]
    with np.errstate(all="ignore"):
        if node.operator in ARITHMETIC_OPERATORS and not _exact(node, known):
            return None
        result = np.asarray(VALUE_RULES[node.operator](node, known))
    if result.dtype.kind == "f" and not np.isfinite(result).all():
        return None
    return np.broadcast_to(result, shape) if node.operator == "Expand" else result.reshape(shape)


def _exact(node: Node, inputs: list[Values]) -> bool:
    """Whether whole numbers give a result that no machine rounds or wraps."""
    if any(values.dtype.kind == "f" for values in inputs):
        return False
    about = VALUE_RULES[node.operator](node, [values.astype(np.float64) for values in inputs])
    return bool((np.abs(about) <= MAX_EXACT).all())


def _cast(node: Node, inputs: list[Values]) -> Values:
    (values,) = inputs
    name = ELEMENT_TYPES.get(node.number("to", 0), "")
    if name not in LENGTH_TYPES or (values.dtype.kind == "f" and not (np.abs(values) <= MAX_EXACT).all()):
        return np.array(np.nan)
    return values.astype(name)


def _gather(node: Node, inputs: list[Values]) -> Values:
    values, places = inputs
    axis = node.number("axis", 0)
    count = values.shape[axis] if values.ndim else 0
    if not ((places >= -count) & (places < count)).all():
        return np.array(np.nan)
    taken: Values = np.take(values, places.astype(np.int64), axis)
    return taken


def slice_places(length: int, start: int, end: int, step: int) -> range:
    """The places that a slice takes of an axis; its ends are clamped as ONNX has it."""
    start += length if start < 0 else 0
    end += length if end < 0 else 0
    if step < 0:
        return range(min(max(start, 0), length - 1), min(max(end, -1), length - 1), step)
    return range(min(max(start, 0), length), min(max(end, 0), length), step)


def _slice(_: Node, inputs: list[Values]) -> Values:
    values, starts, ends, *rest = inputs
    axes = rest[0] if rest else np.arange(len(starts))
    steps = rest[1] if len(rest) > 1 else np.ones(len(starts), np.int64)
    for start, end, axis, step in zip(starts.tolist(), ends.tolist(), axes.tolist(), steps.tolist(), strict=True):
        places = slice_places(values.shape[axis], start, end, step)
        values = np.take(values, np.array(places, np.int64), axis)
    return values


def _divide(_: Node, inputs: list[Values]) -> Values:
    """Division towards zero, as runtimes do it."""
    one, other = inputs
    quotient = np.floor_divide(np.abs(one), np.abs(other)) if np.all(other) else np.array(np.nan)
    return quotient * np.sign(one) * np.sign(other)


VALUE_RULES: dict[str, Callable[[Node, list[Values]], Any]] = {
    "Identity": lambda _, inputs: inputs[0],
    "Cast": _cast,
    "Reshape": lambda _, inputs: inputs[0],
    "Squeeze": lambda _, inputs: inputs[0],
    "Unsqueeze": lambda _, inputs: inputs[0],
    "Expand": lambda _, inputs: inputs[0],
    "Gather": _gather,
    "Slice": _slice,
    "Concat": lambda node, inputs: np.concatenate(inputs, node.number("axis", 0)),
    "Add": lambda _, inputs: inputs[0] + inputs[1],
    "Sub": lambda _, inputs: inputs[0] - inputs[1],
    "Mul": lambda _, inputs: inputs[0] * inputs[1],
    "Div": _divide,
    "Neg": lambda _, inputs: -inputs[0],
    "Max": lambda _, inputs: np.maximum.reduce(np.broadcast_arrays(*inputs)),
    "Min": lambda _, inputs: np.minimum.reduce(np.broadcast_arrays(*inputs)),
    "Equal": lambda _, inputs: inputs[0] == inputs[1],
    "Not": lambda _, inputs: ~inputs[0],
    "Where": lambda _, inputs: np.where(*inputs),
}
ARITHMETIC_OPERATORS = {"Add", "Sub", "Mul", "Div", "Neg", "Max", "Min"}
"""Operators whose results are known exactly for whole numbers alone."""
