"""The digits' discriminator gets two scales, and the classifier teaches the generator classes."""

import copy
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from painting.data.digits.dataset import Digits
from painting.models.digits_gan import DigitsDiscriminator, DigitsGenerator
from painting.training.config.gan import DigitsGanPreset
from painting.training.dataset.batches import Batches
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.gan.digits import DigitsGanNetworks, DigitsGanStage, shrink_and_pad
from painting.training.preset_loader import load_preset
from painting.training.rng import RngKey

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
FACTS = DatasetInfo.of(Digits())


def discriminator_inputs_of_a_step(multiscale: bool) -> list[Tensor]:
    preset = load_preset("digits")
    assert isinstance(preset, DigitsGanPreset)
    preset = replace(preset, multiscale_discriminator=multiscale, gan=replace(preset.gan, batch=4))
    networks, inputs = DigitsGanNetworks(preset, FACTS), []
    networks.discriminator.register_forward_pre_hook(lambda _, pictures: inputs.append(pictures[0].detach()))
    DigitsGanStage(networks, preset, Batches(Digits(), False, CPU)).step(RngKey(0, "gan", 0))
    return inputs


def test_a_halved_picture_is_the_mean_of_each_four_pixels_amid_black() -> None:
    picture = torch.rand(1, 1, 28, 28)
    small = shrink_and_pad(picture)
    assert small.shape == picture.shape
    torch.testing.assert_close(small[0, 0, 7, 7], picture[0, 0, :2, :2].mean())
    torch.testing.assert_close(small[0, 0, 20, 8], picture[0, 0, 26:, 2:4].mean())
    assert (small[..., :7, :] == -1).all()
    assert (small[..., 21:] == -1).all()


def test_a_half_sized_digit_fits_into_one_receptive_field_of_the_discriminator() -> None:
    preset = load_preset("digits")
    assert isinstance(preset, DigitsGanPreset)
    maps = DigitsGanNetworks(preset, FACTS).discriminator.downsample.eval()
    pictures = torch.zeros(1, 1, 28, 28, requires_grad=True)
    maps(pictures)[0, :, 3, 3].sum().backward()
    assert pictures.grad is not None
    rows = pictures.grad[0, 0].abs().sum(1).nonzero()
    assert (rows.min().item(), rows.max().item()) == (
        9,
        18,
    )  # of 28: the middle, where a digit of 20 px lies shrink_and_pad


def test_a_multiscale_discriminator_gets_real_and_generated_pictures_at_both_sizes() -> None:
    real, generated, fooling = discriminator_inputs_of_a_step(multiscale=True)
    for pictures in (real, generated, fooling):
        assert len(pictures) == 8
        torch.testing.assert_close(pictures[4:], shrink_and_pad(pictures[:4]))
    assert not torch.equal(real, generated)


def test_a_discriminator_of_one_scale_gets_whole_pictures() -> None:
    assert [len(pictures) for pictures in discriminator_inputs_of_a_step(multiscale=False)] == [4, 4, 4]


def test_the_classifier_learns_real_digits_and_the_generator_to_paint_the_chosen_one() -> None:
    preset = load_preset("digits")
    assert isinstance(preset, DigitsGanPreset)
    preset = replace(preset, gan=replace(preset.gan, batch=32, learning_rate=2e-3, lr_decay_start=1.0))
    networks = DigitsGanNetworks(preset, FACTS)
    networks.generator, networks.discriminator = DigitsGenerator((32, 16, 8), 10), DigitsDiscriminator((8, 16))
    networks.generator_ema = copy.deepcopy(networks.generator)
    stage = DigitsGanStage(networks, preset, Batches(Digits(), False, CPU))
    losses = [stage.step(RngKey(0, "gan", step)) for step in range(120)]
    last = {name: sum(float(loss[name]) for loss in losses[-20:]) / 20 for name in losses[0]}
    assert last["class_accuracy_real"] > 0.6
    assert last["class_accuracy_generated"] > 0.5  # by chance 0.1


def test_without_a_class_loss_there_is_no_classifier_and_no_class_code() -> None:
    preset = load_preset("digits")
    assert isinstance(preset, DigitsGanPreset)
    plain = DigitsGanNetworks(replace(preset, class_loss_weight=0.0), FACTS)
    assert plain.generator.classes == 0
    assert set(plain.named) == {"generator", "generator_ema", "discriminator"}
