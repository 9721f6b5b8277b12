"""Values that a graph computes lengths from are known exactly, as ONNX Runtime computes them, or not at all."""

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from painting.errors import PainterFileError
from painting.files.onnx_graph import Node, parse_graph
from painting.files.shape_values import VALUE_RULES, known_result, slice_places
from painting.onnx_session import open_session

FLOATS = TensorProto.FLOAT
INPUTS: dict[str, list[Any]] = {
    "Identity": [[1, 2]],
    "Cast": [[1, -2]],
    "Reshape": [[1, 2, 3, 4], [2, 2]],
    "Squeeze": [[[7]], [0]],
    "Unsqueeze": [[7, 8], [0]],
    "Expand": [[7], [3, 2]],
    "Gather": [[5, 6, 7], [-1, 0]],
    "Slice": [[5, 6, 7, 8], [-1], [-9], [0], [-2]],
    "Concat": [[1], [2, 3]],
    "Add": [[1, 2], [10]],
    "Sub": [[1, 2], [10]],
    "Mul": [[1, 2], [-10]],
    "Div": [[7, -7, 8], [2]],
    "Neg": [[7, -7]],
    "Max": [[1, 5], [3], [4]],
    "Min": [[1, 5], [3], [4]],
    "Equal": [[1, 5], [5]],
    "Not": [[True, False]],
    "Where": [[True, False], [1], [2, 3]],
}

ATTRIBUTES: dict[str, dict[str, Any]] = {"Cast": {"to": TensorProto.INT32}, "Concat": {"axis": 0}}


def arrays(operator: str) -> list[Any]:
    return [np.array(value) for value in INPUTS[operator]]


def node_of(operator: str, count: int) -> tuple[Node, bytes]:
    """The operator on a graph's weights, and that graph."""
    attributes = ATTRIBUTES.get(operator, {})
    names = [f"w{place}" for place in range(count)]
    graph = helper.make_graph(
        [helper.make_node(operator, names, ["y"], **attributes)],
        "values",
        [],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(value, name) for name, value in zip(names, arrays(operator), strict=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9).SerializeToString()
    return parse_graph(model, 9).nodes[0], model


@pytest.mark.parametrize("operator", VALUE_RULES)
def test_values_are_those_of_the_runtime(operator: str) -> None:
    given = arrays(operator)
    node, model = node_of(operator, len(given))
    (ran,) = open_session(model, 1, PainterFileError).run(None, {})
    known = known_result(node, given, ran.shape)
    assert known is not None
    assert (known.dtype, known.tolist()) == (ran.dtype, ran.tolist())


@pytest.mark.parametrize(
    ("operator", "given"),
    [
        ("Mul", [[1 << 40], [1 << 40]]),
        ("Add", [[2**62], [2**62]]),
        ("Cast", [[1e30]]),
        ("Cast", [[np.nan]]),
        ("Div", [[1], [0]]),
        ("Gather", [[1, 2], [2]]),
        ("Mul", [[1.5], [2.0]]),
        ("Add", [[1], None]),
    ],
)
def test_what_is_not_exact_is_not_known(operator: str, given: list[Any]) -> None:
    node, _ = node_of(operator, len(INPUTS[operator]))
    values = [None if value is None else np.array(value) for value in given]
    assert known_result(node, values, (1,)) is None


def test_a_slice_takes_the_places_of_a_list() -> None:
    for start in range(-5, 6):
        for end in range(-5, 6):
            for step in (-2, -1, 1, 2):
                if step < 0 and start < -4:
                    continue  # clamped to the first place, where a list takes none
                assert list(slice_places(4, start, end, step)) == list(range(4))[start:end:step]
