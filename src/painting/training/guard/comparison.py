"""Comparison of a warm-started run's end with the painter that it began from: its file, its verdict, its sentences.

`comparison.json` is written before the run trains, with how its start paints, and again at its end; the better of the
two is what `painting export` takes.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from painting.errors import TrainingError, error_reason
from painting.files.sealed_json import read_sealed, write_sealed
from painting.progress import describe_duration
from painting.training.guard.measurement import Measurement
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import KIMG_TOLERANCE

MIN_ERRORS = 2.0
"""A difference of fewer standard errors is taken for noise."""
Better = Literal["start", "end", "neither"]


@dataclass(frozen=True)
class StartComparison:
    """How a run paints at its end beside its start; a distance is from real pictures, and lower is better.

    `painter`: the name of the painter that it began from. `own_distance`: that painter's distance from its own training
    pictures, by its card. `far`: the distance from which on pictures are of another world. `end`: None until the run
    has ended. `collapsed`: the run was stopped, so it has no end.
    """

    painter: str
    metric: str
    pictures: str
    start: Measurement
    own_distance: float | None = None
    far: float | None = None
    end: Measurement | None = None
    end_kimg: float = 0.0
    collapsed: bool = False

    @property
    def better(self) -> Better | None:
        """Which of the two paints better, by more than chance; None: not known yet."""
        if self.collapsed:
            return "start"
        if self.end is None:
            return None
        change = self.end.minus(self.start)
        if abs(change.distance) <= MIN_ERRORS * change.standard_error:
            return "neither"
        return "start" if change.distance > 0 else "end"

    @property
    def is_success(self) -> bool:
        """Whether the run ended no worse than it began, and paints pictures of the world that it was trained on."""
        return self.end is not None and self.better != "start" and not self.is_far(self.end)

    def is_far(self, measured: Measurement) -> bool:
        """Whether pictures at this distance are of another world than those that the run is trained on."""
        return self.far is not None and measured.distance >= self.far

    def of_weights(self, kimg: Sequence[float]) -> Measurement | None:
        """The measurement of snapshots' weights, without any of the newest; None: they were not measured."""
        if list(kimg) == [0]:
            return self.start
        is_end = not kimg or (len(kimg) == 1 and abs(kimg[0] - self.end_kimg) <= KIMG_TOLERANCE)
        return self.end if is_end else None

    def write(self, run: RunFolder) -> None:
        """Write it into a run's folder."""
        write_sealed(run.comparison, asdict(self))

    @classmethod
    def read(cls, run: RunFolder) -> "StartComparison | None":
        """The comparison in a run's folder; None where there is none. Raises TrainingError where it is damaged."""
        try:
            values = read_sealed(run.comparison)
            return cls(**values | {name: _measurement(values[name]) for name in ("start", "end")})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"{run.comparison} cannot be read: {error_reason(error)}. Remove it to export the newest weights."
            ) from error

    def likeness_sentence(self, scratch_minutes: float | None = None) -> str:
        """How far the run's pictures are from what the painter paints, and what to do instead if that is far.

        `scratch_minutes`: how long training without the painter takes; None: there is nothing better to do.
        """
        own = "" if self.own_distance is None else f", where its own world has {self.own_distance:.0f}"
        measured = f"{self._measured(self.start)}{own}"
        if not self.is_far(self.start):
            return f"These pictures resemble what {self.painter} paints: {measured}."
        far = f"These pictures are far from what {self.painter} paints ({measured})"
        if scratch_minutes is None:
            return f"{far}, so there is much to learn."
        return (
            f"{far}: fine-tuning alone is likely to end no better than it begins, and training from scratch, with "
            f"--from nothing, takes about {describe_duration(60 * scratch_minutes)} here."
        )

    def end_sentence(self, run: RunFolder) -> str:
        """Which of start and end paints better, by how much, and how to export the other one."""
        assert self.end is not None
        change = self.end.minus(self.start)
        figures = (
            f"{self.metric} {self.end.distance:.1f} at the end, {self.start.distance:.1f} at the start, a difference "
            f"of {_with_error(change)}, on {self.pictures}"
        )
        if self.end == self.start:
            return f"The run's pictures are still those of {self.painter}, which it began from: {figures}."
        if self.better == "start":
            return (
                f"The start was better: {self.painter} paints closer to real pictures than the run's end ({figures}). "
                f"`painting export {run.path}` takes the start, with --at-kimg {self.end_kimg:g} the end."
            )
        verdict = "better" if self.better == "end" else "no worse"
        remark = (
            "" if self.is_success else " It is still far from these pictures: train longer, or with --from nothing."
        )
        return (
            f"The run paints {verdict} than {self.painter}, which it began from: {figures}.{remark} "
            f"`painting export {run.path}` takes the end, with --at-kimg 0 the start."
        )

    def export_sentence(self) -> str:
        """Why an export takes the start, or that the end is not known to be better; empty: it is no worse."""
        if self.collapsed:
            return f"The run collapsed, so this is its start, {self.painter}."
        if self.end is None:
            return f"The run has not ended: these weights may be worse than its start, {self.painter} (--at-kimg 0)."
        if self.better != "start":
            return ""
        return (
            f"The run's start, {self.painter}, painted better than its end ({self.metric} {self.start.distance:.1f} "
            f"against {self.end.distance:.1f}), so this is the start; --at-kimg {self.end_kimg:g} takes the end."
        )

    def distance_sentence(self, measured: Measurement) -> str:
        """How far a painter's pictures are from those that it was trained on, for an export and the painter's card."""
        likeness = "are far from" if self.is_far(measured) else "resemble"
        scale = "" if self.far is None else f"; from {self.far:g} on pictures are of another world"
        return f"Its pictures {likeness} those that it was trained on: {self._measured(measured)}{scale}."

    def distance_record(self, measured: Measurement) -> dict[str, Any]:
        """The distance of a painter's pictures from those that it was trained on, as its card holds it."""
        return {
            "metric": self.metric,
            "value": round(measured.distance, 1),
            "standard_error": round(measured.standard_error, 1),
            "pictures": self.pictures,
            "far": self.far,
        }

    def _measured(self, measurement: Measurement) -> str:
        return f"{self.metric} {_with_error(measurement)} on {self.pictures}"


def _measurement(values: dict[str, Any] | None) -> Measurement | None:
    return None if values is None else Measurement(values["distance"], tuple(values["without_group"]))


def _with_error(measurement: Measurement) -> str:
    return f"{measurement.distance:.1f} ± {measurement.standard_error:.1f}"
