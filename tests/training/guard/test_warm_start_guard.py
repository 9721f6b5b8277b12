"""A warm start is measured once at its start and once at its end, and both can be gone back to."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import torch
from tests.training.conftest import PICTURES
from tests.training.running import ColorDistance

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.dataset.batches import TrainingData
from painting.training.guard.comparison import StartComparison
from painting.training.guard.warm_start_guard import WarmStartGuard
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import restore_snapshots

CPU = torch.device("cpu")


class CountedDistance(ColorDistance):
    """Counts the pictures whose features were taken."""

    def __init__(self) -> None:
        self.pictures = 0

    def features(self, pictures: Any) -> Any:
        self.pictures += len(pictures)
        return super().features(pictures)


@pytest.fixture
def distance() -> CountedDistance:
    return CountedDistance()


@pytest.fixture
def guard(preset: Preset, finite: Any, text_encoder_of_numbers: Any, distance: CountedDistance) -> WarmStartGuard:
    data = TrainingData.of(finite, text_encoder_of_numbers, CPU, Path())
    return WarmStartGuard.of(preset, None, data, distance)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path)
    made.stats.add({"stage": "prior", "stage_index": 1, "step": 4, "kimg": 0.032, "seconds": 3.5})
    return made


@pytest.fixture
def begun(guard: WarmStartGuard, run: RunFolder, networks: LatentFlowNetworks) -> StartComparison:
    comparison = guard.measure_start("roses", {}, networks)
    comparison.write(run)
    return comparison


@torch.no_grad()
def darken(networks: LatentFlowNetworks) -> None:
    """Make the painter paint all pictures dark."""
    list(networks.autoencoder_ema.decoder.parameters())[-1].sub_(9)


def test_a_run_is_measured_on_the_pictures_of_its_start(
    guard: WarmStartGuard, run: RunFolder, networks: LatentFlowNetworks, begun: StartComparison, distance: Any
) -> None:
    assert distance.pictures == PICTURES + 2 * PICTURES  # the real ones, and two sets of seeds
    assert begun.pictures == f"{PICTURES} train pictures, as too few are held out"
    ended = guard.compare_end(run, networks)
    assert distance.pictures == PICTURES + 4 * PICTURES
    assert ended.end == begun.start and ended.end_kimg == 0.032


def test_a_worse_end_is_noticed_and_kept_beside_the_start(
    guard: WarmStartGuard, run: RunFolder, networks: LatentFlowNetworks, begun: StartComparison
) -> None:
    darken(networks)
    ended = guard.compare_end(run, networks)
    assert ended.better == "start" and StartComparison.read(run) == ended
    kept = {name: weight.clone() for name, weight in networks.prior_ema.state_dict().items()}
    assert restore_snapshots(run, networks, [0.032]) == Position(1, 4, 0, 3.5)
    for name, weight in networks.prior_ema.state_dict().items():  # kept as half floats
        torch.testing.assert_close(kept[name], weight, rtol=1e-3, atol=1e-3)


def test_a_better_end_is_noticed(guard: WarmStartGuard, run: RunFolder, networks: LatentFlowNetworks) -> None:
    weights = {name: tensor.clone() for name, tensor in networks.autoencoder_ema.decoder.state_dict().items()}
    darken(networks)
    guard.measure_start("roses", {}, networks).write(run)
    networks.autoencoder_ema.decoder.load_state_dict(weights)
    assert guard.compare_end(run, networks).better == "end"


def test_an_end_that_was_measured_is_not_measured_again(
    guard: WarmStartGuard, run: RunFolder, networks: LatentFlowNetworks, begun: StartComparison, distance: Any
) -> None:
    ended = guard.compare_end(run, networks)
    before = distance.pictures
    assert guard.compare_end(run, networks) == ended and distance.pictures == before


def test_a_collapsed_run_has_its_start(guard: WarmStartGuard, run: RunFolder, begun: StartComparison) -> None:
    assert guard.record_collapse(run).better == "start"
    read = StartComparison.read(run)
    assert read and read.collapsed and read.start == begun.start


@pytest.mark.parametrize(
    ("card", "own"),
    [
        ({"figures": [{"id": "fid", "value": 1}, {"id": "colour", "extractor": "pixels", "value": 26.3}]}, 26.3),
        ({"figures": [{"id": "colour", "extractor": "inception", "value": 26.3}]}, None),
        ({"figures": [{"id": "colour", "extractor": "pixels", "value": "low"}]}, None),
        ({"figures": [3, None]}, None),
        ({"figures": "none"}, None),
        ({}, None),
    ],
)
def test_the_painter_s_own_world_is_read_from_its_card_whatever_that_holds(
    guard: WarmStartGuard, networks: LatentFlowNetworks, card: dict[str, Any], own: float | None
) -> None:
    assert guard.measure_start("roses", card, networks).own_distance == own


def test_without_a_distance_a_warm_start_is_refused(preset: Preset) -> None:
    with pytest.raises(TrainingError, match="give train\\(\\) a `distance`"):
        WarmStartGuard.of(preset, None, Mock(), None)
