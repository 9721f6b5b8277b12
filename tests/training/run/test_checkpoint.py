"""A checkpoint brings every bit back, is written whole or not at all, and a damaged one is passed over."""

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.optim import AdamW

from painting.errors import TrainingError
from painting.files.sealed_json import read_sealed, write_sealed
from painting.training.run import checkpoint as module
from painting.training.run.checkpoint import (
    POSITION_FILE,
    TENSORS_FILE,
    DamagedCheckpointWarning,
    Position,
    TrainingState,
    load_position,
    load_tensors,
    save_checkpoint,
)

CPU = torch.device("cpu")
Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


def fresh(seed: int) -> TrainingState:
    """A convolution and a normalisation laid out channels last, and their fused optimiser."""
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 4, 3))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return TrainingState({"net": network}, {"adam": AdamW(network.parameters(), lr=0.01, fused=True)})


def step(state: TrainingState, number: int) -> None:
    pictures = torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(number))
    state.optimizers["adam"].zero_grad()
    loss: Tensor = state.networks["net"](pictures.to(memory_format=torch.channels_last)).square().mean()
    loss.backward()  # type: ignore[no-untyped-call]
    state.optimizers["adam"].step()


@pytest.fixture
def state() -> TrainingState:
    made = fresh(0)
    step(made, 0)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.fixture
def two(folder: Path, state: TrainingState) -> tuple[Path, Path]:
    """An older and a newer checkpoint."""
    older = save_checkpoint(folder, state, Position(0, 10, 1, 2.5))
    return older, save_checkpoint(folder, state, Position(0, 20, 1, 5.0))


def test_a_position_and_every_tensor_come_back(folder: Path, state: TrainingState, differing: Differing) -> None:
    position = Position(stage_index=1, step=20, rollbacks=2, seconds=5.5)
    written = save_checkpoint(folder, state, position)
    assert load_position(folder) == (position, written)
    restored = fresh(1)
    restored.restore(load_tensors(written, CPU))
    assert not differing(restored.tensors(), state.tensors())


def test_training_goes_on_from_a_checkpoint_bit_for_bit(
    folder: Path, state: TrainingState, differing: Differing
) -> None:
    resumed = fresh(1)
    resumed.restore(load_tensors(save_checkpoint(folder, state, Position()), CPU))
    for number in range(1, 5):
        step(state, number)
        step(resumed, number)
    assert not differing(resumed.tensors(), state.tensors())


def test_averages_of_an_optimiser_lie_in_memory_as_their_weights_do(folder: Path, state: TrainingState) -> None:
    restored = fresh(1)
    restored.restore(load_tensors(save_checkpoint(folder, state, Position()), CPU))
    for weight, slots in restored.optimizers["adam"].state.items():
        assert slots["exp_avg"].stride() == slots["exp_avg_sq"].stride() == weight.stride()


def test_an_optimiser_that_had_not_stepped_is_fresh_again(folder: Path) -> None:
    written = save_checkpoint(folder, fresh(0), Position())
    used = fresh(1)
    step(used, 0)
    used.restore(load_tensors(written, CPU))
    assert not used.optimizers["adam"].state


def test_the_position_is_readable_json(folder: Path, state: TrainingState) -> None:
    written = save_checkpoint(folder, state, Position(1, 20, 2, 5.5))
    about = json.loads((written / POSITION_FILE).read_text())
    assert {name: about[name] for name in ("stage_index", "step", "rollbacks", "seconds")} == {
        "stage_index": 1,
        "step": 20,
        "rollbacks": 2,
        "seconds": 5.5,
    }
    assert len(about["sha256"]) == 64


def test_the_newest_two_are_kept_in_the_order_of_training(folder: Path, state: TrainingState) -> None:
    positions = [Position(0, 0), Position(0, 9), Position(0, 100), Position(0, 120, 1), Position(1, 0, 1)]
    written = [save_checkpoint(folder, state, position) for position in positions]
    assert sorted(folder.iterdir()) == sorted(written[-2:])
    assert load_position(folder) == (positions[-1], written[-1])


def test_where_there_is_no_checkpoint_there_is_none(folder: Path) -> None:
    assert load_position(folder) is None
    folder.mkdir()
    assert load_position(folder) is None


def truncate(checkpoint: Path) -> None:
    tensors = checkpoint / TENSORS_FILE
    tensors.write_bytes(tensors.read_bytes()[:-7])


def flip_a_bit(checkpoint: Path) -> None:
    content = bytearray((checkpoint / TENSORS_FILE).read_bytes())
    content[-20] ^= 1
    (checkpoint / TENSORS_FILE).write_bytes(content)


