"""The digits GAN has the shapes it is taught with, and its painter gives gray pictures."""

import torch
from torch import nn

from painting.models.digits_gan import (
    CLASS_CODE_SCALE,
    DigitsClassifier,
    DigitsDiscriminator,
    DigitsGenerator,
    class_code,
)
from painting.models.gan_layers import LATENT_SIZE, GanSampler


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def test_the_networks_have_the_parameters_of_their_description() -> None:
    generator = LATENT_SIZE * 512 * 7 * 7 + 512 * 256 * 16 + 256 * 128 * 16 + 2 * (512 + 256 + 128) + 128 * 16 + 1
    assert parameters(DigitsGenerator()) == generator
    assert parameters(DigitsDiscriminator()) == (128 * 16 + 128) + 128 * 256 * 16 + 2 * 256 + (256 * 49 + 1)


def test_a_picture_travels_through_the_sides_of_the_figure() -> None:
    sides: list[tuple[int, ...]] = []
    generator, discriminator = DigitsGenerator(), DigitsDiscriminator()
    for block in [generator.project, *generator.upsample, generator.out, *discriminator.downsample]:
        block.register_forward_hook(lambda module, given, made: sides.append(tuple(made.shape[1:])))
    logits = discriminator(generator(torch.randn(2, LATENT_SIZE)))
    assert sides == [(512, 7, 7), (256, 14, 14), (128, 28, 28), (1, 28, 28), (128, 14, 14), (256, 7, 7)]
    assert logits.shape == (2,)


@torch.no_grad()
def test_the_painter_gives_what_the_generator_means_in_gray() -> None:
    generator = DigitsGenerator().eval()
    latents = torch.randn(3, LATENT_SIZE)
    painted, meant = GanSampler(generator)(latents), generator(latents)
    assert (painted.shape, painted.dtype) == ((3, 28, 28, 3), torch.uint8)
    assert torch.equal(painted[..., 0], painted[..., 1]) and torch.equal(painted[..., 0], painted[..., 2])
    assert (painted[..., 0] / 127.5 - 1 - meant[:, 0]).abs().max() < 1 / 255 + 1e-6


def test_narrower_networks_have_the_same_sides() -> None:
    pictures = DigitsGenerator((16, 8, 4))(torch.randn(2, LATENT_SIZE))
    assert pictures.shape == (2, 1, 28, 28)
    assert DigitsDiscriminator((4, 8))(pictures).shape == (2,)


def test_the_largest_of_a_latent_s_first_numbers_is_its_class_and_the_rest_stay() -> None:
    latents = torch.randn(500, LATENT_SIZE)
    chosen = class_code(latents, 10)
    assert torch.equal(chosen[:, 10:], latents[:, 10:])
    assert torch.equal(chosen[:, :10].argmax(1), latents[:, :10].argmax(1))
    torch.testing.assert_close(chosen[:, :10].sum(1), torch.full((500,), CLASS_CODE_SCALE))
    assert (chosen[:, :10].amax(1) > 0.9 * CLASS_CODE_SCALE).float().mean() > 0.9
    assert torch.equal(class_code(latents, 0), latents)


def test_a_classifier_gives_a_logit_for_each_class() -> None:
    assert DigitsClassifier(7)(torch.randn(3, 1, 28, 28)).shape == (3, 7)
