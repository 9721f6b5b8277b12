"""Shapes are inferred before a graph runs exactly as ONNX Runtime computes them, or not at all."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from painting.errors import PainterFileError
from painting.files.graph_cost import SHAPE_RULES, run_cost
from painting.files.onnx_graph import parse_graph
from painting.onnx_session import open_session

Draws = np.random.Generator
Drawn = tuple[tuple[int, ...], list[Any], dict[str, Any]]  # the input's lengths, further inputs, attributes


def graph_of(
    operator: str, shape: tuple[int, ...], further: list[Any], attributes: dict[str, Any], outputs: int
) -> bytes:
    names = ["x", *("" if value is None else f"w{place}" for place, value in enumerate(further))]
    node = helper.make_node(operator, names, [f"y{place}" for place in range(outputs)], **attributes)
    graph = helper.make_graph(
        [node],
        "one operator",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_empty_tensor_value_info(name) for name in node.output],
        [numpy_helper.from_array(value, f"w{place}") for place, value in enumerate(further) if value is not None],
    )
    model: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9
    ).SerializeToString()
    return model


def sizes_by_runtime(model: bytes, shape: tuple[int, ...]) -> int | None:
    """Elements of all outputs; None where the runtime refuses."""
    try:
        found = open_session(model, 1, PainterFileError).run(None, {"x": np.ones(shape, np.float32)})
    except Exception:  # ONNX Runtime's own classes share no base but Exception
        return None
    return sum(int(array.size) for array in found)


def sizes_by_rule(model: bytes) -> int | None:
    try:
        return run_cost(parse_graph(model, 9), 1, PainterFileError).elements
    except PainterFileError:
        return None


def f32(*shape: int) -> Any:
    return np.ones(shape, np.float32)


def ints(*values: int) -> Any:
    return np.array(values, np.int64)


def some(draws: Draws, low: int, high: int, count: int | np.integer[Any]) -> list[int]:
    return [int(value) for value in draws.integers(low, high, count)]


def conv(draws: Draws) -> Drawn:
    k = some(draws, 1, 4, 2)
    attributes: dict[str, Any] = {"strides": some(draws, 1, 4, 2), "dilations": some(draws, 1, 3, 2)}
    if draws.random() < 0.3:
        attributes = {"strides": attributes["strides"], "auto_pad": draws.choice(["SAME_UPPER", "SAME_LOWER", "VALID"])}
    else:
        attributes["pads"] = some(draws, -1, 3, 4)
    return (1, 2, *some(draws, 5, 12, 2)), [f32(3, 2, *k)], attributes


def conv_transpose(draws: Draws) -> Drawn:
    attributes = {"strides": some(draws, 1, 4, 2), "dilations": some(draws, 1, 3, 2), "pads": some(draws, 0, 2, 4)}
    return (
        (2, 2, *some(draws, 2, 6, 2)),
        [f32(2, 3, *some(draws, 1, 4, 2))],
        attributes | {"output_padding": some(draws, 0, 2, 2)},
    )


def pool(draws: Draws) -> Drawn:
    attributes = {"kernel_shape": some(draws, 1, 4, 2), "strides": some(draws, 1, 4, 2), "pads": some(draws, 0, 2, 4)}
    return (1, 2, *some(draws, 3, 9, 2)), [], attributes | {"ceil_mode": int(draws.random() < 0.2)}


def slices(draws: Draws) -> Drawn:
    count = int(draws.integers(1, 3))
    ends = [int(draws.choice([-(2**63), -20, -3, -1, 0, 1, 4, 2**31, 2**63 - 1])) for _ in range(2 * count)]
    steps = [int(draws.choice([-(2**63), -3, -1, 1, 2, 2**31, 0])) for _ in range(count)]
    return (5, 7), [ints(*ends[:count]), ints(*ends[count:]), ints(*range(count)), ints(*steps)], {}


def reshape(draws: Draws) -> Drawn:
    wanted = [int(draws.choice([-1, 0, 1, 2, 3, 6, -2])) for _ in range(draws.integers(1, 4))]
    return (2, 3, 6)[: draws.integers(1, 4)], [ints(*wanted)], {"allowzero": int(draws.random() < 0.2)}


def resize(draws: Draws) -> Drawn:
    if draws.random() < 0.5:
        return (1, 2, 5, 7), [None, None, ints(1, 2, *some(draws, 0, 20, 2))], {"mode": "nearest"}
    scales = np.concatenate([[1, 1], draws.uniform(0.05, 4, 2)]).astype(np.float32)
    return (1, 2, *some(draws, 1, 60, 2)), [None, scales], {"mode": str(draws.choice(["nearest", "linear"]))}


def pad(draws: Draws) -> Drawn:
    mode = str(draws.choice(["constant", "edge", "reflect"]))
    return (3, 5), [ints(*some(draws, -3, 4, 4))], {"mode": mode}


def expand(draws: Draws) -> Drawn:
    return (3, 1, 5), [ints(*(int(draws.choice([1, 2, 3, 5, 0, -1])) for _ in range(draws.integers(1, 5))))], {}


def tile(draws: Draws) -> Drawn:
    return (2, 3), [ints(*some(draws, -1, 4, 2))], {}


def reduce(draws: Draws) -> Drawn:
    axes = ints(*(int(draws.choice([-3, -1, 0, 1, 2, 5])) for _ in range(draws.integers(0, 3))))
    return (2, 3, 5), [axes], {"keepdims": int(draws.integers(2)), "noop_with_empty_axes": int(draws.integers(2))}


def gather(draws: Draws) -> Drawn:
    return (3, 5), [np.zeros(some(draws, 0, 4, draws.integers(0, 3)), np.int64)], {"axis": int(draws.integers(-3, 3))}


def concat(draws: Draws) -> Drawn:
    return (3, 5), [f32(*(draws.choice([1, 3, 5]) for _ in range(2)))], {"axis": int(draws.integers(-3, 3))}


def matmul(draws: Draws) -> Drawn:
    pool = [(3,), (5,), (5, 2), (3, 5), (1, 5, 2), (4, 3, 5), (4, 5, 3), (2, 1, 5, 3)]
    return pool[draws.integers(len(pool))], [f32(*pool[draws.integers(len(pool))])], {}


def gemm(draws: Draws) -> Drawn:
    flags = {"transA": int(draws.integers(2)), "transB": int(draws.integers(2))}
    return ((3, 5), (5, 3))[draws.integers(2)], [f32(*((5, 2), (2, 5))[draws.integers(2)])], flags


def add(draws: Draws) -> Drawn:
    return (2, 1, 5), [f32(*(draws.choice([1, 2, 3, 5]) for _ in range(draws.integers(0, 4))))], {}


def transpose(draws: Draws) -> Drawn:
    return (2, 3, 5), [], {"perm": some(draws, 0, 3, 3)} if draws.random() < 0.8 else {}


def unsqueeze(draws: Draws) -> Drawn:
    return (2, 3), [ints(*some(draws, -5, 5, draws.integers(1, 3)))], {}


def squeeze(draws: Draws) -> Drawn:
    return (1, 3, 1), [ints(*some(draws, -4, 3, draws.integers(1, 3)))] if draws.random() < 0.8 else [], {}


def split(draws: Draws) -> Drawn:
    parts = [ints(*some(draws, 0, 5, 2))] if draws.random() < 0.6 else []
    return (2, 5), parts, {"axis": int(draws.integers(-3, 3))} | ({} if parts else {"num_outputs": 2})


def top(draws: Draws) -> Drawn:
    return (3, 5), [ints(int(draws.integers(-1, 7)))], {"axis": int(draws.integers(-3, 3))}


def argmax(draws: Draws) -> Drawn:
    return (3, 5), [], {"axis": int(draws.integers(-3, 3)), "keepdims": int(draws.integers(2))}


def flatten(draws: Draws) -> Drawn:
    return (2, 3, 5), [], {"axis": int(draws.integers(-4, 5))}


def shuffle(draws: Draws) -> Drawn:
    return (
        (1, *(int(length) for length in draws.choice([4, 8, 9, 5], 3))),
        [],
        {"blocksize": int(draws.integers(-1, 4))},
    )


def gather_nd(draws: Draws) -> Drawn:
    return (
        (2, 3, 5),
        [np.zeros((2, *some(draws, 1, 4, draws.integers(1, 3))), np.int64)],
        {"batch_dims": int(draws.integers(0, 2))},
    )


def shape_of(draws: Draws) -> Drawn:
    return (2, 3, 5, 7), [], {"start": int(draws.integers(-6, 6)), "end": int(draws.integers(-6, 6))}


DRAWN: dict[str, tuple[Callable[[Draws], Drawn], int]] = {
    "Conv": (conv, 1), "ConvTranspose": (conv_transpose, 1), "MaxPool": (pool, 1), "AveragePool": (pool, 1),
    "Slice": (slices, 1), "Reshape": (reshape, 1), "Resize": (resize, 1), "Pad": (pad, 1), "Expand": (expand, 1),
    "Tile": (tile, 1), "ReduceSum": (reduce, 1), "ReduceMax": (reduce, 1), "Gather": (gather, 1),
    "Concat": (concat, 1), "MatMul": (matmul, 1), "Gemm": (gemm, 1), "Add": (add, 1), "Transpose": (transpose, 1),
    "Unsqueeze": (unsqueeze, 1), "Squeeze": (squeeze, 1), "Split": (split, 2), "TopK": (top, 2),
    "ArgMax": (argmax, 1), "Flatten": (flatten, 1), "DepthToSpace": (shuffle, 1), "SpaceToDepth": (shuffle, 1),
    "GatherND": (gather_nd, 1), "Shape": (shape_of, 1),
}  # fmt: skip
DRAWS_EACH = 25


@pytest.mark.parametrize("operator", DRAWN)
def test_lengths_are_those_of_the_runtime(operator: str) -> None:
    draw, outputs = DRAWN[operator]
    draws = np.random.default_rng(sorted(DRAWN).index(operator))
    understood = 0
    for _ in range(DRAWS_EACH):
        shape, further, attributes = draw(draws)
        model = graph_of(operator, shape, further, attributes, outputs)
        ran, inferred = sizes_by_runtime(model, shape), sizes_by_rule(model)
        understood += inferred is not None and inferred == ran
        assert inferred == ran or None in (inferred, ran), (shape, further, attributes)
        assert inferred is not None or ran is None or refused_on_purpose(further, attributes), (
            shape,
            further,
            attributes,
        )
    assert understood > DRAWS_EACH // 8


def refused_on_purpose(further: list[Any], attributes: dict[str, Any]) -> bool:
    """What runtimes take, but no painter needs: sizes rounded up, cut borders, far ends and steps of a slice."""
    steps = further[3].tolist() if len(further) == 4 else []
    far = any(abs(step) > 2**31 for step in steps) or (min(steps, default=0) < 0 and further[1].max() >= 2**31)
    cut = min(attributes.get("pads", [0])) < 0
    return bool(attributes.get("ceil_mode") or cut or far)


@pytest.mark.parametrize("operator", [name for name, rule in SHAPE_RULES.items() if rule is SHAPE_RULES["Relu"]])
def test_operators_of_one_shape_say_so_by_their_definition(operator: str) -> None:
    """ONNX's own inference agrees for those that take one input; the others are known for it."""
    schema = onnx.defs.get_schema(operator, 24)
    if schema.min_input > 1 or operator in {"EyeLike"}:
        return
    attributes: dict[str, Any] = {"to": 1} if operator == "Cast" else {}
    model = helper.make_model(
        helper.make_graph(
            [helper.make_node(operator, ["x"], ["y"], **attributes)],
            "one operator",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, (2, 3, 4, 5))],
            [helper.make_empty_tensor_value_info("y")],
        ),
        opset_imports=[helper.make_opsetid("", 24)],
    )
    (output,) = onnx.shape_inference.infer_shapes(model).graph.output
    assert [axis.dim_value for axis in output.type.tensor_type.shape.dim] in ([2, 3, 4, 5], [])
