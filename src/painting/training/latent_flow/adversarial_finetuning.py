"""The fine-tuning stage: student and decoder learn as one generator against a projected discriminator.

The discriminator works on the features of a network pretrained on a million photographs (Sauer et al. 2021): it knows
what a petal is, where one that starts from these few photographs is fooled by strokes.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import AdamW

from painting.models.efficientnet_lite import EfficientNetLite
from painting.models.latent_flow import LatentFlowSampler
from painting.models.published import LITE0_PACKAGE, load_efficientnet
from painting.paint.validation import MAX_STRENGTH
from painting.progress import ProgressCallback
from painting.training.adversarial.gate import DiscriminatorGate
from painting.training.adversarial.losses import hinge_d, hinge_g, mismatched_hinge
from painting.training.adversarial.stage import AdversarialStage
from painting.training.config.latent_flow import FinetuningPreset
from painting.training.dataset.batches import CaptionedBatches, Selection
from painting.training.device import place_network
from painting.training.latent_flow.augment import diff_augment
from painting.training.latent_flow.diversity_loss import diversity_loss, reference_similarity
from painting.training.latent_flow.networks import DistilledNetworks
from painting.training.optim import frozen, optimizer_step
from painting.training.rng import RngKey
from painting.training.sample_grid import SampledStage, SampleGrid
from painting.training.stage import Losses

FINETUNING_PURPOSE = "Fine-tuning a painter"
"""What needs the published weights, in the error where they are missing."""
CAPTIONS_AT_FULL_STRENGTH = 0.7
"""The share of captions with strength 1; the others' is uniform from 0, which drops the prompt, to MAX_STRENGTH."""
MISMATCH_WEIGHT = 0.5
"""Weight of real pictures beside others' captions: without them a daisy would do for any flower."""
CONSTANT_LR_FRACTION = 0.6
"""The share of the stage's images for which learning rates are constant, before they fall linearly to 0."""


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
    """Trains the student and the grown decoder, from their EMAs on, as a generator G, and the discriminator D of both.

    With real pictures x and captions t, noise z, t' of another picture, and two noises z₁, z₂ of each caption:

        L_D = E[max(0, 1 − D(x, t))] + E[max(0, 1 + D(G(z, t), t))] + MISMATCH_WEIGHT · E[max(0, 1 + D(x, t'))]
        L_G = −E[D(G(z, t), t)] + diversity_weight · diversity_loss(G(z₁, t), G(z₂, t))

    D is given augmented pictures alone. For `warmup_kimg` it learns alone, and until it ranks x above G(z, t).
    """

    name = "finetuning"
    lr_decay_start = CONSTANT_LR_FRACTION
    gate: DiscriminatorGate

    def __init__(
        self, distilled: DistilledNetworks, settings: FinetuningPreset, batches: CaptionedBatches, samples: SampleGrid
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.distilled = distilled
        self.batches = batches.class_balanced(settings.class_balance)
        self.samples = samples
        self.mixer = distilled.mixer
        self.discriminator = distilled.discriminator
        self.gate = distilled.gate
        self.feature_extractor: EfficientNetLite | None = None
        self.reference_similarity: Tensor | None = None
        self.warmup_images = round(1000 * settings.warmup_kimg)
        self.ema_halflife_kimg = settings.ema_halflife_kimg
        self.snapshot_networks = distilled.inference_networks
        weights = {
            "generator": [*distilled.student.parameters(), *distilled.decoder.parameters()],
            "discriminator": list(self.discriminator.parameters()),
        }
        self.optimizers = {
            name: AdamW(parameters, betas=(0.0, 0.99), weight_decay=0.0, fused=True)
            for name, parameters in weights.items()
        }
        self.peak_lr = {"generator": settings.learning_rate, "discriminator": settings.discriminator_learning_rate}

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Load the published feature extractor, and measure how similar photographs of one class are.

        Raises MissingExtra or PaintingError where the published weights are not to be had.
        """
        self.feature_extractor = load_efficientnet(LITE0_PACKAGE, FINETUNING_PURPOSE)
        place_network(self.feature_extractor, self.batches.device)
        self.reference_similarity = reference_similarity(self.batches)

    def update_players(self, key: RngKey) -> Losses:
        """Update the generator, once warmed up, then the discriminator."""
        if key.step == 0:
            self.distilled.load_ema()
        warmed_up = self.is_warmed_up(key)
        selection = self.batches.select(key, self.batch)
        text = self._text_conditions(selection, key)
        with torch.set_grad_enabled(warmed_up):
            fake = self._generate(text.fake_text, key)  # (N, 3, S, S)
            fake_inputs = self._discriminator_inputs(fake, key, "augment generated")
        losses: Losses = {}
        if warmed_up:
            losses |= self._update_generator(fake, fake_inputs, text)
        with torch.no_grad():
            real_inputs = self._discriminator_inputs(self.batches.pictures(selection), key, "augment real")
        losses |= self._update_discriminator(real_inputs, fake_inputs, text)
        return losses

    def update_ema(self, decay: float) -> None:
        """Move the student's and the decoder's EMAs towards them."""
        self.distilled.update_ema(decay)

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
        """Pictures (N, 3, S, S) of text vectors (N, E) and fresh noise."""
        noise = key.randn("noise", (len(text), self.distilled.latent_size), text.device)
        return self.distilled.training_sampler().paint(noise, text)

    def _discriminator_inputs(self, pictures: Tensor, key: RngKey, purpose: str) -> list[Tensor]:
        """Pictures (N, 3, S, S) augmented, before them their mixed features at four scales; `purpose` keys the RNG."""
        assert self.feature_extractor is not None, "setup() first"
        augmented = diff_augment(pictures, key.torch_generator(purpose, pictures.device))
        return [*self.mixer(self.feature_extractor(augmented)), augmented]

    def _update_generator(self, fake: Tensor, fake_inputs: list[Tensor], text: TextConditions) -> Losses:
        with frozen(self.discriminator):
            loss = hinge_g(self.discriminator(fake_inputs, text.fake_text))
        losses = {"generator_loss": loss.detach()}
        if self.reference_similarity is not None:
            one, other = fake.chunk(2)  # of the same captions
            diversity = diversity_loss(one, other, self.reference_similarity)
            loss = loss + self.settings.diversity_weight * diversity
            losses["diversity_loss"] = diversity.detach()
        optimizer_step(loss, self.optimizers["generator"], clipped=list(self.distilled.student.parameters()))
        return losses

    def _update_discriminator(
        self, real_inputs: list[Tensor], fake_inputs: list[Tensor], text: TextConditions
    ) -> Losses:
        discriminator = self.discriminator
        real_features = discriminator.features(real_inputs)  # once for both captions
        fake_logits = discriminator([maps.detach() for maps in fake_inputs], text.fake_text)
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
        """The student's and the decoder's EMAs."""
        return self.distilled.sampler()
