"""The digits GAN in training: DCGAN, with an auxiliary classifier of its own where classes are trained."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from painting.data.affine_augment import affine_augment
from painting.data.attributes import class_columns
from painting.latents import latents as draw_latents
from painting.models.digits_gan import DigitsClassifier, DigitsDiscriminator, DigitsGenerator
from painting.models.gan_layers import LATENT_SIZE, GanSampler
from painting.models.layers import downsample_by_two
from painting.training.adversarial.losses import bce_fake, bce_real, nonsaturating_g
from painting.training.config.gan import DigitsGanPreset
from painting.training.dataset.batches import Batches, TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.gan.losses import class_accuracy, class_loss
from painting.training.gan.stage import GanNetworks, GanStage
from painting.training.optim import frozen, optimizer_step
from painting.training.rng import RngKey
from painting.training.stage import SAMPLE_COLUMNS, Losses, Stage

BLACK_LEVEL = -1.0
SAMPLE_COUNT = 64


class DigitsGanNetworks(GanNetworks):
    """The digits GAN's networks, freshly initialised from the preset's seed."""

    generator: DigitsGenerator
    generator_ema: DigitsGenerator
    discriminator: DigitsDiscriminator

    def __init__(self, preset: DigitsGanPreset, dataset: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        self.class_columns = class_columns(dataset.attributes) if preset.class_loss_weight else []
        generator = DigitsGenerator(classes=len(self.class_columns))
        super().__init__(generator, DigitsDiscriminator(), LATENT_SIZE)
        self.classifier = DigitsClassifier(len(self.class_columns)) if self.class_columns else None
        if self.classifier is not None:
            self.named["classifier"] = self.classifier

    def sampler(self) -> GanSampler:
        """The EMA of the generator, with pixels for output."""
        return GanSampler(self.generator_ema)


def digits_gan_stages(networks: DigitsGanNetworks, preset: DigitsGanPreset, data: TrainingData) -> list[Stage]:
    """The one stage that trains a run's networks on its data."""
    return [DigitsGanStage(networks, preset, data.batches(preset.data.flip))]


class DigitsGanStage(GanStage):
    """GAN update without text; with classes an auxiliary classifier learns too (AC-GAN, Odena et al. 2017).

        L_D = BCE(D(x), smoothed 1) + BCE(D(G(z)), 0)
        L_C = CE(C(x), class of x)
        L_G = −log σ(D(G(z))) + class_loss_weight · CE(C(G(z)), class that z chooses)

    C is a network apart from D, so that it can learn from warped pictures: its gradients are about a digit's shape.
    """

    networks: DigitsGanNetworks

    def __init__(self, networks: DigitsGanNetworks, preset: DigitsGanPreset, batches: Batches) -> None:
        super().__init__(networks, preset.gan, batches)
        self.multiscale_discriminator = preset.multiscale_discriminator
        self.class_loss_weight = preset.class_loss_weight
        if networks.classifier is not None:
            self.add_optimizer("classifier", networks.classifier)

    def update_players(self, key: RngKey) -> Losses:
        """Update the discriminator, the classifier, if there is one, and the generator."""
        selection = self.batches.select(key, self.batch)
        real = self.batches.pictures(selection)[:, :1]  # (N, 1, S, S): gray
        latents = self.latents(key)  # (N, Z)
        fake = self.networks.generator(latents)  # (N, 1, S, S)
        losses = self._update_discriminator(real, fake.detach(), self.real_labels(key))
        if self.networks.classifier is None:
            return losses | self._update_generator(fake)
        warps = key.numpy_generator("warps")
        classes = self.batches.targets(selection)[:, self.networks.class_columns].argmax(1)  # (N,)
        chosen = latents[:, : len(self.networks.class_columns)].argmax(1)  # (N,)
        losses |= self._update_classifier(self.networks.classifier, affine_augment(real, warps), classes)
        with frozen(self.networks.classifier):
            class_logits = self.networks.classifier(affine_augment(fake, warps))  # (N, K)
        losses["class_accuracy_generated"] = class_accuracy(class_logits.detach(), chosen)
        return losses | self._update_generator(fake, self.class_loss_weight * class_loss(class_logits, chosen))

    def _update_discriminator(self, real: Tensor, fake: Tensor, labels: Tensor) -> Losses:
        # One after the other: each kind is normalised by itself, as the generator's pictures will be.
        real_logits = self.networks.discriminator(self.discriminator_inputs(real))  # (V,)
        fake_logits = self.networks.discriminator(self.discriminator_inputs(fake))  # (V,)
        loss = bce_real(real_logits, labels.repeat(len(real_logits) // len(labels))) + bce_fake(fake_logits)
        optimizer_step(loss, self.optimizers["discriminator"])
        return {
            "discriminator_loss": loss.detach(),
            "confidence_real": real_logits.detach().sigmoid().mean(),
            "confidence_generated": fake_logits.detach().sigmoid().mean(),
        }

    def _update_classifier(self, classifier: DigitsClassifier, real: Tensor, classes: Tensor) -> Losses:
        """It learns from real pictures alone: generated ones would teach it the generator's mistakes."""
        logits = classifier(real)  # (N, K)
        optimizer_step(class_loss(logits, classes), self.optimizers["classifier"])
        return {"class_accuracy_real": class_accuracy(logits.detach(), classes)}

    def _update_generator(self, fake: Tensor, class_term: Tensor | float = 0.0) -> Losses:
        with frozen(self.networks.discriminator):
            loss = nonsaturating_g(self.networks.discriminator(self.discriminator_inputs(fake))) + class_term
        optimizer_step(loss, self.optimizers["generator"])
        return {"generator_loss": loss.detach()}

    def discriminator_inputs(self, pictures: Tensor) -> Tensor:
        """Pictures (N, 1, S, S), and for a multiscale discriminator the same once more at half size: (V, 1, S, S)."""
        return torch.cat([pictures, shrink_and_pad(pictures)]) if self.multiscale_discriminator else pictures

    def paint_samples(self) -> NDArray[np.uint8]:
        """Samples (1, 64, S, S, 3) of always the same latents."""
        return self._samples(SAMPLE_COUNT)[None]

    def sample_row(self) -> NDArray[np.uint8]:
        """The grid's first row."""
        return self._samples(SAMPLE_COLUMNS)

    @torch.no_grad()
    def _samples(self, count: int) -> NDArray[np.uint8]:
        """The EMA's pictures of always the same latents: (count, S, S, 3)."""
        latents = torch.from_numpy(draw_latents(0, count, self.networks.latent_size)).to(self.batches.device)
        pictures: Tensor = self.networks.sampler()(latents)
        return pictures.cpu().numpy()


def shrink_and_pad(pictures: Tensor) -> Tensor:
    """Pictures (N, C, S, S) at half their side, padded with black to (N, C, S, S).

    The receptive field of a unit of the discriminator is 10 px, a piece of a stroke. A digit is 20 px high; at half its
    size it lies in one receptive field.
    """
    margin = pictures.shape[-1] // 4
    return F.pad(downsample_by_two(pictures), [margin] * 4, value=BLACK_LEVEL)
