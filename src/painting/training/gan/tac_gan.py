"""TAC-GAN in training: real with its caption, real with another's, generated; and the class of each picture."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from painting.data.attributes import class_places
from painting.models.gan_layers import LATENT_SIZE, GanSampler
from painting.models.tac_gan import TacDiscriminator, TacGenerator
from painting.training.batches import CaptionedBatches, TrainingData
from painting.training.config.gan import TacGanPreset
from painting.training.dataset_info import DatasetInfo
from painting.training.gan.losses import (
    NO_CLASS,
    class_accuracy,
    class_loss,
    fooling_loss,
    generated_loss,
    real_loss,
    wrong_caption_loss,
)
from painting.training.gan.stage import GanNetworks, GanStage
from painting.training.optim import frozen, optimizer_step
from painting.training.rng import RngKey
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses, Stage


class TacGanNetworks(GanNetworks):
    """TAC-GAN's networks for the data's text width and classes, freshly initialised from the preset's seed."""

    generator: TacGenerator
    average: TacGenerator
    discriminator: TacDiscriminator

    def __init__(self, preset: TacGanPreset, facts: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        self.class_places = class_places(facts.attributes)
        generator = TacGenerator(facts.text_width, preset.generator_widths)
        discriminator = TacDiscriminator(facts.text_width, len(self.class_places), preset.discriminator_widths)
        super().__init__(generator, discriminator, LATENT_SIZE)

    def sampler(self) -> GanSampler:
        return GanSampler(self.average)


def tac_gan_stages(networks: TacGanNetworks, preset: TacGanPreset, data: TrainingData) -> list[Stage]:
    """The one stage that trains a run's networks on its data."""
    batches = data.captioned_batches(preset.data.flip)
    return [TacGanStage(networks, preset, batches, data.example_text(batches))]


@dataclass(frozen=True)
class Told:
    """A batch of real pictures float (N, 3, S, S) and what is told of them.

    `text`: a caption of each (N, E). `wrong_text`: the caption of another (N, E), `wrong` bool (N,): whether that one
    truly does not fit. `classes`: int64 (N,), NO_CLASS where none is known.
    """

    pictures: Tensor
    text: Tensor
    wrong_text: Tensor
    wrong: Tensor
    classes: Tensor


class TacGanStage(GanStage):
    """The game with captions (GAN-CLS, Reed et al. 2016) and classes (AC-GAN, Odena et al. 2017)."""

    networks: TacGanNetworks
    batches: CaptionedBatches

    def __init__(
        self, networks: TacGanNetworks, preset: TacGanPreset, batches: CaptionedBatches, examples: Tensor
    ) -> None:
        super().__init__(networks, preset.gan, batches)
        self.class_weight = preset.class_weight
        self.samples = SampleGrid(examples, networks.latent_size)

    def play(self, key: RngKey) -> Losses:
        told = self.told(key)
        generated = self.networks.generator(self.latents(key), told.text)  # (N, 3, S, S)
        losses = self._discriminator_moves(told, generated.detach(), self.real_labels(key))
        return losses | self._generator_moves(told, generated)

    def told(self, key: RngKey) -> Told:
        """Draw a batch; the wrong captions are its neighbours'."""
        selection = self.batches.select(key, self.batch)
        text = self.batches.text(selection, key)  # (N, E)
        wrong_text, wrong = self.batches.wrong_text(selection, text)  # (N, E), (N,)
        shown = self.batches.targets(selection)[:, self.networks.class_places]  # (N, K)
        classes = shown.argmax(1).where(shown.sum(1) > 0, NO_CLASS) if shown.shape[1] else _no_classes(text)
        return Told(self.batches.pictures(selection), text, wrong_text, wrong, classes)

    def _discriminator_moves(self, told: Told, generated: Tensor, labels: Tensor) -> Losses:
        judge = self.networks.discriminator
        real_maps = judge.features(told.pictures)  # (N, 1024, 8, 8): seen once for both captions
        real_logits = judge.logits(real_maps, told.text)  # (N,)
        wrong_logits = judge.logits(real_maps, told.wrong_text)  # (N,)
        generated_logits = judge.logits(judge.features(generated), told.text)  # (N,)
        class_logits = judge.classify(real_maps)  # (N, K)
        loss = (
            real_loss(real_logits, labels)
            + wrong_caption_loss(wrong_logits, told.wrong)
            + generated_loss(generated_logits)
            + self.class_weight * class_loss(class_logits, told.classes)
        )
        optimizer_step(loss, self.optimizers["discriminator"])
        return {
            "discriminator_loss": loss.detach(),
            "confidence_real": real_logits.detach().sigmoid().mean(),
            "confidence_wrong": wrong_logits.detach().sigmoid().mean(),
            "confidence_generated": generated_logits.detach().sigmoid().mean(),
            **self._accuracy("class_accuracy_real", class_logits, told),
        }

    def _generator_moves(self, told: Told, generated: Tensor) -> Losses:
        judge = self.networks.discriminator
        with frozen(judge):
            maps = judge.features(generated)  # (N, 1024, 8, 8)
            class_logits = judge.classify(maps)  # (N, K)
            fooled = fooling_loss(judge.logits(maps, told.text))
        loss = fooled + self.class_weight * class_loss(class_logits, told.classes)
        optimizer_step(loss, self.optimizers["generator"])
        return {"generator_loss": loss.detach(), **self._accuracy("class_accuracy_generated", class_logits, told)}

    def _accuracy(self, name: str, class_logits: Tensor, told: Told) -> Losses:
        """Nothing to report where the data have no classes."""
        return {name: class_accuracy(class_logits.detach(), told.classes)} if self.networks.class_places else {}

    def sample_grid(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.samples.grid(self.networks.sampler())

    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.samples.row(self.networks.sampler())


def _no_classes(text: Tensor) -> Tensor:
    return torch.full((len(text),), NO_CLASS, device=text.device)
