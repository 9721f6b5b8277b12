"""A run measured as it goes: when, what is written down of it, and whether it has stopped improving.

What measures is passed in, for training knows nothing of evaluation. Measuring draws nothing of the run's, so that a
run ends with the same weights whether it is measured or not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from painting.data.picture_set import CaptionEncoder
from painting.progress import ProgressCallback
from painting.training.run.checkpoint import Position
from painting.training.run.folder import DataFacts
from painting.training.run.json_lines import JsonLines
from painting.training.run.preview import RunPainter
from painting.training.stage import Recipe

FigureFields = dict[str, Any]
"""A figure as JSON: its id, name, value, split, n, extractor and protocol at least."""
Measure = Callable[[RunPainter, ProgressCallback], list[FigureFields]]
"""Measures what a run paints now; tells its report (done, in all) again and again, which raises where it is to stop."""

PROGRESS_METRIC = "kid"
"""The metric by which a run still improves or not: lower is better, unbiased on few pictures."""
HELD_OUT = ("validation", "test")
"""The splits that it is looked at on: the first that was measured."""
PRINTED_METRICS = {"kid", "recall", "coverage", "label_accuracy", "confident_share"}
"""The metrics whose figures are printed after an evaluation; all are written to the file."""
RECENT = 1 / 3
"""The share of the images seen, at their end, that must have brought something."""
FEWEST = 6
"""Evaluations, before anything is said."""


@dataclass(frozen=True)
class Point:
    """Where a run was measured: after `step` steps of stage number `stage`."""

    stage: int
    stage_name: str
    step: int
    images: int


class Evaluations:
    """Measures a run in the stages that paint, every so many images and at each stage's end."""

    def __init__(
        self, recipe: Recipe, facts: DataFacts, encoder: CaptionEncoder | None, every_images: int, measure: Measure
    ) -> None:
        self.recipe, self.facts, self.encoder = recipe, facts, encoder
        self.every_images, self.measure = every_images, measure

    def is_due(self, index: int, step: int) -> bool:
        """Whether the run is to be measured after this step of a stage."""
        stage = self.recipe.stages[index]
        if index < self.recipe.networks.first_sampling_stage or step == 0:
            return False
        before, now = ((steps * stage.batch) // self.every_images for steps in (step - 1, step))
        return now > before or step * stage.batch >= stage.total_images

    def missing(self, position: Position, lines: JsonLines) -> Point | None:
        """What is due at a position and not written down yet: it is done anew after a kill in its midst."""
        index, step = position.stage, position.step
        if step == 0:  # the position after a stage's last step is the next one's beginning
            index -= 1
            step = self.recipe.stages[index].whole_images // self.recipe.stages[index].batch if index >= 0 else 0
        if index < 0 or not self.is_due(index, step):
            return None
        if any((line["stage"], line["step"]) == (index, step) for line in lines.read()):
            return None
        stage = self.recipe.stages[index]
        return Point(index, stage.name, step, step * stage.batch)

    def take(self, point: Point, report: ProgressCallback) -> dict[str, Any]:
        """Measure the run as it is: the line of evaluations.jsonl."""
        devices = [self.recipe.device] if self.recipe.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            painter = RunPainter(self.recipe.networks, self.facts, self.encoder, self.recipe.device)
            figures = self.measure(painter, report)
        return {
            "stage_name": point.stage_name,
            "stage": point.stage,
            "step": point.step,
            "kimg": point.images / 1000,
            "figures": figures,
        }


def series(
    lines: Sequence[Mapping[str, Any]], figure_id: str, split: str, extractor: str | None = None
) -> list[tuple[float, float]]:
    """A figure over the images seen, (kimg, value) of the newest stage that was measured, oldest first."""
    newest = max((line["stage"] for line in lines), default=0)
    return [
        (line["kimg"], figure["value"])
        for line in lines
        if line["stage"] == newest
        for figure in line["figures"]
        if (figure["id"], figure["split"]) == (figure_id, split) and extractor in (None, figure["extractor"])
    ]


def stopped_improving(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the last third of the images seen has brought nothing: points (kimg, value), lower is better.

    The best value of that third is not better than the best before it by more than the values' own spread, which is
    the median step between neighbouring values in it.
    """
    if len(points) < FEWEST:
        return False
    since = (1 - RECENT) * points[-1][0]
    before = [value for kimg, value in points if kimg <= since]
    recent = [value for kimg, value in points if kimg > since]
    if not before or len(recent) < 2:
        return False
    spread = float(np.median(np.abs(np.diff(recent))))
    return min(recent) > min(before) - spread


def _metric_of(figure: Mapping[str, Any]) -> str:
    """The metric of a figure as JSON: "label_accuracy" of "label_accuracy.species"."""
    return str(figure["id"]).partition(".")[0]


def told(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """What to say after the newest evaluation: its figures, and, when it has just come to that, that it is done."""
    newest = lines[-1]
    measured = {figure["split"] for figure in newest["figures"]}
    split = next(split for split in HELD_OUT if split in measured)
    points = series(lines, PROGRESS_METRIC, split)
    values = ", ".join(
        f"{figure['name']} {figure['value']:.3g}"
        for figure in newest["figures"]
        if figure["split"] == split and _metric_of(figure) in PRINTED_METRICS
    )
    said = [f"Measured at {newest['kimg']:,.0f} thousand images, on prompts of the {split} part: {values}."]
    if stopped_improving(points) and not stopped_improving(points[:-1]):
        kimg, value = min(points, key=lambda point: point[1])
        said.append(
            f"Nothing has improved for long: the best KID ×1000, {value:.3g}, was reached at {kimg:,.0f} thousand "
            "images, and the last third of the images has brought no better one beyond its spread. It may be done; "
            "while its learning rate falls it can still gain."
        )
    return said
