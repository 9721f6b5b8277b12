"""Fusion of per-channel scale and shift in a graph: one BatchNormalization for a Mul and an Add, none for an identity.

A normalisation is exported with a Mul and an Add of one number a channel behind it, and ONNX Runtime passes through the
feature maps for each. As a BatchNormalization at inference (mean 0, variance 1, ε 0) both are one pass; the scale 1 and
shift 0 of a normalisation without weights of its own need none.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

FEATURE_MAP_RANK = 4
"""Axes of feature maps (N, C, H, W)."""
FUSED_OPERATOR = "BatchNormalization"


@dataclass(frozen=True)
class _ScaleShift:
    """x · scale + shift over feature maps x (N, C, H, W): the name of x, scale (C,), shift (C,), and the Add."""

    x: str
    scale: NDArray[np.float32]
    shift: NDArray[np.float32]
    add: onnx.NodeProto

    @property
    def output(self) -> str:
        return str(self.add.output[0])

    def is_identity(self) -> bool:
        return bool((self.scale == 1).all() and (self.shift == 0).all())

    def fused(self, graph: onnx.GraphProto) -> onnx.NodeProto:
        """Make the one operator; its weights are appended to the graph."""
        inputs = {
            f"{self.output}/scale": self.scale,
            f"{self.output}/shift": self.shift,
            f"{self.output}/mean": np.zeros_like(self.scale),
            f"{self.output}/variance": np.ones_like(self.scale),
        }
        graph.initializer.extend(numpy_helper.from_array(values, name) for name, values in inputs.items())
        return helper.make_node(FUSED_OPERATOR, [self.x, *inputs], [self.output], epsilon=0.0)


def fuse_scales(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace every Mul and Add of per-channel constants on feature maps by one operator, or by none."""
    graph = model.graph
    by_mul = _scale_shifts(graph)
    adds = {pair.output for pair in by_mul.values()}
    identities = {pair.output: pair.x for pair in by_mul.values() if pair.is_identity()}
    nodes = []
    for node in graph.node:
        pair = by_mul.get(node.output[0])
        if pair is None and node.output[0] not in adds:
            nodes.append(node)
        elif pair is not None and not pair.is_identity():
            nodes.append(pair.fused(graph))
    _rename_inputs(nodes, identities)
    del graph.node[:]
    graph.node.extend(nodes)
    _remove_unused_initializers(graph)
    return model


def _scale_shifts(graph: onnx.GraphProto) -> dict[str, _ScaleShift]:
    """All pairs of a Mul and an Add that can be fused, by the output of the Mul."""
    weights = {weight.name: weight for weight in graph.initializer}
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in graph.value_info}
    outputs = {value.name for value in graph.output}
    consumers = _consumers(graph)
    found = {}
    for node in graph.node:
        after = consumers.get(node.output[0], [])
        names = {node.output[0], *(consumer.output[0] for consumer in after)}
        # The scaled maps may go to the Add alone, and neither may be an output of the graph, which keeps its name.
        if node.op_type != "Mul" or [consumer.op_type for consumer in after] != ["Add"] or outputs & names:
            continue
        scale = _channel_constant(node, weights)
        shift = _channel_constant(after[0], weights)
        if scale and shift and ranks.get(scale[0]) == FEATURE_MAP_RANK and len(scale[1]) == len(shift[1]):
            found[node.output[0]] = _ScaleShift(scale[0], scale[1], shift[1], after[0])
    return found


def _consumers(graph: onnx.GraphProto) -> dict[str, list[onnx.NodeProto]]:
    """The nodes that take each value, by the value's name."""
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)
    return consumers


def _channel_constant(
    node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]
) -> tuple[str, NDArray[np.float32]] | None:
    """The other input of a node that has one constant of one number a channel, and that constant (C,); else None."""
    constants = [name for name in node.input if name in weights]
    if len(constants) != 1 or list(weights[constants[0]].dims[-2:]) != [1, 1]:
        return None
    values = numpy_helper.to_array(weights[constants[0]])
    if values.ndim < FEATURE_MAP_RANK - 1 or values.size != values.shape[-3]:
        return None
    variable = next(name for name in node.input if name not in weights)
    return variable, values.reshape(-1)


def _rename_inputs(nodes: list[onnx.NodeProto], names: dict[str, str]) -> None:
    for node in nodes:
        for index, name in enumerate(node.input):
            node.input[index] = names.get(name, name)


def _remove_unused_initializers(graph: onnx.GraphProto) -> None:
    used = {name for node in graph.node for name in node.input}
    kept = [weight for weight in graph.initializer if weight.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
