"""Fine-tuning trains prior and decoder as one generator against a discriminator that learns alone before it."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import torch
from tests.training.running import run_until, snapshot
from torch import Tensor

from painting.paint.validation import MAX_STRENGTH
from painting.training.latent_flow import adversarial_finetuning
from painting.training.latent_flow.adversarial_finetuning import CAPTIONS_AT_FULL_STRENGTH, FinetuningStage
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.loop import Interrupted
from painting.training.optim import ema_decay
from painting.training.rng import RngKey

pytestmark = pytest.mark.slow

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
GENERATOR = {"prior", "autoencoder"}
EMAS = {"prior_ema", "autoencoder_ema"}
DISCRIMINATOR = {"projected_discriminator", "discriminator_gate"}
MOMENTS = {"frechet_moments"}
DISCRIMINATOR_LOSSES = {"discriminator_loss", "mismatched_caption_loss", "discriminator_accuracy"}
WARMUP = 4
"""The steps for which the discriminator learns alone."""


def trained_and_ema(networks: LatentFlowNetworks) -> list[tuple[torch.nn.Module, torch.nn.Module]]:
    """What paints, each network with its EMA."""
    return [
        (networks.prior, networks.prior_ema),
        (networks.autoencoder.decoder, networks.autoencoder_ema.decoder),
    ]


def changed(names: list[str]) -> set[str]:
    """The networks that tensors belong to."""
    return {name.split("/")[1] for name in names}


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(mine, theirs) for mine, theirs in pairs)


def test_it_starts_from_the_emas_of_prior_and_decoder(finished: Any, differing: Differing) -> None:
    stage, networks = finished.stages[2], finished.networks
    assert isinstance(stage, FinetuningStage)
    with torch.no_grad():  # as after the stages before, whose EMAs lag behind
        networks.autoencoder.decoder.out[2].bias.add_(1)
        networks.autoencoder.encoder.out[2].bias.add_(1)
    before = snapshot(finished)
    assert not any(same(network, ema) for network, ema in trained_and_ema(networks))
    stage.setup()
    stage.step(RngKey(0, stage.name, 0))
    assert all(same(network, ema) for network, ema in trained_and_ema(networks))
    assert changed(differing(before, snapshot(finished))) == GENERATOR | DISCRIMINATOR | MOMENTS


def test_it_starts_from_them_once(finished: Any) -> None:
    stage, (prior, ema) = finished.stages[2], trained_and_ema(finished.networks)[0]
    stage.setup()
    stage.step(RngKey(0, stage.name, 1))
    assert not same(prior, ema)


def test_during_warm_up_only_the_discriminator_learns_and_the_emas_stay(finished: Any, differing: Differing) -> None:
    stage, before = finished.stages[2], snapshot(finished)
    stage.setup()
    for step in range(1, WARMUP):
        assert set(stage.step(RngKey(0, stage.name, step))) == DISCRIMINATOR_LOSSES
    assert changed(differing(before, snapshot(finished))) == DISCRIMINATOR | MOMENTS


def test_then_every_weight_of_generator_and_discriminator_learns_and_no_other_network_does(
    finished: Any, differing: Differing
) -> None:
    stage, networks, before = finished.stages[2], finished.networks, snapshot(finished)
    stage.setup()
    published = {name: weight.clone() for name, weight in stage.features.network.state_dict().items()}
    for step in (WARMUP, WARMUP + 1):
        losses = stage.step(RngKey(0, stage.name, step))
        assert set(losses) == {"generator_loss", "diversity_loss", "frechet_distance", *DISCRIMINATOR_LOSSES}
    names = differing(before, snapshot(finished))
    assert changed(names) == GENERATOR | EMAS | DISCRIMINATOR | MOMENTS
    assert not [name for name in names if ".encoder." in name or "/encoder." in name]
    assert not differing(published, stage.features.network.state_dict())
    learning = [networks.prior, networks.autoencoder.decoder, *(networks.named[name] for name in DISCRIMINATOR)]
    still = {
        name
        for network in learning
        for name, weight in network.named_parameters()
        if weight.grad is None or not weight.grad.any()
    }
    # The generator is always conditioned on text; logits within the hinge's margins pull a last bias both ways alike.
    assert still <= {"null_emb", *(f"outs.{head}.bias" for head in range(5))}


def test_the_emas_follow_the_generator_with_the_half_life_that_is_set(finished: Any) -> None:
    stage, pairs = finished.stages[2], trained_and_ema(finished.networks)
    stage.setup()
    for step in range(WARMUP):
        stage.step(RngKey(0, stage.name, step))
    begun = [copy.deepcopy(average) for _, average in pairs]
    stage.step(RngKey(0, stage.name, WARMUP))
    decay = ema_decay(WARMUP * stage.batch, stage.batch, 100, shortest=WARMUP * stage.batch)
    for before, (network, average) in zip(begun, pairs, strict=True):
        assert not same(before, network)
        weights = zip(before.parameters(), network.parameters(), average.parameters(), strict=True)
        for old, new, mean in weights:
            torch.testing.assert_close(mean, decay * old + (1 - decay) * new)


def test_most_captions_have_strength_one_and_the_others_strengths_up_to_the_largest(finished: Any) -> None:
    stage = finished.stages[2]
    scaled = stage._with_random_strengths(torch.ones(4000, 5), RngKey(0, stage.name, 0))
    assert torch.equal(scaled, scaled[:, :1].expand(-1, 5))
    strengths = scaled[:, 0]
    others = strengths[strengths != 1]
    assert abs(len(others) / 4000 - (1 - CAPTIONS_AT_FULL_STRENGTH)) < 0.03
    assert 0 <= others.min() < 0.02 and MAX_STRENGTH - 0.02 < others.max() <= MAX_STRENGTH
    assert abs(others.mean() - MAX_STRENGTH / 2) < 0.05


def test_generator_and_discriminator_are_conditioned_on_the_same_captions(finished: Any) -> None:
    stage, texts = finished.stages[2], []
    finished.networks.prior.text_embedder.register_forward_pre_hook(lambda network, given: texts.append(given[0]))
    stage.discriminator.logits = Mock(side_effect=stage.discriminator.logits)
    stage.setup()
    key = RngKey(0, stage.name, 5)
    stage.step(key)
    painted = texts[0]
    of_generator, of_painted, of_real, of_wrong = (call.args[1] for call in stage.discriminator.logits.call_args_list)
    assert torch.equal(of_generator, painted) and torch.equal(of_painted, painted)
    assert torch.equal(of_real[: stage.batch // 2], painted[: stage.batch // 2])
    captions = stage.batches.text(stage.batches.select(key, stage.batch), key)
    assert torch.equal(of_wrong, captions.roll(1, 0))  # and real pictures with their neighbours'
    strengths = of_real / captions
    torch.testing.assert_close(strengths, strengths[:, :1].expand(-1, 5))


def test_a_neighbour_s_caption_mismatches_where_its_attributes_differ(finished: Any) -> None:
    stage = finished.stages[2]
    stage._update_discriminator = Mock(side_effect=stage._update_discriminator)
    stage.setup()
    key = RngKey(0, stage.name, 1)
    stage.step(key)
    shown = stage.batches.data.targets(stage.batches.select(key, stage.batch).ids).tolist()
    wrong = stage._update_discriminator.call_args.args[2].is_mismatched
    assert wrong.tolist() == [here != shown[place - 1] for place, here in enumerate(shown)] and wrong.any()


def test_two_pictures_of_each_caption_are_painted_of_noise_and_grain_of_their_own(finished: Any) -> None:
    stage, networks = finished.stages[2], finished.networks
    texts: list[Tensor] = []
    noises: list[Any] = []
    networks.prior.text_embedder.register_forward_pre_hook(lambda network, given: texts.append(given[0]))
    networks.autoencoder.decoder.register_forward_pre_hook(lambda network, given: noises.append(given[1]))
    stage.setup()
    for step in (0, 1, 0):
        stage.step(RngKey(0, stage.name, step))
    assert torch.equal(texts[0][: stage.batch // 2], texts[0][stage.batch // 2 :])
    first, second, again = noises
    assert first.shape == (stage.batch, 128) and len(first.unique(dim=0)) == stage.batch
    assert torch.equal(first, again) and not torch.isclose(first, second).any(0).all()


def test_photographs_and_painted_pictures_are_augmented_by_draws_of_their_own(
    finished: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds: list[int] = []

    def spied(pictures: Tensor, random: torch.Generator) -> Tensor:
        seeds.append(random.initial_seed())
        return pictures

    monkeypatch.setattr(adversarial_finetuning, "diff_augment", spied)
    stage = finished.stages[2]
    stage.setup()
    seeds.clear()  # of the real pictures that moments were measured on
    for step in (1, 5, 1):
        stage.step(RngKey(0, stage.name, step))
    assert len(set(seeds[:4])) == 4 and seeds[4:] == seeds[:2]


def test_discriminator_inputs_are_mixed_maps_and_pixels_of_the_same_augmented_pictures(finished: Any) -> None:
    stage = finished.stages[2]
    stage.discriminator.features = Mock(side_effect=stage.discriminator.features)
    stage.setup()
    stage.step(RngKey(0, stage.name, 1))
    assert stage.discriminator.features.call_count == 2  # photographs once for both captions
    for call in stage.discriminator.features.call_args_list:
        *maps, pictures = call.args[0]
        assert pictures.shape == (stage.batch, 3, 16, 16)
        wanted = stage.mixer(stage.features.maps(pictures))
        assert all(torch.equal(one, other) for one, other in zip(maps, wanted, strict=True))


def test_a_discriminator_that_prefers_bright_pictures_makes_the_generator_paint_them(finished: Any) -> None:
    stage = finished.stages[2]
    stage.settings = replace(stage.settings, frechet_weight=0.0)  # which holds them back
    stage.setup()
    stage.discriminator.forward = lambda pictures, text: pictures[-1].mean((1, 2, 3))[:, None]
    stage._update_discriminator = Mock(return_value={})
    random = torch.Generator().manual_seed(0)
    noise, text = torch.randn(16, 128, generator=random), torch.randn(16, 5, generator=random)

    @torch.no_grad()
    def brightness() -> float:
        return float(finished.networks.generator().paint(noise, text).mean())

    stage.step(RngKey(0, stage.name, 0))
    begun = brightness()
    for step in range(10):
        stage.step(RngKey(0, stage.name, WARMUP + step % 4))
    assert brightness() > begun + 0.1


def test_samples_snapshots_and_painter_are_the_emas(finished: Any) -> None:
    networks, stage = finished.networks, finished.stages[2]
    sampler = networks.sampler()
    assert sampler.prior is networks.prior_ema
    assert sampler.decoder is networks.autoencoder_ema.decoder
    assert set(stage.snapshot_networks.values()) == {sampler.prior, sampler.scale, sampler.decoder}
    assert sampler(torch.zeros(2, 128), torch.zeros(2, 5)).shape == (2, 16, 16, 3)
    assert stage.sample_row().shape == (8, 16, 16, 3)
    assert stage.sample_grid().shape == (3 * 18 - 2, 8 * 18 - 2, 3)
    assert networks.first_sampling_stage == 2


@pytest.mark.usefixtures("fast_logger")
def test_a_run_stopped_in_any_of_three_stages_ends_with_the_very_weights_of_one_that_was_not(
    make_finished: Any, tmp_path: Path, differing: Differing
) -> None:
    straight = make_finished().recipe()
    run_until(straight, tmp_path / "straight")
    for stop in (5, 13, 16, 18, 21):  # of 8 + 8 + 8 steps
        with pytest.raises(Interrupted):
            run_until(make_finished().recipe(), tmp_path / "stopped", stop)
    resumed = make_finished().recipe()
    run_until(resumed, tmp_path / "stopped")
    assert not differing(snapshot(straight), snapshot(resumed))
