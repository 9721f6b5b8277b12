"""Stage skeleton of adversarial training: learning rates, the players' updates, and the generator's EMA."""

from abc import abstractmethod

from painting.training.adversarial.gate import DiscriminatorGate
from painting.training.optim import constant_then_linear_lr, ema_decay, set_lr
from painting.training.rng import RngKey
from painting.training.stage import Losses, Stage


class AdversarialStage(Stage):
    """Alternating updates of a generator and a discriminator, one of each a step.

    A step sets the learning rates, lets the subclass update the players, and moves the generator's EMA.
    """

    peak_lr: dict[str, float]
    """The constant part's learning rate of each of the `optimizers`."""
    lr_decay_start: float
    """The share of the stage's images, 0 … 1, after which learning rates fall linearly to 0; 1 keeps them constant."""
    ema_halflife_kimg: float
    """In how many thousand images the EMA's memory halves."""
    warmup_images: int = 0
    """For at least so many images the discriminator learns alone; 0: both learn from the first step."""
    gate: DiscriminatorGate | None = None
    """Keeps the generator as it is until the discriminator recognises its pictures; None: for the warm-up alone."""

    def step(self, key: RngKey) -> Losses:
        """One update of each player and of the EMA; the losses that the players report."""
        images = key.step * self.batch
        self._set_learning_rates(images)
        warmed_up = self.is_warmed_up(key)  # the discriminator's update may open the gate
        losses = self.update_players(key)
        if warmed_up:
            halflife = round(1000 * self.ema_halflife_kimg)
            # A generator that is warmed up for was trained before: its EMA remembers that for as long at least.
            self.update_ema(ema_decay(images, self.batch, halflife, shortest=self.warmup_images))
        return losses

    def is_warmed_up(self, key: RngKey) -> bool:
        """Whether the generator learns at this step too."""
        return key.step * self.batch >= self.warmup_images and (self.gate is None or self.gate.is_open())

    def prepare_timing(self) -> float:
        """Set up for timing steps of both players."""
        if self.gate is not None:
            self.gate.open()
        return super().prepare_timing()

    @abstractmethod
    def update_players(self, key: RngKey) -> Losses:
        """Update the discriminator and, once warmed up, the generator, each once; return the losses to report."""

    @abstractmethod
    def update_ema(self, decay: float) -> None:
        """Move the generator's EMA towards the generator."""

    def _set_learning_rates(self, images: int) -> None:
        for name, optimizer in self.optimizers.items():
            lr = constant_then_linear_lr(self.peak_lr[name], images, self.total_images, self.lr_decay_start)
            set_lr(optimizer, lr)
