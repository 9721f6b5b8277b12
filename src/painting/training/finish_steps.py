"""The finish: a full-size decoder, trained against two discriminators.

First the decoder learns to give photographs back. Then the game begins, and half of a step's pictures are painted from
noise and prompts by the student, which learns no more: it would leave what photographs' latents are like for what the
judges cannot tell. Both halves must look like photographs: their patches at full size, and what the classifier sees of
them at half size, given their captions.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.data.pictures_cache import Report
from painting.models.layers import at_half_size
from painting.training.batches import CaptionedBatches
from painting.training.descent import descend, frozen
from painting.training.draws import Draw, batch_ids
from painting.training.latent_flow_networks import FinishedNetworks, LatentFlowNetworks
from painting.training.latent_flow_preset import FinishPreset
from painting.training.losses import adversarial_loss, discriminator_loss, perceptual_loss
from painting.training.schedules import cosine_rate, ema_decay, set_rate, update_average
from painting.training.shown import Shown
from painting.training.stage import Losses, Stage
from painting.training.teacher_pairs import TeacherPairs

DETAILED = 2
"""How many of the classifier's stages look at full size, to which it is not used."""


@dataclass(frozen=True)
class _Seen:
    """Pictures (N, 3, S, S) as the discriminators see them: with their captions (N, E), and by the classifier."""

    pictures: Tensor
    half: Tensor
    features: list[Tensor]
    text: Tensor

    def detached(self) -> "_Seen":
        features = [maps.detach() for maps in self.features]
        return _Seen(self.pictures.detach(), self.half.detach(), features, self.text)


