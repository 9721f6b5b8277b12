"""Graphs run on the given number of threads, and one that cannot run is an error in one line."""

import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from painting.errors import PainterFileError
from painting.onnx_session import SPINNING_OPTIONS, available_cores, cgroup_cores, open_session, spinning_options


def doubling(operator: str = "Add") -> bytes:
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])]
    graph = helper.make_graph([helper.make_node(operator, ["x", "x"], ["y"])], "doubling", inputs, outputs)
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    content: bytes = model.SerializeToString()
    return content


@pytest.mark.parametrize("threads", [None, 1, 2])
def test_a_graph_runs(threads: int | None) -> None:
    session = open_session(doubling(), threads, PainterFileError)
    assert session.run(None, {"x": np.array([1, 2], np.float32)})[0].tolist() == [2, 4]


@pytest.mark.parametrize("model", [b"", b"nonsense", doubling("NoSuchOperator")])
def test_a_graph_that_cannot_run_is_an_error_of_one_line(model: bytes) -> None:
    with pytest.raises(PainterFileError, match="ONNX Runtime cannot run its graph") as caught:
        open_session(model, 1, PainterFileError)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_cores_are_those_that_this_process_may_use() -> None:
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot bind processes to cores")
def test_cores_that_are_taken_away_do_not_count() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert available_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(
    ("membership", "files", "cores"),
    [
        ("0::/a/b\n", {"a/b/cpu.max": "150000 100000\n", "a/cpu.max": "max 100000\n"}, 1.5),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "50000 100000\n"}, 0.5),
        ("0::/\n", {"cpu.max": "300000 100000\n"}, 3),  # a container of its own: its cgroup is the root
        ("0::/elsewhere\n", {}, None),
        ("4:memory:/x\n2:cpu,cpuacct:/x\n", {"cpu,cpuacct/x/cpu.cfs_quota_us": "200000", "period": "100000"}, 2),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1", "period": "100000"}, None),
        ("1:cpu:/not/seen/here\n", {"cpu/cpu.cfs_quota_us": "120000", "period": "100000"}, 1.2),
        ("nonsense", {"cpu.max": "nonsense"}, None),
    ],
)
def test_a_cgroups_limit_is_read_of_either_version(
    tmp_path: Path, membership: str, files: dict[str, str], cores: float | None
) -> None:
    root, own = tmp_path / "cgroup", tmp_path / "own"
    own.write_text(membership if ":" in membership else f"0::/{membership}\n")
    root.mkdir()
    folder = root
    for name, content in files.items():
        path = folder / "cpu.cfs_period_us" if name == "period" else root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        folder = path.parent
    assert cgroup_cores(root, own) == cores
    assert cgroup_cores(tmp_path / "nothing", tmp_path / "here") is None


@pytest.mark.parametrize(
    ("version", "spins"), [("1.23.2", False), ("1.25.1", False), ("1.26.0", True), ("1.32.0", True), ("2.0", True)]
)
def test_threads_spin_only_where_the_time_can_be_bounded(version: str, spins: bool) -> None:
    assert spinning_options(version) == (SPINNING_OPTIONS if spins else {"session.intra_op.allow_spinning": "0"})
