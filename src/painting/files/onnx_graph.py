"""ONNX graphs, as far as checking one needs them: operators with their attributes, weights, inputs and outputs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.files.protobuf import Message, ProtobufError

ELEMENT_TYPES = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64"}
"""ONNX's numbers of element types, as numpy calls them."""
LENGTH_TYPES = {"int32", "int64", "bool", "float32"}
"""Those of lengths, scales and what they are computed from."""
MAX_KNOWN_VALUES = 1024
"""Tensors of more values hold weights, not lengths: their values are not read."""
HALVES_PER_BYTE = 2  # of the smallest element types, of 4 bits


class _Model:
    """Field numbers of onnx.proto, message by message."""

    GRAPH, OPSETS, TRAINING, FUNCTIONS = 7, 8, 20, 25


class _Graph:
    NODES, INITIALIZERS, INPUTS, OUTPUTS, SPARSE_INITIALIZERS = 1, 5, 11, 12, 15


class _Node:
    INPUTS, OUTPUTS, OPERATOR, ATTRIBUTES, DOMAIN = 1, 2, 4, 5, 7


class _Attribute:
    NAME, INT, TEXT, TENSOR, GRAPH, INTS, TENSORS, GRAPHS, SPARSE_TENSOR, SPARSE_TENSORS = (
        1,
        3,
        4,
        5,
        6,
        8,
        10,
        11,
        22,
        23,
    )


class _Tensor:
    DIMS, ELEMENT, FLOATS, INT32S, INT64S, NAME, RAW, EXTERNAL_DATA, DATA_LOCATION = 1, 2, 4, 5, 7, 8, 9, 13, 14


class _Value:
    NAME, TYPE = 1, 2
    TENSOR_TYPE, ELEMENT, SHAPE = 1, 1, 2
    AXES, LENGTH = 1, 1


class _Opset:
    DOMAIN, VERSION = 1, 2


