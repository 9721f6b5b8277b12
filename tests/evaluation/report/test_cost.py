from pathlib import Path

import numpy as np
from onnx import helper, numpy_helper
from tests.conftest import FEATURES, LATENT_SIZE, SIZE, MakePainter

from painting.evaluation.report.cost import cost_of, count_parameters
from painting.files.painter_file import read
from painting.paint.painter import Painter


def test_parameters_are_counted_without_shapes_and_scalars_of_the_graph(unconditional_painter: Path) -> None:
    learned = LATENT_SIZE * FEATURES + 1 * FEATURES + FEATURES * SIZE * SIZE * 3
    assert count_parameters(read(unconditional_painter).generator) == learned + 1  # "white" is a number too


def test_parameters_count_in_however_many_bits_they_are_stored() -> None:
    shapes = {"float32": (3, 4), "float16": (5,), "int8": (6, 7), "int64": (2,)}  # the last is a shape or an index
    initializers = [numpy_helper.from_array(np.zeros(shape, kind), kind) for kind, shape in shapes.items()]
    graph = helper.make_model(helper.make_graph([], "constants", [], [], initializers))
    assert count_parameters(graph.SerializeToString()) == 3 * 4 + 5 + 6 * 7


def test_a_painter_is_timed_and_its_card_read(make_painter: MakePainter) -> None:
    card = {"images_seen": {"gan": 180_000, "odd": "many"}, "hours": 0.64, "hardware": {"device": "cpu"}}
    path = make_painter(card=card)
    cost = cost_of(Painter.load(path, threads=1), path, 1)
    assert cost.milliseconds > 0 and cost.file_bytes == path.stat().st_size
    assert (cost.images_seen, cost.hours, cost.hardware) == ({"gan": 180_000}, 0.64, {"device": "cpu"})


def test_a_painter_without_example_prompts_is_timed_too(make_painter: MakePainter) -> None:
    path = make_painter(example_prompts=("\u200b",))
    assert cost_of(Painter.load(path, threads=1), path, 1).milliseconds > 0


def test_a_card_without_facts_leaves_them_out(make_painter: MakePainter) -> None:
    path = make_painter(conditional=False, card={"hours": "two", "hardware": 3, "images_seen": None})
    cost = cost_of(Painter.load(path, threads=1), path, 1)
    assert (cost.images_seen, cost.hours, cost.hardware) == ({}, None, {})
