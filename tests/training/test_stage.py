"""A stage's length in whole batches, and the defaults of the interface."""

from unittest.mock import Mock

import pytest
import torch
from torch import nn

from painting.training.rng import RngKey
from painting.training.stage import Losses, Networks, Recipe, Stage


class Counting(Stage):
    """Counts what is called on it."""

    name = "counting"

    def __init__(self, kimg: float, batch: int) -> None:
        super().__init__(kimg, batch)
        self.optimizers = {}
        self.setups = 0

    def setup(self, report: object = None) -> None:
        self.setups += 1

    def step(self, key: RngKey) -> Losses:
        return {"step": torch.tensor(float(key.step))}

    def sample_grid(self) -> None:
        return None


@pytest.mark.parametrize(
    ("kimg", "batch", "total", "whole"),
    [(0.1, 8, 100, 104), (0.016, 8, 16, 16), (0.0, 8, 0, 8), (1.2346, 1, 1235, 1235)],
)
def test_a_stage_ends_with_a_whole_batch(kimg: float, batch: int, total: int, whole: int) -> None:
    stage = Counting(kimg, batch)
    assert (stage.total_images, stage.whole_images) == (total, whole)


@pytest.mark.parametrize(
    ("count", "images", "batch", "steps"),
    [
        (4, 400, 10, [10, 20, 30, 40]),
        (3, 2500, 300, [3, 6, 9]),
        (10, 35, 10, [1, 2, 3, 4]),  # more points than steps
        (1, 35, 10, [4]),
        (0, 35, 10, []),
        (5, 0, 10, [1]),
    ],
)
def test_points_of_a_stage_are_evenly_spaced_and_the_last_step_is_one(
    count: int, images: int, batch: int, steps: list[int]
) -> None:
    stage = Counting(images / 1000, batch)
    last = max(1, -(-images // batch))
    assert [step for step in range(1, last + 1) if stage.is_point(step, count)] == steps


def test_a_stage_without_long_work_is_timed_after_its_setup() -> None:
    stage = Counting(1.0, 8)
    assert stage.prepare_timing() == 0.0 and stage.setups == 1


def test_a_stage_has_no_snapshots_and_no_samples_of_its_own() -> None:
    stage = Counting(1.0, 8)
    assert dict(stage.snapshot_networks) == {} and stage.sample_row() is None


def test_a_recipe_takes_a_stage_s_step() -> None:
    recipe = Recipe(Mock(), [Counting(1.0, 8)], torch.device("cpu"))
    assert float(recipe.step(recipe.stages[0], RngKey(0, "counting", 7))["step"]) == 7


def test_all_networks_move_to_the_device_in_channels_last() -> None:
    class Two(Networks):
        def __init__(self) -> None:
            self.named = {"one": nn.Conv2d(4, 4, 3), "other": nn.Conv2d(4, 4, 3)}

        def sampler(self) -> nn.Module:
            return self.named["one"]

    networks = Two()
    networks.to(torch.device("cpu"))
    weights = [network.get_parameter("weight") for network in networks.named.values()]
    assert all(weight.is_contiguous(memory_format=torch.channels_last) for weight in weights)
