"""The latent flow painter in training: features, then the autoencoder, then the prior on its latents."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.images import grid
from painting.models.layers import to_pixels
from painting.progress import ProgressCallback
from painting.training.batches import Batches, CaptionedBatches, Selection, TrainingData
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
from painting.training.optim import cosine_lr, ema_decay, frozen, optimizer_step, set_lr, update_ema
from painting.training.rng import RngKey, evenly_spaced_ids
from painting.training.sample_grid import SAMPLES_PER_ROW, SampleGrid
from painting.training.stage import Losses, Stage

SHOWN = 16


def latent_flow_stages(networks: LatentFlowNetworks, preset: LatentFlowPreset, data: TrainingData) -> list[Stage]:
    """The stages that train a run's networks on its data."""
    batches = data.captioned_batches(preset.data.flip)
    return build_stages(networks, preset, batches, data.example_text(batches), data.folder)


def build_stages(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches, examples: Tensor, folder: Path
) -> list[Stage]:
    """The three or six stages.

    `examples` (P, E) are standardised text vectors to show; large files go into `folder`.
    """
    seen = batches.at_half_size() if preset.finish else batches
    samples = SampleGrid(examples, networks.latent_size)
    store = LatentStore(networks.encoder, networks.scale, seen, folder)
    stages: list[Stage] = [
        FeaturesStage(networks, preset.features, seen),
        AutoencoderStage(networks, preset.autoencoder, seen),
        PriorStage(networks, preset.prior, seen, store, samples),
    ]
    if not (networks.finished and preset.distillation and preset.growth and preset.finish):
        return stages
    count = round(1000 * preset.distillation.pairs_kimg)
    pairs = TeacherPairs(networks.teacher(), batches, folder, count)
    return [
        *stages,
        DistillationStage(networks, networks.finished, preset.distillation, pairs, samples),
        GrowthStage(networks, networks.finished, preset.growth, batches, samples),
        FinishStage(networks.finished, preset.finish, batches, samples),
    ]


