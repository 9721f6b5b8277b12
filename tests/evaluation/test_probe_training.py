from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import torch

from painting.data.prepared import PreparedSet
from painting.evaluation.probe import Probe, ProbeSettings
from painting.evaluation.probe_training import cached_probe, field_loss, mirrored, shifted, train_probe
from painting.training.presets import load_preset, preset_names


@pytest.fixture
def short(tiny_settings: ProbeSettings) -> ProbeSettings:
    return replace(tiny_settings, images=100)


def test_the_same_seed_trains_the_same_probe_whatever_torch_drew_before(
    train: PreparedSet, short: ProbeSettings
) -> None:
    one = train_probe(train, short)
    torch.rand(3)
    other = train_probe(train, short)
    for name, weights in one.network.state_dict().items():
        assert torch.equal(weights, other.network.state_dict()[name]), name


def test_training_leaves_the_random_state_of_torch_alone(train: PreparedSet, short: ProbeSettings) -> None:
    torch.manual_seed(1)
    wanted = torch.rand(1)
    torch.manual_seed(1)
    train_probe(train, short)
    assert torch.equal(torch.rand(1), wanted)


def test_shifted_pictures_move_by_at_most_two_pixels_and_nothing_wraps() -> None:
    pictures = np.zeros((200, 9, 9, 3), np.uint8)
    pictures[:, 4, 4] = 255
    pictures[:, 0, :] = 7
    moved = shifted(pictures, np.random.default_rng(0))
    _, down, right = np.nonzero((moved == 255).all(axis=3))
    assert len(down) == 200
    assert set(down - 4) == set(right - 4) == {-2, -1, 0, 1, 2}
    assert not (moved[:, 5:] == 7).any()
    assert (moved[:, 0][down > 4] == 7).all()


def test_mirrored_pictures_are_themselves_or_their_mirror_image() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (100, 4, 4, 3), np.uint8)
    varied = mirrored(pictures, np.random.default_rng(1))
    same = (varied == pictures).all(axis=(1, 2, 3))
    turned = (varied == pictures[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same != turned).all()
    assert 30 < turned.sum() < 70


def test_a_probe_is_trained_once_for_the_same_pictures(
    train: PreparedSet, short: ProbeSettings, tmp_path: Path
) -> None:
    report = Mock()
    first = cached_probe(train, short, tmp_path, report)
    assert report.call_args.args == (100, 100)
    report.reset_mock()
    assert cached_probe(train, short, tmp_path, report).name == first.name
    report.assert_not_called()


def test_a_field_that_a_picture_has_no_value_in_adds_no_loss(probe: Probe) -> None:
    logits = torch.randn(4, len(probe.attributes))
    assert field_loss(logits, torch.zeros_like(logits), probe) == 0


def test_no_preset_has_the_classifier_of_the_probe() -> None:
    mine = ProbeSettings()
    for preset in map(load_preset, preset_names()):
        assert preset.as_dict().get("features", {}).get("widths") != mine.widths
        assert preset.seed != mine.seed
