"""Pictures become maps and maps pictures again, with textures of noise; a classifier gives a logit an attribute."""

import pytest
import torch

from painting.models.autoencoder import AttributeClassifier, Autoencoder, Decoder, LatentScale
from painting.models.layers import LATENT_SIDE

CHANNELS = 2


def noise(count: int) -> torch.Tensor:
    return torch.randn(count, CHANNELS * LATENT_SIDE * LATENT_SIDE)


@pytest.mark.parametrize(("size", "widths"), [(16, [8]), (32, [8, 16])])
def test_encoder_and_decoder_lead_from_pictures_to_a_grid_of_eight_and_back(size: int, widths: list[int]) -> None:
    pictures = torch.randn(2, 3, size, size)
    autoencoder = Autoencoder(CHANNELS, widths, widths[::-1])
    latents = autoencoder.encoder(pictures)
    assert latents.shape == (2, CHANNELS, LATENT_SIDE, LATENT_SIDE)
    assert autoencoder.decoder(latents, noise(2)).shape == pictures.shape


def test_classifier_gives_a_logit_an_attribute() -> None:
    assert AttributeClassifier([8], attributes=3)(torch.randn(2, 3, 16, 16)).shape == (2, 3)


def test_classifier_without_attributes_is_made_without_a_warning() -> None:
    assert AttributeClassifier([8], attributes=0)(torch.randn(2, 3, 16, 16)).shape == (2, 0)


def test_standardised_latents_have_mean_zero_and_spread_one_and_are_restored() -> None:
    latents = 3 * torch.randn(16, CHANNELS, LATENT_SIDE, LATENT_SIDE) + torch.tensor([5.0, -1.0])[:, None, None]
    scale = LatentScale(CHANNELS)
    assert torch.equal(scale.standardise(latents), latents)
    scale.measure(latents)
    unit = scale.standardise(latents)
    torch.testing.assert_close(unit.mean((0, 2, 3)), torch.zeros(CHANNELS), atol=1e-5, rtol=0)
    torch.testing.assert_close(unit.std((0, 2, 3)), torch.ones(CHANNELS))
    torch.testing.assert_close(scale(unit), latents)


def test_a_channel_without_spread_does_not_divide_by_zero() -> None:
    scale = LatentScale(CHANNELS)
    scale.measure(torch.ones(4, CHANNELS, LATENT_SIDE, LATENT_SIDE))
    assert scale.standardise(torch.ones(4, CHANNELS, LATENT_SIDE, LATENT_SIDE)).isfinite().all()


def test_a_decoder_paints_no_grid_where_its_squares_corners_differ() -> None:
    decoder = Decoder(CHANNELS, [16, 8])
    for weight in decoder.out[2].parameters():
        weight.data = torch.arange(12.0) if weight.ndim == 1 else torch.zeros_like(weight)
    pictures = decoder(torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE), noise(2))[:, :, 1:, 1:]
    torch.testing.assert_close(pictures, torch.tensor([1.5, 5.5, 9.5])[:, None, None].expand_as(pictures))


def test_the_same_noise_makes_the_same_texture_and_another_noise_another() -> None:
    decoder = Decoder(CHANNELS, [16, 8])
    latents, one = torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE), noise(2)
    assert torch.equal(decoder(latents, one), decoder(latents, one))
    assert ((decoder(latents, noise(2)) - decoder(latents, one)).abs() > 1e-6).float().mean() > 0.9


def test_each_pixel_s_grain_changes_only_what_is_near_it() -> None:
    decoder = Decoder(CHANNELS, [16, 8, 8])
    for part in (decoder.out, decoder.stages[-1].get_submodule("2")):
        for name, layer in list(part.named_children()):
            if isinstance(layer, torch.nn.GroupNorm):  # it sees the whole picture
                setattr(part, name, torch.nn.Identity())
    latents, one = torch.randn(1, CHANNELS, LATENT_SIDE, LATENT_SIDE), noise(1)
    plain = decoder(latents, one)
    decoder.grain.fields[:, 1, 0, 2, 5, 0] += 1  # of the square whose first pixel stands in row 4 and column 40
    changed = (decoder(latents, one) - plain).abs().amax((0, 1)) > 1e-7
    assert changed[4, 40] and not changed[20:].any() and not changed[:, :20].any()
