"""Distillation: a student learns to go in a few unguided steps where the guided flow leads."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim import AdamW

from painting.progress import ProgressCallback
from painting.training.config.latent_flow import DistillationPreset
from painting.training.latent_flow.losses import distance_loss
from painting.training.latent_flow.networks import FinishedNetworks, LatentFlowNetworks
from painting.training.latent_flow.teacher_pairs import TeacherPairs
from painting.training.optim import cosine_lr, ema_decay, optimizer_step, set_lr, update_ema
from painting.training.rng import RngKey, batch_ids
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses, Stage

WARMUP = 0.02
AVERAGED = 0.02


class DistillationStage(Stage):
    """Trains the student, which begins as the prior, on pairs of noise and where the guided flow leads from it."""

    name = "distillation"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        finished: FinishedNetworks,
        settings: DistillationPreset,
        pairs: TeacherPairs,
        samples: SampleGrid,
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.pairs, self.samples, self.rate = pairs, samples, settings.learning_rate
        self.networks, self.finished = networks, finished
        self.student, self.average = finished.student, finished.student_average
        self.snapshot_networks = {"student_average": self.average}
        self.optimizers = {"student": AdamW(self.student.parameters(), betas=(0.9, 0.99), fused=True)}

    def setup(self, report: ProgressCallback | None = None) -> None:
        self.pairs.open(report)

    def prepare_timing(self) -> float:
        return self.pairs.prepare_timing()

    def step(self, key: RngKey) -> Losses:
        seen, optimizer = key.step * self.batch, self.optimizers["student"]
        if key.step == 0:
            self.student.load_state_dict(self.networks.prior_average.state_dict())
        set_lr(optimizer, cosine_lr(self.rate, seen, self.total_images, round(WARMUP * self.total_images)))
        pairs = self.pairs.select(batch_ids(key, self.batch, self.pairs.count))
        loss = distance_loss(self.finished.learner().integrate(pairs.noise, pairs.text), pairs.ends)
        optimizer_step(loss, optimizer, clipped=list(self.student.parameters()))
        halflife = round(AVERAGED * self.total_images)
        update_ema(self.average, self.student, ema_decay(seen, self.batch, halflife))
        return {"distillation_loss": loss.detach()}

    def sample_grid(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds, at half size."""
        return self.samples.grid(self.finished.student_sampler(self.networks.decoder))

    @torch.no_grad()
    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.samples.row(self.finished.student_sampler(self.networks.decoder))
