"""The networks' shapes agree, patches go back where they came from, and guidance does what its formula says."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from painting.models.autoencoder import Decoder, LatentScale
from painting.models.latent_flow import FlowPrior, LatentFlowSampler, SamplerSettings
from painting.models.layers import LATENT_SIDE

CHANNELS, TEXT = 2, 5
LATENT_SIZE = CHANNELS * LATENT_SIDE * LATENT_SIDE


def opened_prior() -> FlowPrior:
    """A prior as training makes it: none of its gates are zero."""
    torch.manual_seed(0)
    prior = FlowPrior(CHANNELS, TEXT, width=16, depth=2, heads=2)
    for weight in prior.parameters():
        torch.nn.init.normal_(weight, std=0.2)
    return prior


def sampler(steps: int = 2, guidance: float = 2.0) -> LatentFlowSampler:
    networks = opened_prior(), LatentScale(CHANNELS), Decoder(CHANNELS, [8, 8])
    return LatentFlowSampler(*networks, SamplerSettings(steps, guidance))


def noise(count: int = 3) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(1)
    return torch.randn(count, LATENT_SIZE, generator=random), torch.randn(count, TEXT, generator=random)


def test_a_fresh_prior_has_no_velocity() -> None:
    prior = FlowPrior(CHANNELS, TEXT, width=16, depth=1, heads=2)
    velocity = prior(
        torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE),
        torch.rand(2),
        torch.randn(2, TEXT),
        torch.tensor([0, 1]) > 0,
    )
    assert velocity.shape == (2, CHANNELS, LATENT_SIDE, LATENT_SIDE)
    assert not velocity.any()


def test_a_dropped_text_does_not_matter_and_a_kept_one_does() -> None:
    prior, latents, time = opened_prior(), torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE), torch.rand(2)
    drop = torch.tensor([True, False])
    one, other = (prior(latents, time, text, drop) for text in (torch.zeros(2, TEXT), torch.ones(2, TEXT)))
    assert torch.equal(one[0], other[0])
    assert (one[1] - other[1]).abs().max() > 1e-3


@torch.no_grad()
def test_the_sampler_gives_bytes_channels_last() -> None:
    latents, text = noise()
    pictures = sampler()(latents, text)
    assert pictures.dtype == torch.uint8
    assert pictures.shape == (3, 32, 32, 3)


class ConstantDecoder(Decoder):
    """Decodes everything to one brightness."""

    def __init__(self, brightness: float) -> None:
        super().__init__(CHANNELS, [8, 8])
        self.brightness = brightness

    def forward(self, latents: Tensor, noise: Tensor | None = None) -> Tensor:
        return torch.full((len(latents), 3, 16, 16), self.brightness)


@pytest.mark.parametrize(("brightness", "level"), [(-9.0, 0), (-1.0, 0), (0.0, 128), (0.5, 191), (9.0, 255)])
def test_brightness_from_minus_one_to_one_becomes_levels_and_what_is_beyond_is_clipped(
    brightness: float, level: int
) -> None:
    painter = LatentFlowSampler(
        opened_prior(), LatentScale(CHANNELS), ConstantDecoder(brightness), SamplerSettings(1, 1)
    )
    assert (painter(*noise()) == level).all()


class RememberingDecoder(ConstantDecoder):
    """Keeps the latents and the noise that it was given."""

    def forward(self, latents: Tensor, noise: Tensor | None = None) -> Tensor:
        self.latents, self.noise = latents, noise
        return super().forward(latents)


def stepwise(sampler: LatentFlowSampler, x: Tensor, text: Tensor) -> Tensor:
    """The guided Euler steps as the papers write them, one call of the prior for each velocity."""
    keep, how = torch.zeros(len(x), dtype=torch.bool), sampler.settings
    for step in range(how.steps, 0, -1):
        t = step / how.steps  # from 1, noise, down
        time = torch.full((len(x),), t)
        with_text, without = sampler.prior(x, time, text, keep), sampler.prior(x, time, text, ~keep)
        guidance = how.guidance if how.guidance_min_time <= t <= how.guidance_max_time else 1
        x = x - (without + guidance * (with_text - without)) / how.steps
    latents: Tensor = sampler.scale(x)
    return latents


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("guidance", [0.0, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("interval", [(0.0, 1.0), (0.4, 0.9)])
@torch.no_grad()
def test_the_sampler_takes_guided_euler_steps_from_noise_to_data_and_through_the_scale(
    steps: int, guidance: float, interval: tuple[float, float]
) -> None:
    decoder, (latents, text) = RememberingDecoder(0), noise()
    scale = LatentScale(CHANNELS)
    scale.measure(3 * torch.randn(64, CHANNELS, LATENT_SIDE, LATENT_SIDE) + 1)
    unrolled = LatentFlowSampler(opened_prior(), scale, decoder, SamplerSettings(steps, guidance, *interval))
    unrolled(latents, text)
    wanted = stepwise(unrolled, latents.reshape(-1, CHANNELS, LATENT_SIDE, LATENT_SIDE), text)
    torch.testing.assert_close(decoder.latents, wanted, atol=1e-4, rtol=1e-4)
    assert decoder.noise is latents  # what grain is made of


@torch.no_grad()
def test_a_picture_does_not_depend_on_what_is_painted_with_it() -> None:
    latents, text = noise(4)
    painter = sampler()
    together, alone = painter(latents, text), painter(latents[2:3], text[2:3])
    assert (together[2:3].int() - alone.int()).abs().max() <= 1


@torch.no_grad()
def test_full_strength_changes_nothing() -> None:
    (latents, text), painter = noise(), guided_in_the_middle()
    torch.testing.assert_close(painter.integrate(latents, text, torch.ones(3)), painter.integrate(latents, text))


@torch.no_grad()
def test_strength_zero_ignores_the_text_and_more_strength_follows_it_more() -> None:
    (latents, text), painter = noise(), guided_in_the_middle()

    def influence(strength: float) -> float:
        one, other = (painter.integrate(latents, condition, torch.full((3,), strength)) for condition in (text, -text))
        return float((one - other).abs().mean())

    assert influence(0) == 0
    assert influence(0.5) < influence(1) < influence(1.5)


@torch.no_grad()
def test_the_settings_strength_multiplies_that_of_a_call() -> None:
    (latents, text), own, other = noise(), guided_in_the_middle(), guided_in_the_middle()
    own.settings = replace(own.settings, strength=0.7)
    torch.testing.assert_close(own.integrate(latents, text), other.integrate(latents, text, torch.full((3,), 0.7)))
    twice = own.integrate(latents, text, torch.full((3,), 0.5))
    torch.testing.assert_close(twice, other.integrate(latents, text, torch.full((3,), 0.35)))


def guided_in_the_middle() -> LatentFlowSampler:
    """A gentle flow, guided at some of its times alone."""
    painter = sampler(4)
    painter.settings = SamplerSettings(4, 3.0, 0.4, 0.8)
    for weight in painter.prior.final_layer[-1].parameters():
        torch.nn.init.normal_(weight, std=0.01)
    return painter
