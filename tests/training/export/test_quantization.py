"""A painter's graph paints what torch paints, from weights of 8 and 16 bits."""

from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from painting.errors import TrainingError
from painting.files import painter_file
from painting.onnx_session import open_session
from painting.training.export.onnx_graph import MIN_COMPRESSED_NUMEL
from painting.training.export.quantization import quantize, round_to_stored


@pytest.mark.parametrize("count", [1, 5])
@torch.no_grad()
def test_a_graph_paints_what_torch_paints_for_any_number_of_pictures(exported: Any, count: int) -> None:
    random = np.random.default_rng(count)
    noise = random.standard_normal((count, 128), np.float32)
    text = random.standard_normal((count, 5), np.float32)
    session = open_session(painter_file.read(exported.painter).generator, 1, TrainingError)
    painted = session.run(None, {"latents": noise, "text_vectors": text})[0]
    sampler = exported.networks.sampler().eval()
    round_to_stored(sampler)
    wanted = sampler(torch.from_numpy(noise), torch.from_numpy(text)).numpy()
    assert painted.shape == (count, 16, 16, 3) and painted.dtype == np.uint8
    assert np.abs(painted.astype(int) - wanted).max() <= 1
    assert wanted.std() > 5


def test_no_large_weight_is_stored_in_full_but_the_steps_of_others(exported: Any) -> None:
    model = onnx.load_model_from_string(painter_file.read(exported.painter).generator)
    large = {w.name: w.data_type for w in model.graph.initializer if np.prod(w.dims) >= MIN_COMPRESSED_NUMEL}
    assert set(large.values()) == {TensorProto.FLOAT16, TensorProto.INT8}
    onnx.checker.check_model(model)


def test_linear_weights_are_rounded_to_steps_of_their_own_output_and_others_to_halves() -> None:
    linear, other = torch.nn.Linear(3, 2), torch.nn.Conv1d(1, 1, 1)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[1.27, 0.0149, -0.304], [0.0, 0.0, 0.0]]))
        other.weight.fill_(0.1)
    round_to_stored(torch.nn.Sequential(linear, other))
    torch.testing.assert_close(linear.weight.detach(), torch.tensor([[1.27, 0.01, -0.30], [0.0, 0.0, 0.0]]))
    assert other.weight.item() == float(np.float16(0.1))


@pytest.mark.parametrize(
    "layer",
    [torch.nn.Linear(30, 40), torch.nn.Conv2d(8, 16, 4), torch.nn.ConvTranspose2d(16, 8, 4)],
    ids=lambda layer: type(layer).__name__,
)
def test_every_layer_is_stored_in_8_bits_with_a_scale_for_each_output(layer: Any) -> None:
    round_to_stored(layer)
    weight = layer.weight.detach().numpy()
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, weight.shape)
    node = helper.make_node("Identity", ["weight"], ["y"])
    graph = helper.make_graph([node], "test", [], [output], [numpy_helper.from_array(weight, "weight")])
    stored = quantize(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9))
    sizes = {w.name: (w.data_type, np.prod(w.dims)) for w in stored.graph.initializer}
    outputs = getattr(layer, "out_channels", None) or layer.out_features
    assert sizes == {"weight/int8": (TensorProto.INT8, weight.size), "weight/scale": (TensorProto.FLOAT, outputs)}
    (computed,) = open_session(stored.SerializeToString(), 1, TrainingError).run(None, {})
    np.testing.assert_allclose(computed, weight, rtol=1e-6)


@pytest.mark.parametrize("outputs_are_rows", [True, False])
def test_whole_steps_are_stored_in_8_bits_and_compute_the_very_same(outputs_are_rows: bool) -> None:
    layer = torch.nn.Linear(40, 1200)
    round_to_stored(layer)
    rows = layer.weight.detach().numpy()
    uneven = np.random.default_rng(0).standard_normal((40, 40)).astype(np.float16).astype(np.float32)
    weights = {"even": rows if outputs_are_rows else np.ascontiguousarray(rows.T), "uneven": uneven}
    nodes = [
        helper.make_node("MatMul", ["x", "uneven"], ["between"]),
        helper.make_node("Gemm", ["between", "even"], ["y"], transB=int(outputs_are_rows)),
    ]
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", w]) for n, w in (("x", 40), ("y", 1200))]
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    model = helper.make_model(
        helper.make_graph(nodes, "test", ends[:1], ends[1:], tensors),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    )
    x = np.random.default_rng(1).standard_normal((3, 40)).astype(np.float32)
    before = open_session(model.SerializeToString(), 1, TrainingError).run(None, {"x": x})[0]
    stored = quantize(model)
    assert {w.name: w.data_type for w in stored.graph.initializer} == {
        "even/int8": TensorProto.INT8,
        "even/scale": TensorProto.FLOAT,
        "uneven/float16": TensorProto.FLOAT16,
    }
    arrays = {w.name: numpy_helper.to_array(w) for w in stored.graph.initializer}
    np.testing.assert_array_equal(arrays["uneven/float16"].astype(np.float32), weights["uneven"])
    dequantized = arrays["even/int8"].astype(np.float32) * arrays["even/scale"]
    np.testing.assert_allclose(dequantized, weights["even"], rtol=1e-6)
    after = open_session(stored.SerializeToString(), 1, TrainingError).run(None, {"x": x})[0]
    np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-6)