class FinishStage(Stage):
    """Trains the decoder of twice the autoencoder's side on a student that has learned, and the judges of both."""

    name = "finish"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        finished: FinishedNetworks,
        settings: FinishPreset,
        batches: CaptionedBatches,
        pairs: TeacherPairs,
        shown: Shown,
    ) -> None:
        self.settings = settings
        self.total_images, self.batch = round(1000 * settings.kimg), settings.batch
        self.game_from = round(settings.adversarial_from * self.total_images)
        self.networks, self.finished = networks, finished
        self.batches, self.pairs, self.shown = batches, pairs, shown
        self.patches, self.features = finished.patch_discriminator, finished.feature_discriminator
        self.kept = finished.painting
        judges = [*self.patches.parameters(), *self.features.parameters()]
        self.optimizers = {
            "decoder": AdamW(finished.decoder.parameters(), betas=(0.9, 0.99), fused=True),
            "discriminators": AdamW(judges, betas=(0.5, 0.99), fused=True),
        }

    def begin(self, report: Report | None = None) -> None:
        self.networks.classifier.requires_grad_(False)

    def step(self, draw: Draw) -> Losses:
        images = draw.step * self.batch
        game = images >= self.game_from
        self._set_rates(images, game)
        real = self._photographs(draw, self.batch // 2 if game else self.batch)
        maps, text = self._encoded(real.half, draw), real.text  # (N, C, G, G), (N, E)
        if game:
            painted, asked = self._painted(draw, self.batch // 2)
            maps, text = torch.cat([maps, painted]), torch.cat([text, asked])
        made = self._see(self._decoded(maps, draw), text)
        losses = self._train_decoder(real, made, game)
        if game:
            losses |= self._train_discriminators(real, made.detached())
        self._average(images)
        return losses

    def _set_rates(self, images: int, game: bool) -> None:
        """Both parts of the stage begin fast and end slowly: a game needs smaller steps than photographs do."""
        settings, played, length = self.settings, images - self.game_from, self.total_images - self.game_from
        if not game:
            set_rate(self.optimizers["decoder"], cosine_rate(settings.learning_rate, images, self.game_from))
            return
        set_rate(self.optimizers["decoder"], cosine_rate(settings.game_learning_rate, played, length))
        judges = cosine_rate(settings.discriminators_learning_rate, played, length)
        set_rate(self.optimizers["discriminators"], judges)

    @torch.no_grad()
    def _photographs(self, draw: Draw, count: int) -> _Seen:
        selection = self.batches.select(draw, count)
        return self._see(self.batches.pictures(selection), self.batches.text(selection, draw))

    def _see(self, pictures: Tensor, text: Tensor) -> _Seen:
        half = at_half_size(pictures)
        return _Seen(pictures, half, self.networks.classifier.trunk.features(half), text)

    def _details(self, pictures: Tensor) -> list[Tensor]:
        """What the classifier's first stages see of pictures at full size."""
        return self.networks.classifier.trunk.features(pictures, DETAILED)

    def _train_decoder(self, real: _Seen, made: _Seen, game: bool) -> Losses:
        """The first pictures made are photographs that should come back; in the game all of them must convince."""
        settings, count = self.settings, len(real.pictures)
        parts = {
            "half_l1": F.l1_loss(made.half[:count], real.half),
            "full_l1": F.l1_loss(made.pictures[:count], real.pictures),
            "half_perceptual": perceptual_loss([maps[:count] for maps in made.features], real.features),
            "full_perceptual": perceptual_loss(self._details(made.pictures[:count]), self._details(real.pictures)),
        }
        loss = (
            settings.half_l1_weight * parts["half_l1"]
            + settings.full_l1_weight * parts["full_l1"]
            + settings.half_perceptual_weight * parts["half_perceptual"]
            + settings.full_perceptual_weight * parts["full_perceptual"]
        )
        if game:
            with frozen(self.patches), frozen(self.features):
                parts["patch_loss"] = adversarial_loss(self.patches(made.pictures))
                parts["feature_loss"] = adversarial_loss(self.features(made.features, made.text))
            loss = loss + settings.patch_weight * parts["patch_loss"] + settings.feature_weight * parts["feature_loss"]
        descend(loss, self.optimizers["decoder"])
        return {name: part.detach() for name, part in parts.items()}

    @torch.no_grad()
    def _painted(self, draw: Draw, count: int) -> tuple[Tensor, Tensor]:
        """What the student makes of noise and captions: standardised latents (N, C, G, G), and text vectors (N, E)."""
        plain = self.pairs.plain
        noise, text = self.pairs.asked(plain[batch_ids(draw, count, len(plain))])
        return self.finished.sampler().follow(noise, text), text

    def _decoded(self, maps: Tensor, draw: Draw) -> Tensor:
        """Pictures (N, 3, S, S) of standardised latents (N, C, G, G), each of them with grain of its own."""
        size = (len(maps), *self.finished.decoder.grain.shape[1:])
        grain = draw.normal("grain", size, maps.device)
        pictures: Tensor = self.finished.decoder(self.networks.scale.restore(maps), grain)
        return pictures

    @torch.no_grad()
    def _encoded(self, half: Tensor, draw: Draw) -> Tensor:
        """Standardised latents with a little noise: (N, C, G, G)."""
        latents = self.networks.encoder(half)
        noise = draw.normal("noise", latents.shape, half.device)
        return self.networks.scale.standardise(latents + self.settings.latent_noise * noise)

    def _train_discriminators(self, real: _Seen, made: _Seen) -> Losses:
        patches = discriminator_loss(self.patches(real.pictures), self.patches(made.pictures))
        features = discriminator_loss(self.features(real.features, real.text), self.features(made.features, made.text))
        descend(patches + features, self.optimizers["discriminators"])
        return {"patch_discriminator_loss": patches.detach(), "feature_discriminator_loss": features.detach()}

    def _average(self, images: int) -> None:
        decay = ema_decay(images, self.batch, round(1000 * self.settings.ema_halflife_kimg))
        update_average(self.finished.decoder_average, self.finished.decoder, decay)

    def pictures(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.shown.grid(self.finished.sampler())

    def row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.shown.row(self.finished.sampler())
