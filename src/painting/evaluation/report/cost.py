"""What a painter costs: its weights, its file, and the time it takes for a picture on this machine."""

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx

from painting.evaluation.report.schema import Cost
from painting.files import painter_file

if TYPE_CHECKING:
    from painting.painter import Painter

PICTURES = 5
"""At once, as a visitor of the page asks for them."""
ROUNDS = 10


def cost_of(painter: "Painter", path: Path, threads: int) -> Cost:
    """Count and time a painter; `path` is its file. The fastest round counts: what else runs is no cost of it."""
    card = painter.manifest.card
    images, hours = card.get("images_seen"), card.get("hours")
    return Cost(
        parameters=parameters(painter_file.read(path).generator),
        file_bytes=path.stat().st_size,
        milliseconds=round(milliseconds(painter), 2),
        threads=threads,
        images_seen=_whole_numbers(images),
        hours=float(hours) if isinstance(hours, int | float) else None,
        hardware=card["hardware"] if isinstance(card.get("hardware"), dict) else {},
    )


def parameters(graph: bytes) -> int:
    """How many learned numbers a graph holds: those of its constants that are no mere shapes or indices."""
    kinds = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.INT8)
    constants = onnx.load_from_string(graph).graph.initializer
    return sum(math.prod(constant.dims) for constant in constants if constant.data_type in kinds)


def milliseconds(painter: "Painter") -> float:
    """The time for one picture of PICTURES at once, in the fastest of ROUNDS."""
    prompts = [painter.manifest.example_prompts[0]] * PICTURES if painter.conditional else []
    times = []
    for turn in range(ROUNDS):
        begun = time.perf_counter()
        painter.paint_arrays(prompts, range(turn * PICTURES, (turn + 1) * PICTURES))
        times.append(time.perf_counter() - begun)
    return 1000 * min(times) / PICTURES


def _whole_numbers(told: Any) -> dict[str, int]:
    """What a card says of images seen; a card may say anything."""
    if not isinstance(told, dict):
        return {}
    return {str(name): count for name, count in told.items() if isinstance(count, int)}
