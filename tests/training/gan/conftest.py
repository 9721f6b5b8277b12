"""Recipes of both GANs, as a new process makes them, with narrow networks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from painting.data.picture_set import CaptionedSet, IntArray
from painting.images import UInt8Array
from painting.models.digits_gan import DigitsDiscriminator, DigitsGenerator
from painting.training.config.base import Preset
from painting.training.dataset.batches import TrainingData
from painting.training.gan.tac_gan import TacGanStage
from painting.training.preset_loader import load_preset, preset_from_dict
from painting.training.registry import build_recipe
from painting.training.stage import Recipe

MakeRecipe = Callable[[], Recipe]
CPU = torch.device("cpu")


class GrayNoise:
    """24 pictures of gray noise, 28 px, and no captions."""

    size, count, views, content_hash = 28, 24, 1, "gray"
    attributes = ("digit=0", "digit=1")
    summary: ClassVar[dict[str, object]] = {"source": "noise", "pictures": 24, "skipped": 0}

    def pictures(self, ids: IntArray) -> UInt8Array:
        gray = np.random.default_rng(0).integers(0, 256, (24, 28, 28, 1), dtype=np.uint8)
        return np.repeat(gray[ids], 3, axis=3)

    def targets(self, ids: IntArray) -> Any:
        return np.eye(2, dtype=np.float32)[ids % 2]


def digits_preset() -> Preset:
    values = load_preset("digits").as_dict()
    values["gan"] |= {"kimg": 0.012, "batch": 3, "ema_halflife_kimg": 0.006}
    return preset_from_dict(values | {"ticks": 2})


def tac_preset() -> Preset:
    values = load_preset("tac-gan").as_dict()
    values["gan"] |= {"kimg": 0.024, "batch": 6, "ema_halflife_kimg": 0.006}
    values["data"] |= {"size": 16, "text_encoder": "numbers"}
    return preset_from_dict(
        values | {"ticks": 2, "generator_widths": [8, 6], "discriminator_widths": [8], "class_loss_weight": 1.0}
    )


@pytest.fixture(params=["digits", "tac-gan"])
def make_recipe(
    request: pytest.FixtureRequest,
    finite: CaptionedSet,
    text_encoder_of_numbers: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> MakeRecipe:
    """As a new process makes it, but for the digits' networks, which are narrow here."""
    steps = "painting.training.gan.digits"
    monkeypatch.setattr(f"{steps}.DigitsGenerator", lambda classes: DigitsGenerator((16, 8, 4), classes))
    monkeypatch.setattr(f"{steps}.DigitsDiscriminator", lambda: DigitsDiscriminator((4, 8)))
    if request.param == "digits":
        preset, data = digits_preset(), TrainingData.of(GrayNoise(), None, CPU, tmp_path)
    else:
        preset, data = tac_preset(), TrainingData.of(finite, text_encoder_of_numbers, CPU, tmp_path)
    return lambda: build_recipe(preset, data)


@pytest.fixture
def tac_stage(finite: CaptionedSet, text_encoder_of_numbers: Any, tmp_path: Path) -> TacGanStage:
    data = TrainingData.of(finite, text_encoder_of_numbers, CPU, tmp_path)
    stage = build_recipe(tac_preset(), data).stages[0]
    assert isinstance(stage, TacGanStage)
    return stage
