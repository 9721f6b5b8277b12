"""Inception v3 as an extractor, on random weights in the published file's layout."""

import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from painting.evaluation.extractors.base import ClassPredictor, Extractor, WeightsMissing
from painting.evaluation.extractors.inception import PUBLISHED_WEIGHTS, Inception, load_inception
from painting.files.archive import file_sha256
from painting.images import UInt8Array
from painting.models.inception import InceptionV3, resize_bilinear_tf1


@pytest.fixture(scope="module")
def weights() -> dict[str, Tensor]:
    torch.manual_seed(0)
    return InceptionV3().state_dict()


@pytest.fixture(scope="module")
def file(weights: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / PUBLISHED_WEIGHTS.name
    torch.save(weights, path)
    return path


@pytest.fixture(scope="module")
def inception(file: Path) -> Inception:
    return Inception(file)


@pytest.fixture(scope="module")
def pictures() -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (2, 20, 20, 3), np.uint8)


def silent(what: str, done: int, total: int) -> None:
    """A progress callback that does nothing."""


def test_features_are_the_networks_on_resized_levels_from_minus_one(
    inception: Inception, weights: dict[str, Tensor], pictures: UInt8Array
) -> None:
    network = InceptionV3().eval()
    network.load_state_dict(weights)
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    with torch.inference_mode():
        wanted = network((resize_bilinear_tf1(levels) - 128) / 128).numpy()
    found = inception.features(pictures)
    assert found.shape == (2, 2048)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_batch_and_order_do_not_matter(
    inception: Inception, pictures: UInt8Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = inception.features(pictures)
    monkeypatch.setattr("painting.evaluation.extractors.inception.BATCH_SIZE", 1)
    np.testing.assert_allclose(inception.features(pictures[::-1].copy())[::-1], whole, rtol=1e-3, atol=1e-5)
    assert inception.features(pictures[:0]).shape == (0, 2048)


def test_class_probabilities_are_the_softmax_of_the_logits_without_their_bias(
    inception: Inception, weights: dict[str, Tensor]
) -> None:
    features = np.random.default_rng(1).normal(0, 1, (2, 2048)).astype(np.float32)
    logits = features @ weights["fc.weight"].numpy().T
    wanted = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found = inception.class_probabilities(features)
    assert found.shape == (2, 1008)
    np.testing.assert_allclose(found, wanted, rtol=1e-3)


def test_it_is_an_extractor_that_names_classes_and_other_weights_by_their_hash(
    inception: Inception, file: Path
) -> None:
    assert isinstance(inception, Extractor)
    assert isinstance(inception, ClassPredictor)
    assert inception.name == f"inception-v3-{file_sha256(file)[:8]}"
    assert file_sha256(file) in inception.key


def test_the_published_file_alone_is_called_by_the_plain_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.evaluation.extractors.inception.file_sha256", lambda path: PUBLISHED_WEIGHTS.sha256)
    assert Inception(file).name == "inception-v3"
    assert PUBLISHED_WEIGHTS.name.endswith(f"-{PUBLISHED_WEIGHTS.sha256[:8]}.pth")
    assert PUBLISHED_WEIGHTS.url.endswith(PUBLISHED_WEIGHTS.name)


def test_files_of_older_torch_without_counts_of_batches_are_read(weights: dict[str, Tensor], tmp_path: Path) -> None:
    old = OrderedDict((name, value) for name, value in weights.items() if not name.endswith("num_batches_tracked"))
    torch.save(old, tmp_path / "old.pth")
    assert load_inception(tmp_path / "old.pth", False, silent).width == 2048


@pytest.mark.parametrize("content", [b"", b"no weights at all", pickle.dumps({"fc.weight": print}, protocol=2)])
def test_a_file_that_holds_no_tensors_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "foreign.pth"
    path.write_bytes(content)
    with pytest.raises(WeightsMissing, match=r"foreign\.pth is not a file of torch's with tensors alone"):
        Inception(path)


def test_another_network_is_refused_with_what_is_wrong(weights: dict[str, Tensor], tmp_path: Path) -> None:
    torch.save({**weights, "fc.weight": torch.zeros(1000, 2048)}, tmp_path / "torchvision.pth")
    with pytest.raises(WeightsMissing) as problem:
        Inception(tmp_path / "torchvision.pth")
    assert "holds no Inception v3 as FID defines it (size mismatch for fc.weight" in str(problem.value)
    assert PUBLISHED_WEIGHTS.url in str(problem.value)
