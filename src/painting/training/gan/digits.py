"""The digits GAN in training: two players, and a reader who tells the generator which digit is seen."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from painting.data.affine_augment import affine_augment
from painting.data.attributes import class_places
from painting.images import grid
from painting.latents import latents as draw_latents
from painting.models.digits_gan import DigitsClassifier, DigitsDiscriminator, DigitsGenerator
from painting.models.gan_layers import LATENT_SIZE, GanSampler
from painting.models.layers import downsample_by_two
from painting.training.batches import Batches, TrainingData
from painting.training.config.gan import DigitsGanPreset
from painting.training.dataset_info import DatasetInfo
from painting.training.gan.losses import class_accuracy, class_loss, fooling_loss, generated_loss, real_loss
from painting.training.gan.stage import GanNetworks, GanStage
from painting.training.optim import frozen, optimizer_step
from painting.training.rng import RngKey
from painting.training.stage import Losses, Stage

BLACK = -1.0
SHOWN, COLUMNS = 64, 8


class DigitsGanNetworks(GanNetworks):
    """The digits GAN's networks, freshly initialised from the preset's seed."""

    generator: DigitsGenerator
    average: DigitsGenerator
    discriminator: DigitsDiscriminator

    def __init__(self, preset: DigitsGanPreset, facts: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        self.class_places = class_places(facts.attributes) if preset.class_weight else []
        generator = DigitsGenerator(classes=len(self.class_places))
        super().__init__(generator, DigitsDiscriminator(), LATENT_SIZE)
        self.reader = DigitsClassifier(len(self.class_places)) if self.class_places else None
        if self.reader is not None:
            self.named["reader"] = self.reader

    def sampler(self) -> GanSampler:
        return GanSampler(self.average)


def digits_gan_stages(networks: DigitsGanNetworks, preset: DigitsGanPreset, data: TrainingData) -> list[Stage]:
    """The one stage that trains a run's networks on its data."""
    return [DigitsGanStage(networks, preset, data.batches(preset.data.flip))]


class DigitsGanStage(GanStage):
    """Two players and no words; with classes, a third reads digits (AC-GAN, Odena et al. 2017, by a network apart)."""

    networks: DigitsGanNetworks

    def __init__(self, networks: DigitsGanNetworks, preset: DigitsGanPreset, batches: Batches) -> None:
        super().__init__(networks, preset.gan, batches)
        self.half_size, self.class_weight = preset.half_size, preset.class_weight
        if networks.reader is not None:
            self.optimizers["reader"] = self._adam(networks.reader)

    def play(self, key: RngKey) -> Losses:
        selection = self.batches.select(key, self.batch)
        real = self.batches.pictures(selection)[:, :1]  # (N, 1, S, S): gray
        latents = self.latents(key)  # (N, Z)
        generated = self.networks.generator(latents)  # (N, 1, S, S)
        losses = self._discriminator_moves(real, generated.detach(), self.real_labels(key))
        if self.networks.reader is None:
            return losses | self._generator_moves(generated)
        warps = key.numpy_generator("warps")
        classes = self.batches.targets(selection)[:, self.networks.class_places].argmax(1)  # (N,)
        wanted = latents[:, : len(self.networks.class_places)].argmax(1)  # (N,)
        losses |= self._reader_moves(self.networks.reader, affine_augment(real, warps), classes)
        with frozen(self.networks.reader):
            read = self.networks.reader(affine_augment(generated, warps))  # (N, K)
        losses["class_accuracy_generated"] = class_accuracy(read.detach(), wanted)
        return losses | self._generator_moves(generated, self.class_weight * class_loss(read, wanted))

    def _reader_moves(self, reader: DigitsClassifier, real: Tensor, classes: Tensor) -> Losses:
        """It learns from real pictures alone, warped, so that what it asks for is the shape of a digit."""
        read = reader(real)  # (N, K)
        optimizer_step(class_loss(read, classes), self.optimizers["reader"])
        return {"class_accuracy_real": class_accuracy(read.detach(), classes)}

    def _discriminator_moves(self, real: Tensor, generated: Tensor, labels: Tensor) -> Losses:
        # One after the other: each kind is normalised by itself, as the generator's pictures will be.
        real_logits = self.networks.discriminator(self.shown(real))  # (V,)
        generated_logits = self.networks.discriminator(self.shown(generated))  # (V,)
        loss = real_loss(real_logits, labels.repeat(len(real_logits) // len(labels))) + generated_loss(generated_logits)
        optimizer_step(loss, self.optimizers["discriminator"])
        return {
            "discriminator_loss": loss.detach(),
            "confidence_real": real_logits.detach().sigmoid().mean(),
            "confidence_generated": generated_logits.detach().sigmoid().mean(),
        }

    def _generator_moves(self, generated: Tensor, class_price: Tensor | float = 0.0) -> Losses:
        with frozen(self.networks.discriminator):
            loss = fooling_loss(self.networks.discriminator(self.shown(generated))) + class_price
        optimizer_step(loss, self.optimizers["generator"])
        return {"generator_loss": loss.detach()}

    def shown(self, pictures: Tensor) -> Tensor:
        """What the discriminator looks at: pictures (N, 1, S, S), and with `half_size` the same once more `halved`."""
        return torch.cat([pictures, halved(pictures)]) if self.half_size else pictures

    def sample_grid(self) -> NDArray[np.uint8]:
        """What 64 latents become, always the same ones."""
        return grid(self._painted(SHOWN), COLUMNS)

    def sample_row(self) -> NDArray[np.uint8]:
        """The grid's first row."""
        return self._painted(COLUMNS)

    @torch.no_grad()
    def _painted(self, count: int) -> NDArray[np.uint8]:
        """What the average paints from always the same latents: (count, S, S, 3)."""
        shown = torch.from_numpy(draw_latents(0, count, self.networks.latent_size)).to(self.batches.device)
        pictures: Tensor = self.networks.sampler()(shown)
        return pictures.cpu().numpy()


def halved(pictures: Tensor) -> Tensor:
    """Pictures (N, C, S, S) at half their size amid black.

    A unit of the discriminator sees 10 px, a piece of a stroke: of whole pictures it judges whether strokes look real.
    A digit is 20 px high; at half its size one unit sees it whole.
    """
    margin = pictures.shape[-1] // 4
    return F.pad(downsample_by_two(pictures), [margin] * 4, value=BLACK)
