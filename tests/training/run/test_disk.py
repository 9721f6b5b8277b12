"""The disk space that is estimated before a run is about what the run takes."""

from pathlib import Path
from unittest.mock import Mock

import pytest
import torch
from tests.training.running import replace_preparation
from torch import nn
from torch.optim import AdamW

from painting.data.picture_set import PictureSet
from painting.training.config.base import Preset
from painting.training.loop import Display
from painting.training.run.disk import disk_bytes
from painting.training.setup import start_run
from painting.training.stage import Networks, Recipe, Stage

CPU = torch.device("cpu")


def stage(network: nn.Module, trained: nn.Module, images: int, cache_bytes: int = 0) -> Mock:
    return Mock(
        spec=Stage,
        optimizers={"adam": AdamW(trained.parameters())},
        snapshot_networks={"net": network},
        whole_images=images,
        batch=10,
        cache_bytes=cache_bytes,
    )


def test_two_checkpoints_and_one_that_is_written_hold_networks_and_the_largest_optimizers() -> None:
    small, large = nn.Linear(4, 4, bias=False), nn.Linear(100, 100, bias=False)
    recipe = Recipe(Mock(spec=Networks, named={"small": small, "large": large}), [], CPU)
    stages = [stage(small, small, 1_000), stage(large, large, 20, cache_bytes=7)]
    networks, optimizer = 4 * (16 + 10_000), 2 * 4 * 10_000
    assert disk_bytes(recipe, stages, 0) == 3 * (networks + optimizer) + 7
    # ten snapshots of the small one in 32 bits, and two, for there are two steps, of the large one in 16
    assert disk_bytes(recipe, stages, 10) == 3 * (networks + optimizer) + 7 + 10 * 64 + 2 * 20_000


def test_a_run_takes_about_what_was_estimated(
    tmp_path: Path, preset: Preset, finite: PictureSet, text_encoder_of_numbers: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.training.run.logger.save_loss_plots", lambda stats, folder: None)
    replace_preparation(monkeypatch, finite, text_encoder_of_numbers)
    opened = start_run(tmp_path / "run", preset.replaced(snapshots=2), tmp_path, CPU)
    estimate = disk_bytes(opened.recipe, opened.recipe.stages, 2)
    opened.train(Mock(spec=Display))
    kinds = ("checkpoints/*/*.safetensors", "saved/networks/*", "latents-*")
    taken = sum(path.stat().st_size for kind in kinds for path in (tmp_path / "run").glob(kind))
    assert 0.4 * estimate < taken < estimate  # a finished run has no optimizers, and no third checkpoint
