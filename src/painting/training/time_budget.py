"""How fast a preset's stages train on this machine, and a preset fitted to the minutes there are."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.config.loader import preset_from_dict
from painting.training.device import computing
from painting.training.rng import RngKey
from painting.training.stage import Recipe, Stage

WARMUP_STEPS = 2
SECONDS = 2.0
"""How long each stage is timed, at least one step."""
USED = 0.93
"""The share of the minutes that steps and making ready may take; the rest is for saving and showing."""
MATRIX = 2048
SCALED = ("kimg", "warmup_kimg", "ema_halflife_kimg")


@dataclass(frozen=True)
class Throughput:
    """How fast one stage trains."""

    stage: str
    images_per_second: float
    ready_seconds: float
    """What it takes before its first step."""
    share: float
    """How much of the rate of the device's matrix products its steps reach, 0 … 1."""


def measure_throughputs(recipe: Recipe, stages: Sequence[Stage]) -> list[Throughput]:
    """Time some steps of these stages of a recipe; its networks are of no use afterwards."""
    rate = matrix_rate(recipe.device)
    return [_throughput(recipe, stage, rate) for stage in stages]


def fitted(preset: Preset, throughputs: Sequence[Throughput], minutes: float) -> Preset:
    """The preset with the images of the timed stages, and what is counted in them, scaled to last so many minutes.

    Raises TrainingError where making ready alone takes longer.
    """
    values = preset.as_dict()
    steps = sum(1000 * values[each.stage]["kimg"] / each.images_per_second for each in throughputs)
    ready = sum(each.ready_seconds for each in throughputs)
    left = 60 * minutes * USED - ready
    if left <= 0:
        raise TrainingError(
            f"{minutes:g} minutes are too few: making ready alone takes {ready / 60:.1f} here. Give --minutes more."
        )
    for each in throughputs:
        table = values[each.stage]
        table |= {key: round(table[key] * left / steps, 3) or 0.001 for key in table if key in SCALED}
    return preset_from_dict(values)


def told(preset: Preset, throughputs: Sequence[Throughput], minutes: float) -> str:
    """What was measured and planned, in words."""
    values = preset.as_dict()
    parts = [
        f"{each.stage} {1000 * values[each.stage]['kimg']:,.0f} images at {each.images_per_second:.1f} images/s "
        f"({each.share:.0%} of the device's matrix rate)"
        for each in throughputs
    ]
    return f"Fitted to {minutes:g} minutes: {'; '.join(parts)}."


def matrix_rate(device: torch.device) -> float:
    """How many FLOPs a second the device reaches on large matrix products, in the numbers that steps compute in."""
    one = torch.randn(MATRIX, MATRIX, device=device)
    with computing(device):
        return 2.0 * MATRIX**3 / _seconds(lambda: one @ one, device)


def _throughput(recipe: Recipe, stage: Stage, rate: float) -> Throughput:
    ready = stage.prepare_timing()
    last = RngKey(0, stage.name, max(0, stage.total_images // stage.batch - 1))  # where all losses take part
    with FlopCounterMode(display=False) as counted:
        recipe.step(stage, last)
    seconds = _seconds(lambda: recipe.step(stage, last), recipe.device)
    return Throughput(stage.name, stage.batch / seconds, ready, counted.get_total_flops() / seconds / rate)


def _seconds(act: Callable[[], object], device: torch.device) -> float:
    """How long it takes, on average over `SECONDS`."""
    for _ in range(WARMUP_STEPS):
        act()
    _wait(device)
    begun, count = time.perf_counter(), 0
    while count == 0 or time.perf_counter() - begun < SECONDS:
        act()
        _wait(device)
        count += 1
    return (time.perf_counter() - begun) / count


def _wait(device: torch.device) -> None:
    """Until the device has done what it was given."""
    if device.type != "cpu":
        torch.get_device_module(device.type).synchronize()
