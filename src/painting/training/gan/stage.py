"""What the adversarial models have in common in training: two players, their optimisers, an average that paints."""

import copy
from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.optim import Adam

from painting.training.batches import Batches
from painting.training.config.gan import GanPreset
from painting.training.optim import constant_then_linear_lr, ema_decay, set_lr, update_ema
from painting.training.rng import RngKey
from painting.training.stage import Losses, Networks, Stage

BETA2 = 0.999


class GanNetworks(Networks):
    """A generator, a discriminator, and the running average of the generator, which paints."""

    first_sampling_stage = 0
    generator: nn.Module
    average: nn.Module
    discriminator: nn.Module

    def __init__(self, generator: nn.Module, discriminator: nn.Module, latent_size: int) -> None:
        self.generator, self.discriminator, self.latent_size = generator, discriminator, latent_size
        self.average = copy.deepcopy(generator).requires_grad_(False).eval()
        self.named = {"generator": generator, "discriminator": discriminator, "generator_average": self.average}
        self.inference_networks = {"generator": self.average}


class GanStage(Stage):
    """The game, a batch a step: first the discriminator moves, then the generator, then its average follows."""

    name = "gan"

    def __init__(self, networks: GanNetworks, settings: GanPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.networks, self.settings, self.batches = networks, settings, batches
        self.snapshot_networks = networks.inference_networks | {"discriminator": networks.discriminator}
        self.optimizers = {
            "generator": self._adam(networks.generator),
            "discriminator": self._adam(networks.discriminator),
        }

    def step(self, key: RngKey) -> Losses:
        seen = key.step * self.batch
        rate = constant_then_linear_lr(self.settings.learning_rate, seen, self.total_images, self.settings.decay_from)
        for optimizer in self.optimizers.values():
            set_lr(optimizer, rate)
        losses = self.play(key)
        halflife = round(1000 * self.settings.ema_halflife_kimg)
        decay = ema_decay(seen, self.batch, halflife)
        update_ema(self.networks.average, self.networks.generator, decay)
        return losses

    @abstractmethod
    def play(self, key: RngKey) -> Losses:
        """Let both players move once, and return what is reported."""

    def latents(self, key: RngKey) -> Tensor:
        """A step's latents float (N, Z), standard normal."""
        return key.randn("latents", (self.batch, self.networks.latent_size), self.batches.device)

    def real_labels(self, key: RngKey) -> Tensor:
        """What real pictures are called: float (N,) in [real_label_lowest, 1]."""
        device = self.batches.device
        uniform = torch.rand(self.batch, generator=key.torch_generator("labels", device), device=device)
        return 1 - (1 - self.settings.real_label_lowest) * uniform

    def _adam(self, network: nn.Module) -> Adam:
        betas = (self.settings.beta1, BETA2)
        return Adam(network.parameters(), self.settings.learning_rate, betas, fused=True)
