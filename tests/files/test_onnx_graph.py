"""A graph is read as ONNX's own library reads it, and what claims more than it holds is malformed."""

from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper
from tests.files.graphs import one_node, painting_graph, whole

from painting.files.onnx_graph import Graph, Tensor, parse_graph
from painting.files.protobuf import Message, ProtobufError


def parsed(model: ModelProto) -> Graph:
    return parse_graph(model.SerializeToString(), 99)


def test_operators_weights_and_signature_are_read() -> None:
    graph = parsed(one_node("Transpose", perm=[1, 0]))
    assert [node.operator for node in graph.nodes][2] == "Transpose"
    assert graph.nodes[2].numbers("perm") == [1, 0] and graph.nodes[2].numbers("axes") == []
    assert graph.inputs == {"latents": ("float32", (None, 4))}
    assert graph.outputs == {"pictures": ("uint8", (None, 8, 8, 3))}
    assert graph.opsets == {"": 18} and not graph.extended and not graph.sparse


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (TensorProto.INT64, [-(2**63), -1, 0, 5]),
        (TensorProto.INT32, [-7, 7]),
        (TensorProto.BOOL, [True, False]),
        (TensorProto.FLOAT, [0.5, -1e30]),
    ],
)
def test_values_of_small_tensors_are_those_of_onnx(kind: int, values: list[float], raw: bool) -> None:
    array = np.array(values, helper.tensor_dtype_to_np_dtype(kind))
    content = array.tobytes() if raw else values
    proto = helper.make_tensor("lengths", kind, array.shape, content, raw=raw)
    read = Tensor.of(Message(memoryview(proto.SerializeToString()))).values
    assert read is not None and read.dtype == array.dtype
    assert read.tolist() == numpy_helper.to_array(proto).tolist()


@pytest.mark.parametrize("array", [np.zeros(2000, np.int64), np.zeros(3, np.float16), np.zeros(3, np.float64)])
def test_values_of_large_tensors_and_of_types_without_lengths_are_not_read(array: Any) -> None:
    proto = numpy_helper.from_array(array)
    assert Tensor.of(Message(memoryview(proto.SerializeToString()))).values is None


def test_attributes_are_read_by_their_kind() -> None:
    value = numpy_helper.from_array(whole(7))
    node = helper.make_node("Any", ["x", "", "z"], ["y"], number=-3, mode="linear", value=value)
    (_, _, read, *_) = parsed(painting_graph([node])).nodes
    assert read.inputs == ("x", "", "z") and read.outputs == ("y",)
    assert read.number("number", 5) == -3 and read.number("other", 5) == 5
    assert read.text("mode") == "linear" and read.text("other", "cubic") == "cubic"
    found = read.tensor("value")
    assert found is not None and found.values is not None and found.values.tolist() == [7]
    assert read.tensor("other") is None and len(list(read.tensors())) == 1


def test_what_is_there_twice_or_too_often_is_malformed() -> None:
    model = one_node("Softmax", axis=0)
    model.graph.node[2].attribute.append(helper.make_attribute("axis", 1))
    with pytest.raises(ProtobufError, match="an attribute twice"):
        parsed(model)
    with pytest.raises(ProtobufError, match="5 are the most"):
        parse_graph(one_node("Neg").SerializeToString(), 5)


@pytest.mark.parametrize("dims", [[1 << 40], [-1], [3, -3], [99]])
def test_a_tensor_that_claims_more_than_its_bytes_is_malformed(dims: list[int]) -> None:
    proto = TensorProto(name="w", data_type=TensorProto.INT8, dims=dims, raw_data=b"")
    with pytest.raises(ProtobufError, match="beyond its bytes"):
        Tensor.of(Message(memoryview(proto.SerializeToString())))
