"""The latent flow painter's networks: those of three stages, and those that a distillation and a finish add."""

import copy
from typing import TypeVar

import torch
from torch import nn

from painting.models.autoencoder import (
    GRID,
    AttributeClassifier,
    Decoder,
    Encoder,
    FeatureDiscriminator,
    GrownDecoder,
    LatentScale,
    PatchDiscriminator,
)
from painting.models.latent_flow import FlowPrior, LatentDiscriminator, LatentFlowSampler, Sampling
from painting.training.latent_flow_preset import DistillationPreset, FinishPreset, LatentFlowPreset
from painting.training.run_folder import DataFacts
from painting.training.stage import Networks

Network = TypeVar("Network", bound=nn.Module)


class LatentFlowNetworks(Networks):
    """The latent flow painter's networks, freshly initialised from the preset's seed."""

    def __init__(self, preset: LatentFlowPreset, facts: DataFacts) -> None:
        torch.manual_seed(preset.seed)
        ae, prior = preset.autoencoder, preset.prior
        self.sampling = preset.sampler
        self.latent_size = ae.latent_channels * GRID * GRID
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
        self.painting_stage = 2
        self.painting: dict[str, nn.Module] = {"prior_average": self.prior_average}
        self.finished: FinishedNetworks | None = None
        if preset.distillation and preset.finish:
            self.finished = FinishedNetworks(self, preset.distillation, preset.finish, preset.features.widths)
            self.named |= self.finished.named
            self.painting_stage = 4
            self.takes_strength = True
            self.painting = self.finished.painting

    def teacher(self) -> LatentFlowSampler:
        """The guided flow, decoded as the autoencoder does."""
        return LatentFlowSampler(self.prior_average, self.scale, self.decoder, self.sampling)

    def sampler(self) -> LatentFlowSampler:
        return self.finished.sampler() if self.finished else self.teacher()


class FinishedNetworks:
    """What a distillation and a finish add: a student of the prior, a decoder of twice the side, and their judges."""

    def __init__(
        self,
        first: LatentFlowNetworks,
        distillation: DistillationPreset,
        finish: FinishPreset,
        seen: tuple[int, ...],
    ) -> None:
        channels = first.latent_size // GRID**2
        text_width = first.prior.text_width
        self.scale = first.scale
        self.sampling = Sampling(distillation.steps, guidance=1.0, strength=first.sampling.strength)
        self.student = copy.deepcopy(first.prior)
        self.student_average = _average(self.student)
        self.latent_discriminator = LatentDiscriminator(first.prior, distillation.discriminator_width)
        self.decoder = GrownDecoder(channels, finish.decoder_widths)
        self.decoder_average = _average(self.decoder)
        self.patch_discriminator = PatchDiscriminator(finish.patch_width, halvings=3)
        self.feature_discriminator = FeatureDiscriminator(seen, text_width, finish.feature_width)
        self.painting: dict[str, nn.Module] = {"full_decoder_average": self.decoder_average}
        self.named: dict[str, nn.Module] = {
            **self.painting,
            "student": self.student,
            "student_average": self.student_average,
            "latent_discriminator": self.latent_discriminator,
            "full_decoder": self.decoder,
            "patch_discriminator": self.patch_discriminator,
            "feature_discriminator": self.feature_discriminator,
        }

    def learner(self) -> LatentFlowSampler:
        """The student and the decoder as they learn."""
        return LatentFlowSampler(self.student, self.scale, self.decoder, self.sampling)

    def student_sampler(self, decoder: nn.Module) -> LatentFlowSampler:
        """The student's running average with another decoder."""
        return LatentFlowSampler(self.student_average, self.scale, decoder, self.sampling)

    def sampler(self) -> LatentFlowSampler:
        """Their running averages, which paint."""
        return self.student_sampler(self.decoder_average)


def _average(network: Network) -> Network:
    """A copy that follows the network and is not trained itself."""
    return copy.deepcopy(network).requires_grad_(False)
