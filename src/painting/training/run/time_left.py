"""Time left of a run: what its stage's own speed says of this stage, and what was measured before of later ones."""

import time
from collections.abc import Mapping, Sequence

from painting.training.stage import Stage

MIN_MEASURED_SECONDS = 5.0
"""How long a stage must have trained before its own speed is believed."""


class TimeLeft:
    """The time that a run still takes, from its position in one stage."""

    def __init__(self, stages: Sequence[Stage], stage_seconds: Mapping[str, float]) -> None:
        """`stage_seconds`: how long whole stages take, as measured before the run; some or all may be missing."""
        self.stages = stages
        self.stage_seconds = stage_seconds
        self.start_stage(0, 0)

    def start_stage(self, index: int, images: int) -> None:
        """Begin or resume a stage after so many images."""
        self._index = index
        self.images = images
        self._images_at_start = images
        self._start = time.monotonic()

    def add(self, images: int) -> None:
        """Count images of the stage."""
        self.images += images

    def seconds(self) -> float | None:
        """The seconds left of the run; None where a stage's duration is unknown."""
        later = [self.stage_seconds.get(stage.name) for stage in self.stages[self._index + 1 :]]
        current = self._seconds_of_stage()
        known = [seconds for seconds in (current, *later) if seconds is not None]
        return sum(known) if len(known) == 1 + len(later) else None

    def _seconds_of_stage(self) -> float | None:
        stage = self.stages[self._index]
        left = max(0, stage.whole_images - self.images)
        trained = self.images - self._images_at_start
        elapsed = time.monotonic() - self._start
        if trained and elapsed >= MIN_MEASURED_SECONDS:
            return left * elapsed / trained
        expected = self.stage_seconds.get(stage.name)
        return None if expected is None else expected * left / stage.whole_images
