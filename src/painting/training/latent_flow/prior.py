"""The prior stage: flow matching on the autoencoder's latents (Lipman et al. 2023)."""

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.models.latent_flow import LatentFlowSampler
from painting.progress import ProgressCallback
from painting.training.config.latent_flow import PriorPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.latent_flow.ema_stage import EmaStage
from painting.training.latent_flow.latent_cache import LatentCache
from painting.training.latent_flow.losses import linear_path
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.rng import RngKey
from painting.training.sample_grid import SampledStage, SampleGrid
from painting.training.stage import Losses

TIME_LOGIT_MEAN = 0.7
"""Of the logits of flow times: above 0 more of them are near noise, where text decides, and fine-tuning begins."""


class PriorStage(SampledStage, EmaStage):
    """Trains the flow-matching prior v on standardised latents x_0 with text vectors y, and its EMA.

    loss = E‖v(x_t, t, y) − (noise − x_0)‖², x_t = (1 − t)·x_0 + t·noise, y dropped with probability text_dropout
    """

    name = "prior"
    clips_gradients = True

    def __init__(
        self,
        networks: LatentFlowNetworks,
        settings: PriorPreset,
        batches: CaptionedBatches,
        cache: LatentCache,
        samples: SampleGrid,
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.networks = networks
        self.prior = networks.prior
        self.batches = batches
        self.cache = cache
        self.samples = samples
        self.peak_lr = settings.learning_rate
        self.warmup_images = round(1000 * settings.warmup_kimg)
        self.ema_halflife_images = round(1000 * settings.ema_halflife_kimg)
        self.text_dropout = settings.text_dropout
        self.snapshot_networks = {"prior_ema": networks.prior_ema, "latent_scale": networks.scale}
        self.cache_bytes = 2 * networks.latent_size * cache.pictures  # half floats
        self.optimise(networks.prior, networks.prior_ema)

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Encode the pictures, and measure the latents' scale."""
        self.cache.open(report)

    def prepare_timing(self) -> float:
        """Stand in for the latents; the seconds that encoding will take."""
        return self.cache.prepare_timing()

    def compute_loss(self, key: RngKey) -> tuple[Tensor, Losses]:
        """The flow-matching loss of a step's batch."""
        selection = self.batches.select(key, self.batch)
        latents = self.cache.latents(selection)  # (N, C, G, G)
        text = self.batches.text(selection, key)  # (N, E)
        loss = self._flow_loss(latents, text, key)
        return loss, {"flow_loss": loss}

    def _flow_loss(self, latents: Tensor, text: Tensor, key: RngKey) -> Tensor:
        device = latents.device
        n = len(latents)
        generator = key.torch_generator("flow", device)
        noise = torch.randn(latents.shape, generator=generator, device=device)  # (N, C, G, G)
        # Logit-normal: most steps in the middle of the way, where the velocity is hardest (Esser et al. 2024).
        time = (torch.randn(n, generator=generator, device=device) + TIME_LOGIT_MEAN).sigmoid()  # (N,)
        drop_text = torch.rand(n, generator=generator, device=device) < self.text_dropout  # (N,)
        point, velocity = linear_path(latents, noise, time)
        return F.mse_loss(self.prior(point, time, text, drop_text), velocity)

    def sampler(self) -> LatentFlowSampler:
        """The guided flow of the prior's EMA."""
        return self.networks.flow_sampler()
