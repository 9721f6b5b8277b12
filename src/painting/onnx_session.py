"""ONNX Runtime sessions on the CPU, with as many threads as this process may use cores."""

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from painting.errors import PaintingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

CGROUP_ROOT = Path("/sys/fs/cgroup")
PROCESS_CGROUP_FILE = Path("/proc/self/cgroup")


def available_cores() -> int:
    """CPU cores that this process may use: those of the machine, by its affinity and its cgroup's limit."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = cgroup_cores()
    return cores if limit is None else max(1, min(cores, math.ceil(limit)))


def cgroup_cores(root: Path = CGROUP_ROOT, own: Path = PROCESS_CGROUP_FILE) -> float | None:
    """CPU quota of the process's cgroup and those above it, in cores; None without a limit.

    Version 2 keeps it in cpu.max, version 1 in cpu.cfs_quota_us and cpu.cfs_period_us of the cpu controller.
    """
    limits = [limit for folder in _cgroup_folders(root, own) if (limit := _limit(folder)) is not None]
    return min(limits, default=None)


def _cgroup_folders(root: Path, own: Path) -> list[Path]:
    """Folders of the process's cgroups and those above them that are visible: a container's own is the root."""
    found = {root, root / "cpu", root / "cpu,cpuacct"}
    for line in _read(own).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        for mount in (root / controllers, root / "cpu") if controllers else (root, root / "unified"):
            folder = mount / path.lstrip("/")
            found |= {folder, *(parent for parent in folder.parents if parent.is_relative_to(mount))}
    return sorted(found)


def _limit(folder: Path) -> float | None:
    quota, _, period = _read(folder / "cpu.max").strip().partition(" ")
    if not quota:
        quota, period = (_read(folder / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period"))
    if not (quota.isdigit() and period.isdigit() and int(period)):  # "max" and -1 are no limit
        return None
    return int(quota) / int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


SPINNING_OPTIONS = {
    "session.intra_op.allow_spinning": "1",
    "session.intra_op.spin_duration_us": "30",
    "session.force_spinning_stop": "1",
}
"""Threads that wait for each other between two layers spin for 30 µs before they sleep, and not between two runs.

That is a tenth off five pictures' time. Longer, they would burn the cores that the server's other threads, and other
programs, could use. ONNX Runtime before 1.26 knows no duration and would spin for some 50 ms: there they do not spin.
"""
FIRST_VERSION_WITH_SPIN_DURATION = (1, 26)


def spinning_options(version: str) -> dict[str, str]:
    """Session options of an ONNX Runtime's version that limit spinning."""
    numbers = tuple(int(part) for part in version.split(".")[:2])
    if numbers < FIRST_VERSION_WITH_SPIN_DURATION:
        return {"session.intra_op.allow_spinning": "0"}
    return SPINNING_OPTIONS


FATAL_SEVERITY = 4
"""ONNX Runtime's logs are silent below it: errors are raised, and reported once, by us."""


def open_session(model: bytes, threads: int | None, error: type[PaintingError]) -> "InferenceSession":
    """Session of an ONNX graph on the CPU with `threads` threads (None: one for each core that we may use).

    Raises `error` when ONNX Runtime refuses the graph.
    """
    import onnxruntime

    onnxruntime.set_default_logger_severity(FATAL_SEVERITY)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.inter_op_num_threads = 1
    for name, value in spinning_options(onnxruntime.__version__).items():
        options.add_session_config_entry(name, value)
    options.log_severity_level = FATAL_SEVERITY
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as problem:  # ONNX Runtime's own classes share no base but Exception
        raise error(f"ONNX Runtime cannot run its graph: {_first_line(problem)}") from problem


def _first_line(problem: Exception) -> str:
    lines = str(problem).splitlines()
    return lines[0][:200] if lines else type(problem).__name__
