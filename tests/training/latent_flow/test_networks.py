"""Networks are the seed's, paint with their EMAs, and hand weights from one to the other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

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


def test_of_six_stages_the_last_paints_with_the_emas_of_student_and_decoder(finished: Any) -> None:
    networks = finished.networks
    distilled = networks.distilled
    assert networks.first_sampling_stage == 5 and networks.takes_strength
    assert networks.sampler().prior is distilled.student_ema and networks.sampler().decoder is distilled.decoder_ema
    assert distilled.training_sampler().prior is distilled.student
    assert set(networks.inference_networks.values()) == {distilled.student_ema, distilled.decoder_ema}


def test_emas_move_towards_what_is_trained_and_can_be_loaded_into_it(finished: Any) -> None:
    distilled = finished.networks.distilled
    pairs = (distilled.student, distilled.student_ema), (distilled.decoder, distilled.decoder_ema)
    with torch.no_grad():
        for network, _ in pairs:
            for weight in network.parameters():
                weight.add_(1)
    distilled.update_ema(0.0)  # no memory
    for network, ema in pairs:
        torch.testing.assert_close(dict(network.state_dict()), dict(ema.state_dict()))
    with torch.no_grad():
        distilled.student.null_emb.add_(1)
    distilled.load_ema()
    assert torch.equal(distilled.student.null_emb, distilled.student_ema.null_emb)
    assert distilled.student.null_emb.requires_grad and not distilled.student_ema.null_emb.requires_grad
