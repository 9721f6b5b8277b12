"""The latent flow painter's two or three stages, in the order in which they are trained."""

from pathlib import Path

from torch import Tensor

from painting.models.published import LITE0_PACKAGE, verify_package
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches, TrainingData
from painting.training.latent_flow.adversarial_finetuning import FinetuningStage
from painting.training.latent_flow.autoencoder import AutoencoderStage
from painting.training.latent_flow.features import FEATURES_PURPOSE
from painting.training.latent_flow.latent_cache import LatentCache
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.prior import PriorStage
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Stage


def latent_flow_stages(networks: LatentFlowNetworks, preset: LatentFlowPreset, data: TrainingData) -> list[Stage]:
    """The stages that train a run's networks on its data."""
    batches = data.captioned_batches(preset.data.flip)
    return build_stages(networks, preset, batches, data.example_text(batches), data.folder)


def build_stages(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches, examples: Tensor, folder: Path
) -> list[Stage]:
    """Autoencoder and prior, and fine-tuning where the preset has it.

    `examples` (P, E) are the example prompts' standardised text vectors; large files go into `folder`.
    Raises MissingExtra or PaintingError, before anything is trained, where the published weights are missing or
    damaged.
    """
    verify_package(LITE0_PACKAGE, FEATURES_PURPOSE)
    samples = SampleGrid(examples, networks.latent_size)
    cache = LatentCache(networks.autoencoder_ema.encoder, networks.scale, batches, folder)
    stages: list[Stage] = [
        AutoencoderStage(networks, preset.autoencoder, batches),
        PriorStage(networks, preset.prior, batches, cache, samples),
    ]
    if preset.finetuning is not None:
        stages.append(FinetuningStage(networks, preset.finetuning, batches, samples))
    return stages
