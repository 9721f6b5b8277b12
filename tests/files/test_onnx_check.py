"""A graph's promised inputs and outputs are compared with what it has; free lengths fit any promise."""

import onnx
import pytest
from onnx import TensorProto, helper

from painting.errors import PainterFileError
from painting.files.graph_cost import SHAPE_RULES, SOURCE_RULES
from painting.files.onnx_check import ALLOWED_OPERATORS, Signature, check_graph

X: Signature = {"x": ("float32", (None, 8))}
Y: Signature = {"y": ("float32", (None, 8))}


def negation(length: int | str = 8, element: int = TensorProto.FLOAT) -> onnx.ModelProto:
    inputs = [helper.make_tensor_value_info("x", element, ["n", length])]
    outputs = [helper.make_tensor_value_info("y", element, ["n", length])]
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "negation", inputs, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])


@pytest.mark.parametrize("length", [8, "width"])
def test_the_promised_lengths_and_free_ones_fit(length: int | str) -> None:
    check_graph(negation(length).SerializeToString(), X, Y, PainterFileError)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (negation(9), r"'x' is float32 \(None, 9\), expected float32 \(None, 8\)"),
        (negation(8, TensorProto.DOUBLE), "'x' is float64"),
        (negation(8, TensorProto.STRING), "'x' is another type"),
    ],
)
def test_other_lengths_and_types_are_refused(model: onnx.ModelProto, message: str) -> None:
    with pytest.raises(PainterFileError, match=message):
        check_graph(model.SerializeToString(), X, Y, PainterFileError)


def test_other_names_are_refused_with_both() -> None:
    with pytest.raises(PainterFileError, match=r"outputs are \['y'\], expected \['pictures'\]"):
        check_graph(negation().SerializeToString(), X, {"pictures": Y["y"]}, PainterFileError)


def test_a_second_graph_cannot_hide_behind_the_first() -> None:
    hidden = negation()
    hidden.graph.node[0].op_type = "Loop"
    twice = negation().SerializeToString() + hidden.SerializeToString()
    with pytest.raises(PainterFileError, match="not ONNX"):
        check_graph(twice, X, Y, PainterFileError)


def test_functions_that_travel_in_the_file_are_refused() -> None:
    model = negation()
    opset = [helper.make_opsetid("", 18)]
    model.functions.append(
        helper.make_function("", "Neg", ["x"], ["y"], [helper.make_node("Abs", ["x"], ["y"])], opset)
    )
    with pytest.raises(PainterFileError, match="functions of its own"):
        check_graph(model.SerializeToString(), X, Y, PainterFileError)


@pytest.mark.parametrize("version", [9, 12, 26, 10**9])
def test_operator_sets_of_other_rules_are_refused(version: int) -> None:
    model = negation()
    model.opset_import[0].version = version
    with pytest.raises(PainterFileError, match=f"operator set {version}; 13 to 25 are read"):
        check_graph(model.SerializeToString(), X, Y, PainterFileError)


def test_every_allowed_operator_is_one_of_onnx_itself() -> None:
    known = {schema.name for schema in onnx.defs.get_all_schemas_with_history() if schema.domain == ""}
    assert known >= ALLOWED_OPERATORS
    assert {*SHAPE_RULES, *SOURCE_RULES, "Split", "TopK", "DynamicQuantizeLinear"} == ALLOWED_OPERATORS
    assert not ALLOWED_OPERATORS & {
        "If",
        "Loop",
        "Scan",
        "RandomNormal",
        "RandomUniform",
        "Multinomial",
        "StringConcat",
    }
