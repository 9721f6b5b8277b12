"""The latent flow painter in training: features, then the autoencoder, then the prior on its latents."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.images import grid
from painting.models.layers import to_levels
from painting.progress import ProgressCallback
from painting.training.batches import Batches, CaptionedBatches, Selection
from painting.training.config.latent_flow import AutoencoderPreset, FeaturesPreset, LatentFlowPreset, PriorPreset
from painting.training.latent_flow.adversarial_finetuning import FinishStage
from painting.training.latent_flow.decoder_growth import GrowthStage
from painting.training.latent_flow.distillation import DistillationStage
from painting.training.latent_flow.latent_cache import LatentStore
from painting.training.latent_flow.losses import (
    adversarial_loss,
    attribute_loss,
    discriminator_loss,
    flow_point,
    latent_pull,
    perceptual_loss,
)
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.teacher_pairs import TeacherPairs
from painting.training.optim import descend, frozen
from painting.training.rng import Draw, spread_ids
from painting.training.sample_grid import IN_A_ROW, Shown
from painting.training.schedules import cosine_rate, ema_decay, set_rate, update_average
from painting.training.stage import Losses, Stage

SHOWN = 16


def latent_flow_stages(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches, examples: Tensor, folder: Path
) -> list[Stage]:
    """The three or six stages.

    `examples` (P, E) are standardised text vectors to show; large files go into `folder`.
    """
    seen, shown = batches.at_half_size() if preset.finish else batches, Shown(examples, networks.latent_size)
    store = LatentStore(networks.encoder, networks.scale, seen, folder)
    stages: list[Stage] = [
        FeaturesStage(networks, preset.features, seen),
        AutoencoderStage(networks, preset.autoencoder, seen),
        PriorStage(networks, preset.prior, seen, store, shown),
    ]
    if not (networks.finished and preset.distillation and preset.growth and preset.finish):
        return stages
    count = round(1000 * preset.distillation.pairs_kimg)
    pairs = TeacherPairs(networks.teacher(), batches, folder, count)
    return [
        *stages,
        DistillationStage(networks, networks.finished, preset.distillation, pairs, shown),
        GrowthStage(networks, networks.finished, preset.growth, batches, shown),
        FinishStage(networks.finished, preset.finish, batches, shown),
    ]


class FeaturesStage(Stage):
    """Trains the attribute classifier, whose features then say how alike two pictures look."""

    name = "features"

    def __init__(self, networks: LatentFlowNetworks, settings: FeaturesPreset, batches: Batches) -> None:
        self.total_images, self.batch = round(1000 * settings.kimg), settings.batch
        self.classifier, self.batches, self.rate = networks.classifier, batches, settings.learning_rate
        self.kept = {"classifier": self.classifier}
        self.optimizers = {"classifier": AdamW(self.classifier.parameters(), fused=True)}

    def step(self, draw: Draw) -> Losses:
        optimizer = self.optimizers["classifier"]
        set_rate(optimizer, cosine_rate(self.rate, draw.step * self.batch, self.total_images))
        selection = self.batches.select(draw, self.batch)
        logits = self.classifier(self.batches.pictures(selection))  # (N, A)
        targets = self.batches.targets(selection)  # (N, A)
        loss = attribute_loss(logits, targets)
        descend(loss, optimizer)
        right = ((logits > 0) == (targets > 0.5)).all(1).float().mean()
        return {"attribute_loss": loss.detach(), "all_attributes_right": right}

    def pictures(self) -> None:
        return None


class AutoencoderStage(Stage):
    """Trains encoder and decoder to give pictures back, in the end against a discriminator of patches."""

    name = "autoencoder"

    def __init__(self, networks: LatentFlowNetworks, settings: AutoencoderPreset, batches: Batches) -> None:
        self.settings = settings
        self.total_images, self.batch = round(1000 * settings.kimg), settings.batch
        self.encoder, self.decoder, self.batches = networks.encoder, networks.decoder, batches
        self.discriminator, self.classifier = networks.discriminator, networks.classifier
        self.kept = {"decoder": self.decoder, "discriminator": self.discriminator}
        weights = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimizers = {
            "autoencoder": AdamW(weights, fused=True),
            "discriminator": AdamW(self.discriminator.parameters(), betas=(0.5, 0.99), fused=True),
        }

    def begin(self, report: ProgressCallback | None = None) -> None:
        self.classifier.requires_grad_(False)

    def step(self, draw: Draw) -> Losses:
        seen = draw.step * self.batch
        for optimizer in self.optimizers.values():
            set_rate(optimizer, cosine_rate(self.settings.learning_rate, seen, self.total_images))
        adversarial = seen >= self.settings.adversarial_from * self.total_images
        real = self.batches.pictures(self.batches.select(draw, self.batch))  # (N, 3, S, S)
        latents = self.encoder(real)  # (N, C, G, G)
        noise = draw.normal("noise", latents.shape, real.device)
        decoded = self.decoder(latents + self.settings.latent_noise * noise)  # (N, 3, S, S)
        losses = self._decoding_losses(real, latents, decoded, adversarial)
        if adversarial:
            losses |= self._train_discriminator(real, decoded.detach())
        return losses

    def _decoding_losses(self, real: Tensor, latents: Tensor, decoded: Tensor, adversarial: bool) -> Losses:
        with torch.no_grad():
            wanted = self.classifier.trunk.features(real)
        l1 = F.l1_loss(decoded, real)
        perceptual = perceptual_loss(self.classifier.trunk.features(decoded), wanted)
        pull = latent_pull(latents)
        loss = (
            self.settings.l1_weight * l1
            + self.settings.perceptual_weight * perceptual
            + self.settings.latent_pull_weight * pull
        )
        losses = {"l1": l1.detach(), "perceptual": perceptual.detach(), "latent_pull": pull.detach()}
        if adversarial:
            with frozen(self.discriminator):
                fooled = adversarial_loss(self.discriminator(decoded))
            loss = loss + self.settings.adversarial_weight * fooled
            losses["adversarial_loss"] = fooled.detach()
        descend(loss, self.optimizers["autoencoder"])
        return losses

    def _train_discriminator(self, real: Tensor, decoded: Tensor) -> Losses:
        real_logits, decoded_logits = self.discriminator(torch.cat([real, decoded])).chunk(2)
        loss = discriminator_loss(real_logits, decoded_logits)
        descend(loss, self.optimizers["discriminator"])
        return {"discriminator_loss": loss.detach()}

    @torch.no_grad()
    def pictures(self) -> NDArray[np.uint8]:
        """Real pictures in the rows above, what comes back of them in the rows below."""
        real = self._shown(SHOWN)
        return grid(_levels(torch.cat([real, self.decoder(self.encoder(real))])), columns=SHOWN)

    @torch.no_grad()
    def row(self) -> NDArray[np.uint8]:
        """What comes back of real pictures."""
        return _levels(self.decoder(self.encoder(self._shown(IN_A_ROW))))

    def _shown(self, count: int) -> Tensor:
        """Always the same real pictures, float (count, 3, S, S)."""
        return self.batches.pictures(Selection.unmirrored(spread_ids(count, self.batches.data.count)))


class PriorStage(Stage):
    """Trains the flow-matching prior on the finished autoencoder's latents, and its running average."""

    name = "prior"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        settings: PriorPreset,
        batches: CaptionedBatches,
        store: LatentStore,
        shown: Shown,
    ) -> None:
        self.settings = settings
        self.total_images, self.batch = round(1000 * settings.kimg), settings.batch
        self.networks, self.batches, self.store, self.shown = networks, batches, store, shown
        self.prior, self.average = networks.prior, networks.prior_average
        self.kept = {"prior_average": self.average}
        self.optimizers = {"prior": AdamW(self.prior.parameters(), betas=(0.9, 0.99), fused=True)}

    def begin(self, report: ProgressCallback | None = None) -> None:
        self.store.open(report)

    def rehearse(self) -> float:
        return self.store.rehearse()

    def step(self, draw: Draw) -> Losses:
        seen, optimizer = draw.step * self.batch, self.optimizers["prior"]
        warmup = round(1000 * self.settings.warmup_kimg)
        set_rate(optimizer, cosine_rate(self.settings.learning_rate, seen, self.total_images, warmup))
        selection = self.batches.select(draw, self.batch)
        latents = self.store.latents(selection)  # (N, C, G, G)
        text = self.batches.text(selection, draw)  # (N, E)
        loss = self._flow_loss(latents, text, draw)
        descend(loss, optimizer, clipped=list(self.prior.parameters()))
        halflife = round(1000 * self.settings.ema_halflife_kimg)
        update_average(self.average, self.prior, ema_decay(seen, self.batch, halflife))
        return {"flow_loss": loss.detach()}

    def _flow_loss(self, latents: Tensor, text: Tensor, draw: Draw) -> Tensor:
        device, n = latents.device, len(latents)
        random = draw.torch("flow", device)
        noise = torch.randn(latents.shape, generator=random, device=device)  # (N, C, G, G)
        # Logit-normal: most steps in the middle of the way, where the velocity is hardest (Esser et al. 2024).
        time = torch.randn(n, generator=random, device=device).sigmoid()  # (N,)
        drop = torch.rand(n, generator=random, device=device) < self.settings.text_dropout  # (N,)
        point, velocity = flow_point(latents, noise, time)
        return F.mse_loss(self.prior(point, time, text, drop), velocity)

    def pictures(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.shown.grid(self.networks.teacher())

    def row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.shown.row(self.networks.teacher())


def _levels(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures (N, 3, S, S) in [-1, 1] → (N, S, S, 3)."""
    return to_levels(pictures).cpu().numpy()
