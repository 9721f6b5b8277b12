"""The table of models: a row is enough to train another model, from this package or from a plug-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import SGD

from painting.errors import TrainingError
from painting.training import registry, train
from painting.training.config.base import Preset
from painting.training.dataset.batches import Batches, TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.preset_loader import preset_from_dict
from painting.training.registry import MODELS, PLUGIN_GROUP, Model, build_networks, get_model
from painting.training.rng import RngKey
from painting.training.run.folder import RunFolder
from painting.training.stage import Losses, Networks, Stage

TOML = """
name = "mean"
model = "mean-picture"
seed = 1
ticks = 2
data = {source = "digits", size = 28, views = 1, flip = false}
gan = {kimg = 0.032, batch = 8, learning_rate = 0.5}
"""


@dataclass(frozen=True)
class MeanStagePreset:
    kimg: float
    batch: int
    learning_rate: float


@dataclass(frozen=True, kw_only=True)
class MeanPreset(Preset):
    """A model with one weight a pixel, which learns the mean picture."""

    sources = ("digits",)
    takes_text = False
    gan: MeanStagePreset


class Mean(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.picture = nn.Parameter(torch.zeros(3, 28, 28))

    def forward(self, latents: Tensor) -> Tensor:
        levels = ((self.picture + 1) * 127.5).clamp(0, 255).to(torch.uint8)  # (3, S, S)
        return levels.permute(1, 2, 0).expand(len(latents), -1, -1, -1)


class MeanNetworks(Networks):
    def __init__(self, preset: MeanPreset, dataset: DatasetInfo) -> None:
        self.latent_size, self.first_sampling_stage = 1, 0
        self.mean = Mean()
        self.named = self.inference_networks = {"mean": self.mean}

    def sampler(self) -> nn.Module:
        return self.mean


class MeanStage(Stage):
    name = "gan"

    def __init__(self, networks: MeanNetworks, settings: MeanStagePreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.mean, self.batches = networks.mean, batches
        self.optimizers = {"mean": SGD(self.mean.parameters(), settings.learning_rate)}

    def step(self, key: RngKey) -> Losses:
        pictures = self.batches.pictures(self.batches.select(key, self.batch))
        loss = (self.mean.picture - pictures).square().sum((1, 2, 3)).mean()
        self.optimizers["mean"].zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers["mean"].step()
        return {"square": loss.detach()}

    def sample_grid(self) -> NDArray[np.uint8] | None:
        return None


def mean_stages(networks: MeanNetworks, preset: MeanPreset, data: TrainingData) -> list[Stage]:
    return [MeanStage(networks, preset.gan, data.batches(preset.data.flip))]


MODEL = Model(MeanPreset, MeanNetworks, mean_stages)


@pytest.fixture
def registered() -> Iterator[None]:
    MODELS["mean-picture"] = MODEL
    yield
    del MODELS["mean-picture"]


@pytest.mark.usefixtures("registered")
def test_a_model_of_another_package_is_trained_by_a_row_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "mean.toml").write_text(TOML)
    run = RunFolder(train(None, str(tmp_path / "mean.toml"), tmp_path / "run", device="cpu"))
    assert isinstance(run.info().preset, MeanPreset)
    lines = run.stats.read()
    assert [line["kimg"] for line in lines] == [0.008, 0.016, 0.024, 0.032]
    assert lines[-1]["square"] < 0.5 * lines[0]["square"]


def test_a_model_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("mean-picture", f"{__name__}:MODEL", PLUGIN_GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group == PLUGIN_GROUP else [])
    assert get_model("mean-picture") is MODEL
    with pytest.raises(TrainingError, match=r"one of latent-flow, digits-gan, tac-gan, mean-picture, not 'mode'"):
        get_model("mode")


def test_an_entry_point_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: [EntryPoint("odd", f"{__name__}:TOML", group)])
    with pytest.raises(TrainingError, match=r"TOML of the model 'odd' is not a Model"):
        get_model("odd")


@pytest.mark.parametrize("name", [None, 3, "diffusion", ["tac-gan"]])
def test_an_unknown_model_is_answered_with_those_there_are(name: Any) -> None:
    with pytest.raises(TrainingError, match=r"preset.model must be one of latent-flow, digits-gan, tac-gan, not"):
        preset_from_dict({"model": name})


def test_networks_are_a_function_of_the_seed(preset: Preset, facts: DatasetInfo) -> None:
    one, same, other = (
        build_networks(preset.replaced(seed=seed), facts).named["autoencoder"].state_dict() for seed in (3, 3, 4)
    )
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)
