"""The distillation stage: a student of few unguided steps learns the guided flow's results."""

from torch import Tensor

from painting.models.latent_flow import LatentFlowSampler
from painting.progress import ProgressCallback
from painting.training.config.latent_flow import DistillationPreset
from painting.training.latent_flow.ema_stage import EmaStage
from painting.training.latent_flow.losses import pseudo_huber_loss
from painting.training.latent_flow.networks import DistilledNetworks, LatentFlowNetworks
from painting.training.latent_flow.teacher_pairs import TeacherPairs
from painting.training.rng import RngKey, batch_ids
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses

WARMUP_FRACTION = 0.02
"""The learning rate's warm-up, as a share of the stage's images."""
EMA_HALFLIFE_FRACTION = 0.02
"""The EMA's half-life, as a share of the stage's images."""


class DistillationStage(EmaStage):
    """Trains the student, initialised from the prior's EMA, on pairs of noise and the guided flow's result.

    loss = pseudo-Huber(student(noise, text), teacher(noise, text, guidance))
    """

    name = "distillation"
    clips_gradients = True

    def __init__(
        self,
        networks: LatentFlowNetworks,
        distilled: DistilledNetworks,
        settings: DistillationPreset,
        pairs: TeacherPairs,
        samples: SampleGrid,
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.networks = networks
        self.distilled = distilled
        self.pairs = pairs
        self.samples = samples
        self.peak_lr = settings.learning_rate
        self.warmup_images = round(WARMUP_FRACTION * self.total_images)
        self.ema_halflife_images = round(EMA_HALFLIFE_FRACTION * self.total_images)
        self.cache_bytes = 2 * networks.latent_size * pairs.count  # half floats
        self.snapshot_networks = {"distilled_student_ema": distilled.student_ema}
        self.train_by_adamw("student", distilled.student, distilled.student_ema)

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Compute the teacher's pairs."""
        self.pairs.open(report)

    def prepare_timing(self) -> float:
        """Stand in for the pairs; the seconds that computing them will take."""
        return self.pairs.prepare_timing()

    def compute_loss(self, key: RngKey) -> tuple[Tensor, Losses]:
        """The distillation loss of a step's pairs."""
        if key.step == 0:
            self.distilled.student.load_state_dict(self.networks.prior_ema.state_dict())
        pairs = self.pairs.select(batch_ids(key, self.batch, self.pairs.count))
        latents = self.distilled.training_sampler().integrate(pairs.noise, pairs.text)  # (N, C, G, G)
        loss = pseudo_huber_loss(latents, pairs.targets)
        return loss, {"distillation_loss": loss}

    def sampler(self) -> LatentFlowSampler:
        """The student's EMA with the autoencoder's decoder, at half size: the grown decoder is not trained yet."""
        return self.distilled.student_sampler(self.networks.decoder)
