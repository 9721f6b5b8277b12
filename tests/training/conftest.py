"""Picture sets made of seeded noise, a preset of networks that train in milliseconds, and a display that listens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from tests.training.running import load_lite0_once
from tests.training.tiny_presets import SIZE, finished_values, lasting_values, tiny_values, transparent_values
from torch import Tensor

from painting.data.picture_set import CaptionedSet, IntArray
from painting.images import FloatArray, UInt8Array
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export.exporter import export_run
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.stages import build_stages
from painting.training.loop import Display
from painting.training.preset_loader import preset_from_dict
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.stage import Recipe, Stage

TEXT_WIDTH, ATTRIBUTES, PICTURES = 5, 3, 24
CPU = torch.device("cpu")
STARTED_WITH = {"torch": "2", "threads": 1}


class NoiseSet:
    """Seeded noise with two captions for each combination of labels; the ids of an endless one wrap around."""

    views = 1

    def __init__(self, count: int | None, size: int = SIZE) -> None:
        random = np.random.default_rng(0)
        self.size, self.count = size, count
        self._pictures = random.integers(0, 256, (PICTURES, size, size, 3), dtype=np.uint8)
        self._targets = random.integers(0, 2, (PICTURES, ATTRIBUTES)).astype(np.float32)
        captions = random.normal(1, 2, (2**ATTRIBUTES, 2, TEXT_WIDTH))
        self._vectors = captions[(self._targets @ 2 ** np.arange(ATTRIBUTES)).astype(int)].astype(np.float32)
        self.attributes = ("kind=rose", "kind=tulip", "word=petals")
        self.example_prompts = ("a rose", "a tulip", "petals")
        self.captions = [f"picture {index} of a rose" for index in range(2 * PICTURES)]
        self.caption_vectors = self._vectors.reshape(-1, TEXT_WIDTH)
        self.caption_mean = self._vectors.mean((0, 1))
        self.caption_std = self._vectors.std((0, 1))
        self.content_hash = "noise"
        self.text_encoder_id, self.text_encoder_sha256 = "numbers", "ab" * 32
        self.summary: dict[str, object] = {"source": "noise", "pictures": PICTURES, "skipped": 0}

    def pictures(self, ids: IntArray) -> UInt8Array:
        chosen: UInt8Array = self._pictures[ids % PICTURES]
        return chosen

    def text_vectors(self, ids: IntArray, choice: FloatArray) -> FloatArray:
        chosen: FloatArray = self._vectors[ids % PICTURES, (choice * 2).astype(np.int64)]
        return chosen

    def targets(self, ids: IntArray) -> FloatArray:
        chosen: FloatArray = self._targets[ids % PICTURES]
        return chosen


class TransparentNoiseSet(NoiseSet):
    """The same with random alpha."""

    def pictures_and_alpha(self, ids: IntArray) -> UInt8Array:
        colors = self.pictures(ids)  # (N, S, S, 3)
        alpha = self._pictures[(ids + 1) % PICTURES, ..., :1]  # (N, S, S, 1)
        return np.concatenate([colors, alpha], axis=3)


@pytest.fixture(autouse=True)
def small_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One thread, few pictures to measure on, one load of Lite0, and any discriminator is good enough."""
    load_lite0_once(monkeypatch)
    monkeypatch.setattr("painting.training.adversarial.gate.MIN_RANKING_ACCURACY", 0.0)
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.SCALE_SAMPLE_SIZE", 48)
    monkeypatch.setattr("painting.training.latent_flow.adversarial_finetuning.REAL_SAMPLE_SIZE", 16)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def fast_logger(monkeypatch: pytest.MonkeyPatch) -> None:
    """No plots and no waiting for the disk, which take longer than tiny networks train."""
    monkeypatch.setattr("painting.training.run.logger.save_loss_plots", lambda stats, folder: None)
    monkeypatch.setattr("painting.training.run.checkpoint._flush", lambda path: None)


@pytest.fixture
def finite() -> CaptionedSet:
    """24 pictures of 16 px."""
    return NoiseSet(PICTURES)


@pytest.fixture
def endless() -> CaptionedSet:
    """The same, without an end."""
    return NoiseSet(None)


@pytest.fixture
def values() -> dict[str, Any]:
    """The tiny preset as plain values, to change."""
    return tiny_values()


def latent_flow_preset(values: dict[str, Any]) -> LatentFlowPreset:
    made = preset_from_dict(values)
    assert isinstance(made, LatentFlowPreset)
    return made


@pytest.fixture
def preset() -> LatentFlowPreset:
    return latent_flow_preset(tiny_values())


@dataclass(frozen=True)
class FinishedRun:
    """What the stages of a run with fine-tuning work on: its preset, its batches, its networks and the stages."""

    preset: LatentFlowPreset
    batches: CaptionedBatches
    networks: LatentFlowNetworks
    stages: list[Stage]

    def recipe(self) -> Recipe:
        return Recipe(self.networks, self.stages, CPU)


