"""The classifier stage: an attribute classifier, whose features are those of the perceptual loss."""

from torch.optim import AdamW

from painting.training.config.latent_flow import ClassifierPreset
from painting.training.dataset.batches import Batches
from painting.training.latent_flow.losses import attribute_loss
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.optim import cosine_lr, optimizer_step, set_lr
from painting.training.rng import RngKey
from painting.training.stage import Losses, Stage


class ClassifierStage(Stage):
    """Trains the attribute classifier by binary cross-entropy."""

    name = "classifier"

    def __init__(self, networks: LatentFlowNetworks, settings: ClassifierPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.classifier = networks.classifier
        self.batches = batches
        self.peak_lr = settings.learning_rate
        self.snapshot_networks = {"classifier": self.classifier}
        self.optimizers = {"classifier": AdamW(self.classifier.parameters(), fused=True)}

    def step(self, key: RngKey) -> Losses:
        """One update; reports the loss, and the share of pictures of which all attributes are right."""
        optimizer = self.optimizers["classifier"]
        set_lr(optimizer, cosine_lr(self.peak_lr, key.step * self.batch, self.total_images))
        selection = self.batches.select(key, self.batch)
        logits = self.classifier(self.batches.pictures(selection))  # (N, A)
        targets = self.batches.targets(selection)  # (N, A)
        loss = attribute_loss(logits, targets)
        optimizer_step(loss, optimizer)
        exact = ((logits > 0) == (targets > 0.5)).all(1).float().mean()
        return {"attribute_loss": loss.detach(), "attribute_exact_match": exact}

    def sample_grid(self) -> None:
        """None: there are no pictures to show."""
        return None
