"""Networks and stage skeleton that the GANs share: a generator with an EMA and a discriminator, trained by Adam."""

import torch
from torch import Tensor, nn
from torch.optim import Adam

from painting.training.adversarial.stage import AdversarialStage
from painting.training.config.gan import GanPreset
from painting.training.dataset.batches import Batches
from painting.training.optim import ema_copy, update_ema
from painting.training.rng import RngKey
from painting.training.stage import Networks

ADAM_BETA2 = 0.999


class GanNetworks(Networks):
    """A generator, its EMA, which paints, and a discriminator."""

    first_sampling_stage = 0
    generator: nn.Module
    generator_ema: nn.Module
    discriminator: nn.Module

    def __init__(self, generator: nn.Module, discriminator: nn.Module, latent_size: int) -> None:
        self.generator = generator
        self.generator_ema = ema_copy(generator)
        self.discriminator = discriminator
        self.latent_size = latent_size
        self.inference_networks = {"generator_ema": self.generator_ema}
        self.named = {"generator": generator, "discriminator": discriminator, **self.inference_networks}


class GanStage(AdversarialStage):
    """The only stage of a GAN: the discriminator's update, the generator's, and the EMA's, once a step."""

    name = "gan"

    def __init__(self, networks: GanNetworks, settings: GanPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.networks = networks
        self.settings = settings
        self.batches = batches
        self.lr_decay_start = settings.lr_decay_start
        self.ema_halflife_kimg = settings.ema_halflife_kimg
        self.snapshot_networks = networks.inference_networks | {"discriminator": networks.discriminator}
        self.optimizers = {}
        self.peak_lr = {}
        self.add_optimizer("generator", networks.generator)
        self.add_optimizer("discriminator", networks.discriminator)

    def add_optimizer(self, name: str, network: nn.Module) -> None:
        """Train a network by Adam at the preset's learning rate."""
        betas = (self.settings.beta1, ADAM_BETA2)
        self.optimizers[name] = Adam(network.parameters(), self.settings.learning_rate, betas, fused=True)
        self.peak_lr[name] = self.settings.learning_rate

    def update_ema(self, decay: float) -> None:
        """Move the generator's EMA towards the generator."""
        update_ema(self.networks.generator_ema, self.networks.generator, decay)

    def latents(self, key: RngKey) -> Tensor:
        """A step's latents float (N, Z), standard normal."""
        return key.randn("latents", (self.batch, self.networks.latent_size), self.batches.device)

    def real_labels(self, key: RngKey) -> Tensor:
        """Real pictures' labels, float (N,), uniform in [min_real_label, 1]."""
        device = self.batches.device
        uniform = torch.rand(self.batch, generator=key.torch_generator("labels", device), device=device)
        return 1 - (1 - self.settings.min_real_label) * uniform
