"""Scales and shifts of channels in a graph: one operator where an exporter writes two, none where they change nothing.

Behind each normalisation stand a Mul and an Add of a number a channel, and ONNX Runtime passes through the maps for
each. As a BatchNormalization at inference it is one pass; a normalisation without weights of its own needs none.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

MAPS = 4
"""The rank of maps (N, C, H, W)."""
MERGED = "BatchNormalization"


@dataclass(frozen=True)
class _Scaling:
    """maps · scale + shift, a number for each of C channels; `last` is the node that shifts."""

    maps: str
    scale: NDArray[np.float32]
    shift: NDArray[np.float32]
    last: onnx.NodeProto

    def changes_nothing(self) -> bool:
        return bool((self.scale == 1).all() and (self.shift == 0).all())

    def node(self, graph: onnx.GraphProto) -> onnx.NodeProto:
        """One operator that does it, whose weights go into the graph."""
        names = [f"{self.last.output[0]}/{name}" for name in ("scale", "shift", "mean", "variance")]
        values = [self.scale, self.shift, np.zeros_like(self.scale), np.ones_like(self.scale)]
        graph.initializer.extend(map(numpy_helper.from_array, values, names))
        return helper.make_node(MERGED, [self.maps, *names], [self.last.output[0]], epsilon=0.0)


def merge_scalings(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace every Mul and Add of constants, a number a channel of maps, by one operator, or by nothing."""
    graph = model.graph
    found = _scalings(graph)
    scaled = {scaling.last.output[0] for scaling in found.values()}
    same = {scaling.last.output[0]: scaling.maps for scaling in found.values() if scaling.changes_nothing()}
    nodes = []
    for node in graph.node:
        scaling = found.get(node.output[0])
        if scaling and not scaling.changes_nothing():
            nodes.append(scaling.node(graph))
        elif not scaling and node.output[0] not in scaled:
            nodes.append(node)
    for node in nodes:
        for place, name in enumerate(node.input):
            node.input[place] = same.get(name, name)
    del graph.node[:]
    graph.node.extend(nodes)
    _forget_unused(graph)
    return model


def merged_scalings(graph: onnx.GraphProto) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Scales and shifts (C,) of what `merge_scalings` has left one operator of, in the order in which they act."""
    weights = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    merged = [node for node in graph.node if node.op_type == MERGED]
    return [(weights[node.input[1]].copy(), weights[node.input[2]].copy()) for node in merged]


def _scalings(graph: onnx.GraphProto) -> dict[str, _Scaling]:
    """All of them by what their Mul gives."""
    weights = {weight.name: weight for weight in graph.initializer}
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in graph.value_info}
    given = {value.name for value in graph.output}
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    found = {}
    for node in graph.node:
        following = users.get(node.output[0], [])
        ends = {node.output[0], *(user.output[0] for user in following)}
        if node.op_type == "Mul" and [user.op_type for user in following] == ["Add"] and not given & ends:
            scale, shift = _of_channels(node, weights), _of_channels(following[0], weights)
            if scale and shift and ranks.get(scale[0]) == MAPS and len(scale[1]) == len(shift[1]):
                found[node.output[0]] = _Scaling(scale[0], scale[1], shift[1], following[0])
    return found


def _of_channels(node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]) -> tuple[str, NDArray[np.float32]] | None:
    """What a node of two inputs takes, and the constant beside it, if that is a number a channel: (C,)."""
    named = [name for name in node.input if name in weights]
    if len(named) != 1 or list(weights[named[0]].dims[-2:]) != [1, 1]:
        return None
    value = numpy_helper.to_array(weights[named[0]])
    if value.ndim < MAPS - 1 or value.size != value.shape[-3]:
        return None
    return next(name for name in node.input if name not in weights), value.reshape(-1)


def _forget_unused(graph: onnx.GraphProto) -> None:
    used = {name for node in graph.node for name in node.input}
    kept = [weight for weight in graph.initializer if weight.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
