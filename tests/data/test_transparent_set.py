"""A folder of pictures with transparency, prepared with it and without."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from painting.data.check import check_folder
from painting.data.picture_set import TransparentSet, training_pixels
from painting.data.prepared import prepare

ALL = np.arange(6)


@pytest.fixture
def stickers(folder: Path) -> Path:
    """The folder's first picture with a hole on its left; the others are opaque."""
    picture = Image.open(folder / "a.png").convert("RGBA").resize((32, 32))
    picture.paste((0, 0, 0, 0), (0, 0, 20, 32))
    picture.save(folder / "a.png")
    return folder


@pytest.mark.parametrize("opaque", [1, 20])
def test_a_check_counts_transparent_pictures_and_says_what_training_does(
    stickers: Path, encoder: Any, opaque: int
) -> None:
    for index in range(opaque):
        path = stickers / f"more-{index:02}.png"
        Image.new("RGB", (32, 32), (index, 0, 0)).save(path)
        with (stickers / "metadata.jsonl").open("a") as metadata:
            metadata.write(json.dumps({"file_name": path.name, "captions": ["a rose"]}) + "\n")
    action = "learns transparency and pads them to squares" if opaque == 1 else "lays them on white"
    summary = check_folder(stickers, 24, encoder).summary()
    assert f"transparent: 1 of {3 + opaque} pictures; without a preset, training {action}" in summary


def test_with_alpha_there_are_four_channels_to_train_on(stickers: Path, encoder: Any, cache: Path) -> None:
    made = prepare(stickers, 24, 2, encoder, cache, alpha=True)
    assert isinstance(made, TransparentSet)
    pixels = training_pixels(made, ALL)
    assert pixels.shape == (6, 24, 24, 4)
    assert pixels[0, 12, 2].tolist() == [255, 255, 255, 0]
    assert pixels[0, 12, 20, 3] == 255 and (pixels[2:, ..., 3] == 255).all()


def test_its_pictures_are_laid_on_white_either_way(stickers: Path, encoder: Any, cache: Path) -> None:
    with_alpha = prepare(stickers, 24, 2, encoder, cache, alpha=True)
    without = prepare(stickers, 24, 2, encoder, cache)
    assert not isinstance(without, TransparentSet)
    whole = ALL[::2]  # the first of two views each
    np.testing.assert_array_equal(with_alpha.pictures(whole), without.pictures(whole))
    np.testing.assert_array_equal(training_pixels(without, ALL), without.pictures(ALL))
    assert with_alpha.content_hash != without.content_hash
