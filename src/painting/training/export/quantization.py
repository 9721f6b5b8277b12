"""Weight-only quantization of a painter's graph: linear layers and convolutions to int8 per output channel, other large
weights to float16.

The scale of an output channel is its largest absolute weight / 127 (symmetric, per-channel; Krishnamoorthi 2018). Only
storage is small: a runtime dequantizes when it loads, and computes in float32.
"""

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import nn

from painting.training.export.onnx_graph import (
    MIN_COMPRESSED_NUMEL,
    prepend_nodes,
    round_to_float16,
    store_as_float16,
)

INT8_MAX = 127
MAX_ROUNDING_ERROR = 1e-3
"""How far from a whole multiple of the scale a weight may be, by rounding of float32; in units of the scale."""
INT8_SUFFIX = "/int8"
"""Appended to the name of a weight that is stored as int8."""
SCALE_SUFFIX = "/scale"
"""Appended to the name of an int8 weight for its scales."""


@torch.no_grad()
def round_to_stored(network: nn.Module) -> None:
    """Round a network's weights in place to what its graph will store, so that both compute the same."""
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d)]
    rounded_weights = []
    for layer in layers:
        scale = channel_scales(layer.weight, output_axis=1 if isinstance(layer, nn.ConvTranspose2d) else 0)
        rounded_weights.append((layer.weight / scale).round() * scale)
    round_to_float16(network)
    for layer, rounded in zip(layers, rounded_weights, strict=True):
        layer.weight.copy_(rounded)


def channel_scales(weight: torch.Tensor, output_axis: int) -> torch.Tensor:
    """The scale of each output channel of a layer's weight, above 0, as broadcast along the other axes."""
    smallest = torch.finfo(torch.float32).tiny * INT8_MAX
    others = [axis for axis in range(weight.ndim) if axis != output_axis]
    return weight.abs().amax(others, keepdim=True).clamp_min(smallest) / INT8_MAX


def quantize(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store weights that were rounded to multiples of a scale as int8, other large ones as float16.

    An int8 weight is followed by a Cast to float32 and a Mul by its scales.
    """
    scales = []
    dequantize = []
    for weight in model.graph.initializer:
        quantized = _as_int8(weight)
        if quantized is None:
            continue
        name = weight.name
        values, scale = quantized
        weight.CopyFrom(numpy_helper.from_array(values, f"{name}{INT8_SUFFIX}"))
        scales.append(numpy_helper.from_array(scale, f"{name}{SCALE_SUFFIX}"))
        dequantize += [
            helper.make_node("Cast", [f"{name}{INT8_SUFFIX}"], [f"{name}/float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}/float", f"{name}{SCALE_SUFFIX}"], [name]),
        ]
    model = store_as_float16(model)
    model.graph.initializer.extend(scales)  # after it, so that scales stay float32
    prepend_nodes(model.graph, dequantize)
    return model


def _as_int8(weight: onnx.TensorProto) -> tuple[NDArray[np.int8], NDArray[np.float32]] | None:
    """A large weight as int8 values and scales along the axis that fits: output channels come first, or second.

    None for other tensors, and for a weight that was not rounded to multiples of a scale.
    """
    is_weight = weight.data_type == onnx.TensorProto.FLOAT and len(weight.dims) >= 2
    if not is_weight or np.prod(weight.dims) < MIN_COMPRESSED_NUMEL:
        return None
    values = numpy_helper.to_array(weight)
    for axis in (0, 1):
        others = tuple(other for other in range(values.ndim) if other != axis)
        scale = np.abs(values).max(axis=others, keepdims=True) / INT8_MAX
        scale[scale == 0] = 1
        multiples = values / scale
        steps = np.rint(multiples)
        if np.abs(multiples - steps).max() < MAX_ROUNDING_ERROR:
            return steps.astype(np.int8), scale.astype(np.float32)
    return None
