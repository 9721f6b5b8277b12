"""The fine-tuning stage: prior and decoder learn as one generator of one step against a projected discriminator.

The discriminator works on the features of a network pretrained on a million photographs (Sauer et al. 2021): it knows
what a petal is, where one that starts from these few photographs is fooled by strokes.
"""

from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from painting.models.latent_flow import LatentFlowSampler
from painting.paint.validation import MAX_STRENGTH
from painting.progress import ProgressCallback
from painting.training.adversarial.gate import DiscriminatorGate
from painting.training.adversarial.losses import hinge_d, hinge_g, mismatched_hinge
from painting.training.adversarial.stage import AdversarialStage
from painting.training.config.latent_flow import FinetuningPreset
from painting.training.dataset.array_cache import ProgressCounter
from painting.training.dataset.batches import CaptionedBatches, Selection
from painting.training.latent_flow.augment import diff_augment
from painting.training.latent_flow.backgrounds import on_random_backgrounds
from painting.training.latent_flow.diversity_loss import diversity_loss, reference_similarity
from painting.training.latent_flow.features import EnlargedFeatures
from painting.training.latent_flow.networks import Adversaries, LatentFlowNetworks
from painting.training.optim import frozen, optimizer_step, update_ema
from painting.training.rng import RngKey
from painting.training.sample_grid import SampledStage, SampleGrid
from painting.training.stage import Losses

CAPTIONS_AT_FULL_STRENGTH = 0.7
"""The share of captions with strength 1; the others' is uniform from 0, which drops the prompt, to MAX_STRENGTH."""
MISMATCH_WEIGHT = 0.5
"""Weight of real pictures beside others' captions: without them a daisy would do for any flower."""
REAL_SAMPLE_SIZE = 4096
"""How many real pictures the moments of the Fréchet loss are measured on, at most."""
MIN_REAL_SAMPLE_SIZE = 1024
"""How many at least: four times as many as there are principal components."""
CONSTANT_LR_FRACTION = 0.6
"""The share of the stage's images for which learning rates are constant, before they fall linearly to 0."""


@dataclass(frozen=True)
class DiscriminatorInputs:
    """What the discriminator and the Fréchet loss are given of N pictures."""

    maps: list[Tensor]
    """The pictures' mixed features at four scales, and the augmented pictures, float (N, 3, S, S)."""
    vectors: Tensor
    """Pooled features, float (N, F)."""


@dataclass(frozen=True)
class TextConditions:
    """The text vectors of one step."""

    real_text: Tensor
    """(N, E), captions of the real pictures, some of another strength than 1."""
    fake_text: Tensor
    """(N, E), those that pictures are generated of: each of the first half of real_text twice."""
    mismatched_text: Tensor
    """(N, E), captions of other real pictures."""
    is_mismatched: Tensor
    """bool (N,), whether those truly do not fit."""


