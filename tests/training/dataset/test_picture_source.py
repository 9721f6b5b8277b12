"""A preset's pictures are opened where they are, and a folder is read once."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from painting.data import partitions
from painting.data.folder.listing import read_folder
from painting.data.folder.partition_names import Partition
from painting.data.split import Split, write_split
from painting.errors import DataError
from painting.text.encoder import TextEncoder
from painting.training.config.base import Preset
from painting.training.dataset.picture_source import open_pictures


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four captioned pictures, and a cache of their own."""
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    made = tmp_path / "flowers"
    made.mkdir()
    random = np.random.default_rng(0)
    for index in range(4):
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(made / f"{index}.png")
        (made / f"{index}.txt").write_text("a red flower")
    return made


@pytest.fixture
def evaluated(preset: Preset) -> Preset:
    return replace(preset, evaluate_every_kimg=1.0)


def test_a_folder_is_read_once(
    folder: Path, evaluated: Preset, text_encoder: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_split(folder, Split({"test": {"0.png": "x"}}))
    reading = Mock(side_effect=read_folder)
    monkeypatch.setattr(partitions, "read_folder", reading)
    pictures = open_pictures(evaluated, folder, text_encoder)
    assert pictures.count == 3  # one is held out
    assert reading.call_count == 1


def test_a_run_is_not_evaluated_on_pictures_that_it_is_trained_on(
    folder: Path, preset: Preset, evaluated: Preset, text_encoder: TextEncoder
) -> None:
    with pytest.raises(DataError, match=r"hold some out with `painting data split .*--evaluate-every-kimg"):
        open_pictures(evaluated, folder, text_encoder)
    assert open_pictures(preset, folder, text_encoder).count == 4


@pytest.mark.parametrize("partition", ["test", "validation"])
def test_either_held_out_partition_can_be_evaluated_on(
    folder: Path, evaluated: Preset, text_encoder: TextEncoder, partition: Partition
) -> None:
    write_split(folder, Split({partition: {"0.png": "x"}}))
    assert open_pictures(evaluated, folder, text_encoder).count == 3
