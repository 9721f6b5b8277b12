"""Scales and shifts of channels become one operator or none, and the graph computes what it did."""

import copy
from collections import Counter

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from painting.errors import TrainingError
from painting.onnx_session import open_session
from painting.training.export.onnx_graph import trace
from painting.training.export.scale_fusion import fuse_scales

pytestmark = pytest.mark.slow


class Normalised(nn.Module):
    """A convolution, normalised with weights of its own and then without, and a product that is no scaling."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 8, 3)
        self.own, self.without = nn.GroupNorm(2, 8), nn.GroupNorm(4, 8, affine=False)
        nn.init.normal_(self.own.weight)
        nn.init.normal_(self.own.bias)

    def forward(self, x: Tensor) -> Tensor:
        maps = self.without(torch.sigmoid(self.own(self.convolution(x))))  # (N, 8, H, W)
        product: Tensor = maps * maps.mean((2, 3), keepdim=True) + maps
        return product


@pytest.fixture(scope="module")
def traced() -> onnx.ModelProto:
    torch.manual_seed(0)
    return trace(Normalised().eval(), {"x": (torch.zeros(3, 3, 6, 6), {0: torch.export.Dim("N")})}, "y")


@pytest.fixture
def graph(traced: onnx.ModelProto) -> onnx.ModelProto:
    """The traced graph, to change."""
    return copy.deepcopy(traced)


def run(graph: onnx.ModelProto, x: NDArray[np.float32]) -> Tensor:
    onnx.checker.check_model(graph)
    (y,) = open_session(graph.SerializeToString(), 1, TrainingError).run(None, {"x": x})
    return torch.from_numpy(y)


def test_one_operator_is_left_of_a_scale_and_a_shift_and_none_where_they_change_nothing(graph: onnx.ModelProto) -> None:
    before = Counter(node.op_type for node in graph.graph.node)
    after = Counter(node.op_type for node in fuse_scales(graph).graph.node)
    assert after == before + Counter(BatchNormalization=1) - Counter(Mul=2, Add=2)
    assert after["Mul"] == after["Add"] == 1  # the product of maps


def test_what_the_graph_computes_stays(graph: onnx.ModelProto) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 6)).astype(np.float32)
    before = run(graph, x)
    assert torch.allclose(run(fuse_scales(graph), x), before, atol=1e-5)


def test_no_weight_stays_that_nothing_uses(graph: onnx.ModelProto) -> None:
    merged = fuse_scales(graph)
    used = {name for node in merged.graph.node for name in node.input}
    assert {weight.name for weight in merged.graph.initializer} <= used


def test_a_scaled_value_that_something_else_reads_too_stays_as_it_is() -> None:
    class ReadTwice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([[[2.0]], [[3.0]]]))

        def forward(self, x: Tensor) -> Tensor:
            scaled = x * self.scale
            return (scaled + self.scale) * scaled

    graph = trace(ReadTwice(), {"x": (torch.zeros(3, 2, 4, 4), {0: torch.export.Dim("N")})}, "y")
    assert [node.op_type for node in fuse_scales(graph).graph.node] == ["Mul", "Add", "Mul"]


def test_what_a_graph_gives_keeps_its_name() -> None:
    plain = nn.GroupNorm(2, 4)  # its weights are 1 and 0: nothing would be left
    graph = trace(plain, {"x": (torch.zeros(3, 4, 4, 4), {0: torch.export.Dim("N")})}, "y")
    x = np.random.default_rng(0).standard_normal((2, 4, 4, 4)).astype(np.float32)
    before = run(graph, x)
    assert torch.equal(run(fuse_scales(graph), x), before)
