"""Periodic evaluation of a run in training: when it is due, its line of evaluations.jsonl, and when progress stops.

The function that measures is passed in: training does not import evaluation. It uses none of the run's random numbers,
so a run ends with the same weights with and without evaluation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from painting.data.picture_set import CaptionEncoder
from painting.progress import ProgressCallback
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.run.checkpoint import Position
from painting.training.run.json_lines import JsonLinesLog
from painting.training.run.preview import RunPainter
from painting.training.stage import Recipe

FigureFields = dict[str, Any]
"""A figure as JSON: its id, name, value, split, n, extractor and protocol at least."""
Measure = Callable[[RunPainter, ProgressCallback], list[FigureFields]]
"""Measures a painter; calls the progress callback (done, total), which raises to stop it."""

PROGRESS_METRIC = "kid"
"""The metric that decides whether a run still improves: lower is better, unbiased on few pictures."""
PROGRESS_SPLITS = ("validation", "test")
"""The splits that progress is measured on: the first of them that was evaluated."""
PRINTED_METRICS = {"kid", "recall", "coverage", "label_accuracy", "confident_share"}
"""The metrics whose figures are printed after an evaluation; all are logged."""
PLATEAU_FRACTION = 1 / 3
"""The fraction of the images trained on, at their end, that must have improved the metric."""
MIN_EVALUATIONS = 6
"""Fewer evaluations are too few to call a plateau."""


@dataclass(frozen=True)
class EvaluationPoint:
    """A position where a run is evaluated: after `step` steps of a stage."""

    stage_index: int
    stage: str
    step: int
    images: int


class PeriodicEvaluation:
    """Evaluates a run in its sampling stages every so many images, and at the end of each."""

    def __init__(
        self, recipe: Recipe, dataset: DatasetInfo, encoder: CaptionEncoder | None, every_images: int, measure: Measure
    ) -> None:
        self.recipe = recipe
        self.dataset = dataset
        self.encoder = encoder
        self.every_images = every_images
        self.measure = measure

    def is_due(self, stage_index: int, step: int) -> bool:
        """Whether an evaluation is due after this step of a stage."""
        stage = self.recipe.stages[stage_index]
        if stage_index < self.recipe.networks.first_sampling_stage or step == 0:
            return False
        before, now = ((steps * stage.batch) // self.every_images for steps in (step - 1, step))
        return now > before or step * stage.batch >= stage.total_images

    def pending(self, position: Position, log: JsonLinesLog) -> EvaluationPoint | None:
        """The evaluation that is due at a position and not logged yet: after a kill in its midst it is repeated."""
        index, step = position.stage_index, position.step
        if step == 0:  # the position after a stage's last step is the start of the next
            index -= 1
            step = self.recipe.stages[index].whole_images // self.recipe.stages[index].batch if index >= 0 else 0
        if index < 0 or not self.is_due(index, step):
            return None
        if any((line["stage_index"], line["step"]) == (index, step) for line in log.read()):
            return None
        stage = self.recipe.stages[index]
        return EvaluationPoint(index, stage.name, step, step * stage.batch)

    def run(self, point: EvaluationPoint, report: ProgressCallback) -> dict[str, Any]:
        """Evaluate the run as it is now: the line of evaluations.jsonl."""
        devices = [self.recipe.device] if self.recipe.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            painter = RunPainter(self.recipe.networks, self.dataset, self.encoder, self.recipe.device)
            figures = self.measure(painter, report)
        return {
            "stage": point.stage,
            "stage_index": point.stage_index,
            "step": point.step,
            "kimg": point.images / 1000,
            "figures": figures,
        }


def figure_series(
    lines: Sequence[Mapping[str, Any]], figure_id: str, split: str, extractor: str | None = None
) -> list[tuple[float, float]]:
    """A figure over the images trained on: (kimg, value) of the newest evaluated stage, oldest first."""
    newest = max((line["stage_index"] for line in lines), default=0)
    return [
        (line["kimg"], figure["value"])
        for line in lines
        if line["stage_index"] == newest
        for figure in line["figures"]
        if (figure["id"], figure["split"]) == (figure_id, split) and extractor in (None, figure["extractor"])
    ]


def has_plateaued(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the last third of the images has improved nothing: points (kimg, value), lower is better.

    The best value of that third is not better than the best before it by more than the values' own spread, which is
    the median step between neighbouring values in it.
    """
    if len(points) < MIN_EVALUATIONS:
        return False
    since = (1 - PLATEAU_FRACTION) * points[-1][0]
    before = [value for kimg, value in points if kimg <= since]
    recent = [value for kimg, value in points if kimg > since]
    if not before or len(recent) < 2:
        return False
    spread = float(np.median(np.abs(np.diff(recent))))
    return min(recent) > min(before) - spread


def _metric_of(figure: Mapping[str, Any]) -> str:
    """The metric of a figure as JSON: "label_accuracy" of "label_accuracy.species"."""
    return str(figure["id"]).partition(".")[0]


def evaluation_messages(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """The messages after the newest evaluation: its figures, and, when the run has just plateaued, that it has."""
    newest = lines[-1]
    evaluated = {figure["split"] for figure in newest["figures"]}
    split = next(split for split in PROGRESS_SPLITS if split in evaluated)
    points = figure_series(lines, PROGRESS_METRIC, split)
    values = ", ".join(
        f"{figure['name']} {figure['value']:.3g}"
        for figure in newest["figures"]
        if figure["split"] == split and _metric_of(figure) in PRINTED_METRICS
    )
    messages = [f"Evaluated at {newest['kimg']:,.0f} kimg on {split} prompts: {values}."]
    if has_plateaued(points) and not has_plateaued(points[:-1]):
        kimg, value = min(points, key=lambda point: point[1])
        messages.append(
            f"No improvement for a third of the run: the best KID ×1000 was {value:.3g} at {kimg:,.0f} kimg, "
            "and later ones are no better beyond their spread. The run may be done, but can still gain while its "
            "learning rate falls."
        )
    return messages
