"""Our reader of protocol buffers agrees with the real one, and never fails in another way than ProtobufError."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from painting.files.protobuf import Message, ProtobufError


def model() -> onnx.ModelProto:
    weight = numpy_helper.from_array(np.arange(600, dtype=np.float32).reshape(20, 30), "weight")
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 20])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 30])]
    nodes = [
        helper.make_node("MatMul", ["x", "weight"], ["h"]),
        helper.make_node("LeakyRelu", ["h"], ["y"], alpha=0.25, domain=""),
    ]
    return helper.make_model(helper.make_graph(nodes, "g", inputs, outputs, [weight]))


def test_it_reads_what_onnx_wrote() -> None:
    proto = Message(memoryview(model().SerializeToString()))
    graph = proto.message(7)
    assert [node.text(4) for node in graph.messages(1)] == ["MatMul", "LeakyRelu"]
    assert [value.text(1) for value in graph.messages(11)] == ["x"]
    assert graph.messages(11)[0].message(2).message(1).number(1) == TensorProto.FLOAT
    assert proto.messages(8)[0].number(2) == model().opset_import[0].version
    assert proto.has(7) and not proto.has(25)


def test_every_truncation_and_many_changes_are_read_or_malformed() -> None:
    content = model().SerializeToString()
    draws = np.random.default_rng(0)
    damaged = [content[:length] for length in range(0, len(content), 7)]
    for _ in range(300):
        copy = bytearray(content)
        copy[draws.integers(len(copy))] = draws.integers(256)
        damaged.append(bytes(copy))
    for piece in damaged:
        try:
            graph = Message(memoryview(piece)).message(7)
            [node.message(5) for node in graph.messages(1)]
        except ProtobufError:
            pass


def test_a_field_of_a_fixed_size_does_not_pass_for_a_text() -> None:
    node = onnx.NodeProto(op_type="Loop").SerializeToString() + b"\x21Identity"
    assert onnx.NodeProto.FromString(node).op_type == "Loop"
    assert Message(memoryview(node)).text(4) == "Loop"


def test_the_number_of_a_field_that_could_be_cut_down_to_another_is_malformed() -> None:
    hidden = bytes([0x80 | 6 << 3 | 2, 0x80, 0x80, 0x80, 0x10, 0])  # field 6 and 2**32 more
    with pytest.raises(ProtobufError, match="too large"):
        Message(memoryview(hidden))


@pytest.mark.parametrize("content", [b"\xff" * 20, b"\x0a\x7f", b"\x0b", b"\x09\x00", b"\x08"])
def test_bytes_that_are_no_message_are_an_error(content: bytes) -> None:
    with pytest.raises(ProtobufError):
        Message(memoryview(content))


def test_a_message_that_is_there_twice_is_malformed() -> None:
    with pytest.raises(ProtobufError, match="2 times"):
        Message(memoryview(b"\x0a\x00\x0a\x00")).message(1)


def test_more_fields_than_any_painter_has_are_refused_wherever_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.files.protobuf.MAX_FIELDS", 100)
    flat = b"\x08\x01" * 101
    deep = b"".join(b"\x0a\x14" + b"\x08\x01" * 10 for _ in range(10))  # 10 messages of 10 fields
    with pytest.raises(ProtobufError, match="more than 100 fields"):
        Message(memoryview(flat))
    with pytest.raises(ProtobufError, match="more than 100 fields"):
        Message(memoryview(deep)).messages(1)
