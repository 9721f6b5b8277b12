from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tests.damage import damage_file, each_damage

from painting.errors import TrainingError
from painting.training.start import base_file
from painting.training.start.base_file import BaseDescription, BaseFile

TINY_DESCRIPTION = BaseDescription(
    "mine", "numbers", "ab" * 32, (0.5, 1.0), (1.0, 2.0), {"prior": 64}, 2.5, "roses", "CC0"
)


@pytest.fixture
def base() -> BaseFile:
    random = torch.Generator().manual_seed(0)
    networks = {
        name: {"weight": torch.randn(50, 10, 3, 3, generator=random), "bias": torch.randn(50, generator=random)}
        for name in base_file.BASE_NETWORKS
    }
    return BaseFile(TINY_DESCRIPTION, networks)


def test_a_base_is_read_as_it_was_written_to_8_bits_of_each_output_channel(base: BaseFile, tmp_path: Path) -> None:
    base.write(tmp_path / "a.base")
    again = BaseFile.read(tmp_path / "a.base")
    assert again.description == TINY_DESCRIPTION
    assert again.networks.keys() == base.networks.keys()
    for name, tensors in base.networks.items():
        found, weight = again.networks[name]["weight"], tensors["weight"]
        assert found.dtype == torch.float32
        half_a_step = weight.abs().amax((1, 2, 3), keepdim=True) / 254
        assert ((found - weight).abs() <= 1.001 * half_a_step).all()
        assert torch.equal(again.networks[name]["bias"], tensors["bias"])
    values = sum(tensor.numel() for tensors in base.networks.values() for tensor in tensors.values())
    assert (tmp_path / "a.base").stat().st_size < 1.5 * values


def test_weights_that_are_0_and_whole_numbers_stay_so(tmp_path: Path) -> None:
    tensors = {"weight": torch.zeros(50, 100), "steps": torch.arange(10_000).reshape(100, 100)}
    BaseFile(TINY_DESCRIPTION, {"prior": tensors}).write(tmp_path / "a.base")
    again = BaseFile.read(tmp_path / "a.base").networks["prior"]
    assert all(torch.equal(again[name], tensor) for name, tensor in tensors.items())


@each_damage
def test_a_damaged_base_is_refused(base: BaseFile, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    base.write(tmp_path / "a.base")
    damage_file(tmp_path / "a.base", damage)
    with pytest.raises(TrainingError, match=r"The base .*a\.base cannot be read: .* Take another one"):
        BaseFile.read(tmp_path / "a.base")


def test_a_base_that_is_missing_or_no_base_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.base").write_text("roses")
    for name in ("absent.base", "text.base"):
        with pytest.raises(TrainingError, match=f"The base .*{name} cannot be read: "):
            BaseFile.read(tmp_path / name)


def test_a_base_of_another_version_is_refused(base: BaseFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_file, "BASE_VERSION", 99)
    replace(base).write(tmp_path / "a.base")
    monkeypatch.undo()
    with pytest.raises(TrainingError, match="is of another version of painting: take another one"):
        BaseFile.read(tmp_path / "a.base")


def test_a_base_that_cannot_be_written_leaves_nothing(base: BaseFile, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be written"):
        base.write(tmp_path / "absent" / "a.base")
    assert not list(tmp_path.iterdir())