def replace_in_position(checkpoint: Path, old: str, new: str) -> None:
    text = (checkpoint / POSITION_FILE).read_text()
    assert old in text
    (checkpoint / POSITION_FILE).write_text(text.replace(old, new))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "truncated tensors": truncate,
    "one flipped bit": flip_a_bit,
    "no tensors": lambda checkpoint: (checkpoint / TENSORS_FILE).unlink(),
    "no position": lambda checkpoint: (checkpoint / POSITION_FILE).unlink(),
    "broken json": lambda checkpoint: (checkpoint / POSITION_FILE).write_text('{"stage": 0, "st'),
    "json of another kind": lambda checkpoint: (checkpoint / POSITION_FILE).write_text("5"),
    "a list": lambda checkpoint: (checkpoint / POSITION_FILE).write_text("[]"),
    "no hash": lambda checkpoint: (checkpoint / POSITION_FILE).write_text('{"stage": 0}'),
    "bytes that are no text": lambda checkpoint: (checkpoint / POSITION_FILE).write_bytes(b"\xff\xfe\x00"),
    "zeros": lambda checkpoint: (checkpoint / POSITION_FILE).write_bytes(bytes(200)),
    "another step": lambda checkpoint: replace_in_position(checkpoint, '"step": 20', '"step": 21'),
    "another stage": lambda checkpoint: replace_in_position(checkpoint, '"stage_index": 0', '"stage_index": 8'),
    "other roll-backs": lambda checkpoint: replace_in_position(checkpoint, '"rollbacks": 1', '"rollbacks": 3'),
    "other seconds": lambda checkpoint: replace_in_position(checkpoint, '"seconds": 5.0', '"seconds": 7.0'),
    "a position with a field more": lambda checkpoint: write_sealed(
        checkpoint / POSITION_FILE, read_sealed(checkpoint / POSITION_FILE) | {"mood": "good"}
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_newest_gives_way_to_the_one_before(
    folder: Path, two: tuple[Path, Path], damage: Callable[[Path], object]
) -> None:
    damage(two[1])
    with pytest.warns(DamagedCheckpointWarning, match=r"0-00000020-1, is damaged: 0-00000010-1 is taken instead\.$"):
        assert load_position(folder) == (Position(0, 10, 1, 2.5), two[0])


def test_where_all_are_damaged_the_run_cannot_go_on(folder: Path, two: tuple[Path, Path]) -> None:
    for checkpoint in two:
        truncate(checkpoint)
    with pytest.raises(TrainingError, match=r"Every checkpoint in .*checkpoints is damaged"):
        load_position(folder)


def test_a_damaged_one_is_replaced_when_training_comes_there_again(
    folder: Path, two: tuple[Path, Path], state: TrainingState
) -> None:
    truncate(two[1])
    save_checkpoint(folder, state, Position(0, 20, 1, 7.0))
    assert load_position(folder) == (Position(0, 20, 1, 7.0), two[1])


def test_what_is_left_of_an_unfinished_write_and_other_files_are_ignored(
    folder: Path, two: tuple[Path, Path], state: TrainingState
) -> None:
    (folder / ".0-00000030-1.part").mkdir()
    (folder / ".0-00000030-1.part" / TENSORS_FILE).write_bytes(b"half")
    (folder / ".0-00000027-1.part").mkdir()  # by a second Ctrl-C while the first one's checkpoint was written
    (folder / "Thumbs.db").write_bytes(b"")
    assert load_position(folder) == (Position(0, 20, 1, 5.0), two[1])
    written = save_checkpoint(folder, state, Position(0, 30, 1))
    assert load_position(folder) == (Position(0, 30, 1), written)
    assert not list(folder.glob(".*.part"))


def test_a_copy_under_a_later_name_is_no_checkpoint_and_does_not_count_among_the_two(
    folder: Path, two: tuple[Path, Path], state: TrainingState
) -> None:
    copy = folder / "9-00000000-0"
    shutil.copytree(two[1], copy)
    with pytest.warns(DamagedCheckpointWarning):
        assert load_position(folder) == (Position(0, 20, 1, 5.0), two[1])
    written = save_checkpoint(folder, state, Position(0, 30, 1))
    assert sorted(folder.iterdir()) == sorted([two[1], written, copy])


def test_a_damaged_one_does_not_count_among_the_two(folder: Path, two: tuple[Path, Path], state: TrainingState) -> None:
    replace_in_position(two[1], '"step": 20', '"step": 21')
    written = save_checkpoint(folder, state, Position(0, 30, 1))
    assert sorted(folder.iterdir()) == sorted([*two, written])
    last = save_checkpoint(folder, state, Position(0, 40, 1))
    assert sorted(folder.iterdir()) == sorted([written, last])


@contextmanager
def small_files_only() -> Iterator[None]:
    """Let the system refuse to write more than 1,000 bytes into a file, as a full disk would.

    It binds the whole process, so that it must end before the test's own report is written to a file.
    """
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_the_system_refuses_leaves_the_old_ones_and_no_part(
    folder: Path, two: tuple[Path, Path], state: TrainingState
) -> None:
    with small_files_only(), pytest.raises(OSError, match="large"):
        save_checkpoint(folder, state, Position(0, 30, 1))
    assert sorted(folder.iterdir()) == sorted(two)
    assert load_position(folder) == (Position(0, 20, 1, 5.0), two[1])


def test_a_full_disk_leaves_the_old_ones_and_no_part(
    folder: Path, two: tuple[Path, Path], state: TrainingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(tensors: object, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "save_file", full)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(folder, state, Position(0, 30, 1))
    assert sorted(folder.iterdir()) == sorted(two)
    assert load_position(folder) == (Position(0, 20, 1, 5.0), two[1])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_state_is_finite_until_one_weight_or_average_is_not(state: TrainingState, value: float) -> None:
    assert state.finite()
    weight = state.networks["net"].get_parameter("2.bias")
    state.optimizers["adam"].state[weight]["exp_avg_sq"][1] = value
    assert not state.finite()
    state.optimizers["adam"].state[weight]["exp_avg_sq"][1] = 0
    assert state.finite()
    with torch.no_grad():
        weight[0] = value
    assert not state.finite()
