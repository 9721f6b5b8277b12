"""Joint label accuracy of painted shapes: colour and shape, read off the pixels by templates without any network."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from painting.data.rng import hash_uniform
from painting.data.shapes.dataset import prompts
from painting.data.shapes.reader import read_shape
from painting.data.shapes.scenes import ALL_SCENES, captions_of, draw_scenes
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.label_accuracy import JOINT_LABEL_ACCURACY_METRIC
from painting.evaluation.prompts import ImageGenerator
from painting.images import UInt8Array, on_white

PICTURE_COUNT = 400
ShapeSplit = Literal["seen", "unseen"]
SHAPE_SPLITS: tuple[ShapeSplit, ...] = ("seen", "unseen")
"""Pairs of colour and shape that training has, and zero-shot ones."""


def shape_accuracy_figure(painter: ImageGenerator, size: int, split: ShapeSplit, count: int = PICTURE_COUNT) -> Figure:
    """The share of pictures with the colour and the shape of their prompts, on pairs of the training set or others."""
    scenes = prompts(split, count)
    texts = [prompt for prompt, _, _ in scenes]
    pairs = [(color, shape) for _, color, shape in scenes]
    return Figure(
        metric=JOINT_LABEL_ACCURACY_METRIC,
        value=_joint_accuracy(on_white(painter.paint_arrays(texts, range(count))), pairs),
        real=_joint_accuracy(draw_prompts(texts, size), pairs),
        n=count,
        extractor="shape templates",
        fields=("color", "shape"),
        split="test" if split == "seen" else "zero-shot",
        protocol=f"One picture for each of {count} prompts over all {split} (color, shape) pairs, seeds 0, 1, 2 …: the "
        "share whose color and shape are both read off the pixels; real: the same share on drawn pictures.",
    )


def draw_prompts(texts: Sequence[str], size: int) -> UInt8Array:
    """The pictures of a perfect painter for the fullest captions of scenes: uint8 (N, S, S, 3)."""
    scenes = {captions_of(scene)[0]: scene for scene in ALL_SCENES}
    offsets = 2 * hash_uniform(np.arange(len(texts)), 2) - 1
    return draw_scenes([scenes[text] for text in texts], offsets, size)


def _joint_accuracy(pictures: UInt8Array, pairs: Sequence[tuple[str, str]]) -> float:
    read = [(reading.color, reading.shape) for reading in read_shape(pictures)]
    return sum(a == b for a, b in zip(read, pairs, strict=True)) / len(pairs)
