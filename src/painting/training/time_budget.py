"""Time budget: measures the throughput of a preset's stages on this device, and fits their lengths to the minutes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.device import autocast
from painting.training.rng import RngKey
from painting.training.stage import Recipe, Stage

WARMUP_STEPS = 2
TIMED_SECONDS = 2.0
"""How long each stage is timed, at least one step."""
TRAINING_FRACTION = 0.93
"""The fraction of the minutes for steps and setup; the rest is for saving, sampling and plots."""
MATRIX_SIZE = 2048
SCALED_KEYS = ("kimg", "warmup_kimg", "ema_halflife_kimg")
"""The keys of a stage that are counted in images, and scaled with its length."""


@dataclass(frozen=True)
class Throughput:
    """How fast one stage trains; `utilization` is its FLOP/s as a fraction of the device's in matrix products."""

    stage: str
    images_per_second: float
    setup_seconds: float
    utilization: float


def measure_throughputs(recipe: Recipe, stages: Sequence[Stage]) -> list[Throughput]:
    """Time some steps of these stages of a recipe, whose networks are of no use afterwards."""
    rate = matrix_rate(recipe.device)
    return [_measure(recipe, stage, rate) for stage in stages]


def fit_to_minutes(preset: Preset, throughputs: Sequence[Throughput], minutes: float) -> Preset:
    """The preset with the lengths of the timed stages scaled by one factor, so that all take so many minutes.

    Raises TrainingError where their setup alone takes longer.
    """
    step_seconds = sum(1000 * _table(preset, each)["kimg"] / each.images_per_second for each in throughputs)
    setup_seconds = sum(each.setup_seconds for each in throughputs)
    available = 60 * minutes * TRAINING_FRACTION - setup_seconds
    if available <= 0:
        raise TrainingError(
            f"{minutes:g} minutes are too few: setup alone takes {setup_seconds / 60:.1f} here. Raise --minutes."
        )
    return preset.replaced(
        **{each.stage: _scaled(_table(preset, each), available / step_seconds) for each in throughputs}
    )


def describe_fit(preset: Preset, throughputs: Sequence[Throughput], minutes: float) -> str:
    """A sentence with the measured throughputs and the lengths that were fitted to them."""
    stages = [
        f"{each.stage} {1000 * _table(preset, each)['kimg']:,.0f} images at {each.images_per_second:.1f} images/s "
        f"({each.utilization:.0%} of the device's matrix rate)"
        for each in throughputs
    ]
    return f"Fitted to {minutes:g} minutes: {'; '.join(stages)}."


def matrix_rate(device: torch.device) -> float:
    """The FLOP/s that the device reaches in large matrix products, in the precision of training steps."""
    one = torch.randn(MATRIX_SIZE, MATRIX_SIZE, device=device)
    with autocast(device):
        # A product of two n × n matrices is n³ multiplications and as many additions.
        return 2.0 * MATRIX_SIZE**3 / _mean_seconds(lambda: one @ one, device)


def _table(preset: Preset, throughput: Throughput) -> dict[str, Any]:
    """The keys of a timed stage."""
    table: dict[str, Any] = vars(getattr(preset, throughput.stage))
    return table


def _scaled(table: dict[str, Any], factor: float) -> dict[str, float]:
    """The scaled values, rounded to thousandths of a kimg, which are whole images; at least one image."""
    return {key: round(table[key] * factor, 3) or 0.001 for key in SCALED_KEYS if key in table}


def _measure(recipe: Recipe, stage: Stage, rate: float) -> Throughput:
    setup_seconds = stage.prepare_timing()
    last = RngKey(0, stage.name, max(0, stage.total_images // stage.batch - 1))  # where all losses take part
    with FlopCounterMode(display=False) as counter:
        recipe.step(stage, last)
    seconds = _mean_seconds(lambda: recipe.step(stage, last), recipe.device)
    flop_rate = counter.get_total_flops() / seconds
    return Throughput(stage.name, stage.batch / seconds, setup_seconds, flop_rate / rate)


def _mean_seconds(act: Callable[[], object], device: torch.device) -> float:
    """The mean duration of a call, measured for `TIMED_SECONDS`."""
    for _ in range(WARMUP_STEPS):
        act()
    _synchronize(device)
    start = time.perf_counter()
    count = 0
    while count == 0 or time.perf_counter() - start < TIMED_SECONDS:
        act()
        _synchronize(device)
        count += 1
    return (time.perf_counter() - start) / count


def _synchronize(device: torch.device) -> None:
    """Wait for the device to finish its queued work."""
    if device.type != "cpu":
        torch.get_device_module(device.type).synchronize()
