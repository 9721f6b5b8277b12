"""The figures of a painter's card: what is measured for photographs, and what for shapes."""

import numpy as np

from painting.data.prepared import PreparedSet
from painting.evaluation.figure import Figure
from painting.evaluation.frechet import frechet_distance
from painting.evaluation.probe import Probe
from painting.evaluation.read_back import Paints, read_back, requests_of
from painting.evaluation.read_back_shapes import PICTURES, read_back_shapes
from painting.images import UInt8Array

FLOOR_SEED = 0


def measure_shapes(painter: Paints, size: int, count: int = PICTURES) -> list[Figure]:
    """How well colour and shape follow prompts, `count` pictures each for seen and for unseen pairs."""
    return [read_back_shapes(painter, size, "seen", count), read_back_shapes(painter, size, "unseen", count)]


def measure_photographs(
    painter: Paints, probe: Probe, train: PreparedSet, test: PreparedSet, most: int | None = None
) -> list[Figure]:
    """How well pictures follow the test captions, and how far they lie from the test photographs.

    One picture is painted for each test photograph, or for `most` of them, evenly spread over their sorted names.
    """
    chosen = np.linspace(0, len(test.examples), min(most or len(test.examples), len(test.examples)), endpoint=False)
    rows = chosen.astype(np.int64)
    requests = requests_of([test.examples[row] for row in rows], probe.fields)
    painted = painter.paint_arrays([request.prompt for request in requests], range(len(requests)))
    real = test.pictures(rows * test.views)
    return [*read_back(probe, requests, painted, real), _frechet(probe, painted, real, train)]


def _frechet(probe: Probe, painted: UInt8Array, real: UInt8Array, train: PreparedSet) -> Figure:
    count = min(len(painted), len(train.examples))
    some = np.random.default_rng(FLOOR_SEED).permutation(len(train.examples))[:count]
    seen = train.pictures(some * train.views)  # view 0: the whole picture
    wanted = probe.features(real[:count])
    return Figure(
        name="Fréchet distance on probe features",
        value=frechet_distance(probe.features(painted[:count]), wanted),
        real=frechet_distance(probe.features(seen), wanted),
        n=count,
        extractor=probe.name,
        split="test",
        protocol=f"Between {count} pictures painted from test captions and {count} test photographs; real, the floor: "
        f"between {count} training photographs and the same test photographs; not comparable with FID on Inception v3.",
    )
