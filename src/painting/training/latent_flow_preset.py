"""The latent flow painter's preset."""

from dataclasses import dataclass
from typing import ClassVar

from painting.models.autoencoder import GRID
from painting.models.latent_flow import Sampling
from painting.training.preset_base import Misfits, Preset


@dataclass(frozen=True)
class FeaturesPreset:
    """The attribute classifier whose features measure likeness."""

    kimg: float
    batch: int
    learning_rate: float
    widths: tuple[int, ...]


@dataclass(frozen=True)
class AutoencoderPreset:
    """Encoder, decoder and the discriminator that sharpens the decoder in the last part of the stage."""

    kimg: float
    batch: int
    learning_rate: float
    latent_channels: int
    encoder_widths: tuple[int, ...]
    decoder_widths: tuple[int, ...]
    l1_weight: float
    perceptual_weight: float
    latent_pull_weight: float
    latent_noise: float
    discriminator_width: int
    adversarial_weight: float
    adversarial_from: float


@dataclass(frozen=True)
class PriorPreset:
    """The flow-matching transformer on standardised latents."""

    kimg: float
    batch: int
    learning_rate: float
    warmup_kimg: float
    width: int
    depth: int
    heads: int
    text_dropout: float
    ema_halflife_kimg: float


@dataclass(frozen=True, kw_only=True)
class LatentFlowPreset(Preset):
    """A whole run of the latent flow painter."""

    last_stage: ClassVar[str] = "prior"

    features: FeaturesPreset
    autoencoder: AutoencoderPreset
    prior: PriorPreset
    sampler: Sampling

    def misfits(self) -> Misfits:
        size, ae, prior = self.data.size, self.autoencoder, self.prior
        halvings = len(ae.encoder_widths)
        fitting = GRID * 2**halvings
        return [
            *super().misfits(),
            (size != fitting, f"{halvings} encoder_widths fit data.size {fitting}, not {size}."),
            (
                len(ae.decoder_widths) != halvings + 1,
                f"decoder_widths must be {halvings + 1} widths, one more than encoder_widths.",
            ),
            (
                prior.width % prior.heads != 0,
                f"prior.width {prior.width} must be a multiple of prior.heads {prior.heads}.",
            ),
        ]