class FeaturesStage(Stage):
    """Trains the attribute classifier, whose features then say how alike two pictures look."""

    name = "features"

    def __init__(self, networks: LatentFlowNetworks, settings: FeaturesPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.classifier, self.batches, self.rate = networks.classifier, batches, settings.learning_rate
        self.snapshot_networks = {"classifier": self.classifier}
        self.optimizers = {"classifier": AdamW(self.classifier.parameters(), fused=True)}

    def step(self, key: RngKey) -> Losses:
        optimizer = self.optimizers["classifier"]
        set_lr(optimizer, cosine_lr(self.rate, key.step * self.batch, self.total_images))
        selection = self.batches.select(key, self.batch)
        logits = self.classifier(self.batches.pictures(selection))  # (N, A)
        targets = self.batches.targets(selection)  # (N, A)
        loss = attribute_loss(logits, targets)
        optimizer_step(loss, optimizer)
        right = ((logits > 0) == (targets > 0.5)).all(1).float().mean()
        return {"attribute_loss": loss.detach(), "all_attributes_right": right}

    def sample_grid(self) -> None:
        return None


class AutoencoderStage(Stage):
    """Trains encoder and decoder to give pictures back, in the end against a discriminator of patches."""

    name = "autoencoder"

    def __init__(self, networks: LatentFlowNetworks, settings: AutoencoderPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.encoder, self.decoder, self.batches = networks.encoder, networks.decoder, batches
        self.discriminator, self.classifier = networks.discriminator, networks.classifier
        self.snapshot_networks = {"decoder": self.decoder, "discriminator": self.discriminator}
        weights = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimizers = {
            "autoencoder": AdamW(weights, fused=True),
            "discriminator": AdamW(self.discriminator.parameters(), betas=(0.5, 0.99), fused=True),
        }

    def setup(self, report: ProgressCallback | None = None) -> None:
        self.classifier.requires_grad_(False)

    def step(self, key: RngKey) -> Losses:
        seen = key.step * self.batch
        for optimizer in self.optimizers.values():
            set_lr(optimizer, cosine_lr(self.settings.learning_rate, seen, self.total_images))
        adversarial = seen >= self.settings.adversarial_from * self.total_images
        real = self.batches.pictures(self.batches.select(key, self.batch))  # (N, 3, S, S)
        latents = self.encoder(real)  # (N, C, G, G)
        noise = key.randn("noise", latents.shape, real.device)
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
        optimizer_step(loss, self.optimizers["autoencoder"])
        return losses

    def _train_discriminator(self, real: Tensor, decoded: Tensor) -> Losses:
        real_logits, decoded_logits = self.discriminator(torch.cat([real, decoded])).chunk(2)
        loss = discriminator_loss(real_logits, decoded_logits)
        optimizer_step(loss, self.optimizers["discriminator"])
        return {"discriminator_loss": loss.detach()}

    @torch.no_grad()
    def sample_grid(self) -> NDArray[np.uint8]:
        """Real pictures in the rows above, what comes back of them in the rows below."""
        real = self._shown(SHOWN)
        return grid(_levels(torch.cat([real, self.decoder(self.encoder(real))])), columns=SHOWN)

    @torch.no_grad()
    def sample_row(self) -> NDArray[np.uint8]:
        """What comes back of real pictures."""
        return _levels(self.decoder(self.encoder(self._shown(SAMPLES_PER_ROW))))

    def _shown(self, count: int) -> Tensor:
        """Always the same real pictures, float (count, 3, S, S)."""
        return self.batches.pictures(Selection.unmirrored(evenly_spaced_ids(count, self.batches.data.count)))


class PriorStage(Stage):
    """Trains the flow-matching prior on the finished autoencoder's latents, and its running average."""

    name = "prior"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        settings: PriorPreset,
        batches: CaptionedBatches,
        store: LatentStore,
        samples: SampleGrid,
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.networks, self.batches, self.store, self.samples = networks, batches, store, samples
        self.prior, self.average = networks.prior, networks.prior_average
        self.snapshot_networks = {"prior_average": self.average}
        self.optimizers = {"prior": AdamW(self.prior.parameters(), betas=(0.9, 0.99), fused=True)}

    def setup(self, report: ProgressCallback | None = None) -> None:
        self.store.open(report)

    def prepare_timing(self) -> float:
        return self.store.prepare_timing()

    def step(self, key: RngKey) -> Losses:
        seen, optimizer = key.step * self.batch, self.optimizers["prior"]
        warmup = round(1000 * self.settings.warmup_kimg)
        set_lr(optimizer, cosine_lr(self.settings.learning_rate, seen, self.total_images, warmup))
        selection = self.batches.select(key, self.batch)
        latents = self.store.latents(selection)  # (N, C, G, G)
        text = self.batches.text(selection, key)  # (N, E)
        loss = self._flow_loss(latents, text, key)
        optimizer_step(loss, optimizer, clipped=list(self.prior.parameters()))
        halflife = round(1000 * self.settings.ema_halflife_kimg)
        update_ema(self.average, self.prior, ema_decay(seen, self.batch, halflife))
        return {"flow_loss": loss.detach()}

    def _flow_loss(self, latents: Tensor, text: Tensor, key: RngKey) -> Tensor:
        device, n = latents.device, len(latents)
        random = key.torch_generator("flow", device)
        noise = torch.randn(latents.shape, generator=random, device=device)  # (N, C, G, G)
        # Logit-normal: most steps in the middle of the way, where the velocity is hardest (Esser et al. 2024).
        time = torch.randn(n, generator=random, device=device).sigmoid()  # (N,)
        drop = torch.rand(n, generator=random, device=device) < self.settings.text_dropout  # (N,)
        point, velocity = flow_point(latents, noise, time)
        return F.mse_loss(self.prior(point, time, text, drop), velocity)

    def sample_grid(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.samples.grid(self.networks.teacher())

    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.samples.row(self.networks.teacher())


def _levels(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures (N, 3, S, S) in [-1, 1] → (N, S, S, 3)."""
    return to_pixels(pictures).cpu().numpy()
