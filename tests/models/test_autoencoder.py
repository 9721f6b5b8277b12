"""Pictures become maps and maps pictures again, and the discriminators give a logit for each patch or picture."""

import pytest
import torch

from painting.models.autoencoder import (
    AttributeClassifier,
    Decoder,
    Encoder,
    GrownDecoder,
    LatentScale,
    PatchDiscriminator,
)
from painting.models.layers import LATENT_SIDE

CHANNELS = 2


@pytest.mark.parametrize(("size", "widths"), [(16, [8]), (32, [8, 16])])
def test_encoder_and_decoder_lead_from_pictures_to_a_grid_of_eight_and_back(size: int, widths: list[int]) -> None:
    pictures = torch.randn(2, 3, size, size)
    latents = Encoder(widths, CHANNELS)(pictures)
    assert latents.shape == (2, CHANNELS, LATENT_SIDE, LATENT_SIDE)
    assert Decoder(CHANNELS, [*widths[::-1], 8])(latents).shape == pictures.shape


def test_features_are_the_maps_of_each_stage() -> None:
    features = Encoder([8, 16], CHANNELS).features(torch.randn(2, 3, 32, 32))
    assert [tuple(maps.shape) for maps in features] == [(2, 8, 16, 16), (2, 16, 8, 8)]


def test_classifier_gives_a_logit_an_attribute_and_discriminator_one_a_patch() -> None:
    pictures = torch.randn(2, 3, 16, 16)
    assert AttributeClassifier([8], attributes=3)(pictures).shape == (2, 3)
    assert PatchDiscriminator(8)(pictures).shape == (2, 1, 4, 4)


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


def noise(count: int) -> torch.Tensor:
    return torch.randn(count, CHANNELS * LATENT_SIDE * LATENT_SIDE)


def test_a_grown_decoder_leads_to_twice_the_side() -> None:
    latents = torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE)
    assert GrownDecoder(CHANNELS, [16, 8])(latents, noise(2)).shape == (2, 3, 32, 32)


def test_a_grown_decoder_paints_no_grid_where_its_squares_corners_differ() -> None:
    decoder = GrownDecoder(CHANNELS, [16, 8])
    for weight in decoder.out[2].parameters():
        weight.data = torch.arange(12.0) if weight.ndim == 1 else torch.zeros_like(weight)
    pictures = decoder(torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE), noise(2))[:, :, 1:, 1:]
    torch.testing.assert_close(pictures, torch.tensor([1.5, 5.5, 9.5])[:, None, None].expand_as(pictures))


def test_the_same_noise_makes_the_same_texture_and_another_noise_another() -> None:
    decoder = GrownDecoder(CHANNELS, [16, 8])
    latents, one = torch.randn(2, CHANNELS, LATENT_SIDE, LATENT_SIDE), noise(2)
    assert torch.equal(decoder(latents, one), decoder(latents, one))
    assert ((decoder(latents, noise(2)) - decoder(latents, one)).abs() > 1e-6).float().mean() > 0.9


def test_each_pixel_s_grain_changes_only_what_is_near_it() -> None:
    decoder = GrownDecoder(CHANNELS, [16, 8, 8])
    for part in (decoder.out, decoder.stages[-1].get_submodule("2")):
        for name, layer in list(part.named_children()):
            if isinstance(layer, torch.nn.GroupNorm):  # it sees the whole picture
                setattr(part, name, torch.nn.Identity())
    latents, one = torch.randn(1, CHANNELS, LATENT_SIDE, LATENT_SIDE), noise(1)
    plain = decoder(latents, one)
    decoder.grain.fields[:, 1, 0, 2, 5, 0] += 1  # of the square whose first pixel stands in row 4 and column 40
    changed = (decoder(latents, one) - plain).abs().amax((0, 1)) > 1e-7
    assert changed[4, 40] and not changed[20:].any() and not changed[:, :20].any()


def test_a_patch_discriminator_s_receptive_field_is_a_stroke() -> None:
    pictures = torch.zeros(1, 3, 128, 128, requires_grad=True)
    logits = PatchDiscriminator(8)(pictures)
    assert logits.shape == (1, 1, 32, 32)
    logits[0, 0, 16, 16].backward()
    assert pictures.grad is not None
    places = pictures.grad.abs().sum((0, 1)).any(0).nonzero()
    assert places.max() - places.min() + 1 == 26
