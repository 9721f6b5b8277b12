"""The digits GAN has the shapes it is taught with, and its painter gives gray pictures."""

import torch
from torch import nn

from painting.models.digits_gan import LATENT, DigitsDiscriminator, DigitsGenerator, DigitsSampler


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def test_the_networks_have_the_parameters_of_their_description() -> None:
    generator = LATENT * 512 * 7 * 7 + 512 * 256 * 16 + 256 * 128 * 16 + 2 * (512 + 256 + 128) + 128 * 16 + 1
    assert parameters(DigitsGenerator()) == generator
    assert parameters(DigitsDiscriminator()) == (128 * 16 + 128) + 128 * 256 * 16 + 2 * 256 + (256 * 49 + 1)


def test_a_picture_travels_through_the_sides_of_the_figure() -> None:
    sides: list[tuple[int, ...]] = []
    generator, discriminator = DigitsGenerator(), DigitsDiscriminator()
    for block in [generator.spread, *generator.doublings, generator.out, *discriminator.halvings]:
        block.register_forward_hook(lambda module, given, made: sides.append(tuple(made.shape[1:])))
    logits = discriminator(generator(torch.randn(2, LATENT)))
    assert sides == [(512, 7, 7), (256, 14, 14), (128, 28, 28), (1, 28, 28), (128, 14, 14), (256, 7, 7)]
    assert logits.shape == (2,)


@torch.no_grad()
def test_the_painter_gives_what_the_generator_means_in_gray() -> None:
    generator = DigitsGenerator().eval()
    latents = torch.randn(3, LATENT)
    painted, meant = DigitsSampler(generator)(latents), generator(latents)
    assert (painted.shape, painted.dtype) == ((3, 28, 28, 3), torch.uint8)
    assert torch.equal(painted[..., 0], painted[..., 1]) and torch.equal(painted[..., 0], painted[..., 2])
    assert (painted[..., 0] / 127.5 - 1 - meant[:, 0]).abs().max() < 1 / 255 + 1e-6


def test_narrower_networks_have_the_same_sides() -> None:
    pictures = DigitsGenerator((16, 8, 4))(torch.randn(2, LATENT))
    assert pictures.shape == (2, 1, 28, 28)
    assert DigitsDiscriminator((4, 8))(pictures).shape == (2,)
