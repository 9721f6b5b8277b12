"""Warm start: a run whose last stage starts from the weights of a painter file; the stages before it are left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.painter_file import PainterFile
from painting.painters import catalog
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export.weight_import import import_weights
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.run.folder import RunFolder
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
        painter = painter_file.read(catalog.find(name))
        manifest = painter.manifest
        if not isinstance(preset, LatentFlowPreset) or preset.finetuning is None:
            raise TrainingError(
                f"The preset {preset.name} has no finetuning, the one stage that can start from a painter."
            )
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
        assert isinstance(networks, LatentFlowNetworks) and networks.distilled
        import_weights(networks.distilled.sampler(), self.painter.generator)
        return networks


def _table(card: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object in a card; empty where the card, which may hold anything, has none."""
    value = card.get(name)
    return value if isinstance(value, dict) else {}


def save_warm_start(run: RunFolder, networks: Networks) -> None:
    """Write the checkpoint that a run with these networks starts its last stage from."""
    start = Position(stage_index=networks.first_sampling_stage)
    save_checkpoint(run.checkpoints, TrainingState(networks.named, {}), start)
