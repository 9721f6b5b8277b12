"""The work of products and convolutions is what their formulas say."""

import pytest

from painting.files.onnx_graph import Node
from painting.files.shape_rules import Known, UnknownShape
from painting.files.window_rules import MULTIPLICATION_RULES, convolved, convolved_back, product, split_into_parts


def node_of(operator: str, outputs: int = 1) -> Node:
    return Node(operator, "", ("x", "w"), tuple(f"y{place}" for place in range(outputs)), {})


def tensors(*shapes: tuple[int, ...]) -> list[Known]:
    return [Known(shape, 1) for shape in shapes]


@pytest.mark.parametrize(
    ("operator", "shapes", "size", "work"),
    [
        ("MatMul", [(2, 3), (3, 5)], 10, 30),
        ("Gemm", [(2, 3), (3, 5)], 10, 30),
        ("Conv", [(1, 4, 8, 8), (6, 4, 3, 3)], 6 * 36, 6 * 36 * 36),
        ("ConvTranspose", [(1, 4, 8, 8), (4, 6, 3, 3)], 600, 4 * 64 * 54),
    ],
)
def test_multiplications(operator: str, shapes: list[tuple[int, ...]], size: int, work: int) -> None:
    assert MULTIPLICATION_RULES[operator](node_of(operator), tensors(*shapes), size) == work


def test_lengths_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(UnknownShape):
        product(node_of("MatMul"), tensors((2, 3), (4, 5)))
    with pytest.raises(UnknownShape):
        convolved(node_of("Conv"), tensors((1, 4, 8), (6, 4, 3, 3)))
    with pytest.raises(UnknownShape):
        convolved_back(node_of("ConvTranspose"), tensors((1, 4, 8, 8), (4, 6)))


def test_a_split_without_lengths_is_into_equal_parts_but_the_last() -> None:
    assert split_into_parts(node_of("Split", 3), tensors((7,))) == [(3,), (3,), (1,)]
    with pytest.raises(UnknownShape, match="while it runs"):
        split_into_parts(node_of("Split", 2), tensors((7,), (2,)))
