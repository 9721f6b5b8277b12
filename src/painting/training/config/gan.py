"""Presets of the adversarial models: the digits GAN and TAC-GAN."""

from dataclasses import dataclass
from typing import ClassVar

from painting.models import digits_gan
from painting.models.tac_gan import BASE_SIDE
from painting.training.config.base import Constraints, Preset


@dataclass(frozen=True)
class GanPreset:
    """The adversarial stage: a generator and a discriminator, both trained by Adam."""

    kimg: float
    """Length of the stage in thousands of images."""
    batch: int
    """Images a step, at least 2: batch normalisation takes its statistics over them."""
    learning_rate: float
    """Adam's learning rate, of both players."""
    lr_decay_start: float
    """The share of the images, 0 … 1, after which the learning rate falls linearly to 0; 1 keeps it constant."""
    beta1: float
    """Adam's β₁, 0 … below 1; DCGAN's is 0.5 (Radford et al. 2016)."""
    min_real_label: float
    """Real pictures' labels are uniform in [min_real_label, 1], above 0.5; 1 leaves them alone (one-sided label
    smoothing, Salimans et al. 2016)."""
    ema_halflife_kimg: float
    """In how many thousand images the memory of the generator's EMA, which paints, halves."""

    def constraints(self, table: str) -> Constraints:
        """What must hold between keys of this table."""
        return [
            (self.beta1 >= 1, f"{table}.beta1 must be below 1, not {self.beta1}."),
            (
                not 0.5 < self.min_real_label <= 1,
                f"{table}.min_real_label must be above 0.5 and at most 1, not {self.min_real_label}.",
            ),
            (self.lr_decay_start > 1, f"{table}.lr_decay_start must be at most 1, not {self.lr_decay_start}."),
            (self.batch < 2, f"{table}.batch must be at least 2: a batch is normalised by itself."),
        ]


@dataclass(frozen=True, kw_only=True)
class DigitsGanPreset(Preset):
    """A run of the digits GAN."""

    sources: ClassVar[tuple[str, ...]] = ("digits",)
    takes_text: ClassVar[bool] = False

    multiscale_discriminator: bool
    """Whether the discriminator gets each picture at half size too (cf. Wang et al. 2018, pix2pixHD)."""
    class_loss_weight: float
    """Weight of the auxiliary classifier's loss beside the adversarial one (AC-GAN, Odena et al. 2017); 0 trains
    without classes and without a classifier."""
    gan: GanPreset
    """The table of its only stage."""

    def constraints(self) -> Constraints:
        """What must hold between keys, beyond their types."""
        side = digits_gan.PICTURE_SIDE
        return [
            *super().constraints(),
            *self.gan.constraints("gan"),
            (self.data.size != side, f"data.size must be {side}, not {self.data.size}."),
            (self.data.text_encoder is not None, "data.text_encoder must be left out: digits have no captions."),
        ]


@dataclass(frozen=True, kw_only=True)
class TacGanPreset(Preset):
    """A run of TAC-GAN (Dash et al. 2017)."""

    generator_widths: tuple[int, ...]
    """Channels of the generator's maps, from 8 px on; each width after the first doubles the side."""
    discriminator_widths: tuple[int, ...]
    """Channels of the discriminator's maps; each halves the side, down to 8 px: one fewer than generator_widths."""
    class_loss_weight: float
    """Weight of the auxiliary classifier's loss beside the adversarial one (AC-GAN, Odena et al. 2017)."""
    gan: GanPreset
    """The table of its only stage."""

    def constraints(self) -> Constraints:
        """What must hold between keys, beyond their types."""
        halvings = len(self.discriminator_widths)
        size = self.data.size
        fitting = BASE_SIDE * 2**halvings
        return [
            *super().constraints(),
            *self.gan.constraints("gan"),
            (size != fitting, f"{halvings} discriminator_widths fit data.size {fitting}, not {size}."),
            (
                len(self.generator_widths) != halvings + 1,
                f"generator_widths must be {halvings + 1} widths, one more than discriminator_widths.",
            ),
        ]
