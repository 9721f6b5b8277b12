"""TAC-GAN in training: real, mismatched and generated pictures with captions, and an auxiliary classifier."""

from dataclasses import dataclass

import torch
from torch import Tensor

from painting.data.attributes import class_columns
from painting.models.gan_layers import LATENT_SIZE, GanSampler
from painting.models.tac_gan import TacDiscriminator, TacGenerator
from painting.training.adversarial.losses import bce_fake, bce_real, mismatched_bce, nonsaturating_g
from painting.training.config.gan import TacGanPreset
from painting.training.dataset.batches import CaptionedBatches, TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.gan.losses import NO_CLASS, class_accuracy, class_loss
from painting.training.gan.stage import GanNetworks, GanStage
from painting.training.optim import frozen, optimizer_step
from painting.training.rng import RngKey
from painting.training.sample_grid import SampledStage, SampleGrid
from painting.training.stage import Losses, Stage


class TacGanNetworks(GanNetworks):
    """TAC-GAN's networks for the data's text width and classes, freshly initialised from the preset's seed."""

    generator: TacGenerator
    generator_ema: TacGenerator
    discriminator: TacDiscriminator

    def __init__(self, preset: TacGanPreset, dataset: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        self.class_columns = class_columns(dataset.attributes)
        generator = TacGenerator(dataset.text_width, preset.generator_widths)
        discriminator = TacDiscriminator(dataset.text_width, len(self.class_columns), preset.discriminator_widths)
        super().__init__(generator, discriminator, LATENT_SIZE)

    def sampler(self) -> GanSampler:
        """The EMA of the generator, with pixels for output."""
        return GanSampler(self.generator_ema)


def tac_gan_stages(networks: TacGanNetworks, preset: TacGanPreset, data: TrainingData) -> list[Stage]:
    """The one stage that trains a run's networks on its data."""
    batches = data.captioned_batches(preset.data.flip)
    return [TacGanStage(networks, preset, batches, data.example_text(batches))]


@dataclass(frozen=True)
class TacGanBatch:
    """A batch of real pictures with their captions and classes."""

    pictures: Tensor
    """float (N, 3, S, S)."""
    text: Tensor
    """Text vectors (N, E), a caption of each picture."""
    mismatched_text: Tensor
    """Text vectors (N, E), a caption of another picture."""
    is_mismatched: Tensor
    """bool (N,): whether that caption truly does not fit."""
    classes: Tensor
    """int64 (N,), NO_CLASS where none is known."""


class TacGanStage(SampledStage, GanStage):
    """GAN update with captions (GAN-CLS, Reed et al. 2016) and classes (AC-GAN, Odena et al. 2017).

    With text t, text t' of another picture, class c and the class head C of the discriminator:

        L_D = BCE(D(x, t), smoothed 1) + BCE(D(x, t'), 0) + BCE(D(G(z, t), t), 0) + class_loss_weight · CE(C(x), c)
        L_G = −log σ(D(G(z, t), t)) + class_loss_weight · CE(C(G(z, t)), c)
    """

    networks: TacGanNetworks
    batches: CaptionedBatches

    def __init__(
        self, networks: TacGanNetworks, preset: TacGanPreset, batches: CaptionedBatches, examples: Tensor
    ) -> None:
        super().__init__(networks, preset.gan, batches)
        self.class_loss_weight = preset.class_loss_weight
        self.samples = SampleGrid(examples, networks.latent_size)

    def sampler(self) -> GanSampler:
        """The networks' sampler."""
        return self.networks.sampler()

    def update_players(self, key: RngKey) -> Losses:
        """Update the discriminator, then the generator."""
        batch = self.draw_batch(key)
        fake = self.networks.generator(self.latents(key), batch.text)  # (N, 3, S, S)
        losses = self._update_discriminator(batch, fake.detach(), self.real_labels(key))
        return losses | self._update_generator(batch, fake)

    def draw_batch(self, key: RngKey) -> TacGanBatch:
        """Draw a batch; each mismatched caption is that of the batch's picture before."""
        selection = self.batches.select(key, self.batch)
        text = self.batches.text(selection, key)  # (N, E)
        mismatched_text, is_mismatched = self.batches.mismatched_text(selection, text)  # (N, E), (N,)
        one_hot = self.batches.targets(selection)[:, self.networks.class_columns]  # (N, K)
        pictures = self.batches.pictures(selection)  # (N, 3, S, S)
        return TacGanBatch(pictures, text, mismatched_text, is_mismatched, _class_numbers(one_hot))

    def _update_discriminator(self, batch: TacGanBatch, fake: Tensor, labels: Tensor) -> Losses:
        discriminator = self.networks.discriminator
        real_features = discriminator.features(batch.pictures)  # (N, 1024, 8, 8): once for both captions
        real_logits = discriminator.logits(real_features, batch.text)  # (N,)
        mismatched_logits = discriminator.logits(real_features, batch.mismatched_text)  # (N,)
        fake_logits = discriminator.logits(discriminator.features(fake), batch.text)  # (N,)
        class_logits = discriminator.classify(real_features)  # (N, K)
        loss = (
            bce_real(real_logits, labels)
            + mismatched_bce(mismatched_logits, batch.is_mismatched)
            + bce_fake(fake_logits)
            + self.class_loss_weight * class_loss(class_logits, batch.classes)
        )
        optimizer_step(loss, self.optimizers["discriminator"])
        return {
            "discriminator_loss": loss.detach(),
            "confidence_real": real_logits.detach().sigmoid().mean(),
            "confidence_mismatched": mismatched_logits.detach().sigmoid().mean(),
            "confidence_generated": fake_logits.detach().sigmoid().mean(),
            **self._accuracy("class_accuracy_real", class_logits, batch),
        }

    def _update_generator(self, batch: TacGanBatch, fake: Tensor) -> Losses:
        discriminator = self.networks.discriminator
        with frozen(discriminator):
            features = discriminator.features(fake)  # (N, 1024, 8, 8)
            class_logits = discriminator.classify(features)  # (N, K)
            adversarial_term = nonsaturating_g(discriminator.logits(features, batch.text))
        loss = adversarial_term + self.class_loss_weight * class_loss(class_logits, batch.classes)
        optimizer_step(loss, self.optimizers["generator"])
        return {"generator_loss": loss.detach(), **self._accuracy("class_accuracy_generated", class_logits, batch)}

    def _accuracy(self, name: str, class_logits: Tensor, batch: TacGanBatch) -> Losses:
        """Nothing to report where the data have no classes."""
        if not self.networks.class_columns:
            return {}
        return {name: class_accuracy(class_logits.detach(), batch.classes)}


def _class_numbers(one_hot: Tensor) -> Tensor:
    """One-hot classes (N, K), a row of zeros where none is known → class numbers int64 (N,)."""
    if one_hot.shape[1] == 0:
        return torch.full((len(one_hot),), NO_CLASS, device=one_hot.device)
    return one_hot.argmax(1).where(one_hot.sum(1) > 0, NO_CLASS)
