"""The prior learns at times in the middle of the way, drops some texts, and its EMA follows it."""

from dataclasses import replace
from pathlib import Path

import torch
from tests.training.running import train
from torch import Tensor

from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.latent_flow.latent_cache import LatentCache
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.prior import PriorStage
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Recipe


def test_texts_are_dropped_with_the_set_probability_and_times_are_logit_normal(
    networks: LatentFlowNetworks, preset: LatentFlowPreset, batches: CaptionedBatches, tmp_path: Path
) -> None:
    settings = replace(preset.prior, batch=2000)
    store = LatentCache(networks.autoencoder_ema.encoder, networks.scale, batches, tmp_path)
    stage = PriorStage(networks, settings, batches, store, SampleGrid(torch.zeros(1, 5), networks.latent_size))
    stage.setup()
    seen: list[tuple[Tensor, ...]] = []
    networks.prior.register_forward_pre_hook(lambda prior, arguments: seen.append(arguments))
    train(stage, range(1))
    ((_, time, _, drop),) = seen
    assert 0.17 < drop.float().mean() < 0.23
    assert time.min() > 0 and time.max() < 1
    logits = time.logit()
    assert 0.6 < logits.median() < 0.8
    assert 0.65 < ((logits - 0.7).abs() < 1).float().mean() < 0.72  # within one standard deviation of the normal: 68%


def test_the_ema_follows_the_prior(recipe: Recipe, networks: LatentFlowNetworks) -> None:
    stage, named = recipe.stages[1], recipe.networks.named
    stage.setup()
    train(stage, range(1))
    pairs = list(zip(named["prior"].parameters(), named["prior_ema"].parameters(), strict=True))
    assert all(torch.equal(weight, average) for weight, average in pairs)
    train(stage, range(1, 8))
    assert any(not torch.equal(weight, average) for weight, average in pairs)
    assert not any(average.requires_grad for _, average in pairs)