class FinetuningStage(SampledStage, AdversarialStage):
    """Trains prior and decoder, from their EMAs on, as a one-step generator G, and its discriminator D.

    So a flow of many steps becomes a painter of one without a teacher (Zheng & Yang 2025, D2O).

    With real pictures x and captions t, noise z, t' of another picture, and two noises z₁, z₂ of each caption:

        L_D = E[max(0, 1 − D(x, t))] + E[max(0, 1 + D(G(z, t), t))] + MISMATCH_WEIGHT · E[max(0, 1 + D(x, t'))]
        L_G = −E[D(G(z, t), t)] + diversity_weight · diversity_loss(G(z₁, t), G(z₂, t))
              + frechet_weight · frechet_loss(f(G(z, t))), f: pooled features

    D and f are given augmented pictures alone, on random backgrounds where they are transparent. For `warmup_kimg` D
    learns alone, and until it ranks x above G(z, t).
    """

    name = "finetuning"
    lr_decay_start = CONSTANT_LR_FRACTION
    gate: DiscriminatorGate
    features: EnlargedFeatures
    reference_similarity: Tensor | None = None

    def __init__(
        self, networks: LatentFlowNetworks, settings: FinetuningPreset, batches: CaptionedBatches, samples: SampleGrid
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        assert networks.adversaries
        adversaries: Adversaries = networks.adversaries
        self.settings = settings
        self.networks = networks
        self.decoder = networks.autoencoder.decoder
        self.trained_and_ema: list[tuple[nn.Module, nn.Module]] = [
            (networks.prior, networks.prior_ema),
            (self.decoder, networks.autoencoder_ema.decoder),
        ]
        self.batches = batches.class_balanced(settings.class_balance)
        self.samples = samples
        self.mixer = adversaries.mixer
        self.discriminator = adversaries.discriminator
        self.gate = adversaries.gate
        self.frechet_loss = adversaries.frechet_loss
        self.warmup_images = round(1000 * settings.warmup_kimg)
        self.ema_halflife_kimg = settings.ema_halflife_kimg
        self.snapshot_networks = networks.inference_networks
        weights = {
            "generator": [*networks.prior.parameters(), *self.decoder.parameters()],
            "discriminator": list(self.discriminator.parameters()),
        }
        self.optimizers = {
            name: AdamW(parameters, betas=(0.0, 0.99), weight_decay=0.0, fused=True)
            for name, parameters in weights.items()
        }
        self.peak_lr = {"generator": settings.learning_rate, "discriminator": settings.discriminator_learning_rate}

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Load the published features, and measure what real pictures are like.

        That is how similar those of one class are, and the moments of their features. Raises MissingExtra or
        PaintingError where the published weights are not to be had.
        """
        self._load_features()
        if self.settings.frechet_weight and not self.frechet_loss.is_measured():
            self.frechet_loss.measure_real(self._real_vectors(self._real_sample_size, report))

    def prepare_timing(self) -> float:
        """Stand in for the moments with those of a few pictures; the seconds that measuring them will take."""
        self.gate.open()
        self._load_features()
        if not self.settings.frechet_weight:
            return 0.0
        start = perf_counter()
        vectors = self._real_vectors(self.batch)
        seconds_per_image = (perf_counter() - start) / self.batch
        self.frechet_loss.measure_real(vectors)
        return seconds_per_image * self._real_sample_size

    @property
    def _real_sample_size(self) -> int:
        """Fewer in a short stage, which measuring would take much of."""
        return min(REAL_SAMPLE_SIZE, max(MIN_REAL_SAMPLE_SIZE, self.total_images // 4))

    def _load_features(self) -> None:
        self.features = EnlargedFeatures(self.settings.feature_size, self.batches.device)
        self.reference_similarity = reference_similarity(self.batches)

    def update_players(self, key: RngKey) -> Losses:
        """Update the generator, once warmed up, then the discriminator."""
        if key.step == 0:
            for network, ema in self.trained_and_ema:
                network.load_state_dict(ema.state_dict())
        warmed_up = self.is_warmed_up(key)
        selection = self.batches.select(key, self.batch)
        text = self._text_conditions(selection, key)
        with torch.set_grad_enabled(warmed_up):
            fake = self._generate(text.fake_text, key)  # (N, P, S, S)
            fake_inputs = self._discriminator_inputs(fake, key, "augment generated")
        if self.settings.frechet_weight:
            self.frechet_loss.observe(fake_inputs.vectors.detach())
        losses: Losses = {}
        if warmed_up:
            losses |= self._update_generator(fake, fake_inputs, text)
        with torch.no_grad():
            real_inputs = self._discriminator_inputs(self.batches.pictures(selection), key, "augment real")
        losses |= self._update_discriminator(real_inputs, fake_inputs, text)
        return losses

    def update_ema(self, decay: float) -> None:
        """Move the prior's and the decoder's EMAs towards them."""
        for network, ema in self.trained_and_ema:
            update_ema(ema, network, decay)

    def _text_conditions(self, selection: Selection, key: RngKey) -> TextConditions:
        captions = self.batches.text(selection, key)  # (N, E)
        real_text = self._with_random_strengths(captions, key)  # (N, E)
        fake_text = real_text[: self.batch // 2].repeat(2, 1)  # (N, E): two pictures of each for the diversity loss
        mismatched_text, is_mismatched = self.batches.mismatched_text(selection, captions)  # (N, E), (N,)
        return TextConditions(real_text, fake_text, mismatched_text, is_mismatched)

    def _with_random_strengths(self, text: Tensor, key: RngKey) -> Tensor:
        """Text vectors (N, E), some of them longer or shorter, so that the painter supports `strength`."""
        generator = key.torch_generator("strengths", text.device)
        uniform = torch.rand(2, len(text), 1, generator=generator, device=text.device)
        return text * torch.where(uniform[0] < CAPTIONS_AT_FULL_STRENGTH, 1.0, MAX_STRENGTH * uniform[1])

    def _generate(self, text: Tensor, key: RngKey) -> Tensor:
        """Pictures (N, P, S, S) of text vectors (N, E) and fresh noise."""
        noise = key.randn("noise", (len(text), self.networks.latent_size), text.device)
        return self.networks.generator().paint(noise, text)

    def _discriminator_inputs(self, pictures: Tensor, key: RngKey, purpose: str) -> DiscriminatorInputs:
        """Augment pictures (N, P, S, S) on backgrounds, and extract their features; `purpose` keys the RNG."""
        generator = key.torch_generator(purpose, pictures.device)
        augmented = diff_augment(on_random_backgrounds(pictures, generator), generator)  # (N, 3, S, S)
        maps = self.features.maps(augmented)
        return DiscriminatorInputs([*self.mixer(maps), augmented], self.features.pooled(maps))

    @torch.no_grad()
    def _real_vectors(self, count: int, report: ProgressCallback | None = None) -> Tensor:
        """Pooled features of real pictures, sampled and augmented as in training: (M, F), whole batches, M ≥ count."""
        progress = ProgressCounter(report, count)
        vectors = []
        for step in range(-(-count // self.batch)):
            key = RngKey(0, "real features", step)
            pictures = self.batches.pictures(self.batches.select(key, self.batch))
            vectors.append(self._discriminator_inputs(pictures, key, "augment real").vectors)
            progress.add(min(self.batch, count - step * self.batch))
        return torch.cat(vectors)

    def _update_generator(self, fake: Tensor, fake_inputs: DiscriminatorInputs, text: TextConditions) -> Losses:
        with frozen(self.discriminator):
            loss = hinge_g(self.discriminator(fake_inputs.maps, text.fake_text))
        losses = {"generator_loss": loss.detach()}
        if self.settings.frechet_weight:
            loss = loss + self.settings.frechet_weight * self.frechet_loss(fake_inputs.vectors)
            losses["frechet_distance"] = self.frechet_loss.distance.clone()
        if self.reference_similarity is not None:
            one, other = fake[:, :3].chunk(2)  # of the same captions, on white
            diversity = diversity_loss(one, other, self.reference_similarity)
            loss = loss + self.settings.diversity_weight * diversity
            losses["diversity_loss"] = diversity.detach()
        optimizer_step(loss, self.optimizers["generator"], clipped=list(self.networks.prior.parameters()))
        return losses

    def _update_discriminator(
        self, real_inputs: DiscriminatorInputs, fake_inputs: DiscriminatorInputs, text: TextConditions
    ) -> Losses:
        discriminator = self.discriminator
        real_features = discriminator.features(real_inputs.maps)  # once for both captions
        fake_logits = discriminator([maps.detach() for maps in fake_inputs.maps], text.fake_text)
        real_logits = discriminator.logits(real_features, text.real_text)
        loss = hinge_d(real_logits, fake_logits)
        mismatched_logits = discriminator.logits(real_features, text.mismatched_text)
        mismatched = mismatched_hinge(mismatched_logits, text.is_mismatched)
        optimizer_step(loss + MISMATCH_WEIGHT * mismatched, self.optimizers["discriminator"])
        return {
            "discriminator_loss": loss.detach(),
            "mismatched_caption_loss": mismatched.detach(),
            "discriminator_accuracy": self.gate.observe(real_logits, fake_logits),
        }

    def sampler(self) -> LatentFlowSampler:
        """The prior's and the decoder's EMAs."""
        return self.networks.sampler()
