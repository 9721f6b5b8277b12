"""The weight map names the initializer of each parameter, whatever an exporter has made of it."""

import json
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from painting.errors import TrainingError
from painting.training.export.onnx_graph import strip_metadata, trace
from painting.training.export.quantization import quantize, round_to_stored
from painting.training.export.scale_fusion import fuse_scales
from painting.training.export.weight_map import (
    MAX_MAP_LENGTH,
    METADATA_KEY,
    StoredParameter,
    locate_parameters,
    read_weight_map,
    write_weight_map,
)


class Small(nn.Module):
    """A large linear layer over positions, which an exporter transposes, and a normalisation, which is fused."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 40, 3, padding=1)
        self.norm = nn.GroupNorm(4, 40)
        self.linear = nn.Linear(40, 40)
        self.unused = nn.Parameter(torch.randn(5))
        for parameter in self.norm.parameters():
            nn.init.normal_(parameter)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = torch.sigmoid(self.norm(self.convolution(x)))  # (N, 40, H, W)
        return self.linear(maps.flatten(2).transpose(1, 2)).relu()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def network() -> Small:
    torch.manual_seed(0)
    network = Small().eval()
    round_to_stored(network)
    return network


@pytest.fixture(scope="module")
def mapped(network: Small) -> onnx.ModelProto:
    """Its quantized graph with a map."""
    model = fuse_scales(trace(network, {"x": (torch.zeros(3, 3, 6, 6), {0: torch.export.Dim("N")})}, "y"))
    located = locate_parameters(network.state_dict(), model.graph)
    return write_weight_map(strip_metadata(quantize(model)), located)


def test_every_parameter_that_the_graph_uses_is_in_the_map(network: Small, mapped: onnx.ModelProto) -> None:
    assert network.state_dict().keys() - read_weight_map(mapped).keys() == {"unused"}


def test_renamed_fused_transposed_and_quantized_weights_are_found(network: Small, mapped: onnx.ModelProto) -> None:
    arrays = {weight.name: numpy_helper.to_array(weight) for weight in mapped.graph.initializer}
    weight_map = read_weight_map(mapped)
    linear = weight_map["linear.weight"]
    assert linear.transposed and linear.scale
    dequantized = arrays[linear.initializer].astype(np.float32) * arrays[linear.scale]
    np.testing.assert_allclose(dequantized.T, network.linear.weight.detach(), rtol=1e-6)
    convolution = weight_map["convolution.weight"]
    assert convolution.scale and not convolution.transposed
    dequantized = arrays[convolution.initializer].astype(np.float32) * arrays[convolution.scale]
    np.testing.assert_allclose(dequantized, network.convolution.weight.detach(), rtol=1e-6)
    norm = weight_map["norm.bias"]
    assert norm == StoredParameter(norm.initializer) and not norm.initializer.startswith("norm")
    np.testing.assert_array_equal(arrays[norm.initializer], network.norm.bias.detach())


def test_a_parameter_whose_values_are_nowhere_is_left_out(network: Small) -> None:
    weights = [numpy_helper.from_array(np.ones(40, np.float32), "linear.bias")]
    graph = helper.make_graph([], "graph", [], [], weights)
    assert locate_parameters(network.state_dict(), graph) == {}


def with_map(text: str) -> onnx.ModelProto:
    model = helper.make_model(helper.make_graph([], "graph", [], []))
    model.metadata_props.add(key=METADATA_KEY, value=text)
    return model


def test_a_map_is_read_as_it_was_written() -> None:
    weights = [
        helper.make_tensor("a", TensorProto.FLOAT, [1], [0]),
        helper.make_tensor("b/int8", TensorProto.INT8, [1], [0]),
        helper.make_tensor("c/float16", TensorProto.FLOAT16, [1], [0]),
    ]
    model = helper.make_model(helper.make_graph([], "graph", [], [], weights))
    located = {
        "one": StoredParameter("a"),
        "two": StoredParameter("b", transposed=True),
        "three": StoredParameter("c", transposed=True),
    }
    assert read_weight_map(write_weight_map(model, located)) == {
        "one": StoredParameter("a"),
        "two": StoredParameter("b/int8", "b/scale", transposed=True),
        "three": StoredParameter("c/float16", transposed=True),
    }


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[]",
        "[" * 99_999,
        {"a": "b"},
        {"a": {}},
        {"a": {"initializer": 1}},
        {"a": {"initializer": "b", "scale": 1}},
        {"a": {"initializer": "b", "transposed": "yes"}},
        {"a": {"initializer": "b", "more": 1}},
        {"a" * MAX_MAP_LENGTH: {"initializer": "b"}},
    ],
    ids=range(11),
)
def test_a_damaged_map_is_refused_in_one_sentence(damaged: Any) -> None:
    text = damaged if isinstance(damaged, str) else json.dumps(damaged)
    with pytest.raises(TrainingError, match="The weight map of the painter to begin from is damaged: take another"):
        read_weight_map(with_map(text))


def test_a_model_without_a_map_is_refused() -> None:
    model = with_map("{}")
    model.metadata_props[0].key = "something else"
    with pytest.raises(TrainingError, match="has no weight map: export its run again"):
        read_weight_map(model)
