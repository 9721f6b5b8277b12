"""Small ONNX graphs of a painter's signature, honest and hostile, for tests of what reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, LATENT_SIZE, OPSET = 8, 4, 18


def painting_graph(
    nodes: Sequence[onnx.NodeProto], weights: Mapping[str, Any] | None = None, opset: int = OPSET
) -> onnx.ModelProto:
    """A graph from `latents` (N, 4) to `pictures` (N, 8, 8, 3) that also runs the nodes.

    They find a float `x` (N, 4), int64 `whole` (N, 4) and their weights, and compute `y`, whose sum, times zero, is
    added to the pictures.
    """
    own = {
        "spread": np.ones((LATENT_SIZE, SIDE * SIDE * 3), np.float32),
        "picture": np.array([-1, SIDE, SIDE, 3]),
        "zero": np.float32(0),
    }
    around = [
        helper.make_node("Identity", ["latents"], ["x"]),
        helper.make_node("Cast", ["latents"], ["whole"], to=TensorProto.INT64),
        *nodes,
        helper.make_node("Cast", ["y"], ["y float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["y float"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["sum", "zero"], ["nothing"]),
        helper.make_node("MatMul", ["latents", "spread"], ["light"]),
        helper.make_node("Add", ["light", "nothing"], ["levels"]),
        helper.make_node("Reshape", ["levels", "picture"], ["laid out"]),
        helper.make_node("Cast", ["laid out"], ["pictures"], to=TensorProto.UINT8),
    ]
    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in (own | dict(weights or {})).items()]
    inputs = [helper.make_tensor_value_info("latents", TensorProto.FLOAT, ["n", LATENT_SIZE])]
    outputs = [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", SIDE, SIDE, 3])]
    graph = helper.make_graph(around, "painting", inputs, outputs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)


def one_node(
    operator: str, weights: Mapping[str, Any] | None = None, names: str = "", **attributes: Any
) -> onnx.ModelProto:
    """A painting graph that runs one operator, on `x` and its weights or on the inputs of these names."""
    given = names.split(",") if names else ["x", *(weights or {})]
    return painting_graph([helper.make_node(operator, given, ["y"], **attributes)], weights)


def chain(operator: str, length: int, *weights: str, given: Mapping[str, Any] | None = None) -> onnx.ModelProto:
    """A painting graph that runs one operator many times on what came before it."""
    names = ["x", *(f"t{index}" for index in range(1, length)), "y"]
    return painting_graph(
        [helper.make_node(operator, [names[index], *weights], [names[index + 1]]) for index in range(length)], given
    )


def whole(*values: int) -> np.ndarray[Any, Any]:
    """Lengths, as ONNX has them."""
    return np.array(values, np.int64)
