"""Painters are compared on held-out pictures, or on training pictures where too few are held out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.training.conftest import PICTURES, NoiseSet

from painting.data.folder.partition_names import Partition
from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.dataset import reference_pictures
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.reference_pictures import MIN_HELD_OUT_PICTURES, open_reference_pictures

CPU = torch.device("cpu")


@pytest.fixture
def data(finite: Any, text_encoder_of_numbers: Any) -> TrainingData:
    return TrainingData.of(finite, text_encoder_of_numbers, CPU, Path())


@pytest.fixture
def held_out(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Partition, Any]]:
    """What the folder holds out: the last of this list."""
    found: list[tuple[Partition, Any]] = [("train", None)]
    monkeypatch.setattr(reference_pictures, "open_held_out", lambda preset, source, encoder: found[-1])
    return found


def test_training_pictures_are_taken_and_named_where_nothing_is_held_out(
    preset: Preset, data: TrainingData, held_out: Any
) -> None:
    reference = open_reference_pictures(preset, None, data)
    assert reference.describe() == f"{PICTURES} train pictures, as too few are held out"
    assert np.array_equal(reference.pictures, data.pictures.pictures(np.arange(PICTURES)))


def test_held_out_pictures_are_taken_with_the_run_s_caption_statistics(
    preset: Preset, data: TrainingData, held_out: Any
) -> None:
    others = NoiseSet(MIN_HELD_OUT_PICTURES)
    held_out.append(("validation", others))
    reference = open_reference_pictures(preset, None, data)
    assert reference.describe() == f"{MIN_HELD_OUT_PICTURES} validation pictures"
    vectors = others.text_vectors(np.arange(MIN_HELD_OUT_PICTURES), np.zeros(MIN_HELD_OUT_PICTURES, np.float32))
    assert np.array_equal(reference.text, data.info.standardise(vectors))


def test_a_handful_of_held_out_pictures_decides_nothing(preset: Preset, data: TrainingData, held_out: Any) -> None:
    held_out.append(("test", NoiseSet(MIN_HELD_OUT_PICTURES - 1)))
    assert open_reference_pictures(preset, None, data).partition == "train"


def test_of_many_pictures_some_are_taken_and_of_views_the_first(
    preset: Preset, data: TrainingData, held_out: Any, finite: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference_pictures, "MAX_REFERENCE_PICTURES", 4)
    monkeypatch.setattr(finite, "views", 2, raising=False)
    pictures = open_reference_pictures(preset, None, data).pictures
    assert np.array_equal(pictures, finite.pictures(np.array([0, 6, 14, 22])))  # of 12 pictures with two views


def test_pictures_without_captions_are_refused(preset: Preset, data: TrainingData, held_out: Any) -> None:
    from painting.data.digits.dataset import Digits

    held_out.append(("test", Digits(None, "all")))
    with pytest.raises(TrainingError, match="without captions"):
        open_reference_pictures(preset, None, data)
