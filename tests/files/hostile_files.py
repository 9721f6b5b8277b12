"""Painter files as an attacker would write them; each is small, and refused or painted within bounds."""

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from tests.files.graphs import LATENT_SIZE, SIDE, chain, one_node, painting_graph, whole

from painting.files.archive import sha256
from painting.images import encode_still_webp

HUGE = 1 << 40
SAMPLES_WEBP = encode_still_webp(np.zeros((SIDE, SIDE, 3), np.uint8))
f32 = np.float32


def node(operator: str, *inputs: str, output: str = "y", **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(operator, list(inputs), [output], **attributes)


def repeated(operator: str, times: int) -> onnx.ModelProto:
    """A graph in which one operator stands many times."""
    model = one_node("Identity")
    entry = node(operator, "x", output="again").SerializeToString()
    model.graph.MergeFromString((bytes([1 << 3 | 2, len(entry)]) + entry) * times)
    return model


def only_for(batch: int) -> onnx.ModelProto:
    """A graph that costs little but for one size of a batch."""
    weights = {"batch": whole(batch), "huge": whole(1 << 36), "small": whole(1), "place": whole(0), "grain": f32(1)}
    return painting_graph(
        [
            node("Shape", "latents", output="lengths"),
            node("Gather", "lengths", "place", output="count"),
            node("Equal", "count", "batch", output="is it"),
            node("Where", "is it", "huge", "small", output="length"),
            node("Expand", "grain", "length"),
        ],
        weights,
    )


def doubling(times: int) -> onnx.ModelProto:
    names = ["x", *(f"t{index}" for index in range(1, times)), "y"]
    return painting_graph(
        [helper.make_node("Concat", [names[i], names[i]], [names[i + 1]], axis=1) for i in range(times)]
    )


def many_readings() -> onnx.ModelProto:
    """Few elements are written, but a large tensor is read a thousand times."""
    nodes = [node("Expand", "grain", "lengths", output="large")]
    nodes += [node("ReduceSum", "large", output=f"s{index}", keepdims=0) for index in range(2000)]
    nodes.append(helper.make_node("Sum", [f"s{index}" for index in range(2000)], ["y"]))
    return painting_graph(nodes, {"grain": f32(1), "lengths": whole(1 << 26)})


def claimed_weight(kind: int, *dims: int) -> onnx.ModelProto:
    model = one_node("Identity")
    model.graph.initializer.append(TensorProto(name="w", data_type=kind, dims=dims, raw_data=b"abcd"))
    return model


def divided(by: str) -> onnx.ModelProto:
    return painting_graph([node("Div", "least", by)], {"least": whole(-(2**63)), "minus one": whole(-1), "0": whole(0)})


PICTURE = {"latents as picture": whole(-1, 1, 2, 2)}


def on_picture(operator: str, weights: dict[str, Any], *names: str, **attributes: Any) -> onnx.ModelProto:
    lay_out = node("Reshape", "x", "latents as picture", output="p")
    return painting_graph([lay_out, node(operator, "p", *names, **attributes)], PICTURE | weights)


HOSTILE_GRAPHS: dict[str, Callable[[], onnx.ModelProto]] = {
    "Expand": lambda: one_node("Expand", {"to": whole(HUGE, 4)}),
    "Expand of a constant": lambda: one_node("Expand", {"grain": f32(1), "to": whole(HUGE)}, "grain,to"),
    "Tile": lambda: one_node("Tile", {"times": whole(1, HUGE)}),
    "Pad": lambda: one_node("Pad", {"around": whole(0, HUGE, 0, HUGE)}),
    "ConstantOfShape": lambda: one_node("ConstantOfShape", {"lengths": whole(HUGE)}, "lengths"),
    "Range": lambda: one_node("Range", {"a": f32(0), "b": f32(1e12), "c": f32(1)}, "a,b,c"),
    "OneHot": lambda: one_node("OneHot", {"depth": whole(HUGE), "values": np.array([0, 1], f32)}, "whole,depth,values"),
    "Resize by scales": lambda: on_picture("Resize", {"scales": np.array([1, 1, 1e6, 1e6], f32)}, "", "scales"),
    "Resize by sizes": lambda: on_picture("Resize", {"sizes": whole(1, 1, 1 << 20, 1 << 20)}, "", "", "sizes"),
    "ConvTranspose": lambda: on_picture("ConvTranspose", {"w": np.ones((1, 1, 2, 2), f32)}, "w", strides=[1 << 20] * 2),
    "Conv with wide borders": lambda: on_picture("Conv", {"w": np.ones((1, 1, 1, 1), f32)}, "w", pads=[1 << 20] * 4),
    "a pool with wide borders": lambda: on_picture("MaxPool", {}, kernel_shape=[1, 1], pads=[1 << 20] * 4),
    "an outer product": lambda: painting_graph(
        [node("Expand", "x", "wide", output="w"), node("MatMul", "w", "high")],
        {"wide": whole(1 << 16, 4), "high": np.ones((4, 1 << 16), f32)},
    ),
    "products": lambda: chain("MatMul", 500, "w", given={"w": np.ones((4, 4), f32)}),
    "a broadcast": lambda: painting_graph(
        [
            node("Expand", "grain", "high", output="h"),
            node("Expand", "grain", "wide", output="w"),
            node("Add", "h", "w"),
        ],
        {"grain": f32(1), "high": whole(1 << 20, 1), "wide": whole(1, 1 << 20)},
    ),
    "a Gather of many": lambda: painting_graph(
        [node("Expand", "place", "many", output="places"), node("Gather", "x", "places")],
        {"place": whole(0)[0], "many": whole(1 << 30)},
    ),
    "doublings": lambda: doubling(40),
    "one large tensor read often": many_readings,
    "a length from the latents": lambda: painting_graph(
        [
            node("ReduceSum", "whole", output="sum"),
            node("Reshape", "sum", "flat", output="length"),
            node("Expand", "grain", "length"),
        ],
        {"flat": whole(1), "grain": f32(1)},
    ),
    "a batch of 3": lambda: only_for(3),
    "a batch of 16": lambda: only_for(16),
    "a long chain": lambda: chain("Neg", 2000),
    "operators by the hundred thousand": lambda: repeated("Identity", 100_000),
    "one operator more than are allowed": lambda: repeated("Neg", 8192),
    "a weight beyond its bytes": lambda: claimed_weight(TensorProto.FLOAT, HUGE),
    "a weight of texts": lambda: claimed_weight(TensorProto.STRING, 1 << 30),
    "a weight of negative length": lambda: claimed_weight(TensorProto.FLOAT, -4, -4),
    "many axes": lambda: one_node("Unsqueeze", {"axes": whole(*range(60))}),
    "a circle": lambda: painting_graph([node("Neg", "b", output="a"), node("Neg", "a", output="b"), node("Neg", "b")]),
    "an output twice": lambda: painting_graph([node("Neg", "x"), node("Abs", "x")]),
    "the least number by -1": lambda: divided("minus one"),
    "a number by 0": lambda: divided("0"),
    "a number by one from the latents": lambda: divided("whole"),
}
"""Graphs that take far more than a painter does, or would end the process, by what makes them do so."""
PAINTED = {"products", "a long chain", "a batch of 3", "a batch of 16"}
"""Those that fit the budget, some of them in smaller batches."""


def painter_bytes(graph: onnx.ModelProto | bytes, **fields: Any) -> dict[str, bytes]:
    """The members of a painter file around a graph; fields of its manifest may be replaced."""
    content = graph if isinstance(graph, bytes) else graph.SerializeToString()
    members = {"generator.onnx": content, "samples.webp": SAMPLES_WEBP}
    manifest = {"format_version": 1, "name": "hostile", "picture_size": SIDE, "latent_size": LATENT_SIZE, "card": {}}
    manifest |= {"example_prompts": [], "members": {name: sha256(member) for name, member in members.items()}}
    return {"painter.json": json.dumps(manifest | fields).encode(), **members}


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_json(old: bytes, new: bytes) -> bytes:
    """A painter file in whose manifest some text is replaced."""
    members = painter_bytes(one_node("Identity"), card={"here": "CARD"})
    assert old in members["painter.json"]
    return zipped(members | {"painter.json": members["painter.json"].replace(old, new)})


def with_directory(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    buffer = io.BytesIO(zipped(painter_bytes(one_node("Identity"))))
    with warnings.catch_warnings():  # of a name that is there twice
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            change(archive)
    return buffer.getvalue()


def add_many(archive: zipfile.ZipFile) -> None:
    for number in range(3000):
        archive.writestr(f"{number}", b"")


HOSTILE_BYTES: dict[str, Callable[[], bytes]] = {
    "a member twice": lambda: with_directory(lambda archive: archive.writestr("generator.onnx", b"other")),
    "a bomb": lambda: with_directory(lambda archive: archive.writestr("bomb", bytes(1 << 26))),
    "an absolute path": lambda: with_directory(lambda archive: archive.writestr("/etc/passwd", b"root")),
    "a path upwards": lambda: with_directory(lambda archive: archive.writestr("../painter.json", b"{}")),
    "members by the thousand": lambda: with_directory(add_many),
    "brackets without end": lambda: with_json(b'"CARD"', b"[" * 1_000_000),
    "brackets of 900 levels": lambda: with_json(b'"CARD"', b"[" * 900 + b"]" * 900),
    "a number of a million digits": lambda: with_json(b'"CARD"', b"1" * 1_000_000),
    "infinity": lambda: with_json(b'"CARD"', b"1e999"),
    "no number": lambda: with_json(b'"CARD"', b"NaN"),
    "a field twice": lambda: with_json(b'"name": "hostile"', b'"name": "hostile", "name": "kind"'),
    "half a surrogate pair as name": lambda: with_json(b'"hostile"', b'"\\ud800"'),
    "a name that reverses": lambda: with_json(b'"hostile"', b'"a\\u202egnitniap"'),
    "a name that colours": lambda: with_json(b'"hostile"', b'"\\u001b[31mred"'),
    "fields by the million": lambda: zipped(painter_bytes(b"\x3a\x80\x89\x7a" + b"\x08\x01" * 1_000_000 + b"\x42\x00")),
    "numbers by the million": lambda: zipped(painter_bytes(one_node("Transpose", perm=[0] * 1_500_000))),
}
"""Painter files of which something else than the graph's cost is hostile."""
