"""The graph paints what torch paints, for any number of pictures, from half-precision weights and plain operators."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from painting.errors import TrainingError
from painting.files import painter_file
from painting.onnx_session import open_session
from painting.training.export.onnx_graph import round_to_float16, store_as_float16

pytestmark = pytest.mark.slow


@pytest.fixture
def model(exported: Any) -> onnx.ModelProto:
    return onnx.load_model_from_string(painter_file.read(exported.painter).generator)


def test_latents_and_text_both_matter(exported: Any) -> None:
    session = open_session(painter_file.read(exported.painter).generator, 1, TrainingError)
    random = np.random.default_rng(0)
    noise, text = random.standard_normal((2, 128), np.float32), random.standard_normal((2, 5), np.float32)
    pairs = [(0, 0), (1, 0), (0, 1)]
    inputs = {"latents": noise[[n for n, _ in pairs]], "text_vectors": text[[t for _, t in pairs]]}
    plain, other_noise, other_text = session.run(None, inputs)[0].astype(int)
    assert np.abs(plain - other_noise).max() > 2
    assert np.abs(plain - other_text).max() > 2


def test_rounding_keeps_what_half_precision_holds_and_nothing_else() -> None:
    network = torch.nn.BatchNorm1d(2)
    with torch.no_grad():
        network.weight.copy_(torch.tensor([0.1, 0.5]))
        assert network.running_mean is not None
        network.running_mean.copy_(torch.tensor([1 + 2**-12, 3.0]))
    round_to_float16(network)
    assert network.weight.dtype == torch.float32
    assert network.weight.tolist() == [float(np.float16(0.1)), 0.5]
    assert network.running_mean.tolist() == [1.0, 3.0]
    assert network.num_batches_tracked is not None and network.num_batches_tracked.dtype == torch.int64


def test_halving_leaves_small_and_whole_number_tensors_and_what_the_graph_computes() -> None:
    big = np.random.default_rng(0).standard_normal((32, 32)).astype(np.float16).astype(np.float32)
    tensors = {"big": big, "small": np.array([0.1], np.float32), "shape": np.array([-1, 32])}
    nodes = [
        helper.make_node("MatMul", ["x", "big"], ["product"]),
        helper.make_node("Add", ["product", "small"], ["sum"]),
        helper.make_node("Reshape", ["sum", "shape"], ["y"]),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 32]) for name in ("x", "y")]
    weights = [numpy_helper.from_array(np.asarray(value), name) for name, value in tensors.items()]
    graph = helper.make_graph(nodes, "test", ends[:1], ends[1:], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    x = np.random.default_rng(1).standard_normal((3, 32)).astype(np.float32)
    before = open_session(model.SerializeToString(), 1, TrainingError).run(None, {"x": x})[0]
    halved = store_as_float16(model)
    kinds = {weight.name: weight.data_type for weight in halved.graph.initializer}
    assert kinds == {"big/float16": TensorProto.FLOAT16, "small": TensorProto.FLOAT, "shape": TensorProto.INT64}
    assert np.array_equal(open_session(halved.SerializeToString(), 1, TrainingError).run(None, {"x": x})[0], before)


def test_no_path_of_the_machine_travels_in_a_painter(exported: Any) -> None:
    generator = painter_file.read(exported.painter).generator
    noted = onnx.load_model_from_string(generator)
    assert not any(node.doc_string or node.metadata_props for node in noted.graph.node)
    assert str(Path(torch.__file__).parent).encode() not in generator
