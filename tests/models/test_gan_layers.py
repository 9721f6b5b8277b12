"""The shared pieces double and halve, keep a side with an even kernel, and start as DCGAN does."""

import pytest
import torch
from torch import Tensor, nn

from painting.models.digits_gan import DigitsDiscriminator, DigitsGenerator
from painting.models.gan_layers import DownsampleStack, ProjectAndReshape, ToPicture, UpsampleStack, dcgan_init
from painting.models.tac_gan import TacDiscriminator, TacGenerator


def test_maps_double_and_halve_once_for_each_pair_of_widths() -> None:
    maps = ProjectAndReshape(5, 8, 4)(torch.randn(2, 5))
    assert maps.shape == (2, 8, 4, 4)
    doubled = UpsampleStack([8, 6, 3])(maps)
    assert doubled.shape == (2, 3, 16, 16)
    assert DownsampleStack([3, 6, 8], normalised=True)(doubled).shape == (2, 8, 4, 4)


@pytest.mark.parametrize(("batch_norm", "normalised"), [(True, [False, True, True]), (False, [False, False, False])])
def test_the_first_downsampling_is_never_normalised_and_the_others_if_so_set(
    batch_norm: bool, normalised: list[bool]
) -> None:
    halvings = DownsampleStack([3, 4, 5, 6], batch_norm)
    assert [any(isinstance(layer, nn.BatchNorm2d) for layer in block.children()) for block in halvings] == normalised


def test_the_last_convolution_keeps_the_side_and_the_range() -> None:
    pictures = ToPicture(4, 3)(100 * torch.randn(2, 4, 7, 9))
    assert pictures.shape == (2, 3, 7, 9)
    assert pictures.abs().max() <= 1 and pictures.abs().max() > 0.99


@pytest.mark.parametrize(
    "network", [DigitsGenerator(), DigitsDiscriminator(), TacGenerator(64), TacDiscriminator(64, 14)], ids=type
)
@torch.no_grad()
def test_networks_start_as_dcgan_does(network: nn.Module) -> None:
    weights: list[Tensor] = []
    gains: list[Tensor] = []
    shifts: list[Tensor] = []
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            weights.append(module.weight.flatten())
            shifts += [module.bias] if module.bias is not None else []
        if isinstance(module, nn.BatchNorm2d):
            gains.append(module.weight)
            shifts.append(module.bias)
    for parts, middle in ((weights, 0.0), (gains, 1.0)):
        drawn = torch.cat(parts)
        allowed = 5 * 0.02 / len(drawn) ** 0.5
        assert abs(float(drawn.mean()) - middle) < allowed
        assert abs(float(drawn.std()) - 0.02) < allowed
    assert not torch.cat(shifts).any()


def test_layers_that_are_no_convolutions_are_left_as_they_are() -> None:
    linear = nn.Linear(50, 50)
    before = linear.weight.clone()
    dcgan_init(nn.Sequential(linear))
    assert torch.equal(linear.weight, before)
