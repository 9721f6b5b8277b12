"""The finish: student and decoder learn as one generator to paint what a discriminator takes for photographs.

The discriminator sees them through a network that others have trained on a million photographs (`projected`): it knows
what a petal is, where one that begins with these few photographs is fooled by strokes.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.models.published import LITE0_PACKAGE, load_efficientnet
from painting.progress import ProgressCallback
from painting.training.batches import CaptionedBatches
from painting.training.config.latent_flow import FinishPreset
from painting.training.device import place_network
from painting.training.latent_flow.augment import augmented
from painting.training.latent_flow.diversity_loss import alikeness_loss, usual_structure
from painting.training.latent_flow.losses import adversarial_loss, discriminator_loss, wrong_caption_hinge
from painting.training.latent_flow.networks import FinishedNetworks
from painting.training.optim import constant_then_linear_lr, ema_decay, frozen, optimizer_step, set_lr
from painting.training.rng import RngKey
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses, Stage
from painting.validation import MAX_STRENGTH

PLAIN_SHARE = 0.7
"""How many captions have the strength 1; the others have one from 0, where the prompt is left out, to the most."""
WRONG_WEIGHT = 0.5
"""Of real pictures with others' captions beside painted ones: without them a daisy would do for any flower."""
HELD = 0.6
"""For how much of the stage learning rates stay, before they fall to 0."""


@dataclass(frozen=True)
class _Told:
    """What goes with a step's pictures: photographs' captions (N, E), those that pictures were painted of (M, E),
    neighbours' (N, E), and whether these are wrong there (N,)."""

    text: Tensor
    asked: Tensor
    wrong_text: Tensor
    wrong: Tensor


class FinishStage(Stage):
    """Trains the student and the grown decoder, from their running averages on, and the discriminator of both."""

    name = "finish"

    def __init__(
        self, finished: FinishedNetworks, settings: FinishPreset, batches: CaptionedBatches, samples: SampleGrid
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.finished, self.batches, self.samples = finished, batches.class_balanced(settings.evenness), samples
        self.mixer, self.discriminator = finished.mixer, finished.discriminator
        self.published = load_efficientnet(LITE0_PACKAGE, "Finishing a painter")
        place_network(self.published, batches.device)
        self.snapshot_networks = finished.inference_networks
        generator = [*finished.student.parameters(), *finished.decoder.parameters()]
        judge = list(self.discriminator.parameters())
        self.optimizers = {
            name: AdamW(weights, betas=(0.0, 0.99), weight_decay=0.0, fused=True)
            for name, weights in {"generator": generator, "discriminator": judge}.items()
        }

    def setup(self, report: ProgressCallback | None = None) -> None:
        self.usual = usual_structure(self.batches)

    def step(self, key: RngKey) -> Losses:
        if key.step == 0:
            self.finished.begin_from_averages()
        seen = key.step * self.batch
        self._set_rates(seen)
        selection = self.batches.select(key, self.batch)
        captions = self.batches.text(selection, key)  # (N, E)
        text = self._at_some_strength(captions, key)  # (N, E)
        asked = text[: self.batch // 2].repeat(2, 1)  # (M, E), so that two pictures of each can be compared
        learning = seen >= 1000 * self.settings.warmup_kimg
        with torch.set_grad_enabled(learning):
            pictures = self._painted(asked, key)  # (M, 3, S, S)
            painted = self._looked_at(pictures, key, "painted")
        losses = self._train_generator(pictures, painted, asked) if learning else {}
        if learning:
            decay = ema_decay(seen, self.batch, round(1000 * self.settings.ema_halflife_kimg))
            self.finished.update_averages(decay)
        with torch.no_grad():
            real = self._looked_at(self.batches.pictures(selection), key, "real")
        told = _Told(text, asked, *self.batches.wrong_text(selection, captions))
        return losses | self._train_discriminator(real, painted, told)

    def _set_rates(self, seen: int) -> None:
        settings = self.settings
        rates = {"generator": settings.learning_rate, "discriminator": settings.discriminator_learning_rate}
        for name, rate in rates.items():
            set_lr(self.optimizers[name], constant_then_linear_lr(rate, seen, self.total_images, HELD))

    def _at_some_strength(self, text: Tensor, key: RngKey) -> Tensor:
        """Text vectors (N, E), some of them longer or shorter: a painter can be told how closely to follow a prompt."""
        drawn = torch.rand(2, len(text), 1, generator=key.torch_generator("strengths", text.device), device=text.device)
        return text * torch.where(drawn[0] < PLAIN_SHARE, 1.0, MAX_STRENGTH * drawn[1])

    def _painted(self, text: Tensor, key: RngKey) -> Tensor:
        """What student and decoder make of fresh noise and text vectors (N, E): (N, 3, S, S)."""
        noise = key.randn("noise", (len(text), self.finished.latent_size), text.device)
        return self.finished.learner().paint(noise, text)

    def _looked_at(self, pictures: Tensor, key: RngKey, whose: str) -> list[Tensor]:
        """What the discriminator is shown of pictures (N, 3, S, S), augmented: mixed maps of four sizes, and them."""
        shown = augmented(pictures, key.torch_generator(f"augmented {whose}", pictures.device))
        return [*self.mixer(self.published(shown)), shown]

    def _train_generator(self, pictures: Tensor, painted: list[Tensor], asked: Tensor) -> Losses:
        with frozen(self.discriminator):
            loss = adversarial_loss(self.discriminator(painted, asked))
        losses = {"generator_loss": loss.detach()}
        if self.usual is not None:
            one, other = pictures.chunk(2)
            alikeness = alikeness_loss(one, other, self.usual)
            loss = loss + self.settings.variety_weight * alikeness
            losses["alikeness_loss"] = alikeness.detach()
        optimizer_step(loss, self.optimizers["generator"], clipped=list(self.finished.student.parameters()))
        return losses

    def _train_discriminator(self, real: list[Tensor], painted: list[Tensor], told: _Told) -> Losses:
        judge = self.discriminator
        seen = judge.features(real)  # once for both captions
        painted_logits = judge([maps.detach() for maps in painted], told.asked)
        loss = discriminator_loss(judge.logits(seen, told.text), painted_logits)
        wrong_loss = wrong_caption_hinge(judge.logits(seen, told.wrong_text), told.wrong)
        optimizer_step(loss + WRONG_WEIGHT * wrong_loss, self.optimizers["discriminator"])
        return {"discriminator_loss": loss.detach(), "wrong_caption_loss": wrong_loss.detach()}

    def sample_grid(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.samples.grid(self.finished.sampler())

    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.samples.row(self.finished.sampler())
