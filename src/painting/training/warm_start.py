"""A run that begins from a painter file: its last stage alone is trained, on these pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.painter_file import PainterFile
from painting.painters import catalog
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset_info import DatasetInfo
from painting.training.export.weight_import import take_weights
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.run.folder import RunFolder
from painting.training.stage import Networks


@dataclass(frozen=True)
class WarmStart:
    """A painter to begin from."""

    painter: PainterFile

    @classmethod
    def of(cls, name: str | None, preset: Preset) -> "WarmStart | None":
        """The painter of this name or path, if there is to be one; raises TrainingError where the preset has no use
        for it, InvalidRequest or PainterFileError where there is no such painter."""
        if name is None:
            return None
        painter = painter_file.read(catalog.find(name))
        manifest = painter.manifest
        if not isinstance(preset, LatentFlowPreset) or preset.finish is None:
            raise TrainingError(f"The preset {preset.name} has no finish, which is what begins from a painter.")
        if manifest.picture_size != preset.data.size:
            raise TrainingError(
                f"The painter {manifest.name} paints {manifest.picture_size} px, the preset {preset.name} "
                f"{preset.data.size}: take one that paints as the preset does."
            )
        return cls(painter)

    def facts(self, facts: DatasetInfo) -> DatasetInfo:
        """A run's facts with the painter's way to standardise text vectors, which its weights have learned.

        Raises TrainingError where another text encoder read its captions.
        """
        manifest = self.painter.manifest
        if manifest.text_encoder_sha256 != facts.text_encoder_sha256:
            raise TrainingError(
                f"The painter {manifest.name} was trained with the text encoder {manifest.text_encoder_id}, this run "
                f"would be with {facts.text_encoder_id}: name its own with --text-encoder."
            )
        return replace(facts, caption_mean=manifest.caption_mean or (), caption_std=manifest.caption_std or ())

    def told(self) -> dict[str, Any]:
        """Its name with the first digits of its generator's SHA-256, and what its card says had gone into it."""
        manifest, card = self.painter.manifest, self.painter.manifest.card
        seen, hours, licence = _table(card, "images_seen"), card.get("hours"), card.get("licence")
        return {
            "painter": f"{manifest.name} {manifest.members[painter_file.GENERATOR_MEMBER][:8]}",
            "images_seen": {name: count for name, count in seen.items() if isinstance(count, int)},
            "hours": float(hours) if isinstance(hours, int | float) else 0.0,
            "data": str(_table(card, "data").get("description", "")),
            "licence": licence if isinstance(licence, str) else "",
        }

    def networks(self, preset: Preset, facts: DatasetInfo) -> Networks:
        """A run's fresh networks with the painter's weights; raises TrainingError where they do not fit."""
        networks = build_networks(preset, facts)
        assert isinstance(networks, LatentFlowNetworks) and networks.finished
        take_weights(networks.finished.sampler(), self.painter.generator)
        return networks


def _table(card: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What stands under a name of a card, which may say anything."""
    told = card.get(name)
    return told if isinstance(told, dict) else {}


def save_beginning(run: RunFolder, networks: Networks) -> None:
    """Let a run stand where its last stage begins, with these networks."""
    save_checkpoint(
        run.checkpoints, TrainingState(networks.named, {}), Position(stage_index=networks.first_sampling_stage)
    )
