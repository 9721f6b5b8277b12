"""The classifier stage reports its loss and how often all attributes are right, and has no pictures to show."""

from tests.training.running import train

from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.latent_flow.classifier import ClassifierStage
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.stage import Stage


def test_a_step_reports_the_loss_and_the_exact_matches(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches
) -> None:
    stage: Stage = ClassifierStage(networks, preset.classifier, batches)
    losses = train(stage, range(1))
    assert set(losses) == {"attribute_loss", "attribute_exact_match"}
    assert 0 <= losses["attribute_exact_match"] <= 1
    assert stage.sample_grid() is None
