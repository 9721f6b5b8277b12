"""EfficientNet-Lite2 as an extractor, with the published weights that the training extra brings."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from painting.distribution import MissingExtra
from painting.evaluation.extractors.base import ClassPredictor, Extractor, LabelPredictor
from painting.evaluation.extractors.efficientnet import IMAGE_SIDE, EfficientNet
from painting.images import UInt8Array
from painting.models.published import LITE2_PACKAGE, load_efficientnet


@pytest.fixture(scope="module")
def network() -> EfficientNet:
    return EfficientNet()


@pytest.fixture(scope="module")
def pictures() -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (3, 20, 20, 3), np.uint8)


def test_features_are_the_published_networks_vectors_of_levels_from_minus_one_to_one(network: EfficientNet) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (2, IMAGE_SIDE, IMAGE_SIDE, 3), np.uint8)
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.inference_mode():
        wanted = load_efficientnet(LITE2_PACKAGE, "This test").vectors(levels).numpy()
    found = network.features(pictures)
    assert found.shape == (2, 1280) == (2, network.width)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4)


def test_batch_and_order_do_not_matter(
    network: EfficientNet, pictures: UInt8Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = network.features(pictures)
    assert np.abs(whole[0] - whole[1]).max() > 0.1
    monkeypatch.setattr("painting.evaluation.extractors.efficientnet.BATCH_SIZE", 2)
    np.testing.assert_allclose(network.features(pictures[::-1].copy())[::-1], whole, rtol=1e-3, atol=1e-4)
    assert network.features(pictures[:0]).shape == (0, 1280)


def test_a_plain_colour_has_the_same_features_at_every_size(network: EfficientNet) -> None:
    color = np.array([230, 40, 90], np.uint8)
    small, fitting, large = (network.features(np.full((1, side, side, 3), color)) for side in (16, IMAGE_SIDE, 300))
    np.testing.assert_allclose(small, fitting, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(large, fitting, rtol=1e-3, atol=1e-4)


def test_pictures_are_resized_to_a_side_that_the_network_halves_five_times() -> None:
    assert IMAGE_SIDE % 32 == 0


def test_it_is_an_extractor_that_reads_nothing_itself_and_is_kept_by_its_weights(network: EfficientNet) -> None:
    assert isinstance(network, Extractor)
    assert not isinstance(network, LabelPredictor | ClassPredictor)
    assert (network.name, network.kind) == ("efficientnet-lite2", "efficientnet")
    assert LITE2_PACKAGE.sha256 in network.key


def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(LITE2_PACKAGE, name="no_such_package")
    monkeypatch.setattr("painting.evaluation.extractors.efficientnet.LITE2_PACKAGE", gone)
    with pytest.raises(MissingExtra, match="Extracting features by EfficientNet needs the training extra"):
        EfficientNet()
