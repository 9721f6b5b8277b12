"""Weights as a painter's graph stores them: those of linear layers in 8 bits a number, large others in 16.

A linear layer keeps a step for each of its outputs: the largest of that output's weights is 127 of them (symmetric,
per-channel; Krishnamoorthi 2018). Only storage is small: a runtime multiplies out when it loads, and paints in float32.
"""

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import nn

from painting.training.export.onnx_graph import HALF, WORTH_HALVING, halve, round_to_half, strip, to_onnx
from painting.training.export.scale_fusion import merge_scalings

MOST = 127
EXACT = 1e-3
"""How far from a whole number of steps a weight may be, by rounding of float32."""
STEPS, STEP = "/steps", "/step"
"""What follows the name of a weight that is stored as whole numbers of steps, and the steps' own."""


@torch.no_grad()
def round_to_stored(network: nn.Module) -> None:
    """Round a network's weights to what the graph will hold, so that it paints as its stored graph will."""
    linear = [layer.weight for layer in network.modules() if isinstance(layer, nn.Linear)]
    rounded = [(weight / step).round() * step for weight in linear for step in [_steps(weight)]]
    round_to_half(network)
    for weight, value in zip(linear, rounded, strict=True):
        weight.copy_(value)


def _steps(weight: torch.Tensor) -> torch.Tensor:
    """A step for each output of a linear layer's weights (outputs, inputs): (outputs, 1)."""
    return weight.abs().amax(1, keepdim=True).clamp_min(torch.finfo(torch.float32).tiny * MOST) / MOST


def painter_graph(sampler: nn.Module, latent_size: int, text_width: int) -> bytes:
    """The graph of a sampler that is rounded to what is stored, as a painter file keeps it."""
    graph = merge_scalings(to_onnx(sampler, latent_size, text_width))
    content: bytes = strip(compact(graph)).SerializeToString(deterministic=True)
    return content


def compact(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store what is a whole number of steps as int8, with a Cast and a Mul behind; other large weights as float16."""
    steps, nodes = [], []
    for weight in model.graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT or len(weight.dims) != 2 or np.prod(weight.dims) < WORTH_HALVING:
            continue
        if found := _as_steps(numpy_helper.to_array(weight)):
            name, (counts, step) = weight.name, found
            weight.CopyFrom(numpy_helper.from_array(counts, f"{name}{STEPS}"))
            steps.append(numpy_helper.from_array(step, f"{name}{STEP}"))
            nodes += [
                helper.make_node("Cast", [f"{name}{STEPS}"], [f"{name}/float"], to=onnx.TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}/float", f"{name}{STEP}"], [name]),
            ]
    model = halve(model)
    model.graph.initializer.extend(steps)  # not before: they stay as they are
    nodes += model.graph.node
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def stored_weights(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """The weights of a painter's graph by their own names, in however many bits it stores them."""
    stored = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    weights = {}
    for name, values in stored.items():
        whole = values.astype(np.float32)
        if name.endswith(STEPS):
            name = name.removesuffix(STEPS)
            whole = whole * stored[f"{name}{STEP}"]
        weights[name.removesuffix(HALF)] = whole
    return weights


def _as_steps(values: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]] | None:
    """Whole numbers of steps, and the steps, along whichever axis that fits: outputs are rows, or columns."""
    for axis in (1, 0):
        steps = np.abs(values).max(axis=axis, keepdims=True) / MOST
        steps[steps == 0] = 1
        counts = values / steps
        whole = np.rint(counts)
        if np.abs(counts - whole).max() < EXACT:
            return whole.astype(np.int8), steps.astype(np.float32)
    return None
