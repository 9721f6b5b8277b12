"""Run logger: per tick a line of stats.jsonl and a sample grid, and from time to time the plots."""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder, dated
from painting.training.run.plots import save_evaluation_plot, save_loss_plots

PLOT_INTERVAL_SECONDS = 10.0
"""Drawing takes half a second, longer than a tick of a small network."""


def grid_file(stage: str, images: int) -> str:
    """The name of the sample grid's file of a stage after so many images."""
    return f"{dated(stage, images)}.png"


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A run's position, its speed, the mean losses since the last tick, and its samples' shares of real pictures."""

    stage: str
    batch: int
    total_images: int
    position: Position
    images_per_second: float
    losses: dict[str, float]
    shares: dict[str, float] = field(default_factory=dict)

    @property
    def images(self) -> int:
        """The images that the stage has trained on."""
        return self.position.step * self.batch

    @property
    def grid_file(self) -> str:
        """The name of its sample grid's file."""
        return grid_file(self.stage, self.images)

    def stats(self) -> dict[str, Any]:
        """The tick as a line of stats.jsonl."""
        return {
            "stage": self.stage,
            "stage_index": self.position.stage_index,
            "step": self.position.step,
            "kimg": self.images / 1000,
            "seconds": round(self.position.seconds, 2),
            "images_per_second": round(self.images_per_second, 2),
            **self.losses,
            **self.shares,
        }


class RunLogger:
    """Writes the ticks of a run into its folder; plots every few seconds, at the end of a stage and on `close`."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._last_plot_time = time.monotonic()
        self._has_unplotted_ticks = False

    def add(self, tick: Tick, sample_grid: NDArray[np.uint8] | None) -> None:
        """Log one tick and its sample grid (H, W, 3), if the stage has any."""
        self.run.stats.add(tick.stats())
        if sample_grid is not None:
            self.run.save_pictures(tick.grid_file, sample_grid)
        self._has_unplotted_ticks = True
        is_last = tick.images >= tick.total_images
        if is_last or time.monotonic() - self._last_plot_time >= PLOT_INTERVAL_SECONDS:
            self._plot()

    def add_evaluation(self, line: dict[str, Any]) -> None:
        """Append a line to evaluations.jsonl and plot all of them."""
        self.run.evaluations.add(line)
        save_evaluation_plot(self.run.evaluations.read(), self.run.saved)

    def close(self) -> None:
        """Plot what is not plotted yet."""
        if self._has_unplotted_ticks:
            self._plot()

    def _plot(self) -> None:
        save_loss_plots(self.run.stats.read(), self.run.saved)
        self._last_plot_time = time.monotonic()
        self._has_unplotted_ticks = False
