"""Stage skeleton of one network that learns by one loss, with a cosine learning rate, and its EMA."""

from abc import abstractmethod

from torch import Tensor, nn
from torch.optim import AdamW

from painting.training.muon import Muon
from painting.training.optim import cosine_lr, ema_decay, optimizer_step, set_lr, update_ema
from painting.training.rng import RngKey
from painting.training.stage import Losses, Stage


class EmaStage(Stage):
    """Trains `network` on a subclass's loss, its matrices by Muon and the rest by AdamW, and moves `ema` towards it."""

    network: nn.Module
    ema: nn.Module
    peak_lr: float
    """The learning rate after the warm-up, from which it falls to 0 along half a cosine."""
    warmup_images: int = 0
    """Length of the learning rate's linear warm-up."""
    ema_halflife_images: int
    """In how many images the EMA's memory halves."""
    clips_gradients: bool = False

    def optimise(self, network: nn.Module, ema: nn.Module) -> None:
        """Make these the stage's networks."""
        self.network = network
        self.ema = ema
        matrices = [weight for weight in network.parameters() if weight.ndim > 1]
        vectors = [weight for weight in network.parameters() if weight.ndim <= 1]
        self.optimizers = {"muon": Muon(matrices), "adamw": AdamW(vectors, betas=(0.9, 0.99), fused=True)}

    @abstractmethod
    def compute_loss(self, key: RngKey) -> tuple[Tensor, Losses]:
        """The loss to minimise on a step's batch, and the losses to report."""

    def step(self, key: RngKey) -> Losses:
        """One update of the network and of its EMA."""
        images = key.step * self.batch
        optimizers = self.optimizers.values()
        lr = cosine_lr(self.peak_lr, images, self.total_images, self.warmup_images)
        for optimizer in optimizers:
            set_lr(optimizer, lr)
        loss, losses = self.compute_loss(key)
        clipped = list(self.network.parameters()) if self.clips_gradients else None
        optimizer_step(loss, *optimizers, clipped=clipped)
        update_ema(self.ema, self.network, ema_decay(images, self.batch, self.ema_halflife_images))
        return {name: part.detach() for name, part in losses.items()}
