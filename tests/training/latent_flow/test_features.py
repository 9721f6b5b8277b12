"""Features for losses are the published network's, of pictures enlarged to the side that is set."""

import pytest
import torch

from painting.models.published import LITE0_PACKAGE, load_efficientnet
from painting.training.latent_flow.features import EnlargedFeatures

CPU = torch.device("cpu")


@pytest.mark.parametrize("side", [32, 64])
@torch.no_grad()
def test_pictures_are_enlarged_before_the_published_network(side: int) -> None:
    pictures = 2 * torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(0)) - 1
    features = EnlargedFeatures(side, CPU)
    maps = features.maps(pictures)
    assert [tuple(each.shape[2:]) for each in maps] == [(side // scale, side // scale) for scale in (4, 8, 16, 32)]
    published = load_efficientnet(LITE0_PACKAGE, "This test")
    enlarged = torch.nn.functional.interpolate(pictures, scale_factor=side // 16, mode="bilinear")
    torch.testing.assert_close(maps, published(enlarged))
    torch.testing.assert_close(features.pooled(maps), published.vectors(enlarged))


def test_it_is_frozen_and_lets_gradients_through_to_the_pictures() -> None:
    features = EnlargedFeatures(32, CPU)
    assert not any(weight.requires_grad for weight in features.network.parameters())
    pictures = torch.rand(1, 3, 16, 16, requires_grad=True)
    (gradient,) = torch.autograd.grad(features.pooled(features.maps(pictures)).sum(), pictures)
    assert gradient.any()
