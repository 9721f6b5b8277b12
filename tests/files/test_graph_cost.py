"""What a graph costs is known before it runs: hostile ones are refused or painted within bounds, ours are far below."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import helper
from tests.files.graphs import LATENT_SIZE, one_node, painting_graph, whole
from tests.files.hostile_files import HOSTILE_BYTES, HOSTILE_GRAPHS, PAINTED, painter_bytes, zipped

from painting.cli import run
from painting.errors import PainterFileError
from painting.files import painter_file
from painting.files.graph_cost import (
    MAX_BATCH_SIZE,
    MAX_RUN_ELEMENTS,
    MAX_RUN_OPERATIONS,
    OPERATIONS_PER_ELEMENT,
    RunCost,
    affordable_batch,
    run_cost,
)
from painting.files.onnx_graph import parse_graph
from painting.paint.painter import Painter
from painting.painters import catalog

MEMORY_BYTES = 6 << 30  # of addresses, of which an idle process of ours takes more than 1 GiB
CPU_SECONDS = 60  # for all files together
PAINT_ALL = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from painting.errors import PaintingError
from painting.paint.painter import Painter

for path in map(Path, sys.argv[3:]):
    try:
        Painter.load(path, threads=1).paint(count=16, seed=1)
        outcome = ""
    except PaintingError as problem:
        outcome = str(problem)
    print(json.dumps([path.stem, outcome]), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each hostile file was refused with in a process of bounded memory and time; "" for a painted one."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = []
    for name, make in HOSTILE_GRAPHS.items():
        paths.append(folder / f"{name}.painter")
        paths[-1].write_bytes(zipped(painter_bytes(make())))
    for name, make_bytes in HOSTILE_BYTES.items():
        paths.append(folder / f"{name}.painter")
        paths[-1].write_bytes(make_bytes())
    command = [sys.executable, "-c", PAINT_ALL, str(MEMORY_BYTES), str(CPU_SECONDS), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(map(json.loads, done.stdout.splitlines()))


@pytest.mark.parametrize("name", [*HOSTILE_GRAPHS, *HOSTILE_BYTES])
def test_a_hostile_file_is_refused_in_a_sentence_or_painted_within_bounds(name: str, outcomes: dict[str, str]) -> None:
    outcome = outcomes[name]
    assert (outcome == "") == (name in PAINTED)
    if outcome:
        assert outcome.startswith("cannot use the painter file") and outcome.isprintable() and len(outcome) < 600


@pytest.mark.parametrize("name", ["Expand", "an outer product", "one large tensor read often", "doublings"])
def test_the_refusal_says_what_one_picture_takes_and_what_is_allowed(name: str, outcomes: dict[str, str]) -> None:
    assert "one picture takes" in outcomes[name] and "at most 2.7e+08 and 3.4e+10 are allowed" in outcomes[name]


@pytest.mark.parametrize(("name", "batch"), [("a batch of 3", 2), ("a batch of 16", 15), ("products", 16)])
def test_the_batch_is_the_largest_up_to_which_all_fit(name: str, batch: int) -> None:
    graph = parse_graph(HOSTILE_GRAPHS[name]().SerializeToString(), 9999)
    assert affordable_batch(graph, PainterFileError) == batch


def test_a_costly_painter_paints_the_same_in_smaller_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plain.painter"
    path.write_bytes(zipped(painter_bytes(one_node("Identity"))))
    at_once = Painter.load(path)
    monkeypatch.setattr("painting.files.graph_cost.MAX_RUN_ELEMENTS", 5000)
    in_parts = Painter.load(path)
    assert 1 <= in_parts._batch_size < at_once._batch_size == MAX_BATCH_SIZE
    one, other = (painter.paint(count=20, seed=1) for painter in (at_once, in_parts))
    assert all(one[index].tobytes() == other[index].tobytes() for index in range(20))


def test_the_cost_counts_elements_and_multiplications() -> None:
    def cost(width: int) -> RunCost:
        graph = one_node("MatMul", {"w": np.ones((LATENT_SIZE, width), np.float32)})
        return run_cost(parse_graph(graph.SerializeToString(), 99), 2, PainterFileError)

    wider, plain = cost(10), cost(1)
    columns = 2 * 9  # more of them, in two rows: written by MatMul and by Cast, read by Cast and ReduceSum
    assert wider.elements - plain.elements == 2 * columns
    read_and_written = 4 * columns + LATENT_SIZE * 9  # and weights
    assert wider.operations - plain.operations == OPERATIONS_PER_ELEMENT * read_and_written + LATENT_SIZE * columns


@pytest.mark.parametrize("name", catalog.names())
def test_bundled_painters_are_far_below_the_budget(name: str) -> None:
    file = painter_file.read(catalog.find(name))
    cost = run_cost(parse_graph(file.generator, 9999), 1, PainterFileError)
    # The emoji take eight steps: half the batch, and still more than the five pictures of a grid at once.
    batch, elements, operations = (MAX_BATCH_SIZE // 2, 7, 9) if name == "emoji" else (MAX_BATCH_SIZE, 9, 15)
    assert file.batch_size == batch
    # The dequantization of weights counts too, although a runtime does it once, as it loads them.
    assert cost.elements < MAX_RUN_ELEMENTS / elements and cost.operations < MAX_RUN_OPERATIONS / operations


@pytest.mark.parametrize("name", HOSTILE_BYTES)
def test_the_command_line_refuses_it_in_a_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hostile.painter"
    path.write_bytes(HOSTILE_BYTES[name]())
    assert run(["paint", "-p", str(path)]) == 2
    line = capsys.readouterr().err
    assert line.startswith("error: cannot use the painter file") and line.removesuffix("\n").isprintable()


def test_lengths_that_a_graph_computes_from_its_batch_are_followed() -> None:
    nodes = [
        helper.make_node("Shape", ["latents"], ["lengths"]),
        helper.make_node("Slice", ["lengths", "zero place", "one"], ["count"]),
        helper.make_node("Mul", ["count", "three"], ["threefold"]),
        helper.make_node("Div", ["threefold", "two"], ["rows"]),
        helper.make_node("Concat", ["rows", "one"], ["wanted"], axis=0),
        helper.make_node("Expand", ["grain", "wanted"], ["y"]),
    ]
    numbers = {"zero place": 0, "one": 1, "two": 2, "three": 3}
    weights = {name: whole(number) for name, number in numbers.items()} | {"grain": np.float32(1)}
    graph = parse_graph(painting_graph(nodes, weights).SerializeToString(), 99)
    one, two, four = (run_cost(graph, batch, PainterFileError).elements for batch in (1, 2, 4))
    rows_written = 2  # by Expand and by Cast
    pictures = (four - two - rows_written * (6 - 3)) // 2
    assert two - one == pictures + rows_written * (3 - 1)  # 1, 3 and 6 rows: halves are cut off
