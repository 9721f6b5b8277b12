"""Distillation: a student learns to go in a few unguided steps where the guided flow leads, and to convince.

First it learns of pairs alone: noise, and where the teacher's flow ends. Those ends are smoother than photographs'
latents, as what a network cannot tell it leaves out. So half of a later step's latents start from noise of no pair, and
a discriminator judges them beside photographs' latents (Sauer et al. 2024); the other half's pairs hold the student
where it was.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.data.pictures_cache import Report
from painting.training.descent import descend, frozen
from painting.training.draws import Draw, batch_ids
from painting.training.latent_flow_networks import FinishedNetworks, LatentFlowNetworks
from painting.training.latent_flow_preset import DistillationPreset
from painting.training.latent_store import LatentStore
from painting.training.losses import adversarial_loss, discriminator_loss, distance_loss, flow_point
from painting.training.schedules import cosine_rate, ema_decay, set_rate, update_average
from painting.training.shown import Shown
from painting.training.stage import Losses, Stage
from painting.training.teacher_pairs import TeacherPairs

WARMUP = 0.02
AVERAGED = 0.02
CLEARER = -0.5
"""Where the times' logits are centred at which latents are judged: below 0, where noise hides less than half."""


class DistillationStage(Stage):
    """Trains the student, which begins as the prior, on pairs of noise and where the guided flow leads from it."""

    name = "distillation"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        finished: FinishedNetworks,
        settings: DistillationPreset,
        store: LatentStore,
        pairs: TeacherPairs,
        shown: Shown,
    ) -> None:
        self.settings = settings
        self.total_images, self.batch = round(1000 * settings.kimg), settings.batch
        self.pairs, self.shown = pairs, shown
        self.store, self.batches = store, pairs.batches
        self.networks, self.finished = networks, finished
        self.student, self.average = finished.student, finished.student_average
        self.discriminator = finished.latent_discriminator
        self.kept = {"student_average": self.average}
        self.optimizers = {
            "student": AdamW(self.student.parameters(), betas=(0.9, 0.99), fused=True),
            "discriminator": AdamW(self.discriminator.parameters(), betas=(0.5, 0.99), fused=True),
        }

    def begin(self, report: Report | None = None) -> None:
        self.store.open(report)
        self.pairs.open(report)

    def rehearse(self) -> float:
        return self.store.rehearse() + self.pairs.rehearse()

    def step(self, draw: Draw) -> Losses:
        if draw.step == 0:
            self.student.load_state_dict(self.networks.prior_average.state_dict())
        seen = draw.step * self.batch
        self._set_rates(seen)
        game = seen >= self.settings.adversarial_from * self.total_images
        losses = self._convince(draw, self.batch // 2) if game else self._follow(draw)
        halflife = round(AVERAGED * self.total_images)
        update_average(self.average, self.student, ema_decay(seen, self.batch, halflife))
        return losses

    def _set_rates(self, seen: int) -> None:
        peak, total = self.settings.learning_rate, self.total_images
        set_rate(self.optimizers["student"], cosine_rate(peak, seen, total, round(WARMUP * total)))
        set_rate(self.optimizers["discriminator"], self.settings.discriminator_learning_rate)

    def _follow(self, draw: Draw) -> Losses:
        pairs = self.pairs.select(batch_ids(draw, self.batch, self.pairs.count))
        loss = distance_loss(self.finished.learner().follow(pairs.noise, pairs.text), pairs.ends)
        descend(loss, self.optimizers["student"], clipped=list(self.student.parameters()))
        return {"distillation_loss": loss.detach()}

    def _convince(self, draw: Draw, count: int) -> Losses:
        pairs = self.pairs.select(batch_ids(draw, count, self.pairs.count))
        selection = self.batches.select(draw, count)
        real, text = self.store.latents(selection), self.batches.text(selection, draw)  # (N, C, G, G), (N, E)
        noise = draw.normal("noise", pairs.noise.shape, real.device)  # (N, Z)
        made = self.finished.learner().follow(torch.cat([pairs.noise, noise]), torch.cat([pairs.text, text]))
        ends, painted = made.chunk(2)  # (N, C, G, G) each
        distance = distance_loss(ends, pairs.ends)
        seen = self._in_noise(painted, text, draw, "painted")
        with frozen(self.discriminator):
            fooled = adversarial_loss(self.discriminator(seen, text))
        descend(
            distance + self.settings.adversarial_weight * fooled,
            self.optimizers["student"],
            clipped=list(self.student.parameters()),
        )
        judged = self._train_discriminator(self._in_noise(real, text, draw, "real"), seen, text)
        return {
            "distillation_loss": distance.detach(),
            "latent_loss": fooled.detach(),
            "latent_discriminator_loss": judged,
        }

    def _train_discriminator(self, real: list[Tensor], painted: list[Tensor], text: Tensor) -> Tensor:
        painted = [maps.detach() for maps in painted]
        loss = discriminator_loss(self.discriminator(real, text), self.discriminator(painted, text))
        descend(loss, self.optimizers["discriminator"])
        return loss.detach()

    def _in_noise(self, latents: Tensor, text: Tensor, draw: Draw, whose: str) -> list[Tensor]:
        """What the teacher's blocks make of latents (N, C, G, G) with text vectors (N, E) in noise, much or little."""
        prior = self.networks.prior_average
        noise = draw.normal(f"{whose} in noise", latents.shape, latents.device)
        time = (CLEARER + draw.normal(f"{whose} time", latents.shape[:1], latents.device)).sigmoid()  # (N,)
        point, _ = flow_point(latents, noise, time)
        return prior.maps(point, prior.time(time) + prior.text(text))

    @torch.no_grad()
    def pictures(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds, at half size."""
        return self.shown.grid(self.finished.student_sampler(self.networks.decoder))

    @torch.no_grad()
    def row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.shown.row(self.finished.student_sampler(self.networks.decoder))
