"""Weight map of a painter's graph: for each parameter of the sampler, the initializer that stores it.

An exporter renames, transposes, fuses and quantizes weights, so that a graph's initializers alone do not say which
parameter they are. The map is written at export, where both are known, as JSON in the metadata of the ONNX model: a
run that begins from the painter reads its weights back by it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from torch import Tensor

from painting.errors import TrainingError
from painting.training.export.onnx_graph import FLOAT16_SUFFIX
from painting.training.export.quantization import INT8_SUFFIX, SCALE_SUFFIX

METADATA_KEY = "painting.weight_map"
MAX_MAP_LENGTH = 1 << 20
"""Characters of JSON; the map of the largest bundled painter has some ten thousand."""


@dataclass(frozen=True)
class StoredParameter:
    """How a parameter is stored: its initializer, that of its scales if it is int8, and whether it is transposed."""

    initializer: str
    scale: str | None = None
    transposed: bool = False


def locate_parameters(state: Mapping[str, Tensor], graph: onnx.GraphProto) -> dict[str, StoredParameter]:
    """Find the initializer of each parameter in a traced graph that is not quantized yet.

    An initializer stores a parameter if its values are the parameter's, or those of its transpose, bit by bit: names
    are lost where the exporter folds a transposition, or a scale is fused. A parameter that the graph does not use is
    left out.
    """
    by_content: dict[bytes, str] = {}
    for initializer in graph.initializer:
        if initializer.data_type == onnx.TensorProto.FLOAT:
            by_content.setdefault(numpy_helper.to_array(initializer).tobytes(), initializer.name)
    located = {}
    for name, parameter in state.items():
        values = parameter.detach().cpu().numpy()
        if content := by_content.get(values.tobytes()):
            located[name] = StoredParameter(content)
        elif content := by_content.get(np.ascontiguousarray(values.T).tobytes()):
            located[name] = StoredParameter(content, transposed=True)
    return located


def write_weight_map(model: onnx.ModelProto, located: Mapping[str, StoredParameter]) -> onnx.ModelProto:
    """Add the map of parameters, located before quantization, to the metadata of the quantized model."""
    stored_names = {initializer.name for initializer in model.graph.initializer}
    entries = {}
    for name, parameter in located.items():
        stored = _quantized(parameter, stored_names)
        entries[name] = {key: value for key, value in asdict(stored).items() if value}
    model.metadata_props.add(key=METADATA_KEY, value=json.dumps(entries, sort_keys=True))
    return model


def _quantized(parameter: StoredParameter, stored_names: set[str]) -> StoredParameter:
    """Where a parameter is stored after quantization, which renames the initializers that it compresses."""
    name = parameter.initializer
    if f"{name}{INT8_SUFFIX}" in stored_names:
        return StoredParameter(f"{name}{INT8_SUFFIX}", f"{name}{SCALE_SUFFIX}", parameter.transposed)
    if f"{name}{FLOAT16_SUFFIX}" in stored_names:
        return StoredParameter(f"{name}{FLOAT16_SUFFIX}", transposed=parameter.transposed)
    return parameter


def read_weight_map(model: onnx.ModelProto) -> dict[str, StoredParameter]:
    """Read the map in a model's metadata without trusting it; raises TrainingError if it is missing or damaged."""
    texts = [entry.value for entry in model.metadata_props if entry.key == METADATA_KEY]
    if not texts:
        raise TrainingError("The painter to begin from has no weight map: export its run again with this version.")
    try:
        entries = json.loads(texts[0]) if len(texts[0]) <= MAX_MAP_LENGTH else None
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, dict) or not all(map(_is_entry, entries.values())):
        raise TrainingError("The weight map of the painter to begin from is damaged: take another painter.")
    return {name: StoredParameter(**entry) for name, entry in entries.items()}


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or not entry.keys() <= {"initializer", "scale", "transposed"}:
        return False
    is_scale = isinstance(entry.get("scale", ""), str)
    is_flag = isinstance(entry.get("transposed", False), bool)
    return isinstance(entry.get("initializer"), str) and is_scale and is_flag
