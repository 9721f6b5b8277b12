"""The latent flow painter's preset."""

from dataclasses import dataclass

from painting.models.latent_flow import SamplerSettings
from painting.models.layers import LATENT_SIDE
from painting.training.config.base import Constraints, Preset


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
    """The flow-matching prior on standardised latents."""

    kimg: float
    batch: int
    learning_rate: float
    warmup_kimg: float
    width: int
    depth: int
    heads: int
    text_dropout: float
    ema_halflife_kimg: float


@dataclass(frozen=True)
class DistillationPreset:
    """The student, which learns to go in a few unguided steps where the guided flow leads."""

    kimg: float
    batch: int
    learning_rate: float
    pairs_kimg: float
    steps: int


@dataclass(frozen=True)
class GrowthPreset:
    """The decoder of twice the side, which learns to give photographs back."""

    kimg: float
    batch: int
    learning_rate: float
    decoder_widths: tuple[int, ...]
    half_l1_weight: float
    full_l1_weight: float
    half_perceptual_weight: float
    full_perceptual_weight: float
    latent_noise: float
    ema_halflife_kimg: float


@dataclass(frozen=True)
class FinishPreset:
    """Student and decoder against a discriminator, which learns alone for `warmup_kimg`.

    `evenness`, 0 to 1, is how much more often rare kinds are seen than they come (`kinds`).
    `variety_weight` is of what two pictures of a caption have in common beyond what photographs do (`variety`).
    `strength` and `spread` are those of the painter where nobody says; training knows them as 1.
    """

    kimg: float
    batch: int
    learning_rate: float
    discriminator_learning_rate: float
    discriminator_width: int
    warmup_kimg: float
    ema_halflife_kimg: float
    evenness: float = 0.0
    variety_weight: float = 0.0
    strength: float = 1.0
    spread: float = 1.0


@dataclass(frozen=True, kw_only=True)
class LatentFlowPreset(Preset):
    """A whole run of the latent flow painter: three stages, or, with a distillation, a growth and a finish, six.

    Of those six the first four see pictures at half their side.
    """

    features: FeaturesPreset
    autoencoder: AutoencoderPreset
    prior: PriorPreset
    sampler: SamplerSettings
    distillation: DistillationPreset | None = None
    growth: GrowthPreset | None = None
    finish: FinishPreset | None = None

    @property
    def last_stage(self) -> str:
        return "finish" if self.finish else "prior"

    @property
    def encoded_size(self) -> int:
        """The side of the pictures that the autoencoder sees."""
        side: int = LATENT_SIDE << len(self.autoencoder.encoder_widths)
        return side

    def constraints(self) -> Constraints:
        size, ae, prior = self.data.size, self.autoencoder, self.prior
        halvings = len(ae.encoder_widths)
        fitting = self.encoded_size * (2 if self.finish else 1)
        return [
            *super().constraints(),
            (size != fitting, f"{halvings} encoder_widths fit data.size {fitting}, not {size}."),
            (
                len({part is None for part in (self.distillation, self.growth, self.finish)}) > 1,
                "distillation, growth and finish belong together: give all three, or none.",
            ),
            (
                self.growth is not None and len(self.growth.decoder_widths) != halvings + 1,
                f"growth.decoder_widths must be {halvings + 1} widths, one more than encoder_widths.",
            ),
            (
                self.finish is not None and self.finish.batch % 2 != 0,
                "finish.batch must be even: two pictures are painted of each caption.",
            ),
            (
                self.finish is not None and self.finish.warmup_kimg >= self.finish.kimg,
                "finish.warmup_kimg must be below finish.kimg: until then the discriminator learns alone.",
            ),
            (
                self.finish is not None and self.finish.evenness > 1,
                "finish.evenness must be at most 1, where all kinds are seen alike.",
            ),
            (
                len(ae.decoder_widths) != halvings + 1,
                f"decoder_widths must be {halvings + 1} widths, one more than encoder_widths.",
            ),
            (
                prior.width % prior.heads != 0,
                f"prior.width {prior.width} must be a multiple of prior.heads {prior.heads}.",
            ),
        ]
