"""The autoencoder learns by the weighted sum of its losses, and its EMA is what paints."""

from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from tests.training.running import train
from torch import Tensor

from painting.models.layers import downsample_by_two, to_pixels
from painting.training.latent_flow.autoencoder import AutoencoderStage
from painting.training.latent_flow.features import EnlargedFeatures
from painting.training.latent_flow.losses import latent_moment_loss, perceptual_loss
from painting.training.rng import RngKey
from painting.training.stage import Recipe

KEY = RngKey(0, "autoencoder", 3)


@pytest.fixture
def stage(recipe: Recipe) -> AutoencoderStage:
    made = recipe.stages[0]
    assert isinstance(made, AutoencoderStage)
    made.setup()
    return made


@torch.no_grad()
def test_its_loss_is_the_weighted_sum_of_its_parts(stage: AutoencoderStage) -> None:
    stage.settings = replace(stage.settings, l1_weight=2.0, perceptual_weight=3.0, latent_moment_weight=5.0)
    decoded: list[Tensor] = []
    stage.autoencoder.decoder.register_forward_hook(lambda network, given, made: decoded.append(made))
    loss, losses = stage.compute_loss(KEY)
    (made,), real = decoded, stage.batches.pictures(stage.batches.select(KEY, stage.batch))
    features = EnlargedFeatures(stage.settings.feature_size, real.device)
    expected = {
        "l1_loss": F.l1_loss(made, real),
        "half_l1_loss": F.l1_loss(downsample_by_two(made), downsample_by_two(real)),
        "perceptual_loss": perceptual_loss(features.maps(made), features.maps(real)),
        "latent_moment_loss": latent_moment_loss(stage.autoencoder.encoder(real)),
    }
    assert all(part > 0.01 for part in expected.values())
    torch.testing.assert_close(losses, expected)
    weights = {"l1_loss": 2.0, "half_l1_loss": 2.0, "perceptual_loss": 3.0, "latent_moment_loss": 5.0}
    torch.testing.assert_close(loss, torch.stack([weights[name] * part for name, part in expected.items()]).sum())


@pytest.mark.parametrize("name", ["l1", "perceptual", "latent_moment"])
def test_each_single_loss_is_minimised(stage: AutoencoderStage, name: str) -> None:
    weights: dict[str, Any] = {f"{loss}_weight": float(loss == name) for loss in ("l1", "perceptual", "latent_moment")}
    stage.settings = replace(stage.settings, **weights)
    losses = [float(train(stage, range(1))[f"{name}_loss"]) for _ in range(12)]
    assert losses[11] < losses[5] < 0.97 * losses[0]


def test_latents_are_decoded_with_noise_and_each_picture_with_its_own_grain(stage: AutoencoderStage) -> None:
    taken: list[tuple[Tensor, Tensor]] = []
    stage.autoencoder.decoder.register_forward_pre_hook(lambda network, given: taken.append(given))
    for noise_std, step in ((0.0, 3), (0.5, 3), (0.5, 4)):
        stage.settings = replace(stage.settings, latent_noise_std=noise_std)
        stage.compute_loss(RngKey(0, "autoencoder", step))
    (plain, grain), (noisy, same_grain), (_, other_grain) = taken
    with torch.no_grad():
        real = stage.batches.pictures(stage.batches.select(KEY, stage.batch))
        torch.testing.assert_close(plain, stage.autoencoder.encoder(real))
    assert 0.45 < (noisy - plain).std() < 0.55
    assert grain.shape == (stage.batch, 128) and len(set(map(tuple, grain.tolist()))) == stage.batch
    assert torch.equal(grain, same_grain) and not torch.isclose(grain, other_grain).any(0).all()


def test_the_published_features_stay_as_they_are(stage: AutoencoderStage) -> None:
    before = {name: weight.clone() for name, weight in stage.features.network.state_dict().items()}
    train(stage, range(2))
    after = stage.features.network.state_dict()
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())


def test_its_ema_follows_and_makes_samples_and_snapshots(stage: AutoencoderStage) -> None:
    assert dict(stage.snapshot_networks) == {"autoencoder_ema": stage.autoencoder_ema}
    train(stage, range(1))
    pairs = list(zip(stage.autoencoder.parameters(), stage.autoencoder_ema.parameters(), strict=True))
    assert all(torch.equal(weight, average) for weight, average in pairs)
    train(stage, range(1, 8))
    assert not any(torch.equal(weight, average) for weight, average in pairs)
    assert not any(average.requires_grad for _, average in pairs)
    row, grid = stage.sample_row(), stage.sample_grid()
    with torch.no_grad():
        for weight, _ in pairs:
            weight.add_(1)
    assert (stage.sample_row() == row).all() and (stage.sample_grid() == grid).all()
    with torch.no_grad():
        list(stage.autoencoder_ema.decoder.parameters())[-1].add_(1)
    assert (stage.sample_row() != row).any()


def test_samples_are_reconstructions_of_real_pictures(stage: AutoencoderStage) -> None:
    stage.autoencoder_ema.decoder.forward = lambda latents, noise: torch.zeros(len(latents), 3, 16, 16)  # type: ignore[method-assign]
    row = stage.sample_row()
    assert row.shape == (8, 16, 16, 3) and (row == to_pixels(torch.zeros(1, 3, 1, 1)).numpy()).all()
