"""The models that can be trained: which networks a preset asks for, and which stages train them."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from painting.data.picture_set import CaptionedSet, CaptionEncoder, PictureSet
from painting.errors import TrainingError
from painting.training.batches import Batches, CaptionedBatches
from painting.training.config.base import Preset
from painting.training.config.gan import DigitsGanPreset, TacGanPreset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset_info import DatasetInfo
from painting.training.gan.digits import DigitsGanNetworks, DigitsGanStage
from painting.training.gan.tac_gan import TacGanNetworks, TacGanStage
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.stages import latent_flow_stages
from painting.training.stage import Networks, Recipe, Stage


@dataclass(frozen=True)
class Source:
    """What a run trains on: pictures, and the text encoder that their captions were encoded with, if any."""

    data: PictureSet
    encoder: CaptionEncoder | None

    def captioned(self, flip: bool, device: torch.device, facts: DatasetInfo) -> tuple[CaptionedBatches, Tensor]:
        """Batches with captions, and the example prompts' standardised text vectors (P, E); raises TrainingError.

        Vectors are standardised by the run's facts: one that began from a painter keeps that painter's.
        """
        if not isinstance(self.data, CaptionedSet) or self.encoder is None:
            raise TrainingError("This model is told what to paint, but these pictures have no captions.")
        batches = CaptionedBatches(self.data, flip, device, (facts.caption_mean, facts.caption_std))
        return batches, batches.standardise(self.encoder.encode(self.data.example_prompts))


def build_networks(preset: Preset, facts: DatasetInfo) -> Networks:
    """The networks that a preset asks for, freshly initialised from its seed."""
    match preset:
        case LatentFlowPreset():
            return LatentFlowNetworks(preset, facts)
        case DigitsGanPreset():
            return DigitsGanNetworks(preset, facts)
        case TacGanPreset():
            return TacGanNetworks(preset, facts)
    raise TrainingError(f"There is no model for a {type(preset).__name__}.")


def build_recipe(preset: Preset, facts: DatasetInfo, source: Source, device: torch.device, folder: Path) -> Recipe:
    """The networks on their device and the stages that train them; large files go into `folder`."""
    networks = build_networks(preset, facts)
    networks.to(device)
    return Recipe(networks, _stages(preset, networks, facts, source, device, folder), device)


def _stages(
    preset: Preset, networks: Networks, facts: DatasetInfo, source: Source, device: torch.device, folder: Path
) -> list[Stage]:
    flip = preset.data.flip
    match preset, networks:
        case LatentFlowPreset(), LatentFlowNetworks():
            return latent_flow_stages(networks, preset, *source.captioned(flip, device, facts), folder)
        case DigitsGanPreset(), DigitsGanNetworks():
            return [DigitsGanStage(networks, preset, Batches(source.data, flip, device))]
        case TacGanPreset(), TacGanNetworks():
            return [TacGanStage(networks, preset, *source.captioned(flip, device, facts))]
    raise TrainingError(f"There are no stages for a {type(preset).__name__}.")
