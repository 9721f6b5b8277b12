"""A cached tensor comes back in half floats; its name changes with the weights that it comes from."""

from pathlib import Path

import pytest
import torch
from torch import nn

from painting.data.array_cache import DamagedCacheWarning
from painting.data.cache import UNFINISHED_PREFIX
from painting.training.dataset.array_cache import ProgressCounter, load_tensor, save_tensor, weights_key

CPU = torch.device("cpu")


def test_a_tensor_comes_back_in_half_floats(tmp_path: Path) -> None:
    tensor = torch.randn(5, 2, 3)
    save_tensor(tmp_path / "latents.npy", [tensor[:2], tensor[2:]])
    found = load_tensor(tmp_path / "latents.npy", CPU)
    assert found is not None and found.dtype == torch.float16
    assert torch.equal(found, tensor.half())


def test_a_missing_file_is_none_and_a_damaged_one_with_a_warning(tmp_path: Path) -> None:
    assert load_tensor(tmp_path / "latents.npy", CPU) is None
    (tmp_path / "latents.npy").write_bytes(b"damaged")
    with pytest.warns(DamagedCacheWarning):
        assert load_tensor(tmp_path / "latents.npy", CPU) is None


def test_what_a_killed_run_left_is_removed_at_once(tmp_path: Path) -> None:
    (tmp_path / f"{UNFINISHED_PREFIX}abc").write_bytes(b"half")
    save_tensor(tmp_path / "latents.npy", [torch.zeros(1)])
    assert [path.name for path in tmp_path.iterdir()] == ["latents.npy"]


def test_the_key_is_that_of_the_weights() -> None:
    network = nn.Linear(3, 2)
    key = weights_key(network)
    assert len(key) == 12 and weights_key(network) == key
    with torch.no_grad():
        network.bias[1] += 1e-3
    assert weights_key(network) != key


def test_progress_adds_up_and_begins_at_none() -> None:
    calls: list[tuple[int, int]] = []
    progress = ProgressCounter(lambda done, total: calls.append((done, total)), 5)
    progress.add(3)
    progress.add(2)
    assert calls == [(0, 5), (3, 5), (5, 5)]
    ProgressCounter(None, 5).add(5)
