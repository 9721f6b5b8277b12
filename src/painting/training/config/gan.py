"""The presets of the two adversarial models."""

from dataclasses import dataclass
from typing import ClassVar

from painting.models import digits_gan
from painting.models.tac_gan import BASE_SIDE
from painting.training.config.base import Constraints, Preset


@dataclass(frozen=True)
class GanPreset:
    """The game of a generator and a discriminator, both by Adam.

    `decay_from`: the share of the images after which the learning rate falls to zero in a line; 1 lets it stand.
    `real_label_lowest`: a real picture's label is drawn from this number to 1; 1 leaves it alone (one-sided noisy
    labels). `ema_halflife_kimg`: in how many images the memory of the painter's averaged weights halves.
    """

    kimg: float
    batch: int
    learning_rate: float
    decay_from: float
    beta1: float
    real_label_lowest: float
    ema_halflife_kimg: float

    def constraints(self, table: str) -> Constraints:
        """What does not go together in this table."""
        return [
            (self.beta1 >= 1, f"{table}.beta1 must be below 1, not {self.beta1}."),
            (
                not 0.5 < self.real_label_lowest <= 1,
                f"{table}.real_label_lowest must be above 0.5 and at most 1, not {self.real_label_lowest}.",
            ),
            (self.decay_from > 1, f"{table}.decay_from must be at most 1, not {self.decay_from}."),
            (self.batch < 2, f"{table}.batch must be at least 2: a batch is normalised by itself."),
        ]


@dataclass(frozen=True, kw_only=True)
class DigitsGanPreset(Preset):
    """A whole run of the digits GAN.

    `half_size`: whether the discriminator sees each picture at half its size too. `class_weight`: the class losses'
    weight beside the game's; 0 leaves classes, and what reads them, out of the game.
    """

    sources: ClassVar[tuple[str, ...]] = ("digits",)
    takes_text: ClassVar[bool] = False

    half_size: bool
    class_weight: float
    gan: GanPreset

    def constraints(self) -> Constraints:
        side = digits_gan.PICTURE_SIDE
        return [
            *super().constraints(),
            *self.gan.constraints("gan"),
            (self.data.size != side, f"data.size must be {side}, not {self.data.size}."),
            (self.data.text_encoder is not None, "data.text_encoder must be left out: digits have no captions."),
        ]


@dataclass(frozen=True, kw_only=True)
class TacGanPreset(Preset):
    """A whole run of TAC-GAN; `class_weight` is the class losses' weight beside the game's."""

    generator_widths: tuple[int, ...]
    discriminator_widths: tuple[int, ...]
    class_weight: float
    gan: GanPreset

    def constraints(self) -> Constraints:
        halvings, size = len(self.discriminator_widths), self.data.size
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
