"""The distance that warm starts are compared by is KID of the network that comes with the training extra."""

import numpy as np
import pytest

from painting.evaluation.extractors.efficientnet import EfficientNet
from painting.evaluation.metrics.kid import kid
from painting.evaluation.picture_distance import EfficientNetKid


def test_it_is_named_as_the_figure_in_a_card() -> None:
    assert EfficientNetKid().name == "KID ×1000 by efficientnet-lite2"
    assert EfficientNetKid.figure == ("kid", "efficientnet-lite2")


def test_it_is_kid_of_pairs_of_one_prompt() -> None:
    one, other = np.random.default_rng(0).normal(size=(2, 30, 16)).astype(np.float32)
    assert EfficientNetKid().between(one, other) == 1000 * kid(one, other, paired=True)


def test_the_network_is_loaded_once_and_only_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []

    def load(self: EfficientNet, device: str = "cpu") -> None:
        loaded.append(device)

    monkeypatch.setattr(EfficientNet, "__init__", load)
    monkeypatch.setattr(EfficientNet, "features", lambda self, pictures: pictures)
    distance = EfficientNetKid()
    assert loaded == []
    for _ in range(2):
        distance.features(np.zeros((1, 8, 8, 3), np.uint8))
    assert loaded == ["cpu"]
