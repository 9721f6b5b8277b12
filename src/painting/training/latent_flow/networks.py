"""Networks of the latent flow painter: autoencoder and prior, and what the fine-tuning of both adds."""

from dataclasses import replace

import torch
from torch import nn

from painting.models.autoencoder import Autoencoder, LatentScale
from painting.models.efficientnet_lite import FEATURE_SIZE, LITE0_VARIANT, OUTPUT_STAGES
from painting.models.latent_flow import FlowPrior, LatentFlowSampler, SamplerSettings
from painting.models.layers import LATENT_SIDE
from painting.models.projected import FeatureMixer, ProjectedDiscriminator
from painting.training.adversarial.gate import DiscriminatorGate
from painting.training.config.latent_flow import FinetuningPreset, LatentFlowPreset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.frechet_loss import FrechetLoss
from painting.training.optim import ema_copy
from painting.training.stage import Networks

ONE_STEP = SamplerSettings(steps=1, guidance=1.0)
"""How a fine-tuned painter samples: one unguided step from noise to data."""


class LatentFlowNetworks(Networks):
    """The latent flow painter's networks, freshly initialised from the preset's seed."""

    def __init__(self, preset: LatentFlowPreset, dataset: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        ae = preset.autoencoder
        prior = preset.prior
        self.flow_settings = preset.sampler
        self.painter_settings = preset.sampler
        self.latent_size = ae.latent_channels * LATENT_SIDE * LATENT_SIDE
        self.picture_channels = 4 if preset.data.alpha else 3
        self.autoencoder = Autoencoder(ae.latent_channels, ae.encoder_widths, ae.decoder_widths, self.picture_channels)
        self.autoencoder_ema = ema_copy(self.autoencoder)
        self.scale = LatentScale(ae.latent_channels)
        self.prior = FlowPrior(ae.latent_channels, dataset.text_width, prior.width, prior.depth, prior.heads)
        self.prior_ema = ema_copy(self.prior)
        self.named = {
            "autoencoder": self.autoencoder,
            "autoencoder_ema": self.autoencoder_ema,
            "scale": self.scale,
            "prior": self.prior,
            "prior_ema": self.prior_ema,
        }
        self.first_sampling_stage = 1
        self.inference_networks: dict[str, nn.Module] = {"prior_ema": self.prior_ema, "latent_scale": self.scale}
        self.adversaries: Adversaries | None = None
        if preset.finetuning:
            self.painter_settings = replace(
                ONE_STEP, strength=preset.finetuning.strength, temperature=preset.finetuning.temperature
            )
            self.adversaries = Adversaries(dataset.text_width, preset.finetuning)
            self.named |= self.adversaries.named
            self.first_sampling_stage = 2
            self.takes_strength = True
            self.inference_networks = {
                "finetuned_prior_ema": self.prior_ema,
                "finetuned_decoder_ema": self.autoencoder_ema.decoder,
                "finetuned_latent_scale": self.scale,  # a base's start has its own
            }

    def flow_sampler(self) -> LatentFlowSampler:
        """The guided flow of the prior's EMA, decoded by the autoencoder's."""
        return self._ema_sampler(self.flow_settings)

    def generator(self) -> LatentFlowSampler:
        """The prior and the decoder that fine-tuning trains, as a generator of one step."""
        return LatentFlowSampler(self.prior, self.scale, self.autoencoder.decoder, ONE_STEP)

    def sampler(self) -> LatentFlowSampler:
        """The painter, of EMAs: the fine-tuned generator, or, without fine-tuning, the guided flow."""
        return self._ema_sampler(self.painter_settings)

    def _ema_sampler(self, settings: SamplerSettings) -> LatentFlowSampler:
        return LatentFlowSampler(self.prior_ema, self.scale, self.autoencoder_ema.decoder, settings)


class Adversaries:
    """What fine-tuning sets against the generator: a projected discriminator, its gate, and the Fréchet loss."""

    def __init__(self, text_width: int, settings: FinetuningPreset) -> None:
        self.mixer = FeatureMixer([LITE0_VARIANT.widths[stage] for stage in OUTPUT_STAGES])
        self.discriminator = ProjectedDiscriminator(text_width, settings.discriminator_width)
        self.gate = DiscriminatorGate()
        self.frechet_loss = FrechetLoss(FEATURE_SIZE)
        self.named: dict[str, nn.Module] = {
            "mixer": self.mixer,
            "projected_discriminator": self.discriminator,
            "discriminator_gate": self.gate,
            "frechet_moments": self.frechet_loss,
        }
