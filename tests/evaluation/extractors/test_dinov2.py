"""DINOv2 as an extractor, on a small random one in the hub's layout."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from tests.evaluation.tiny_hub import write_dinov2
from transformers import Dinov2Model

from painting.evaluation.extractors.base import Extractor, TextMatcher, WeightsMissing
from painting.evaluation.extractors.dinov2 import IMAGENET_MEAN, IMAGENET_STD, load_dinov2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dinov2(tmp_path_factory.mktemp("hub") / "models--facebook--dinov2-small" / "snapshots" / "abc")


def test_features_are_the_class_token_of_pictures_at_224_px(folder: Path) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), np.uint8)
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255
    images = (levels - torch.tensor(IMAGENET_MEAN)[:, None, None]) / torch.tensor(IMAGENET_STD)[:, None, None]
    with torch.inference_mode():
        wanted = Dinov2Model.from_pretrained(folder)(pixel_values=images).last_hidden_state[:, 0]
    np.testing.assert_allclose(load_dinov2(str(folder), False).features(pictures), wanted.numpy(), atol=1e-4)


def test_small_pictures_are_resized_bicubically(folder: Path) -> None:
    pictures = np.random.default_rng(0).integers(60, 200, (2, 32, 32, 3), np.uint8)
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    large = F.interpolate(levels, (224, 224), mode="bicubic", antialias=True).round().clamp(0, 255)
    same = large.to(torch.uint8).permute(0, 2, 3, 1).numpy()
    network = load_dinov2(str(folder), False)
    np.testing.assert_allclose(network.features(pictures), network.features(same), atol=0.05)


def test_it_is_an_extractor_named_after_the_hubs_cache(folder: Path) -> None:
    network = load_dinov2(str(folder), False)
    assert isinstance(network, Extractor)
    assert not isinstance(network, TextMatcher)
    assert (network.name, network.kind, network.width) == ("dinov2-vits14", "dinov2", 16)
    assert network.features(np.zeros((0, 8, 8, 3), np.uint8)).shape == (0, 16)


def test_a_model_that_is_not_cached_is_reported_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(WeightsMissing, match="hf download facebook/dinov2-base --local-dir dinov2-base"):
        load_dinov2("facebook/dinov2-base", download=False)
