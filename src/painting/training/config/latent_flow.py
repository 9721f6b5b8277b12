"""Presets of the latent flow painter."""

from dataclasses import dataclass

from painting.models.latent_flow import SamplerSettings
from painting.models.layers import LATENT_SIDE
from painting.training.config.base import Constraints, Preset


@dataclass(frozen=True)
class AutoencoderPreset:
    """Encoder and decoder of an 8×8 latent map."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """The peak learning rate, which falls to 0 along half a cosine (Loshchilov & Hutter 2017)."""
    latent_channels: int
    """Channels of the 8×8 latent map."""
    encoder_widths: tuple[int, ...]
    """Channels of the encoder's stages, each of which halves the side, down to the 8×8 latent map."""
    decoder_widths: tuple[int, ...]
    """Channels of the decoder's maps, from the latent map up; as many as encoder_widths."""
    l1_weight: float
    """Weight of the L1 losses between picture and reconstruction, both in [-1, 1], at full and at half size."""
    perceptual_weight: float
    """Weight of the perceptual loss, a relative L1 of published features (cf. Zhang et al. 2018, LPIPS)."""
    feature_size: int
    """Side in px that pictures are enlarged to before features are extracted, a multiple of 32."""
    latent_moment_weight: float
    """Weight of the loss that pulls each latent channel to mean 0 and standard deviation 1; in place of a VAE's KL."""
    latent_noise_std: float
    """Standard deviation of the noise added to latents before decoding, so that nearby latents decode alike."""
    ema_halflife_kimg: float
    """In how many thousand images the memory of the autoencoder's EMA, which encodes and paints, halves."""


@dataclass(frozen=True)
class PriorPreset:
    """The flow-matching prior on standardised latents (Lipman et al. 2023)."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """The peak learning rate, after a linear warm-up and before half a cosine down to 0."""
    warmup_kimg: float
    """Length of the learning rate's linear warm-up in thousands of images."""
    width: int
    """Channels of the prior's maps, a multiple of heads."""
    depth: int
    """Residual blocks; self-attention follows every second one."""
    heads: int
    """Attention heads."""
    text_dropout: float
    """Probability, 0 … 1, that a text vector is dropped, which trains the unconditional flow of classifier-free
    guidance (Ho & Salimans 2022)."""
    ema_halflife_kimg: float
    """In how many thousand images the memory of the prior's EMA, which paints, halves."""


@dataclass(frozen=True)
class FinetuningPreset:
    """Adversarial fine-tuning of prior and decoder as a generator of one step, against a projected discriminator."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step, an even number: two pictures are generated of each caption."""
    learning_rate: float
    """AdamW's learning rate of the generator: constant for 60% of the stage, then falling linearly to 0."""
    discriminator_learning_rate: float
    """AdamW's learning rate of the discriminator, with the same schedule."""
    discriminator_width: int
    """Channels of the discriminator's heads (Sauer et al. 2021)."""
    feature_size: int
    """Side in px that pictures are enlarged to before features are extracted, a multiple of 32: the published extractor
    was trained at 224 px, and distinguishes less in smaller pictures (cf. Sauer et al. 2022, StyleGAN-XL)."""
    warmup_kimg: float
    """Thousands of images for which the discriminator learns alone, or longer, until it distinguishes photographs from
    painted pictures; at most half of kimg."""
    ema_halflife_kimg: float
    """In how many thousand images the memory of the generator's EMA, which paints, halves."""
    class_balance: float = 0.0
    """Class-balanced sampling, 0 … 1: a class of n pictures is drawn in proportion to n^(1 − class_balance); 0 draws
    all pictures alike, 1 all classes."""
    diversity_weight: float = 0.0
    """Weight of the diversity loss of two pictures of one caption (cf. Yang et al. 2019)."""
    frechet_weight: float = 0.0
    """Weight of the Fréchet loss of generated pictures' features, which rewards the spread of real ones; 0: none."""
    strength: float = 1.0
    """The finished painter's default strength, a factor of its text vectors up to 1; training knows it as 1."""
    temperature: float = 1.0
    """Factor of the finished painter's noise, its standard deviation; training knows it as 1."""


@dataclass(frozen=True, kw_only=True)
class LatentFlowPreset(Preset):
    """A run of the latent flow painter: autoencoder and prior, and fine-tuning into a painter of one step."""

    paints_alpha = True
    autoencoder: AutoencoderPreset
    """The table of the first stage."""
    prior: PriorPreset
    """The table of the second stage."""
    sampler: SamplerSettings
    """How the prior's flow is integrated: the painter's sampler, or, before fine-tuning, that of the sample grids."""
    finetuning: FinetuningPreset | None = None
    """The table of the third stage."""

    @property
    def last_stage(self) -> str:
        """The name of the last stage, which --kimg and --epochs set the length of."""
        return "finetuning" if self.finetuning else "prior"

    def constraints(self) -> Constraints:
        """What must hold between keys, beyond their types."""
        return [
            *super().constraints(),
            *self._constraints_of_autoencoder(),
            *self._constraints_of_finetuning(),
            (
                self.prior.width % self.prior.heads != 0,
                f"prior.width {self.prior.width} must be a multiple of prior.heads {self.prior.heads}.",
            ),
        ]

    def _constraints_of_autoencoder(self) -> Constraints:
        ae = self.autoencoder
        halvings = len(ae.encoder_widths)
        size = LATENT_SIDE << halvings
        return [
            (self.data.size != size, f"{halvings} encoder_widths fit data.size {size}, not {self.data.size}."),
            (len(ae.decoder_widths) != halvings, f"decoder_widths must be {halvings} widths, as encoder_widths are."),
            _constraint_of_feature_size("autoencoder", ae.feature_size),
        ]

    def _constraints_of_finetuning(self) -> Constraints:
        if self.finetuning is None:
            return []
        tuning = self.finetuning
        return [
            (tuning.batch % 2 != 0, "finetuning.batch must be even: two pictures are generated of each caption."),
            (
                tuning.class_balance > 1,
                "finetuning.class_balance must be at most 1, where all classes are drawn alike.",
            ),
            _constraint_of_feature_size("finetuning", tuning.feature_size),
        ]


def _constraint_of_feature_size(stage: str, size: int) -> tuple[bool, str]:
    return size % 32 != 0, f"{stage}.feature_size must be a multiple of 32, not {size}."
