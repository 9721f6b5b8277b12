"""What a run writes down at every tick: a line of stats.jsonl, TensorBoard events, a picture grid; and its plots."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch.utils.tensorboard import SummaryWriter

from painting.training.run.checkpoint import Position
from painting.training.run.evaluation_plot import save_evaluation_plot
from painting.training.run.folder import RunFolder
from painting.training.run.plots import save_plots

PLOTS_EVERY_S = 10.0
"""Drawing takes half a second, longer than a tick of a small network."""


@dataclass(frozen=True)
class Tick:
    """Where a run stands, its speed, and the mean losses since the last tick."""

    stage: str
    batch: int
    total_images: int
    position: Position
    images_per_second: float
    losses: dict[str, float]

    @property
    def images_seen(self) -> int:
        return self.position.step * self.batch

    def stats(self) -> dict[str, Any]:
        """The tick as a line of stats.jsonl."""
        return {
            "stage_name": self.stage,
            "stage": self.position.stage,
            "step": self.position.step,
            "kimg": self.images_seen / 1000,
            "seconds": round(self.position.seconds, 2),
            "images_per_second": round(self.images_per_second, 2),
            **self.losses,
        }


class RunLogger:
    """Writes the ticks of a run into its folder; the plots when some seconds have passed, a stage ends or `close`."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        # Nothing is purged when a run resumes: every stage counts from 0, so that would take earlier stages with it.
        self.writer = SummaryWriter(str(run.events))
        self._plotted_at, self._unplotted = time.monotonic(), False

    def add(self, tick: Tick, pictures: NDArray[np.uint8] | None) -> None:
        """Write down one tick and, where the stage shows any, its pictures."""
        stats = tick.stats()
        self.run.add_stats(stats)
        for name, value in [*tick.losses.items(), ("images_per_second", tick.images_per_second)]:
            self.writer.add_scalar(f"{tick.stage}/{name}", value, tick.images_seen)
        self.writer.flush()
        if pictures is not None:
            self.run.save_pictures(f"{tick.stage}-{tick.images_seen // 1000:06d}kimg", pictures)
        self._unplotted = True
        if tick.images_seen >= tick.total_images or time.monotonic() - self._plotted_at >= PLOTS_EVERY_S:
            self._plot()

    def add_evaluation(self, line: dict[str, Any]) -> None:
        """Write down what was measured, and draw how it went."""
        self.run.evaluations.add(line)
        for figure in line["figures"]:
            name = f"{line['stage_name']}/{figure['split']} {figure['name']}"
            self.writer.add_scalar(name, figure["value"], round(1000 * line["kimg"]))
        self.writer.flush()
        save_evaluation_plot(self.run.evaluations.read(), self.run.saved)

    def add_row(self, tick: Tick, row: NDArray[np.uint8]) -> None:
        """Show a record point's row (H, W, 3) in TensorBoard too."""
        self.writer.add_image(f"{tick.stage}/row", row, tick.images_seen, dataformats="HWC")
        self.writer.flush()

    def close(self) -> None:
        """Have all events and plots on disk."""
        try:
            if self._unplotted:
                self._plot()
        finally:
            self.writer.close()

    def _plot(self) -> None:
        save_plots(self.run.stats(), self.run.saved)
        self._plotted_at, self._unplotted = time.monotonic(), False
