from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from painting.data.shapes.dataset import Shapes
from painting.data.shapes.reader import ShapeReading, read_shape

COUNT = 300


@pytest.fixture(params=[32, 64])
def drawn(request: Any, encoder: Any, cache: Path) -> tuple[Any, list[tuple[str, str]]]:
    shapes = Shapes(request.param, text_encoder=encoder, cache=cache)
    ids = np.arange(COUNT)
    return shapes.pictures(ids), [shapes.scenes[index].pair for index in shapes.scene_indices(ids)]


def share_right(readings: list[ShapeReading], pairs: list[tuple[str, str]]) -> float:
    return float(np.mean([(r.color, r.shape) == pair for r, pair in zip(readings, pairs, strict=True)]))


def test_drawn_pictures_are_read_right(drawn: Any) -> None:
    pictures, pairs = drawn
    assert share_right(read_shape(pictures), pairs) >= 0.99


def test_blurred_pictures_are_read_right(drawn: Any) -> None:
    pictures, pairs = drawn
    blur = ImageFilter.GaussianBlur(pictures.shape[1] / 40)
    blurred = np.stack([np.asarray(Image.fromarray(picture).filter(blur)) for picture in pictures])
    assert share_right(read_shape(blurred), pairs) >= 0.97


def test_noisy_pictures_are_read_right(drawn: Any) -> None:
    pictures, pairs = drawn
    noise = np.random.default_rng(0).normal(0, 20, pictures.shape)
    assert share_right(read_shape(np.clip(pictures + noise, 0, 255).astype(np.uint8)), pairs) >= 0.97


def test_an_empty_picture_is_read_with_a_worse_fit_than_a_drawn_one(drawn: Any) -> None:
    pictures, _ = drawn
    plain, noise = np.full_like(pictures[:1], 90), np.random.default_rng(0).integers(0, 256, pictures[:1].shape)
    fits = [reading.fit for reading in read_shape(np.concatenate([plain, noise.astype(np.uint8)]))]
    assert max(fits) < 0.9 < min(reading.fit for reading in read_shape(pictures))
