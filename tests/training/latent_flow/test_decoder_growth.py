"""The decoder growth stage trains the decoder of twice the side, and nothing else, to give photographs back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.training.running import snapshot
from torch import Tensor

from painting.models.layers import downsample_by_two
from painting.training.latent_flow.decoder_growth import DecoderGrowthStage
from painting.training.rng import RngKey

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
LOSSES = {"half_l1_loss", "full_l1_loss", "half_perceptual_loss", "full_perceptual_loss"}


def test_every_weight_of_the_decoder_learns_and_no_other_network_changes(finished: Any, differing: Differing) -> None:
    stage = finished.stages[4]
    assert isinstance(stage, DecoderGrowthStage)
    before = snapshot(finished)
    stage.setup()
    for step in (0, 1):
        assert set(stage.step(RngKey(0, stage.name, step))) == LOSSES
    changed = {name.split("/")[1] for name in differing(before, snapshot(finished))}
    assert changed == {"grown_decoder", "grown_decoder_ema"}
    weights = finished.networks.distilled.decoder.named_parameters()
    assert not [name for name, weight in weights if weight.grad is None or not weight.grad.any()]


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_each_single_loss_is_minimised(finished: Any, name: str) -> None:
    stage = finished.stages[4]
    stage.settings = replace(
        stage.settings, **{loss.replace("_loss", "_weight"): float(loss == name) for loss in LOSSES}
    )
    stage.setup()
    losses = [float(stage.step(RngKey(0, stage.name, 0))[name]) for _ in range(12)]
    assert losses[11] < losses[5] < 0.97 * losses[0]


def test_what_is_decoded_is_what_the_autoencoder_makes_of_photographs_at_half_their_side(finished: Any) -> None:
    stage, taken = finished.stages[4], []
    finished.networks.distilled.decoder.register_forward_pre_hook(lambda network, given: taken.append(given[0]))
    stage.setup()
    key = RngKey(0, stage.name, 3)
    for noise in (0.0, 0.5):
        stage.settings = replace(stage.settings, latent_noise_std=noise)
        stage.step(key)
    real = finished.batches.pictures(finished.batches.select(key, stage.batch))
    with torch.no_grad():
        wanted = finished.networks.encoder(downsample_by_two(real))
    torch.testing.assert_close(taken[0], wanted)
    assert 0.45 < (taken[1] - wanted).std() < 0.55


def test_every_photograph_is_decoded_with_its_own_grain(finished: Any) -> None:
    stage, decoder = finished.stages[4], finished.networks.distilled.decoder
    taken = []
    decoder.register_forward_pre_hook(lambda network, given: taken.append(given[1]))
    stage.setup()
    for step in (0, 1, 0):
        stage.step(RngKey(0, stage.name, step))
    first, second, again = taken
    assert first.shape == (stage.batch, 128) and len(first.unique(dim=0)) == stage.batch
    assert torch.equal(first, again) and not torch.isclose(first, second).any(0).all()


def test_samples_and_snapshots_are_the_decoder_s_ema_at_full_size(finished: Any) -> None:
    stage = finished.stages[4]
    assert stage.snapshot_networks == {"grown_decoder_ema": finished.networks.distilled.decoder_ema}
    before = stage.sample_row()
    assert before.shape == (8, 32, 32, 3)
    assert stage.sample_grid().shape == (3 * 34 - 2, 8 * 34 - 2, 3)  # a row a prompt, a column a seed
    torch.nn.init.zeros_(finished.networks.distilled.decoder.out[2].weight)
    assert (stage.sample_row() == before).all()
    torch.nn.init.zeros_(finished.networks.distilled.decoder_ema.out[2].weight)
    assert (stage.sample_row() != before).any()