@dataclass(frozen=True)
class Tensor:
    """A weight or constant: its name, element type (ONNX's number), and lengths."""

    name: str
    element: int
    dims: tuple[int, ...]
    message: Message

    @classmethod
    def of(cls, message: Message) -> "Tensor":
        """Read a TensorProto; raises ProtobufError for lengths beyond its bytes, which a runtime would allocate."""
        dims = tuple(message.numbers(_Tensor.DIMS))
        tensor = cls(message.text(_Tensor.NAME), message.number(_Tensor.ELEMENT) or 0, dims, message)
        if min(dims, default=0) < 0 or (not tensor.external and tensor.size > HALVES_PER_BYTE * message.size):
            raise ProtobufError(f"{tensor.name} claims lengths {dims} beyond its bytes")
        return tensor

    @property
    def size(self) -> int:
        """The number of its values."""
        size = 1
        for length in self.dims:
            size *= length
        return size

    @property
    def external(self) -> bool:
        """Whether its values are outside the file."""
        return self.message.has(_Tensor.EXTERNAL_DATA) or bool(self.message.number(_Tensor.DATA_LOCATION))

    @cached_property
    def values(self) -> NDArray[Any] | None:
        """The values of a small tensor; None of a larger one, or of a type of which no lengths are made."""
        name = ELEMENT_TYPES.get(self.element)
        if name not in LENGTH_TYPES or self.size > MAX_KNOWN_VALUES:
            return None
        values = self._read(np.dtype(name))
        return values.reshape(self.dims) if values.size == self.size else None

    def _read(self, kind: np.dtype[Any]) -> NDArray[Any]:
        raw = self.message.content(_Tensor.RAW)
        if raw is not None:
            return np.frombuffer(raw[: len(raw) // kind.itemsize * kind.itemsize], kind.newbyteorder("<")).astype(kind)
        if kind == np.float32:
            return np.frombuffer(self.message.content(_Tensor.FLOATS) or b"", "<f4").astype(kind)
        field = _Tensor.INT64S if kind == np.int64 else _Tensor.INT32S
        return np.array(self.message.numbers(field), np.int64).astype(kind)


@dataclass(frozen=True)
class Node:
    """An operator with the names of its inputs ("" for one that is left out) and outputs."""

    operator: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Message]

    def number(self, name: str, default: int) -> int:
        """A whole number among its attributes."""
        found = self.attributes.get(name)
        return default if found is None else next(iter(found.numbers(_Attribute.INT)), default)

    def numbers(self, name: str) -> list[int]:
        """Whole numbers among its attributes; none where they are left out."""
        found = self.attributes.get(name)
        return [] if found is None else found.numbers(_Attribute.INTS)

    def text(self, name: str, default: str = "") -> str:
        """A text among its attributes."""
        found = self.attributes.get(name)
        return default if found is None else found.text(_Attribute.TEXT)

    def tensor(self, name: str) -> Tensor | None:
        """A tensor among its attributes."""
        found = self.attributes.get(name)
        return None if found is None else Tensor.of(found.message(_Attribute.TENSOR))

    def tensors(self) -> Iterator[Tensor]:
        """All tensors among its attributes."""
        for attribute in self.attributes.values():
            for field in (_Attribute.TENSOR, _Attribute.TENSORS):
                yield from map(Tensor.of, attribute.messages(field))

    @property
    def holds_graphs(self) -> bool:
        """Whether there are graphs among its attributes."""
        return any(each.has(_Attribute.GRAPH) or each.has(_Attribute.GRAPHS) for each in self.attributes.values())

    @property
    def holds_sparse_weights(self) -> bool:
        """Whether there are sparse tensors among its attributes."""
        fields = (_Attribute.SPARSE_TENSOR, _Attribute.SPARSE_TENSORS)
        return any(each.has(field) for each in self.attributes.values() for field in fields)


Shape = tuple[int | None, ...]
"""Lengths; None: any."""


@dataclass(frozen=True)
class Graph:
    """A model's graph: its operators in their order, its weights, and its inputs' and outputs' element type and shape.

    `opsets` maps the domains of its operators to the versions. `extended`: it has functions or training of its own.
    """

    nodes: list[Node]
    weights: list[Tensor]
    inputs: dict[str, tuple[str, Shape]]
    outputs: dict[str, tuple[str, Shape]]
    opsets: dict[str, int]
    extended: bool
    sparse: bool


def parse_graph(model: bytes, max_nodes: int) -> Graph:
    """Read an ONNX model; raises ProtobufError and UnicodeDecodeError, also for more than `max_nodes` operators."""
    proto = Message(memoryview(model))
    if not proto.has(_Model.GRAPH) or not proto.has(_Model.OPSETS):
        raise ProtobufError("it has no graph or no operator set")
    graph = proto.message(_Model.GRAPH)
    nodes = graph.messages(_Graph.NODES, max_nodes)
    weights = graph.messages(_Graph.INITIALIZERS, max_nodes)
    return Graph(
        [_node(message) for message in nodes],
        [Tensor.of(message) for message in weights],
        dict(map(_described, graph.messages(_Graph.INPUTS))),
        dict(map(_described, graph.messages(_Graph.OUTPUTS))),
        {opset.text(_Opset.DOMAIN): opset.number(_Opset.VERSION) or 0 for opset in proto.messages(_Model.OPSETS)},
        proto.has(_Model.FUNCTIONS) or proto.has(_Model.TRAINING),
        graph.has(_Graph.SPARSE_INITIALIZERS),
    )


def _node(message: Message) -> Node:
    attributes = message.messages(_Node.ATTRIBUTES)
    by_name = {attribute.text(_Attribute.NAME): attribute for attribute in attributes}
    if len(by_name) != len(attributes):
        raise ProtobufError("an operator has an attribute twice")
    return Node(
        message.text(_Node.OPERATOR),
        message.text(_Node.DOMAIN),
        tuple(message.texts(_Node.INPUTS)),
        tuple(message.texts(_Node.OUTPUTS)),
        by_name,
    )


def _described(value: Message) -> tuple[str, tuple[str, Shape]]:
    tensor = value.message(_Value.TYPE).message(_Value.TENSOR_TYPE)
    axes = tensor.message(_Value.SHAPE).messages(_Value.AXES)
    element = ELEMENT_TYPES.get(tensor.number(_Value.ELEMENT) or 0, "another type")
    return value.text(_Value.NAME), (element, tuple(axis.number(_Value.LENGTH) for axis in axes))
