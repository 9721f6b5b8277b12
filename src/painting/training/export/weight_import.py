"""Import of a painter file's weights into a sampler of the same shape, from which a new run can begin."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from painting.errors import TrainingError
from painting.models.latent_flow import LatentFlowSampler
from painting.training.export.weight_map import StoredParameter, read_weight_map

UNUSED_PARAMETERS = {"prior.null_emb"}
"""Parameters that the graph of a fine-tuned painter lacks: it samples without guidance."""
UNSCALED_TYPES = (TensorProto.FLOAT, TensorProto.FLOAT16)


def import_weights(sampler: LatentFlowSampler, graph: bytes) -> None:
    """Load the weights of a verified painter file's graph into a sampler on the CPU, dequantized to float32.

    Raises TrainingError, and leaves the sampler as it is, where the graph has no usable weight map, or the painter is
    of another shape.
    """
    model = onnx.load_from_string(graph)
    weight_map = read_weight_map(model)
    initializers = {initializer.name: initializer for initializer in model.graph.initializer}
    state = sampler.state_dict()
    imported = {}
    for name in sorted(state.keys() - UNUSED_PARAMETERS):
        if name not in weight_map:
            raise _other_shape(name, "is missing")
        values = _dequantized(weight_map[name], initializers)
        shape = tuple(state[name].shape)
        if _without_ones(values.shape) != _without_ones(shape):
            raise _other_shape(name, "has another size")
        imported[name] = torch.from_numpy(np.ascontiguousarray(values).reshape(shape))
    sampler.load_state_dict(state | imported)


def _other_shape(name: str, difference: str) -> TrainingError:
    return TrainingError(
        f"The painter to begin from is of another shape than the preset: {name} {difference}. "
        "Take a preset with its widths and depths."
    )


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without its axes of length 1: scales of channels are stored as (C,), whatever their parameter's shape."""
    return tuple(length for length in shape if length != 1)


def _dequantized(stored: StoredParameter, initializers: Mapping[str, TensorProto]) -> NDArray[np.float32]:
    """The values that the graph computes with; raises TrainingError where the map does not fit the graph."""
    types = (TensorProto.INT8,) if stored.scale else UNSCALED_TYPES
    values = _array(stored.initializer, types, initializers)
    if stored.scale:
        scale = _array(stored.scale, (TensorProto.FLOAT,), initializers)
        if scale.shape not in _scale_shapes(values.shape):
            raise _unfit_map(stored.scale)
        values = values * scale
    return values.T if stored.transposed else values


def _scale_shapes(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shapes of scales that a weight of this shape may have: one a channel of its first or its second axis."""
    axes = range(len(shape))
    return [tuple(shape[axis] if axis == channel else 1 for axis in axes) for channel in axes[:2]]


def _array(name: str, types: Sequence[int], initializers: Mapping[str, TensorProto]) -> NDArray[np.float32]:
    """An initializer of one of these types as float32; raises TrainingError."""
    initializer = initializers.get(name)
    if initializer is None or initializer.data_type not in types:
        raise _unfit_map(name)
    try:
        values = numpy_helper.to_array(initializer)
    except (ValueError, TypeError) as error:  # its bytes are not as many as its shape needs
        raise _unfit_map(name) from error
    return values.astype(np.float32)


def _unfit_map(name: str) -> TrainingError:
    return TrainingError(
        f"The weight map of the painter to begin from does not fit its graph at {name[:100]!r}: take another painter."
    )
