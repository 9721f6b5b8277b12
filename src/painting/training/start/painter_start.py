"""Warm start from a painter file, which holds prior and decoder: fine-tuning alone is trained on."""

from collections.abc import Mapping
from typing import Any

from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.painter_file import PainterFile
from painting.images import ALPHA_CHANNELS
from painting.training.config.base import Preset
from painting.training.export.weight_import import import_weights
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.start.warm_start import TextStandard, WarmStart


class PainterStart(WarmStart):
    """The weights of a painter file of the preset's widths."""

    def __init__(self, painter: PainterFile, preset: Preset) -> None:
        """Raises TrainingError where the painter paints another size, or transparency where the preset has none."""
        manifest = painter.manifest
        if manifest.picture_size != preset.data.size:
            raise TrainingError(
                f"The painter {manifest.name} paints {manifest.picture_size} px, the preset {preset.name} "
                f"{preset.data.size}: take one of the same size."
            )
        if (painter.channels == ALPHA_CHANNELS) != preset.data.alpha:
            raise TrainingError(
                f"The painter {manifest.name} paints {painter.channels} channels, and data.alpha of the preset "
                f"{preset.name} is {str(preset.data.alpha).lower()}: take a preset with the other one."
            )
        self.painter = painter
        self.name = manifest.name
        self.text = TextStandard(
            manifest.text_encoder_id,
            manifest.text_encoder_sha256,
            tuple(manifest.caption_mean or ()),
            tuple(manifest.caption_std or ()),
        )

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

    def load(self, networks: LatentFlowNetworks, minutes: float | None) -> int:
        """Load the painter's weights, from which fine-tuning goes on."""
        self.load_painter(networks)
        return networks.first_sampling_stage

    def load_painter(self, networks: LatentFlowNetworks) -> bool:
        """Load the painter's weights."""
        import_weights(networks.sampler(), self.painter.generator)
        return True

    def own_card(self) -> dict[str, Any]:
        """The painter's card."""
        return dict(self.painter.manifest.card)


def _table(card: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object in a card; empty where the card, which may hold anything, has none."""
    value = card.get(name)
    return value if isinstance(value, dict) else {}
