"""Inception v3 has the parameters of the published file, and its three peculiarities."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.inception import (
    InceptionA,
    InceptionC,
    InceptionE,
    InceptionV3,
    average_pool,
    max_pool,
    resize_bilinear_tf1,
)


@pytest.fixture(scope="module")
def network() -> InceptionV3:
    torch.manual_seed(0)
    return InceptionV3().eval()


def test_it_has_the_published_number_of_parameters(network: InceptionV3) -> None:
    assert sum(parameter.numel() for parameter in network.parameters()) == 23_850_960
    assert sum(isinstance(module, nn.Conv2d) for module in network.modules()) == 94
    assert len(network.state_dict()) == 94 * 6 + 2


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("Conv2d_1a_3x3.conv.weight", (32, 3, 3, 3)),
        ("Conv2d_2b_3x3.bn.running_var", (64,)),
        ("Conv2d_4a_3x3.conv.weight", (192, 80, 3, 3)),
        ("Mixed_5b.branch_pool.conv.weight", (32, 192, 1, 1)),
        ("Mixed_5d.branch5x5_2.conv.weight", (64, 48, 5, 5)),
        ("Mixed_6a.branch3x3dbl_3.conv.weight", (96, 96, 3, 3)),
        ("Mixed_6b.branch7x7_2.conv.weight", (128, 128, 1, 7)),
        ("Mixed_6c.branch7x7dbl_4.conv.weight", (160, 160, 7, 1)),
        ("Mixed_6e.branch7x7_3.conv.weight", (192, 192, 7, 1)),
        ("Mixed_7a.branch7x7x3_4.conv.weight", (192, 192, 3, 3)),
        ("Mixed_7b.branch3x3_2b.conv.weight", (384, 384, 3, 1)),
        ("Mixed_7c.branch3x3dbl_3a.conv.weight", (384, 384, 1, 3)),
        ("Mixed_7c.branch1x1.conv.weight", (320, 2048, 1, 1)),
        ("fc.weight", (1008, 2048)),
        ("fc.bias", (1008,)),
    ],
)
def test_parameters_have_the_published_names_and_shapes(
    network: InceptionV3, name: str, shape: tuple[int, ...]
) -> None:
    assert network.state_dict()[name].shape == shape


def test_maps_have_the_published_sides(network: InceptionV3) -> None:
    sides: dict[str, tuple[int, ...]] = {}
    hooks = [
        module.register_forward_hook(lambda _, __, out, name=name: sides.__setitem__(name, tuple(out.shape[1:])))
        for name, module in network.named_children()
    ]
    with torch.inference_mode():
        assert network(torch.zeros(1, 3, 299, 299)).shape == (1, 2048)
    for hook in hooks:
        hook.remove()
    assert sides["Conv2d_1a_3x3"] == (32, 149, 149)
    assert sides["Conv2d_2b_3x3"] == (64, 147, 147)
    assert sides["Conv2d_4a_3x3"] == (192, 71, 71)
    assert sides["Mixed_5d"] == (288, 35, 35)
    assert sides["Mixed_6e"] == (768, 17, 17)
    assert sides["Mixed_7a"] == (1280, 8, 8)
    assert sides["Mixed_7c"] == (2048, 8, 8)


def pooled_branch(block: nn.Module, pooled: Tensor) -> Tensor:
    """What a block's last branch makes of a pooled map, by its parameters alone."""
    weights = {name.removeprefix("branch_pool."): value for name, value in block.state_dict().items()}
    x = F.conv2d(pooled, weights["conv.weight"])
    shape = (1, -1, 1, 1)
    spread = (weights["bn.running_var"].view(shape) + 0.001).sqrt()
    x = (x - weights["bn.running_mean"].view(shape)) / spread
    return F.relu(x * weights["bn.weight"].view(shape) + weights["bn.bias"].view(shape))


@pytest.mark.parametrize(
    ("block", "channels"),
    [
        (InceptionA(8, 32), 8),
        (InceptionC(8, 16), 8),
        (InceptionE(8, average_pool), 8),
    ],
)
def test_average_pooling_leaves_the_padding_out(block: nn.Module, channels: int) -> None:
    maps = torch.rand(1, channels, 5, 5, generator=torch.Generator().manual_seed(1)) + 1
    inside = F.avg_pool2d(F.pad(maps, (1,) * 4), 3, stride=1) * 9
    places = F.avg_pool2d(F.pad(torch.ones_like(maps), (1,) * 4), 3, stride=1) * 9
    wanted = pooled_branch(block.eval(), inside / places)
    with torch.inference_mode():
        torch.testing.assert_close(block(maps)[:, -wanted.shape[1] :], wanted)


def test_the_last_block_takes_the_maximum() -> None:
    block = InceptionE(8, max_pool).eval()
    maps = torch.rand(1, 8, 5, 5, generator=torch.Generator().manual_seed(1))
    wanted = pooled_branch(block, F.max_pool2d(F.pad(maps, (1,) * 4), 3, stride=1))
    with torch.inference_mode():
        torch.testing.assert_close(block(maps)[:, -192:], wanted)
    assert InceptionV3().Mixed_7b.pool is average_pool
    assert InceptionV3().Mixed_7c.pool is max_pool


def test_pictures_grow_from_the_corner_and_the_last_row_is_repeated() -> None:
    ramp = torch.tensor([[10.0, 20.0], [30.0, 40.0]])[None, None]
    wanted = torch.tensor([[10.0, 15, 20, 20], [20, 25, 30, 30], [30, 35, 40, 40], [30, 35, 40, 40]])
    torch.testing.assert_close(resize_bilinear_tf1(ramp, 4)[0, 0], wanted)


def test_pictures_shrink_without_smoothing() -> None:
    levels = torch.arange(64.0).reshape(1, 1, 8, 8)
    torch.testing.assert_close(resize_bilinear_tf1(levels, 4), levels[:, :, ::2, ::2])
    torch.testing.assert_close(resize_bilinear_tf1(levels, 8), levels)