@pytest.fixture
def make_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FinishedRun]:
    """A run with fine-tuning as a new process makes it; its Fréchet loss takes part from the second batch on."""
    monkeypatch.setattr("painting.training.latent_flow.frechet_loss.MAP_INTERVAL_IMAGES", 16)

    def make(alpha: bool = False) -> FinishedRun:
        preset = latent_flow_preset(transparent_values() if alpha else finished_values())
        batches = CaptionedBatches(TransparentNoiseSet(PICTURES) if alpha else NoiseSet(PICTURES), True, CPU)
        networks = LatentFlowNetworks(preset, DatasetInfo.of(batches.data))
        networks.to(CPU)
        examples = torch.randn(3, TEXT_WIDTH, generator=torch.Generator().manual_seed(0))
        return FinishedRun(preset, batches, networks, build_stages(networks, preset, batches, examples, tmp_path))

    return make


@pytest.fixture
def finished(make_finished: Callable[..., FinishedRun]) -> FinishedRun:
    """The same, with priors as training leaves them: fresh gates are zero, so that nothing would matter."""
    run = make_finished()
    torch.manual_seed(1)
    assert run.networks.adversaries
    run.networks.adversaries.gate.open()
    for prior in (run.networks.prior, run.networks.prior_ema):
        for weight in prior.parameters():
            torch.nn.init.normal_(weight, std=0.2)
    return run


@pytest.fixture
def facts(finite: CaptionedSet) -> DatasetInfo:
    return DatasetInfo.of(finite)


@pytest.fixture
def about(preset: LatentFlowPreset, facts: DatasetInfo) -> RunInfo:
    return RunInfo(preset, "/pictures", facts, STARTED_WITH)


@pytest.fixture
def networks(preset: LatentFlowPreset, facts: DatasetInfo) -> LatentFlowNetworks:
    made = LatentFlowNetworks(preset, facts)
    made.to(CPU)
    return made


@pytest.fixture
def batches(finite: CaptionedSet) -> CaptionedBatches:
    return CaptionedBatches(finite, True, CPU)


@pytest.fixture
def endless_batches(endless: CaptionedSet) -> CaptionedBatches:
    return CaptionedBatches(endless, True, CPU)


@pytest.fixture
def display() -> Mock:
    """A display that records its calls."""
    return Mock(spec=Display)


@pytest.fixture
def differing() -> Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]:
    """A function that names the tensors in which two states differ by a single bit."""

    def names(one: dict[str, Tensor], other: dict[str, Tensor]) -> list[str]:
        assert one.keys() == other.keys()
        return [name for name in one if not torch.equal(one[name], other[name])]

    return names


@dataclass(frozen=True)
class ExportedRun:
    """A run in its last stage, and the painter file that was made of it."""

    run: Path
    networks: LatentFlowNetworks
    painter: Path


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> ExportedRun:
    """Export once: making a graph takes seconds."""
    preset, facts = latent_flow_preset(tiny_values()), DatasetInfo.of(NoiseSet(PICTURES))
    networks = LatentFlowNetworks(preset, facts)
    for weight in networks.prior_ema.parameters():  # fresh gates are zero: latents and text would not matter
        torch.nn.init.normal_(weight, std=0.2)
    about = RunInfo(preset, "/pictures", facts, STARTED_WITH)
    return export_once(about, networks, tmp_path_factory.mktemp("runs") / "tiny")


@pytest.fixture(scope="session")
def exported_finished(tmp_path_factory: pytest.TempPathFactory) -> ExportedRun:
    """The same of a run in fine-tuning, whose painter a run can begin from."""
    preset = latent_flow_preset(lasting_values())
    about = RunInfo(preset, "/pictures", DatasetInfo.of(NoiseSet(PICTURES, preset.data.size)), STARTED_WITH)
    networks = LatentFlowNetworks(preset, about.dataset)
    randomise(networks.sampler())
    return export_once(about, networks, tmp_path_factory.mktemp("runs") / "finished")


@torch.no_grad()
def randomise(network: torch.nn.Module) -> None:
    """Move every weight away from what a fresh network has."""
    random = torch.Generator().manual_seed(2)
    for weight in network.parameters():
        weight.add_(0.1 * torch.randn(weight.shape, generator=random))


def export_once(about: RunInfo, networks: LatentFlowNetworks, path: Path) -> ExportedRun:
    """Say that a run with these networks is in its last stage, and make a painter of it."""
    folder, last = RunFolder(path), networks.first_sampling_stage
    folder.create(about)
    networks.scale.measure(3 * torch.randn(8, 2, 8, 8) + 1)
    save_checkpoint(folder.checkpoints, TrainingState(networks.named, {}), Position(last, 4, 1, 7200.0))
    names = ["autoencoder", "prior", "finetuning"]
    for stage, name in enumerate(names[: last + 1]):
        kimg, seconds = 0.032 * (stage + 1), 20.0 * (stage + 1)
        folder.stats.add({"stage": name, "stage_index": stage, "step": 4, "kimg": kimg, "seconds": seconds})
    painter = folder.path / "mine.painter"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("painting.training.run.text_encoder.TextEncoder", Mock(load=lambda name: TextEncoderOfNumbers()))
        export_run(folder.path, painter)
    return ExportedRun(folder.path, networks, painter)


class TextEncoderOfNumbers:
    """Text vectors from the lengths of texts."""

    id, sha256, width = "numbers", "ab" * 32, TEXT_WIDTH

    def encode(self, texts: Sequence[str]) -> FloatArray:
        return np.array([[len(text) + i for i in range(TEXT_WIDTH)] for text in texts], np.float32)


@pytest.fixture
def text_encoder_of_numbers() -> Any:
    return TextEncoderOfNumbers()
