"""Memory and time of an evaluation by the number of pictures: one line for each number.

    python benchmarks/evaluate_memory.py 2000 10000 50000

Drawn shapes are compared with drawn shapes, by features as wide as Inception v3's (or --width) that cost next to
nothing, so that the figures are those of the evaluation itself. Each number runs in a process of its own; its peak is
that above the memory of the process before the start. Needs the training extra.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from painting.evaluation.evaluate import Plan, evaluate
from painting.evaluation.figures.shapes import draw_prompts
from painting.evaluation.reference import EvaluationData, real_shapes
from painting.images import FloatArray, UInt8Array, to_float

PICTURE_SIDE_PX = 16
FEATURE_WIDTH = 2048
CLASS_COUNT = 1008


class Projection:
    """Random projections of pixels, rectified, and classes of these."""

    name = key = "projection"
    kind = "inception"

    def __init__(self, width: int) -> None:
        draws = np.random.default_rng(0)
        self.width = width
        self._weights = draws.normal(0, 0.05, (PICTURE_SIDE_PX * PICTURE_SIDE_PX * 3, width)).astype(np.float32)
        self._head = draws.normal(0, 0.05, (width, CLASS_COUNT)).astype(np.float32)

    def features(self, pictures: UInt8Array) -> FloatArray:
        features: FloatArray = np.maximum(to_float(pictures).reshape(len(pictures), -1) @ self._weights, 0)
        return features

    def class_probabilities(self, features: FloatArray) -> FloatArray:
        exponents = np.exp(features @ self._head)
        probabilities: FloatArray = exponents / exponents.sum(axis=1, keepdims=True)
        return probabilities


class Draws:
    """Draws what the prompt says; the place is by the batch, not by the seed, which is enough here."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        return draw_prompts(prompts, PICTURE_SIDE_PX)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=int, nargs="+", help="pictures of each kind")
    parser.add_argument("--alone", action="store_true", help="measure the first number in this process")
    parser.add_argument("--width", type=int, default=FEATURE_WIDTH, help="numbers in the features of a picture")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.alone:
        sys.stdout.write(json.dumps(measure(options.counts[0], options.width)))
        return
    for count in options.counts:
        settings = ["--threads", str(options.threads), "--width", str(options.width)]
        command = [sys.executable, __file__, "--alone", *settings, str(count)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        sys.stdout.write("{count:7,} pictures: {seconds:6.0f} s, peak {peak_mb:5.0f} MB\n".format(**found))
        sys.stdout.flush()


def measure(count: int, width: int) -> dict[str, float]:
    """Evaluate once, with an empty cache: seconds, and the peak of resident memory over the start in MB."""
    data = EvaluationData(real_shapes(PICTURE_SIDE_PX, "train", count), real_shapes(PICTURE_SIDE_PX, "test", count))
    network = Projection(width)
    before, begun = peak_mb(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        evaluate(Draws(), data, [network], Plan(count), cache=Path(folder))
    return {"count": count, "seconds": time.perf_counter() - begun, "peak_mb": peak_mb() - before}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
