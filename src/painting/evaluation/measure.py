"""The figures of a painter's card: what is measured for photographs, what for shapes and what for digits."""

from dataclasses import dataclass

import numpy as np

from painting.data.digits import Digits
from painting.data.prepared import PreparedSet
from painting.evaluation.figure import Figure
from painting.evaluation.frechet import frechet_distance
from painting.evaluation.probe import Probe
from painting.evaluation.read_back import Paints, read_back, requests_of
from painting.evaluation.read_back_digits import PICTURES as DIGITS_PICTURES
from painting.evaluation.read_back_digits import read_back_digits
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
    some = np.random.default_rng(FLOOR_SEED).permutation(len(train.examples))[: len(painted)]
    seen = train.pictures(some * train.views)  # view 0: the whole picture
    distance = _frechet(
        probe,
        _Sample("pictures painted from test captions", painted),
        _Sample("test photographs", real),
        _Sample("training photographs", seen),
    )
    return [*read_back(probe, requests, painted, real), distance]


def measure_digits(
    painter: Paints, reader: Probe, train: Digits, test: Digits, count: int = DIGITS_PICTURES
) -> list[Figure]:
    """Whether `count` painted digits can be read and all are painted, and how far they lie from real ones.

    `train` is what the reader was trained on, `test` what it was not.
    """
    painted = painter.paint_arrays([], range(count))
    some = np.random.default_rng(FLOOR_SEED).permutation(train.count)[:count]
    distance = _frechet(
        reader,
        _Sample("painted pictures", painted),
        _Sample("real ones that the probe was not trained on", test.pictures(np.arange(test.count))),
        _Sample("real ones that it was trained on", train.pictures(some)),
    )
    return [*read_back_digits(reader, painted, test), distance]


@dataclass(frozen=True)
class _Sample:
    what: str
    pictures: UInt8Array


def _frechet(probe: Probe, painted: _Sample, real: _Sample, seen: _Sample) -> Figure:
    """The distance between painted and real pictures; the floor is the one between seen and real pictures."""
    count = min(len(sample.pictures) for sample in (painted, real, seen))
    wanted = probe.features(real.pictures[:count])
    return Figure(
        name="Fréchet distance on probe features",
        value=frechet_distance(probe.features(painted.pictures[:count]), wanted),
        real=frechet_distance(probe.features(seen.pictures[:count]), wanted),
        n=count,
        extractor=probe.name,
        split="test",
        protocol=f"Between {count} {painted.what} and {count} {real.what}; real, the floor: "
        f"between {count} {seen.what} and the same {real.what}; not comparable with FID on Inception v3.",
    )
