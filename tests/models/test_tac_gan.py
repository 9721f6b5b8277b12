"""TAC-GAN has the thesis's size, listens to its text, and reads classes off pictures alone."""

import torch
from torch import nn

from painting.models.gan_layers import LATENT_SIZE, GanSampler
from painting.models.tac_gan import TacDiscriminator, TacGenerator

TEXT, CLASSES = 6, 5


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def small() -> tuple[TacGenerator, TacDiscriminator]:
    return TacGenerator(TEXT, [16, 8, 4]), TacDiscriminator(TEXT, CLASSES, [8, 16])


def test_the_generator_has_the_thesis_s_18_521_million_parameters() -> None:
    assert parameters(TacGenerator(512)) == 18_521_003
    assert parameters(TacGenerator(512)) - parameters(TacGenerator(384)) == 128 * 20 * 8 * 8


def test_the_discriminator_has_the_parameters_of_its_description() -> None:
    halvings = (3 * 128 * 16 + 128) + 16 * (128 * 256 + 256 * 512 + 512 * 1024) + 2 * (256 + 512 + 1024)
    text, logit, head = 512 * 20 * 64 + 2 * 20, 1044 * 64 + 1, 102 * (1024 * 64 + 1)
    assert parameters(TacDiscriminator(512, 102)) == halvings + text + logit + head


def test_a_picture_travels_through_the_sides_of_the_figure() -> None:
    sides: list[tuple[int, ...]] = []
    generator, discriminator = TacGenerator(TEXT), TacDiscriminator(TEXT, CLASSES)
    first = [generator.project_latents, generator.project_text]
    for block in [*first, *generator.upsample, generator.out, *discriminator.downsample]:
        block.register_forward_hook(lambda module, given, made: sides.append(tuple(made.shape[1:])))
    with torch.no_grad():
        text = torch.randn(1, TEXT)
        logits, classes = discriminator.eval()(generator.eval()(torch.randn(1, LATENT_SIZE), text), text)
    assert sides[:7] == [
        (1024, 8, 8),
        (20, 8, 8),
        (512, 16, 16),
        (256, 32, 32),
        (128, 64, 64),
        (64, 128, 128),
        (3, 128, 128),
    ]
    assert sides[7:] == [(128, 64, 64), (256, 32, 32), (512, 16, 16), (1024, 8, 8)]
    assert logits.shape == (1,) and classes.shape == (1, CLASSES)


@torch.no_grad()
def test_text_and_latents_both_change_the_picture() -> None:
    painter = GanSampler(small()[0].eval())
    for module in painter.modules():  # the small spread of a fresh network hardly leaves a gray level
        if isinstance(module, nn.ConvTranspose2d | nn.Conv2d):
            module.weight.mul_(20)
    latents, text = torch.randn(1, LATENT_SIZE), torch.randn(1, TEXT)
    picture = painter(latents, text)
    assert (picture.shape, picture.dtype) == ((1, 32, 32, 3), torch.uint8)
    assert not torch.equal(picture, painter(latents, torch.randn(1, TEXT)))
    assert not torch.equal(picture, painter(torch.randn(1, LATENT_SIZE), text))


@torch.no_grad()
def test_class_logits_depend_on_the_picture_alone_and_the_logit_on_both() -> None:
    discriminator = small()[1].eval()
    pictures, text, other = torch.randn(3, 3, 32, 32), torch.randn(3, TEXT), torch.randn(3, TEXT)
    (logits, classes), (other_logits, other_classes) = discriminator(pictures, text), discriminator(pictures, other)
    assert torch.equal(classes, other_classes)
    assert not torch.equal(logits, other_logits)


def test_without_classes_there_is_no_head() -> None:
    discriminator = TacDiscriminator(TEXT, 0, [8, 16])
    _, classes = discriminator(torch.randn(3, 3, 32, 32), torch.randn(3, TEXT))
    assert classes.shape == (3, 0)
