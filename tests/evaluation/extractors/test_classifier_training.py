from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch

from painting.data.prepared import PreparedSet
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings
from painting.evaluation.extractors.classifier_training import (
    TRAINING_TASK,
    cached_classifier,
    field_loss,
    train_classifier,
)
from painting.training.config.preset_files import preset_names
from painting.training.preset_loader import load_preset


@pytest.fixture
def short(tiny_settings: ClassifierSettings) -> ClassifierSettings:
    return replace(tiny_settings, images=100)


def test_the_same_seed_trains_the_same_classifier_whatever_torch_drew_before(
    train: PreparedSet, short: ClassifierSettings
) -> None:
    one = train_classifier(train, short)
    torch.rand(3)
    other = train_classifier(train, short)
    for name, weights in one.network.state_dict().items():
        assert torch.equal(weights, other.network.state_dict()[name]), name


def test_training_leaves_the_random_state_of_torch_alone(train: PreparedSet, short: ClassifierSettings) -> None:
    torch.manual_seed(1)
    wanted = torch.rand(1)
    torch.manual_seed(1)
    train_classifier(train, short)
    assert torch.equal(torch.rand(1), wanted)


def test_a_classifier_is_trained_once_for_the_same_pictures(
    train: PreparedSet, short: ClassifierSettings, tmp_path: Path
) -> None:
    report = Mock()
    first = cached_classifier(train, short, tmp_path, report)
    assert report.call_args.args == (TRAINING_TASK, 100, 100)
    report.reset_mock()
    assert cached_classifier(train, short, tmp_path, report).name == first.name
    report.assert_not_called()


def test_a_field_that_a_picture_has_no_value_in_adds_no_loss(classifier: Classifier) -> None:
    logits = torch.randn(4, len(classifier.attributes))
    assert field_loss(logits, torch.zeros_like(logits), classifier) == 0


def test_no_preset_trains_a_classifier_of_these_widths_or_this_seed() -> None:
    mine = ClassifierSettings()
    for preset in map(load_preset, preset_names()):
        assert preset.as_dict().get("features", {}).get("widths") != mine.widths
        assert preset.seed != mine.seed
