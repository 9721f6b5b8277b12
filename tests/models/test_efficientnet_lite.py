"""A published EfficientNet-Lite gives what its unfolded layers give, at four sizes, and never learns."""

from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from painting.models.efficientnet_lite import LITE0_VARIANT, LITE2_VARIANT, EfficientNetLite, LiteVariant

ROWS = [
    (1, 16, 3, 1, 1),
    (2, 24, 3, 2, 6),
    (2, 40, 5, 2, 6),
    (3, 80, 3, 2, 6),
    (3, 112, 5, 1, 6),
    (4, 192, 5, 2, 6),
    (1, 320, 3, 1, 6),
]
"""Lite0's stages as its authors list them: blocks, channels, kernel, stride of the first block, expansion."""
SIDE = 64


@pytest.fixture(scope="module")
def tensors() -> dict[str, Tensor]:
    """Weights with the published names and shapes, drawn at random."""
    random, made = torch.Generator().manual_seed(0), {}

    def add(convolution: str, normalisation: str, *shape: int) -> None:
        after, inputs = shape[0], shape[1] * shape[2] * shape[3]
        made[f"{convolution}.weight"] = torch.randn(shape, generator=random) / inputs**0.5
        made[f"{normalisation}.running_mean"] = 0.1 * torch.randn(after, generator=random)
        # Small enough for what is added to them to matter.
        made[f"{normalisation}.running_var"] = 0.01 + 0.1 * torch.rand(after, generator=random)
        made[f"{normalisation}.weight"] = 0.2 + 0.2 * torch.rand(after, generator=random)
        made[f"{normalisation}.bias"] = 0.3 * torch.randn(after, generator=random)

    add("_conv_stem", "_bn0", 32, 3, 3, 3)
    for name, before, after, kernel, _, expansion in blocks():
        wide = before * expansion
        if expansion > 1:
            add(f"{name}._expand_conv", f"{name}._bn0", wide, before, 1, 1)
        add(f"{name}._depthwise_conv", f"{name}._bn1", wide, 1, kernel, kernel)
        add(f"{name}._project_conv", f"{name}._bn2", after, wide, 1, 1)
    add("_conv_head", "_bn1", 1280, 320, 1, 1)
    return made


def blocks() -> Iterator[tuple[str, int, int, int, int, int]]:
    """Each block's name, channels before and after, kernel, stride and expansion."""
    number, before = 0, 32
    for depth, after, kernel, stride, expansion in ROWS:
        for place in range(depth):
            yield f"_blocks.{number}", before, after, kernel, 1 if place else stride, expansion
            number, before = number + 1, after


def convolved(x: Tensor, tensors: dict[str, Tensor], names: tuple[str, str], stride: int = 1) -> Tensor:
    """A convolution with TensorFlow's "same" padding, and the batch normalisation behind it."""
    convolution, normalisation = names
    weight = tensors[f"{convolution}.weight"]
    side, kernel = x.shape[-1], weight.shape[-1]
    padding = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    low, high = padding // 2, padding - padding // 2
    x = F.conv2d(F.pad(x, (low, high, low, high)), weight, stride=stride, groups=x.shape[1] // weight.shape[1])
    mean, variance, gain, shift = (
        tensors[f"{normalisation}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
    )
    return F.batch_norm(x, mean, variance, gain, shift, training=False, eps=1e-3)


def unfolded(pictures: Tensor, tensors: dict[str, Tensor]) -> tuple[list[Tensor], Tensor]:
    """The last maps of each size up to a thirty-second, and the vectors, by the published layers one by one."""
    x, sizes = F.relu6(convolved(pictures, tensors, ("_conv_stem", "_bn0"), 2)), {}
    for name, before, after, _, stride, expansion in blocks():
        h = x
        if expansion > 1:
            h = F.relu6(convolved(h, tensors, (f"{name}._expand_conv", f"{name}._bn0")))
        h = F.relu6(convolved(h, tensors, (f"{name}._depthwise_conv", f"{name}._bn1"), stride))
        h = convolved(h, tensors, (f"{name}._project_conv", f"{name}._bn2"))
        x = x + h if before == after and stride == 1 else h
        sizes[x.shape[-1]] = x
    vectors = F.relu6(convolved(x, tensors, ("_conv_head", "_bn1"))).mean((2, 3))
    return [sizes[SIDE // halved] for halved in (4, 8, 16, 32)], vectors


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    return 2 * torch.rand(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1)) - 1


@torch.no_grad()
def test_folded_layers_compute_what_convolutions_and_their_normalisations_do(
    tensors: dict[str, Tensor], pictures: Tensor
) -> None:
    network = EfficientNetLite(LITE0_VARIANT)
    network.load_published(tensors)
    maps, vectors = unfolded(pictures, tensors)
    for features, expected in zip(network(pictures), maps, strict=True):
        assert expected.std() > 0.1
        torch.testing.assert_close(features, expected, atol=1e-4, rtol=1e-4)
    assert 0.05 < (vectors > 0).float().mean() < 0.95
    torch.testing.assert_close(network.vectors(pictures), vectors, atol=1e-4, rtol=1e-4)


def test_what_is_published_never_learns_but_lets_gradients_through(
    tensors: dict[str, Tensor], pictures: Tensor
) -> None:
    network = EfficientNetLite(LITE0_VARIANT)
    network.load_published(tensors)
    assert not network.training and not any(weight.requires_grad for weight in network.parameters())
    leaf = pictures.clone().requires_grad_()
    network(leaf)[-1].sum().backward()
    assert leaf.grad is not None and leaf.grad.any()


def test_a_missing_tensor_is_named(tensors: dict[str, Tensor]) -> None:
    lacking = {name: tensor for name, tensor in tensors.items() if name != "_blocks.3._bn1.bias"}
    with pytest.raises(KeyError, match=r"_blocks\.3\._bn1\.bias"):
        EfficientNetLite(LITE0_VARIANT).load_published(lacking)


def test_tensors_of_another_variant_are_refused(tensors: dict[str, Tensor]) -> None:
    with pytest.raises((KeyError, RuntimeError)):
        EfficientNetLite(LITE2_VARIANT).load_published(tensors)


@pytest.mark.parametrize(
    ("variant", "output_widths"), [(LITE0_VARIANT, (24, 40, 112, 320)), (LITE2_VARIANT, (24, 48, 120, 352))]
)
@pytest.mark.parametrize("side", [32, 96])
@torch.no_grad()
def test_maps_are_a_quarter_to_a_thirty_second_of_a_picture_s_side(
    variant: LiteVariant, output_widths: tuple[int, ...], side: int
) -> None:
    network, pictures = EfficientNetLite(variant), torch.zeros(2, 3, side, side)
    sides = [side // halved for halved in (4, 8, 16, 32)]
    shapes = [(2, channels, s, s) for channels, s in zip(output_widths, sides, strict=True)]
    assert [tuple(maps.shape) for maps in network(pictures)] == shapes
    assert network.output_widths == output_widths
    assert network.vectors(pictures).shape == (2, 1280)
