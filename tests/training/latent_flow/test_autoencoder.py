"""The discriminator joins the autoencoder late, and each learns by its own loss alone."""

from collections.abc import Callable
from dataclasses import replace

import torch
from tests.training.running import snapshot, train
from torch import Tensor

from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.autoencoder import AutoencoderStage
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.stage import Recipe

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


def test_the_discriminator_takes_part_from_adversarial_start_on(recipe: Recipe, differing: Differing) -> None:
    stage, before = recipe.stages[1], snapshot(recipe)
    stage.setup()
    assert set(train(stage, range(0, 4))) == {"l1_loss", "perceptual_loss", "latent_moment_loss"}
    assert not [name for name in differing(before, snapshot(recipe)) if "discriminator" in name]
    assert set(train(stage, range(4, 5))) == {
        "l1_loss",
        "perceptual_loss",
        "latent_moment_loss",
        "adversarial_loss",
        "discriminator_loss",
    }
    assert [name for name in differing(before, snapshot(recipe)) if "discriminator" in name]


def test_the_autoencoder_gets_the_discriminator_s_gradient_but_does_not_train_it(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches
) -> None:
    weights = []
    for weight in (0.0, 10.0):
        made = LatentFlowNetworks(preset, DatasetInfo.of(batches.data))
        stage = AutoencoderStage(made, replace(preset.autoencoder, adversarial_weight=weight), batches)
        stage.setup()
        train(stage, range(4, 6))
        weights.append([made.decoder.get_parameter("out.2.bias"), *made.discriminator.parameters()])
    assert not torch.equal(weights[0][0], weights[1][0])
    assert weights[1][0].requires_grad and all(w.requires_grad for w in weights[1])
