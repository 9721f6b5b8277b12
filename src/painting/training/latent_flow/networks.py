"""Networks of the latent flow painter: those of the first three stages, and those that three more add."""

import copy
from dataclasses import replace

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
from painting.training.adversarial.gate import DiscriminatorGate
from painting.training.config.latent_flow import (
    DecoderGrowthPreset,
    DistillationPreset,
    FinetuningPreset,
    LatentFlowPreset,
)
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.optim import ema_copy, update_ema
from painting.training.stage import Networks


class LatentFlowNetworks(Networks):
    """The latent flow painter's networks, freshly initialised from the preset's seed."""

    def __init__(self, preset: LatentFlowPreset, dataset: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        ae = preset.autoencoder
        prior = preset.prior
        self.sampler_settings = preset.sampler
        self.latent_size = ae.latent_channels * LATENT_SIDE * LATENT_SIDE
        self.classifier = AttributeClassifier(preset.classifier.widths, len(dataset.attributes))
        self.encoder = Encoder(ae.encoder_widths, ae.latent_channels)
        self.decoder = Decoder(ae.latent_channels, ae.decoder_widths)
        self.discriminator = PatchDiscriminator(ae.discriminator_width)
        self.scale = LatentScale(ae.latent_channels)
        self.prior = FlowPrior(ae.latent_channels, dataset.text_width, prior.width, prior.depth, prior.heads)
        self.prior_ema = ema_copy(self.prior)
        self.named = {
            "classifier": self.classifier,
            "encoder": self.encoder,
            "decoder": self.decoder,
            "discriminator": self.discriminator,
            "scale": self.scale,
            "prior": self.prior,
            "prior_ema": self.prior_ema,
        }
        self.first_sampling_stage = 2
        self.inference_networks: dict[str, nn.Module] = {"prior_ema": self.prior_ema}
        self.distilled: DistilledNetworks | None = None
        if preset.distillation and preset.decoder_growth and preset.finetuning:
            self.distilled = DistilledNetworks(self, preset.distillation, preset.decoder_growth, preset.finetuning)
            self.named |= self.distilled.named
            self.first_sampling_stage = 5
            self.takes_strength = True
            self.inference_networks = self.distilled.inference_networks

    def teacher(self) -> LatentFlowSampler:
        """The guided flow of the prior's EMA with the autoencoder's decoder."""
        return LatentFlowSampler(self.prior_ema, self.scale, self.decoder, self.sampler_settings)

    def sampler(self) -> LatentFlowSampler:
        """The painter: the fine-tuned student and decoder, or, of three stages, the guided flow."""
        return self.distilled.sampler() if self.distilled else self.teacher()


class DistilledNetworks:
    """A student of few steps and a decoder of twice the side, each with its EMA, and their projected discriminator."""

    def __init__(
        self,
        first: LatentFlowNetworks,
        distillation: DistillationPreset,
        decoder_growth: DecoderGrowthPreset,
        finetuning: FinetuningPreset,
    ) -> None:
        self.latent_size = first.latent_size
        self.scale = first.scale
        self.training_settings = SamplerSettings(distillation.steps, guidance=1.0)
        self.sampler_settings = replace(
            self.training_settings, strength=finetuning.strength, temperature=finetuning.temperature
        )
        self.student = copy.deepcopy(first.prior)
        self.student_ema = ema_copy(self.student)
        self.decoder = GrownDecoder(first.latent_size // LATENT_SIDE**2, decoder_growth.decoder_widths)
        self.decoder_ema = ema_copy(self.decoder)
        self.mixer = FeatureMixer([LITE0_VARIANT.widths[stage] for stage in OUTPUT_STAGES])
        self.discriminator = ProjectedDiscriminator(first.prior.text_width, finetuning.discriminator_width)
        self.gate = DiscriminatorGate()
        self.inference_networks: dict[str, nn.Module] = {
            "finetuned_student_ema": self.student_ema,
            "finetuned_decoder_ema": self.decoder_ema,
        }
        self.named: dict[str, nn.Module] = {
            "student": self.student,
            "student_ema": self.student_ema,
            "grown_decoder": self.decoder,
            "grown_decoder_ema": self.decoder_ema,
            "mixer": self.mixer,
            "projected_discriminator": self.discriminator,
            "discriminator_gate": self.gate,
        }

    def training_sampler(self) -> LatentFlowSampler:
        """The student and the decoder that are trained."""
        return LatentFlowSampler(self.student, self.scale, self.decoder, self.training_settings)

    def sampler(self) -> LatentFlowSampler:
        """Their EMAs, which paint."""
        return self.student_sampler(self.decoder_ema)

    def student_sampler(self, decoder: nn.Module) -> LatentFlowSampler:
        """The student's EMA with another decoder."""
        return LatentFlowSampler(self.student_ema, self.scale, decoder, self.sampler_settings)

    def load_ema(self) -> None:
        """Copy the EMAs' weights into the student and the decoder that are trained."""
        self.student.load_state_dict(self.student_ema.state_dict())
        self.decoder.load_state_dict(self.decoder_ema.state_dict())

    def update_ema(self, decay: float) -> None:
        """Move both EMAs towards the weights that are trained."""
        update_ema(self.student_ema, self.student, decay)
        update_ema(self.decoder_ema, self.decoder, decay)
