"""What a run writes down at every tick: a line of stats.jsonl, TensorBoard events, a picture grid, the loss plot."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch.utils.tensorboard import SummaryWriter

from painting.training.checkpoint import Position
from painting.training.run_folder import RunFolder

NOT_LOSSES = {"stage_name", "stage", "step", "kimg", "seconds", "images_per_second"}


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


class Records:
    """Writes the ticks of a run into its folder."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        # Nothing is purged when a run resumes: every stage counts from 0, so that would take earlier stages with it.
        self.writer = SummaryWriter(str(run.events))

    def add(self, tick: Tick, pictures: NDArray[np.uint8] | None) -> None:
        """Write down one tick and, where the stage shows any, its pictures."""
        stats = tick.stats()
        self.run.add_stats(stats)
        for name, value in [*tick.losses.items(), ("images_per_second", tick.images_per_second)]:
            self.writer.add_scalar(f"{tick.stage}/{name}", value, tick.images_seen)
        self.writer.flush()
        if pictures is not None:
            self.run.save_pictures(f"{tick.stage}-{tick.images_seen // 1000:06d}kimg", pictures)
        plot_losses(self.run.stats(), self.run.path / "losses.png")

    def close(self) -> None:
        """Have all events on disk."""
        self.writer.close()


def plot_losses(stats: list[dict[str, Any]], path: Path) -> None:
    """Draw every loss over the images seen, a panel for each stage."""
    from matplotlib.figure import Figure

    stages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in stats:
        stages[line["stage_name"]].append(line)
    figure = Figure(figsize=(6 * len(stages), 4), layout="constrained")
    for axes, (name, lines) in zip(figure.subplots(1, len(stages), squeeze=False)[0], stages.items(), strict=True):
        for loss in sorted({key for line in lines for key in line} - NOT_LOSSES):
            points = [(line["kimg"], line[loss]) for line in lines if loss in line]
            axes.plot(*zip(*points, strict=True), label=loss)
        axes.set(title=name, xlabel="images seen (thousands)", ylabel="mean loss since the last tick")
        axes.grid(alpha=0.3)
        axes.legend()
    part = path.with_suffix(".part.png")
    figure.savefig(part, dpi=100)
    os.replace(part, path)
