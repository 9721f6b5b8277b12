"""Pictures become maps and maps pictures again, and what judges them gives a logit for each thing judged."""

import pytest
import torch

from painting.models.autoencoder import GRID, AttributeClassifier, Decoder, Encoder, LatentScale, PatchDiscriminator

CHANNELS = 2


@pytest.mark.parametrize(("size", "widths"), [(16, [8]), (32, [8, 16])])
def test_encoder_and_decoder_lead_from_pictures_to_a_grid_of_eight_and_back(size: int, widths: list[int]) -> None:
    pictures = torch.randn(2, 3, size, size)
    latents = Encoder(widths, CHANNELS)(pictures)
    assert latents.shape == (2, CHANNELS, GRID, GRID)
    assert Decoder(CHANNELS, [*widths[::-1], 8])(latents).shape == pictures.shape


def test_features_are_what_each_stage_sees() -> None:
    features = Encoder([8, 16], CHANNELS).features(torch.randn(2, 3, 32, 32))
    assert [tuple(maps.shape) for maps in features] == [(2, 8, 16, 16), (2, 16, 8, 8)]


def test_classifier_gives_a_logit_an_attribute_and_discriminator_one_a_patch() -> None:
    pictures = torch.randn(2, 3, 16, 16)
    assert AttributeClassifier([8], attributes=3)(pictures).shape == (2, 3)
    assert PatchDiscriminator(8)(pictures).shape == (2, 1, 4, 4)


def test_standardised_latents_have_mean_zero_and_spread_one_and_are_restored() -> None:
    latents = 3 * torch.randn(16, CHANNELS, GRID, GRID) + torch.tensor([5.0, -1.0])[:, None, None]
    scale = LatentScale(CHANNELS)
    assert torch.equal(scale.standardise(latents), latents)
    scale.measure(latents)
    unit = scale.standardise(latents)
    torch.testing.assert_close(unit.mean((0, 2, 3)), torch.zeros(CHANNELS), atol=1e-5, rtol=0)
    torch.testing.assert_close(unit.std((0, 2, 3)), torch.ones(CHANNELS))
    torch.testing.assert_close(scale.restore(unit), latents)
