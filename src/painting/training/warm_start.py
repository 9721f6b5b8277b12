"""Warm start: a run whose last stage starts from the weights of a painter file; the stages before it are left out."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.painter_file import PainterFile
from painting.painters import catalog
from painting.progress import TaskProgressCallback
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export.weight_import import import_weights
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import PictureDistance
from painting.training.guard.warm_start_guard import WarmStartGuard
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.snapshots import save_inference_snapshot
from painting.training.run_length import scratch_minutes
from painting.training.stage import Networks


@dataclass(frozen=True)
class WarmStart:
    """The painter whose weights a run starts from."""

    painter: PainterFile

    @classmethod
    def of(cls, name: str | None, preset: Preset) -> "WarmStart | None":
        """The painter of this name or path; None where there is no name.

        Raises TrainingError where the preset cannot start from it, InvalidRequest or PainterFileError where there is
        no such painter.
        """
        if name is None:
            return None
        if not isinstance(preset, LatentFlowPreset) or preset.finetuning is None:
            raise TrainingError(
                f"The preset {preset.name} has no finetuning, the one stage that can start from a painter."
            )
        painter = painter_file.read(catalog.find(name))
        manifest = painter.manifest
        if manifest.picture_size != preset.data.size:
            raise TrainingError(
                f"The painter {manifest.name} paints {manifest.picture_size} px, the preset {preset.name} "
                f"{preset.data.size}: take one of the same size."
            )
        return cls(painter)

    def with_statistics(self, dataset: DatasetInfo) -> DatasetInfo:
        """A data set's info with the painter's caption statistics, which its weights were trained with.

        Raises TrainingError where the captions have another text encoder.
        """
        manifest = self.painter.manifest
        if manifest.text_encoder_sha256 != dataset.text_encoder_sha256:
            raise TrainingError(
                f"The painter {manifest.name} was trained with the text encoder {manifest.text_encoder_id}, this run "
                f"would be with {dataset.text_encoder_id}: name its own with --text-encoder."
            )
        return replace(dataset, caption_mean=manifest.caption_mean or (), caption_std=manifest.caption_std or ())

    def provenance(self) -> dict[str, Any]:
        """The painter's name with the start of its generator's SHA-256, and what its card says of its training."""
        manifest = self.painter.manifest
        card = manifest.card
        hours = card.get("hours")
        licence = card.get("licence")
        return {
            "painter": f"{manifest.name} {manifest.members[painter_file.GENERATOR_MEMBER][:8]}",
            "images_seen": {stage: n for stage, n in _table(card, "images_seen").items() if isinstance(n, int)},
            "hours": float(hours) if isinstance(hours, int | float) else 0.0,
            "data": str(_table(card, "data").get("description", "")),
            "licence": licence if isinstance(licence, str) else "",
        }

    def networks(self, preset: Preset, dataset: DatasetInfo) -> Networks:
        """A run's networks with the painter's weights; raises TrainingError where they do not fit."""
        networks = build_networks(preset, dataset)
        assert isinstance(networks, LatentFlowNetworks)
        import_weights(networks.sampler(), self.painter.generator)
        return networks

    def begin(
        self, info: RunInfo, data: TrainingData, distance: PictureDistance | None, report: TaskProgressCallback
    ) -> "BegunWarmStart":
        """Load the painter's weights and measure how it paints the captions of the run's pictures.

        Raises TrainingError where the weights do not fit, or there is no `distance` to measure by.
        """
        source = None if info.source is None else Path(info.source)
        guard = WarmStartGuard.of(info.preset, source, data, distance)
        networks = self.networks(info.preset, info.dataset)
        networks.to(data.device)
        start_time = time.monotonic()
        manifest = self.painter.manifest
        comparison = guard.measure_start(manifest.name, manifest.card, networks, report)
        seconds = time.monotonic() - start_time
        is_far = comparison.is_far(comparison.start)
        likeness = comparison.likeness_sentence(scratch_minutes(info, data, report) if is_far else None)
        return BegunWarmStart(networks, guard, comparison, likeness, seconds)


@dataclass(frozen=True)
class BegunWarmStart:
    """The networks that a run begins with, how they paint, and the seconds that this took to measure."""

    networks: Networks
    guard: WarmStartGuard
    comparison: StartComparison
    likeness: str
    seconds: float

    def save(self, run: RunFolder) -> None:
        """Write the checkpoint that the run starts its last stage from, its snapshot, and the measurement."""
        start = Position(stage_index=self.networks.first_sampling_stage)
        save_checkpoint(run.checkpoints, TrainingState(self.networks.named, {}), start)
        save_inference_snapshot(run, self.networks, images=0)
        self.comparison.write(run)


def _table(card: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object in a card; empty where the card, which may hold anything, has none."""
    value = card.get(name)
    return value if isinstance(value, dict) else {}
