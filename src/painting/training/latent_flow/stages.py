"""The latent flow painter's three or six stages, in the order in which they are trained."""

from pathlib import Path

from torch import Tensor

from painting.models.published import LITE0_PACKAGE, verify_package
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches, TrainingData
from painting.training.latent_flow.adversarial_finetuning import FINETUNING_PURPOSE, FinetuningStage
from painting.training.latent_flow.autoencoder import AutoencoderStage
from painting.training.latent_flow.classifier import ClassifierStage
from painting.training.latent_flow.decoder_growth import DecoderGrowthStage
from painting.training.latent_flow.distillation import DistillationStage
from painting.training.latent_flow.latent_cache import LatentCache
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.prior import PriorStage
from painting.training.latent_flow.teacher_pairs import TeacherPairs
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Stage


def latent_flow_stages(networks: LatentFlowNetworks, preset: LatentFlowPreset, data: TrainingData) -> list[Stage]:
    """The stages that train a run's networks on its data."""
    batches = data.captioned_batches(preset.data.flip)
    return build_stages(networks, preset, batches, data.example_text(batches), data.folder)


def build_stages(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches, examples: Tensor, folder: Path
) -> list[Stage]:
    """Three stages, or six with distillation, decoder growth and fine-tuning.

    `examples` (P, E) are the example prompts' standardised text vectors; large files go into `folder`.
    Raises MissingExtra or PaintingError, before anything is trained, where fine-tuning's published weights are missing
    or damaged.
    """
    first_batches = batches.at_half_size() if preset.finetuning else batches
    samples = SampleGrid(examples, networks.latent_size)
    cache = LatentCache(networks.encoder, networks.scale, first_batches, folder)
    stages: list[Stage] = [
        ClassifierStage(networks, preset.classifier, first_batches),
        AutoencoderStage(networks, preset.autoencoder, first_batches),
        PriorStage(networks, preset.prior, first_batches, cache, samples),
    ]
    if not (networks.distilled and preset.distillation and preset.decoder_growth and preset.finetuning):
        return stages
    verify_package(LITE0_PACKAGE, FINETUNING_PURPOSE)
    count = round(1000 * preset.distillation.pairs_kimg)
    pairs = TeacherPairs(networks.teacher(), batches, folder, count)
    return [
        *stages,
        DistillationStage(networks, networks.distilled, preset.distillation, pairs, samples),
        DecoderGrowthStage(networks, networks.distilled, preset.decoder_growth, batches, samples),
        FinetuningStage(networks.distilled, preset.finetuning, batches, samples),
    ]
