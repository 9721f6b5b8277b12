"""Networks are the seed's and paint with their EMAs: by the guided flow, or fine-tuned in one step."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from painting.models.latent_flow import SamplerSettings
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.run.checkpoint import TrainingState

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


def test_the_sampler_paints_with_the_ema(networks: LatentFlowNetworks) -> None:
    assert networks.sampler().prior is networks.prior_ema
    assert networks.latent_size == 2 * 8 * 8
    assert networks.sampler()(torch.zeros(2, 128), torch.zeros(2, 5)).shape == (2, 16, 16, 3)


def test_the_same_seed_makes_the_same_networks(
    preset: LatentFlowPreset, facts: DatasetInfo, differing: Differing
) -> None:
    one, same, other = (
        TrainingState(LatentFlowNetworks(replace(preset, seed=seed), facts).named, {}).tensors() for seed in (3, 3, 4)
    )
    assert not differing(one, same)
    assert len(differing(one, other)) > 20


def test_with_fine_tuning_the_same_emas_paint_in_one_unguided_step(finished: Any) -> None:
    networks = finished.networks
    painter, flow, generator = networks.sampler(), networks.flow_sampler(), networks.generator()
    assert networks.first_sampling_stage == 2 and networks.takes_strength
    assert painter.prior is flow.prior is networks.prior_ema
    assert painter.decoder is flow.decoder is networks.autoencoder_ema.decoder
    assert (generator.prior, generator.decoder) == (networks.prior, networks.autoencoder.decoder)
    assert set(networks.inference_networks.values()) == {painter.prior, painter.scale, painter.decoder}
    assert flow.settings == finished.preset.sampler
    assert generator.settings == SamplerSettings(steps=1, guidance=1.0)


def test_strength_and_temperature_are_the_finished_painter_s_alone(finished: Any, facts: DatasetInfo) -> None:
    preset = finished.preset.replaced(finetuning={"strength": 0.5, "temperature": 0.8})
    networks = LatentFlowNetworks(preset, facts)
    assert networks.sampler().settings == SamplerSettings(steps=1, guidance=1.0, strength=0.5, temperature=0.8)
    assert networks.generator().settings == SamplerSettings(steps=1, guidance=1.0)


def test_without_fine_tuning_the_guided_flow_paints(networks: LatentFlowNetworks, preset: LatentFlowPreset) -> None:
    assert networks.first_sampling_stage == 1 and not networks.takes_strength and networks.adversaries is None
    assert networks.sampler().settings == preset.sampler
    assert networks.sampler().decoder is networks.autoencoder_ema.decoder
