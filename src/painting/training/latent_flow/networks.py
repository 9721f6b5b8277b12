"""The latent flow painter's networks: those of three stages, and those that three more add."""

import copy
from dataclasses import replace
from typing import TypeVar

import torch
from torch import nn

from painting.models.autoencoder import (
    AttributeClassifier,
    Decoder,
    Encoder,
    GrownDecoder,
    LatentScale,
    PatchDiscriminator,
)
from painting.models.efficientnet_lite import LITE0_VARIANT, OUTPUT_STAGES
from painting.models.latent_flow import FlowPrior, LatentFlowSampler, SamplerSettings
from painting.models.layers import LATENT_SIDE
from painting.models.projected import FeatureMixer, ProjectedDiscriminator
from painting.training.config.latent_flow import DistillationPreset, FinishPreset, GrowthPreset, LatentFlowPreset
from painting.training.dataset_info import DatasetInfo
from painting.training.optim import update_ema
from painting.training.stage import Networks

Network = TypeVar("Network", bound=nn.Module)


class LatentFlowNetworks(Networks):
    """The latent flow painter's networks, freshly initialised from the preset's seed."""

    def __init__(self, preset: LatentFlowPreset, facts: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        ae, prior = preset.autoencoder, preset.prior
        self.sampling = preset.sampler
        self.latent_size = ae.latent_channels * LATENT_SIDE * LATENT_SIDE
        self.classifier = AttributeClassifier(preset.features.widths, len(facts.attributes))
        self.encoder = Encoder(ae.encoder_widths, ae.latent_channels)
        self.decoder = Decoder(ae.latent_channels, ae.decoder_widths)
        self.discriminator = PatchDiscriminator(ae.discriminator_width)
        self.scale = LatentScale(ae.latent_channels)
        self.prior = FlowPrior(ae.latent_channels, facts.text_width, prior.width, prior.depth, prior.heads)
        self.prior_average = _average(self.prior)
        self.named = {
            "classifier": self.classifier,
            "encoder": self.encoder,
            "decoder": self.decoder,
            "discriminator": self.discriminator,
            "scale": self.scale,
            "prior": self.prior,
            "prior_average": self.prior_average,
        }
        self.first_sampling_stage = 2
        self.inference_networks: dict[str, nn.Module] = {"prior_average": self.prior_average}
        self.finished: FinishedNetworks | None = None
        if preset.distillation and preset.growth and preset.finish:
            self.finished = FinishedNetworks(self, preset.distillation, preset.growth, preset.finish)
            self.named |= self.finished.named
            self.first_sampling_stage = 5
            self.takes_strength = True
            self.inference_networks = self.finished.inference_networks

    def teacher(self) -> LatentFlowSampler:
        """The guided flow, decoded as the autoencoder does."""
        return LatentFlowSampler(self.prior_average, self.scale, self.decoder, self.sampling)

    def sampler(self) -> LatentFlowSampler:
        return self.finished.sampler() if self.finished else self.teacher()


class FinishedNetworks:
    """What a distillation, a growth and a finish add: a student, a decoder of twice the side, and their judge."""

    def __init__(
        self, first: LatentFlowNetworks, distillation: DistillationPreset, growth: GrowthPreset, finish: FinishPreset
    ) -> None:
        self.latent_size, self.scale = first.latent_size, first.scale
        self.learning = SamplerSettings(distillation.steps, guidance=1.0)
        self.painting_with = replace(self.learning, strength=finish.strength, temperature=finish.spread)
        self.student = copy.deepcopy(first.prior)
        self.student_average = _average(self.student)
        self.decoder = GrownDecoder(first.latent_size // LATENT_SIDE**2, growth.decoder_widths)
        self.decoder_average = _average(self.decoder)
        self.mixer = FeatureMixer([LITE0_VARIANT.widths[stage] for stage in OUTPUT_STAGES])
        self.discriminator = ProjectedDiscriminator(first.prior.text_width, finish.discriminator_width)
        self.inference_networks: dict[str, nn.Module] = {
            "finished_student": self.student_average,
            "finished_decoder": self.decoder_average,
        }
        self.named: dict[str, nn.Module] = {
            **self.inference_networks,
            "student": self.student,
            "full_decoder": self.decoder,
            "mixer": self.mixer,
            "finish_discriminator": self.discriminator,
        }

    def learner(self) -> LatentFlowSampler:
        """The student and the decoder as they learn."""
        return LatentFlowSampler(self.student, self.scale, self.decoder, self.learning)

    def sampler(self) -> LatentFlowSampler:
        """Their running averages, which paint."""
        return self.student_sampler(self.decoder_average)

    def student_sampler(self, decoder: nn.Module) -> LatentFlowSampler:
        """The student's running average with another decoder."""
        return LatentFlowSampler(self.student_average, self.scale, decoder, self.painting_with)

    def begin_from_averages(self) -> None:
        """Let what learns be what paints."""
        self.student.load_state_dict(self.student_average.state_dict())
        self.decoder.load_state_dict(self.decoder_average.state_dict())

    def update_averages(self, decay: float) -> None:
        """Let what paints follow what learns."""
        update_ema(self.student_average, self.student, decay)
        update_ema(self.decoder_average, self.decoder, decay)


def _average(network: Network) -> Network:
    """A copy that follows the network and is not trained itself."""
    return copy.deepcopy(network).requires_grad_(False)
