"""A run whose samples collapse is stopped at its last good checkpoint; one that recovers is not."""

from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import SGD

from painting.images import UInt8Array
from painting.training.guard.collapse import Collapsed, SampleWatch
from painting.training.loop import Trainer
from painting.training.rng import RngKey
from painting.training.run.checkpoint import load_position
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import snapshot_images
from painting.training.stage import Losses, Networks, Recipe, Stage

pytestmark = pytest.mark.usefixtures("fast_logger")
BATCH, TICKS = 4, 6
CPU = torch.device("cpu")
REAL: UInt8Array = np.random.default_rng(0).integers(0, 256, (8, 4, 4, 3), np.uint8)


class OneWeight(Networks):
    """A network that counts its steps."""

    def __init__(self) -> None:
        self.named = self.inference_networks = {"painter": nn.Linear(1, 1)}

    def sampler(self) -> nn.Module:
        return self.named["painter"]


class Scripted(Stage):
    """A tick every step, whose samples differ as much as real pictures, or not at all, as the script says."""

    name, total_images, batch = "scripted", BATCH * TICKS, BATCH

    def __init__(self, networks: OneWeight, differ: list[bool], losses: list[float]) -> None:
        self.network = networks.named["painter"]
        self.optimizers = {"painter": SGD(self.network.parameters(), lr=0.1)}
        self.snapshot_networks = networks.inference_networks
        self.differ, self.losses = differ, losses
        self.done = 0

    def step(self, key: RngKey) -> Losses:
        with torch.no_grad():
            self.network.get_parameter("bias").fill_(key.step)
        self.done = key.step
        return {"generator_loss": torch.tensor(self.losses[key.step])}

    def paint_samples(self) -> UInt8Array:
        return REAL[None] if self.differ[self.done] else np.zeros_like(REAL)[None]


def trainer(path: Path, differ: str, losses: list[float] | None = None) -> Trainer:
    """`differ`: a + for each tick at which samples differ."""
    path.mkdir(exist_ok=True)
    networks = OneWeight()
    stage = Scripted(networks, [sign == "+" for sign in differ], losses or [1.0] * TICKS)
    return Trainer(Recipe(networks, [stage], CPU), RunFolder(path), 1, TICKS, Mock(), snapshots=TICKS)


def train(path: Path, differ: str, losses: list[float] | None = None) -> None:
    trainer(path, differ, losses).train(watch=SampleWatch(REAL))


@pytest.mark.parametrize("differ", ["++++++", "++-+++", "++-+-+", "------", "---+++"])
def test_a_run_goes_on_where_samples_differ_recover_or_never_differed(tmp_path: Path, differ: str) -> None:
    train(tmp_path, differ)
    assert [line["step"] for line in RunFolder(tmp_path).stats.read()] == list(range(1, TICKS + 1))


@pytest.mark.parametrize(
    ("differ", "images", "good"), [("+--+++", 12, 1), ("+++---", 20, 3), ("+++++-", 24, 5), ("++-+--", 24, 4)]
)
def test_a_collapsed_run_is_stopped_and_its_last_good_checkpoint_stays(
    tmp_path: Path, differ: str, images: int, good: int
) -> None:
    for _ in range(2):  # resuming it comes to the same end
        with pytest.raises(Collapsed, match=rf"stopped after {images} images .* after {good * BATCH} images stays"):
            train(tmp_path, differ)
        found = load_position(RunFolder(tmp_path).checkpoints)
        assert found and found[0].step == good
        kept = snapshot_images(tmp_path / "saved" / "networks", ["painter"])
        assert kept == [BATCH * (step + 1) for step in range(good) if differ[step] == "+"]
        assert len(list((tmp_path / "pictures").iterdir())) == 1 + images // BATCH  # at the start, and a grid a tick


def test_a_loss_that_diverges_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(Collapsed, match=r"generator_loss went from 1 to 1e\+03\. The checkpoint after 16 images stays"):
        train(tmp_path, "++++++", [1.0] * 4 + [1000.0] * 2)


def test_without_a_watch_nothing_is_measured(tmp_path: Path) -> None:
    trainer(tmp_path, "+-----").train()
    assert "variety_share" not in RunFolder(tmp_path).stats.read()[0]


def test_shares_are_logged_with_the_losses(tmp_path: Path) -> None:
    train(tmp_path, "++++++")
    assert RunFolder(tmp_path).stats.read()[0]["variety_share"] == pytest.approx(1)
