"""Weight-only quantization of a painter's graph: linear layers to int8 per output channel, other large weights to
float16.

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
    linear_weights = [layer.weight for layer in network.modules() if isinstance(layer, nn.Linear)]
    rounded_weights = []
    for weight in linear_weights:
        scale = _channel_scales(weight)
        rounded_weights.append((weight / scale).round() * scale)
    round_to_float16(network)
    for weight, rounded in zip(linear_weights, rounded_weights, strict=True):
        weight.copy_(rounded)


def _channel_scales(weight: torch.Tensor) -> torch.Tensor:
    """The scale of each output channel of a linear layer's weight (outputs, inputs): (outputs, 1), above 0."""
    smallest = torch.finfo(torch.float32).tiny * INT8_MAX
    return weight.abs().amax(1, keepdim=True).clamp_min(smallest) / INT8_MAX


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
    """A large matrix as int8 values and scales along the axis that fits: output channels are rows, or columns.

    None for other tensors, and for a matrix that was not rounded to multiples of a scale.
    """
    is_matrix = weight.data_type == onnx.TensorProto.FLOAT and len(weight.dims) == 2
    if not is_matrix or np.prod(weight.dims) < MIN_COMPRESSED_NUMEL:
        return None
    matrix = numpy_helper.to_array(weight)
    for axis in (1, 0):
        scale = np.abs(matrix).max(axis=axis, keepdims=True) / INT8_MAX
        scale[scale == 0] = 1
        multiples = matrix / scale
        values = np.rint(multiples)
        if np.abs(multiples - values).max() < MAX_ROUNDING_ERROR:
            return values.astype(np.int8), scale.astype(np.float32)
    return None
