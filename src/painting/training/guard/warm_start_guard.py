"""Guard of a warm start: measures the painter that a run begins from, and at the end the run beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from painting.errors import TrainingError
from painting.images import FloatArray
from painting.progress import TaskProgressCallback, no_progress
from painting.training.config.base import Preset
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.reference_pictures import ReferencePictures, open_reference_pictures
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import Measurement, PictureDistance, measure_painter
from painting.training.run.folder import RunFolder
from painting.training.run.preview import RunPainter
from painting.training.run.snapshots import save_inference_snapshot
from painting.training.stage import Networks


@dataclass(frozen=True)
class WarmStartGuard:
    """Measures networks of one warm-started run, always on the same pictures, prompts and seeds.

    `source`: the folder of the run's pictures, some of which may be held out.
    """

    preset: Preset
    source: Path | None
    data: TrainingData
    distance: PictureDistance

    @classmethod
    def of(cls, preset: Preset, source: Path | None, data: TrainingData, distance: PictureDistance | None) -> Self:
        """The guard of a run; raises TrainingError without a distance."""
        if distance is None:
            raise TrainingError(
                "A run that begins from a painter is compared with it: give train() a `distance`, such as "
                "painting.evaluation.picture_distance.EfficientNetKid()."
            )
        return cls(preset, source, data, distance)

    @cached_property
    def reference(self) -> ReferencePictures:
        """The real pictures to compare with."""
        return open_reference_pictures(self.preset, self.source, self.data)

    @cached_property
    def real_features(self) -> FloatArray:
        """Their features (N, D)."""
        return self.distance.features(self.reference.pictures)

    def measure_start(
        self, painter: str, card: Mapping[str, Any], networks: Networks, report: TaskProgressCallback = no_progress
    ) -> StartComparison:
        """Measure the networks that a run begins with, those of a painter with this name and card."""
        return StartComparison(
            painter=painter,
            metric=self.distance.name,
            pictures=self.reference.describe(),
            start=self._measure(networks, report),
            own_distance=_own_distance(card, self.distance),
            far=self.distance.far,
        )

    def compare_end(self, run: RunFolder, networks: Networks) -> StartComparison:
        """Measure a finished run's networks, unless that is done, and write down which of start and end is better.

        The end is kept as a snapshot, so that both can be exported.
        """
        comparison = self._start(run)
        if comparison.end is not None:
            return comparison
        kimg = next((line["kimg"] for line in reversed(run.stats.read())), 0.0)
        save_inference_snapshot(run, networks, round(1000 * kimg))
        comparison = replace(comparison, end=self._measure(networks), end_kimg=kimg, collapsed=False)
        comparison.write(run)
        return comparison

    def record_collapse(self, run: RunFolder) -> StartComparison:
        """Write down that a run has no end to compare."""
        comparison = replace(self._start(run), collapsed=True)
        comparison.write(run)
        return comparison

    def _start(self, run: RunFolder) -> StartComparison:
        comparison = StartComparison.read(run)
        if comparison is None:
            raise TrainingError(f"{run.comparison} is missing, so the run cannot be compared with its start.")
        return comparison

    def _measure(self, networks: Networks, report: TaskProgressCallback = no_progress) -> Measurement:
        painter = RunPainter(networks, self.data.info, self.data.encoder, self.data.device)
        return measure_painter(painter, self.reference, self.real_features, self.distance, report)


def _own_distance(card: Mapping[str, Any], distance: PictureDistance) -> float | None:
    """The same figure in the card of a painter, which may hold anything."""
    figures = card.get("figures")
    for figure in figures if isinstance(figures, list) else []:
        if isinstance(figure, dict) and (figure.get("id"), figure.get("extractor")) == distance.figure:
            value = figure.get("value")
            return float(value) if isinstance(value, int | float) else None
    return None
