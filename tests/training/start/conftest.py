"""A run that has trained all stages, the base that is made of it, and runs that begin with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.training.conftest import (
    CPU,
    PICTURES,
    STARTED_WITH,
    NoiseSet,
    latent_flow_preset,
    randomise,
)
from tests.training.running import ColorDistance, replace_preparation
from tests.training.tiny_presets import finished_values
from torch import Tensor

from painting.training.config.overrides import Overrides
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors, save_checkpoint
from painting.training.run.folder import RunFolder, RunInfo, dated
from painting.training.run.kept_network import save_network
from painting.training.run.snapshots import NETWORKS_FOLDER
from painting.training.setup import OpenRun, start_run
from painting.training.start.base_file import BaseDescription, BaseFile
from painting.training.start.make_base import make_base

Begin = Callable[..., OpenRun]


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch, text_encoder_of_numbers: Any) -> None:
    replace_preparation(monkeypatch, NoiseSet(PICTURES), text_encoder_of_numbers)


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """A function that starts a run of the tiny preset with fine-tuning."""

    def make(name: str, values: dict[str, Any] | None = None, **overrides: Any) -> OpenRun:
        preset = latent_flow_preset(values or finished_values())
        return start_run(
            tmp_path / name, preset, tmp_path, CPU, overrides=Overrides.of(**overrides), distance=ColorDistance()
        )

    return make


@pytest.fixture
def trained(tmp_path: Path) -> LatentFlowNetworks:
    """The networks of a run in `tmp_path / "first"` that has trained all three stages, none like another."""
    preset = latent_flow_preset(finished_values())
    info = RunInfo(preset, "/pictures", DatasetInfo.of(NoiseSet(PICTURES)), STARTED_WITH)
    folder = RunFolder(tmp_path / "first")
    folder.create(info)
    networks = LatentFlowNetworks(preset, info.dataset)
    kept = folder.saved / NETWORKS_FOLDER
    kept.mkdir(parents=True)
    for name in ("autoencoder_ema", "prior_ema"):
        randomise(networks.named[name])
        save_network(kept / f"{dated(name, 64)}.safetensors", networks.named[name])
    randomise(networks.sampler())
    networks.scale.measure(3 * torch.randn(8, 2, 8, 8) + 1)
    save_checkpoint(folder.checkpoints, TrainingState(networks.named, {}), Position(2, 4, 0, 7200.0))
    for stage, name in enumerate(["autoencoder", "prior", "finetuning"]):
        folder.stats.add({"stage": name, "stage_index": stage, "step": 4, "kimg": 0.064, "seconds": 1.0})
    return networks


@pytest.fixture
def base(trained: LatentFlowNetworks, tmp_path: Path) -> Path:
    make_base(tmp_path / "first", tmp_path / "tiny.base", {"data": "noise", "licence": "CC0"})
    return tmp_path / "tiny.base"


def networks_of(opened: OpenRun) -> LatentFlowNetworks:
    """The networks that a run begins with, as its first checkpoint holds them."""
    found = load_position(opened.folder.checkpoints)
    networks = opened.recipe.networks
    assert found and isinstance(networks, LatentFlowNetworks)
    TrainingState(networks.named, {}).restore(load_tensors(found[1], CPU))
    return networks


def as_stored(network: torch.nn.Module, folder: Path) -> dict[str, Tensor]:
    """A network's weights as a base holds them."""
    description = BaseDescription("stored", "numbers", "", (), ())
    BaseFile(description, {"prior": network.state_dict()}).write(folder / "stored.base")
    return dict(BaseFile.read(folder / "stored.base").networks["prior"])


def same(network: torch.nn.Module, expected: dict[str, Tensor]) -> bool:
    own = network.state_dict()
    assert own.keys() == expected.keys()
    return all(torch.equal(own[name], expected[name]) for name in own)
