"""One way to run ONNX graphs: on the CPU, with as many threads as this process has cores."""

import os
from typing import TYPE_CHECKING

from painting.errors import PaintingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]


def available_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def open_session(model: bytes, threads: int | None, error: type[PaintingError]) -> "InferenceSession":
    """Make an ONNX graph runnable on the CPU with `threads` threads (None: one a core that we may use).

    Raises `error` when ONNX Runtime refuses the graph.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.inter_op_num_threads = 1
    # Spinning threads burn the cores that the server's other threads, and other programs, could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what is wrong is raised and told once, by us
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as problem:  # ONNX Runtime's own classes share no base but Exception
        raise error(f"ONNX Runtime cannot run its graph: {_first_line(problem)}") from problem


def _first_line(problem: Exception) -> str:
    lines = str(problem).splitlines()
    return lines[0][:200] if lines else type(problem).__name__
