"""What is kept of a run is exact, complete and the same however often the run was killed."""

import errno
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from torch.optim import SGD

from painting.data.picture_set import PictureSet
from painting.errors import TrainingError
from painting.training.loop import Trainer
from painting.training.rng import RngKey
from painting.training.run import snapshots
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import RANKING_FILE, DamagedRowWarning, save_real_pictures, snapshot_images
from painting.training.stage import Losses, Networks, Recipe, Stage

pytestmark = pytest.mark.usefixtures("fast_logger")
BATCH, IMAGES, SNAPSHOTS = 300, 2500, 3  # record points after steps 3, 6 and 9: 900, 1,800 and 2,700 images
CPU = torch.device("cpu")


class Pair(Networks):
    """A network for each of two stages."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.named = {"encoder": nn.Linear(3, 3), "painter": nn.Linear(3, 3)}

    def sampler(self) -> nn.Module:
        return self.named["painter"]


class Drift(Stage):
    """Moves a network at random; only the painter has pictures, two of its weights as gray levels."""

    total_images, batch = IMAGES, BATCH

    def __init__(self, name: str, networks: Pair) -> None:
        self.name, self.network = name, networks.named[name]
        self.snapshot_networks = {f"{name}_network": self.network}
        self.optimizers = {name: SGD(self.network.parameters(), lr=0.1)}
        self.dies_at: set[int] = set()

    def step(self, key: RngKey) -> Losses:
        if key.step in self.dies_at:
            self.dies_at.remove(key.step)
            raise KeyboardInterrupt
        with torch.no_grad():
            for weight in self.network.parameters():
                weight.add_(torch.randn(weight.shape, generator=key.torch_generator("drift", CPU)))
        return {"norm": torch.stack([w.detach().square().mean() for w in self.network.parameters()]).sum()}

    def sample_grid(self) -> NDArray[np.uint8] | None:
        row = self.sample_row()
        return None if row is None else row[0]

    def sample_row(self) -> NDArray[np.uint8] | None:
        if self.name == "encoder":
            return None
        levels = (self.network.get_parameter("weight").detach()[0, :2].sigmoid() * 255).to(torch.uint8).numpy()
        pictures: NDArray[np.uint8] = np.broadcast_to(levels[:, None, None, None], (2, 6, 6, 3)).copy()
        return pictures


def trainer(path: Path, display: Mock, count: int = SNAPSHOTS, pictures: int | None = None) -> Trainer:
    """As a new process makes it."""
    networks = Pair()
    stages: list[Stage] = [Drift("encoder", networks), Drift("painter", networks)]
    path.mkdir(exist_ok=True)
    return Trainer(Recipe(networks, stages, CPU), RunFolder(path), 1, 1, display, count, pictures)


def files(run: Path) -> dict[str, bytes]:
    """Every file in saved/ and its bytes."""
    folder = run / "saved"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def straight(tmp_path: Path, display: Mock) -> dict[str, bytes]:
    """What a run keeps that nothing has happened to."""
    trainer(tmp_path / "straight", display).train()
    return files(tmp_path / "straight")


def test_a_run_keeps_rows_networks_progress_and_the_last_grid(straight: dict[str, bytes]) -> None:
    points = ["000000.900kimg", "000001.800kimg", "000002.700kimg"]
    networks = [f"networks/{name}_network-{point}.safetensors" for name in ("encoder", "painter") for point in points]
    rows = [f"rows/painter-{point}.png" for point in points]
    assert sorted(straight) == sorted([*networks, *rows, "painter-final.png", "painter-progress.png"])
    assert len({straight[name] for name in [*networks, *rows]}) == 9


def test_networks_kept_are_those_of_their_record_points(
    straight: dict[str, bytes], tmp_path: Path, display: Mock
) -> None:
    running = trainer(tmp_path / "watched", display)
    drift = running.recipe.stages[1]
    seen: dict[int, dict[str, Any]] = {}
    step = drift.step

    def watched(key: RngKey) -> Losses:
        losses = step(key)
        seen[(key.step + 1) * BATCH] = {
            n: t.clone() for n, t in running.recipe.networks.named["painter"].state_dict().items()
        }
        return losses

    drift.step = watched  # type: ignore[method-assign]
    running.train()
    for images in (900, 1800, 2700):
        kept = load_file(
            tmp_path / "straight/saved/networks" / f"painter_network-{images / 1000:010.3f}kimg.safetensors"
        )
        assert kept.keys() == seen[images].keys()
        assert all(torch.equal(kept[name], tensor) for name, tensor in seen[images].items())


@pytest.mark.parametrize("steps", [[0], [3], [4], [7, 8]])
@pytest.mark.parametrize("stage", [0, 1])
def test_a_killed_run_ends_with_the_same_files(
    straight: dict[str, bytes], tmp_path: Path, display: Mock, stage: int, steps: list[int]
) -> None:
    run = tmp_path / "killed"
    for step in steps:
        killed = trainer(run, display)
        drift = killed.recipe.stages[stage]
        assert isinstance(drift, Drift)
        drift.dies_at = {step}
        with pytest.raises(KeyboardInterrupt):
            killed.train()
    trainer(run, display).train()
    assert files(run) == straight


@pytest.mark.parametrize("kept", range(6))
def test_a_run_killed_between_what_it_keeps_and_its_checkpoint_ends_with_the_same_files(
    straight: dict[str, bytes], tmp_path: Path, display: Mock, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    run = tmp_path / "killed"
    with monkeypatch.context() as patch:
        killed, written = trainer(run, display), Mock(side_effect=[None] * kept + [KeyboardInterrupt])
        patch.setattr(killed, "_save", lambda save=killed._save: (written(), save()))
        with pytest.raises(KeyboardInterrupt):
            killed.train()
    (run / "saved/rows").mkdir(parents=True, exist_ok=True)
    (run / "saved/rows/.painter-000001.800kimg.png.123.part").write_bytes(b"half")
    trainer(run, display).train()
    assert files(run) == straight


def test_what_is_later_than_the_checkpoint_is_gone_until_it_is_made_again(
    straight: dict[str, bytes], tmp_path: Path, display: Mock
) -> None:
    run = tmp_path / "straight"
    again = trainer(run, display)
    ranking = run / "saved" / RANKING_FILE
    ranking.write_text("{}")
    again.snapshots.remove_after(2, 0)
    assert ranking.exists()  # a run that has ended keeps it
    again.snapshots.remove_after(1, 1800)
    left = {name: content for name, content in straight.items() if "2.700kimg" not in name or "encoder" in name}
    del left["painter-final.png"], left["painter-progress.png"]
    found = files(run)
    progress = found.pop("painter-progress.png")
    assert found == left and progress != straight["painter-progress.png"]
    again.snapshots.remove_after(0, 0)
    assert not files(run)


def test_a_roll_back_replaces_what_was_kept_with_what_the_run_became(tmp_path: Path, display: Mock) -> None:
    run = tmp_path / "rolled"
    rolling = trainer(run, display)
    drift = rolling.recipe.stages[1]
    plain = drift.step

    def step(key: RngKey) -> Losses:
        losses = plain(key)
        return losses if key.step != 5 or key.rollbacks else {"norm": torch.tensor(float("nan"))}

    drift.step = step  # type: ignore[method-assign]
    rolling.train()
    assert len(files(run)) == 11
    last = load_file(run / "saved/networks/painter_network-000002.700kimg.safetensors")
    assert all(torch.equal(last[n], t) for n, t in rolling.recipe.networks.named["painter"].state_dict().items())


def test_names_say_the_epoch_and_the_files_are_found_by_their_images(tmp_path: Path, display: Mock) -> None:
    run = tmp_path / "run"
    running = trainer(run, display, pictures=400)
    running.train()
    points = ["000000.900kimg-epoch2.2", "000001.800kimg-epoch4.5", "000002.700kimg-epoch6.8"]
    names = sorted(path.name for path in (run / "saved/networks").glob("painter_*"))
    assert names == [f"painter_network-{point}.safetensors" for point in points]
    assert snapshot_images(run / "saved/networks", ["painter_network"]) == [900, 1800, 2700]
    running.snapshots.remove_after(1, 1800)
    assert len(list((run / "saved/networks").glob("painter_*"))) == 2


def test_without_record_points_only_the_last_grid_is_kept(tmp_path: Path, display: Mock) -> None:
    trainer(tmp_path / "run", display, count=0).train()
    assert list(files(tmp_path / "run")) == ["painter-final.png"]


@pytest.mark.parametrize("left", [0, 4, 60, -30])
def test_a_damaged_row_is_reported_and_stops_no_run(
    straight: dict[str, bytes], tmp_path: Path, display: Mock, left: int
) -> None:
    run = tmp_path / "straight"
    row = run / "saved/rows/painter-000000.900kimg.png"
    row.write_bytes(row.read_bytes()[:left])
    with pytest.warns(DamagedRowWarning, match="painter-000000.900kimg.png is damaged and .*Remove it") as warnings:
        trainer(run, display).snapshots.remove_after(1, 1800)
    assert len(warnings) == 1
    without = files(run)["painter-progress.png"]
    row.unlink()
    trainer(run, display).snapshots.remove_after(1, 1800)
    assert files(run)["painter-progress.png"] == without


def test_a_full_disk_leaves_the_checkpoint_before_and_the_run_goes_on(
    straight: dict[str, bytes], tmp_path: Path, display: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "full"
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "save_png", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(TrainingError, match=r"No space left on device.*last checkpoint is good"):
            trainer(run, display).train()
    trainer(run, display).train()
    assert files(run) == straight


def test_real_pictures_are_spread_over_the_set(tmp_path: Path, finite: PictureSet, endless: PictureSet) -> None:
    for data, rows in ((finite, 3), (endless, 8)):  # 24 pictures, and 64 of those without an end
        folder = tmp_path / str(rows)
        save_real_pictures(folder, data)
        with Image.open(folder / "real.png") as image:
            picture = np.asarray(image)
        assert picture.shape == (rows * 18 - 2, 8 * 18 - 2, 3)
        assert (picture[18:34, 18:34] == data.pictures(np.array([9]))[0]).all()  # second row, second column


def test_real_pictures_are_written_once(tmp_path: Path, finite: PictureSet) -> None:
    (tmp_path / "real.png").write_bytes(b"there")
    save_real_pictures(tmp_path, finite)
    assert (tmp_path / "real.png").read_bytes() == b"there"


def test_real_pictures_that_cannot_be_written_are_reported(tmp_path: Path, finite: PictureSet) -> None:
    (tmp_path / "saved").write_text("a file")
    with pytest.raises(TrainingError, match=r"real.png cannot be written: .*Start the same command again"):
        save_real_pictures(tmp_path / "saved", finite)
