"""A kept network comes back as it was, within half floats, and a damaged one not at all."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from painting.errors import TrainingError
from painting.training.run.kept_network import MIN_HALF_NUMEL, load_network, save_network, stored_bytes


def network(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(40, 30), nn.BatchNorm1d(30))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    saved = tmp_path / "net-000000.096kimg.safetensors"
    save_network(saved, network(0))
    return saved


def test_large_tensors_come_back_in_half_precision_and_small_ones_bit_for_bit(path: Path) -> None:
    loaded = network(1)
    load_network(path, loaded)
    for name, tensor in network(0).state_dict().items():
        wanted = tensor.half().float() if tensor.numel() >= MIN_HALF_NUMEL else tensor
        assert torch.equal(loaded.state_dict()[name], wanted)


def test_a_weight_beyond_half_floats_keeps_its_network_exact(tmp_path: Path) -> None:
    large = network(0)
    with torch.no_grad():
        large[0].weight[0, 0] = 1e6  # type: ignore[index]
    save_network(tmp_path / "large.safetensors", large)
    loaded = network(1)
    load_network(tmp_path / "large.safetensors", loaded)
    assert torch.equal(loaded.state_dict()["0.weight"], large.state_dict()["0.weight"])


def test_half_floats_take_half_the_space(path: Path) -> None:
    # 1,200 weights of two bytes; 30 biases, 4 · 30 of the norm, and a count of eight bytes
    assert stored_bytes(network(0)) == 2 * 1200 + 4 * 150 + 8
    assert path.stat().st_size < stored_bytes(network(0)) + 1000


def test_a_flipped_bit_anywhere_is_an_error_in_one_sentence(path: Path) -> None:
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        with pytest.raises(TrainingError, match=r"(is damaged|cannot be read).*Take another snapshot\.$"):
            load_network(path, network(1))


@pytest.mark.parametrize("content", [b"", b"[]", bytes(3000), b"\xff" * 100])
def test_what_is_no_network_is_an_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="Take another snapshot"):
        load_network(path, network(1))


def test_another_network_or_one_without_a_checksum_is_an_error(path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        load_network(path, nn.Linear(2, 2))
    save_file(load_file(path), path)
    with pytest.raises(TrainingError, match="its checksum is another"):
        load_network(path, network(1))
    path.unlink()
    with pytest.raises(TrainingError, match="cannot be read"):
        load_network(path, network(1))
