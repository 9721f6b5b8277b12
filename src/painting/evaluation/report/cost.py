"""The cost of a painter: parameters, bytes of its file, and the time for a picture on this machine."""

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx

from painting.evaluation.report.schema import Cost
from painting.files import painter_file

if TYPE_CHECKING:
    from painting.paint.painter import Painter

TIMED_BATCH_SIZE = 5
"""Pictures at once, as the page requests them."""
TIMED_ROUNDS = 10
UNKNOWN_WORLD_PROMPT = "a picture"
"""For a painter whose file has no example prompts."""


def cost_of(painter: "Painter", path: Path, threads: int) -> Cost:
    """Count and time a painter; `path` is its file. The fastest round counts, as other processes only add time."""
    card = painter.manifest.card
    hours = card.get("hours")
    hardware = card.get("hardware")
    return Cost(
        parameters=count_parameters(painter_file.read(path).generator),
        file_bytes=path.stat().st_size,
        milliseconds=round(milliseconds_per_picture(painter), 2),
        threads=threads,
        images_seen=_counts(card.get("images_seen")),
        hours=float(hours) if isinstance(hours, int | float) else None,
        hardware=hardware if isinstance(hardware, dict) else {},
    )


def count_parameters(graph: bytes) -> int:
    """The number of parameters of an ONNX graph: its constants, but for those of int64, which are shapes or indices."""
    kinds = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.INT8)
    constants = onnx.load_from_string(graph).graph.initializer
    return sum(math.prod(constant.dims) for constant in constants if constant.data_type in kinds)


def milliseconds_per_picture(painter: "Painter") -> float:
    """The time for one picture in a batch of TIMED_BATCH_SIZE, in the fastest of TIMED_ROUNDS."""
    examples = painter.manifest.example_prompts or (UNKNOWN_WORLD_PROMPT,)
    prompts = [examples[0]] * TIMED_BATCH_SIZE if painter.conditional else []
    seconds = []
    for first_seed in range(0, TIMED_ROUNDS * TIMED_BATCH_SIZE, TIMED_BATCH_SIZE):
        start = time.perf_counter()
        painter.paint_arrays(prompts, range(first_seed, first_seed + TIMED_BATCH_SIZE))
        seconds.append(time.perf_counter() - start)
    return 1000 * min(seconds) / TIMED_BATCH_SIZE


def _counts(field: Any) -> dict[str, int]:
    """The whole numbers in a card's field, whose content is free."""
    if not isinstance(field, dict):
        return {}
    return {str(name): count for name, count in field.items() if isinstance(count, int)}
