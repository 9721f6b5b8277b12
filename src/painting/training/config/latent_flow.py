"""Presets of the latent flow painter."""

from dataclasses import dataclass

from painting.models.latent_flow import SamplerSettings
from painting.models.layers import LATENT_SIDE
from painting.training.config.base import Constraints, Preset


@dataclass(frozen=True)
class ClassifierPreset:
    """The attribute classifier, whose features are those of the perceptual loss."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """AdamW's peak learning rate, which falls to 0 along half a cosine (Loshchilov & Hutter 2017)."""
    widths: tuple[int, ...]
    """Channels of its convolutional stages, each of which halves the side."""


@dataclass(frozen=True)
class AutoencoderPreset:
    """Encoder, decoder, and a patch discriminator that sharpens the decoder in the last part of the stage."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """AdamW's peak learning rate, of both optimisers, which falls to 0 along half a cosine."""
    latent_channels: int
    """Channels of the 8×8 latent map."""
    encoder_widths: tuple[int, ...]
    """Channels of the encoder's stages, each of which halves the side, down to the 8×8 latent map."""
    decoder_widths: tuple[int, ...]
    """Channels of the decoder's maps, from the latent map up; one more than encoder_widths."""
    l1_weight: float
    """Weight of the L1 loss between picture and reconstruction, both in [-1, 1]."""
    perceptual_weight: float
    """Weight of the perceptual loss, a relative L1 of the classifier's features (cf. Zhang et al. 2018, LPIPS)."""
    latent_moment_weight: float
    """Weight of the loss that pulls each latent channel to mean 0 and standard deviation 1; in place of a VAE's KL."""
    latent_noise_std: float
    """Standard deviation of the noise added to latents before decoding, so that nearby latents decode alike."""
    discriminator_width: int
    """Channels of the patch discriminator's first layer (Isola et al. 2017)."""
    adversarial_weight: float
    """Weight of the discriminator's hinge loss in the decoder's loss."""
    adversarial_start: float
    """The share of the stage's images, 0 … 1, after which the discriminator takes part; 1: never."""


@dataclass(frozen=True)
class PriorPreset:
    """The flow-matching prior on standardised latents (Lipman et al. 2023)."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """AdamW's peak learning rate, after a linear warm-up and before half a cosine down to 0."""
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
class DistillationPreset:
    """Distillation of the guided flow into a student of few unguided steps."""

    kimg: float
    """Length of the stage in thousands of teacher pairs."""
    batch: int
    """Teacher pairs a step."""
    learning_rate: float
    """AdamW's peak learning rate, after a short linear warm-up and before half a cosine down to 0."""
    pairs_kimg: float
    """Thousands of teacher pairs (noise, text vector, guided flow's result) that are computed before the stage."""
    steps: int
    """The student's Euler steps, unguided; the painter's too."""


@dataclass(frozen=True)
class DecoderGrowthPreset:
    """A decoder of twice the autoencoder's side, trained to reconstruct photographs from the encoder's latents."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """AdamW's peak learning rate, which falls to 0 along half a cosine."""
    decoder_widths: tuple[int, ...]
    """Channels of the decoder's maps, from the latent map up; one more than autoencoder.encoder_widths."""
    half_l1_weight: float
    """Weight of the L1 loss at half size, which the autoencoder was trained at."""
    full_l1_weight: float
    """Weight of the L1 loss at full size."""
    half_perceptual_weight: float
    """Weight of the perceptual loss at half size, on all of the classifier's stages."""
    full_perceptual_weight: float
    """Weight of the perceptual loss at full size, on the classifier's first two stages."""
    latent_noise_std: float
    """Standard deviation of the noise added to latents before decoding."""
    ema_halflife_kimg: float
    """In how many thousand images the memory of the decoder's EMA, which paints, halves."""


@dataclass(frozen=True)
class FinetuningPreset:
    """Adversarial fine-tuning of student and decoder as one generator, against a projected discriminator."""

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
    strength: float = 1.0
    """The finished painter's default strength, a factor of its text vectors up to 1; training knows it as 1."""
    temperature: float = 1.0
    """Factor of the finished painter's noise, its standard deviation; training knows it as 1."""


@dataclass(frozen=True, kw_only=True)
class LatentFlowPreset(Preset):
    """A run of the latent flow painter: three stages, or six with distillation, decoder_growth and finetuning.

    Of those six the first four train on pictures of half the side.
    """

    classifier: ClassifierPreset
    """The table of the first stage."""
    autoencoder: AutoencoderPreset
    """The table of the second stage."""
    prior: PriorPreset
    """The table of the third stage."""
    sampler: SamplerSettings
    """How the prior's flow is integrated: the painter's sampler, or, of six stages, the teacher's."""
    distillation: DistillationPreset | None = None
    """The table of the fourth stage."""
    decoder_growth: DecoderGrowthPreset | None = None
    """The table of the fifth stage."""
    finetuning: FinetuningPreset | None = None
    """The table of the sixth stage."""

    @property
    def last_stage(self) -> str:
        """The name of the last stage, which --kimg and --epochs set the length of."""
        return "finetuning" if self.finetuning else "prior"

    @property
    def encoded_size(self) -> int:
        """The side in px of the pictures that the autoencoder is trained on."""
        side: int = LATENT_SIDE << len(self.autoencoder.encoder_widths)
        return side

    def constraints(self) -> Constraints:
        """What must hold between keys, beyond their types."""
        return [
            *super().constraints(),
            *self._constraints_of_sizes(),
            *self._constraints_of_finetuning(),
            (
                self.prior.width % self.prior.heads != 0,
                f"prior.width {self.prior.width} must be a multiple of prior.heads {self.prior.heads}.",
            ),
        ]

    def _constraints_of_sizes(self) -> Constraints:
        halvings = len(self.autoencoder.encoder_widths)
        fitting = self.encoded_size * (2 if self.finetuning else 1)
        size = self.data.size
        growth = self.decoder_growth
        return [
            (size != fitting, f"{halvings} encoder_widths fit data.size {fitting}, not {size}."),
            (
                growth is not None and len(growth.decoder_widths) != halvings + 1,
                f"decoder_growth.decoder_widths must be {halvings + 1} widths, one more than encoder_widths.",
            ),
            (
                len(self.autoencoder.decoder_widths) != halvings + 1,
                f"decoder_widths must be {halvings + 1} widths, one more than encoder_widths.",
            ),
        ]

    def _constraints_of_finetuning(self) -> Constraints:
        parts = (self.distillation, self.decoder_growth, self.finetuning)
        together = (
            len({part is None for part in parts}) > 1,
            "distillation, decoder_growth and finetuning belong together: give all three, or none.",
        )
        if self.finetuning is None:
            return [together]
        tuning = self.finetuning
        return [
            together,
            (tuning.batch % 2 != 0, "finetuning.batch must be even: two pictures are generated of each caption."),
            (
                tuning.class_balance > 1,
                "finetuning.class_balance must be at most 1, where all classes are drawn alike.",
            ),
        ]
