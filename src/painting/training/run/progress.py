"""Display of a run: on a terminal one status line, elsewhere a line as a stage starts and at least every 30 seconds."""

import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.text import Text

from painting.progress import LOG_INTERVAL_SECONDS, describe_duration
from painting.training.run.logger import Tick
from painting.training.run.time_left import TimeLeft
from painting.training.stage import Stage


class TerminalDisplay:
    """Says the stage, its images, the time left of the run, and where its pictures are; enter it while training."""

    def __init__(
        self,
        stages: list[Stage],
        console: Console,
        pictures: Path,
        stage_seconds: Mapping[str, float],
        first_stage: int = 0,
    ) -> None:
        """`pictures`: the folder of sample grids; `stage_seconds`: how long stages take; `first_stage` is trained."""
        self.stages = stages
        self.console = console
        self.pictures = pictures
        self.first_stage = first_stage
        self.time_left = TimeLeft(stages, stage_seconds)
        self._stage_index = first_stage
        self._newest_grid: Path | None = None
        self._last_line = time.monotonic()
        self._status = Status("", console=console)

    def __enter__(self) -> "TerminalDisplay":
        if self.console.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def setup_progress(self, stage_index: int, done: int, total: int) -> None:
        """Count the pictures that a stage's setup has processed."""
        self._stage_index = stage_index
        self._show(f"{self._stage_name()}: getting ready, {done:,} of {total:,} pictures")

    def stage_started(self, stage_index: int, images: int) -> None:
        """Name the stage, which begins or resumes after so many images."""
        self._stage_index = stage_index
        self.time_left.start_stage(stage_index, images)
        self._newest_grid = max(self.pictures.glob("*.png"), key=_age_key, default=None)
        self._show(self._training_line(), silence=0)

    def stepped(self, images: int) -> None:
        """Count the images of a step."""
        self.time_left.add(images)
        self._show(self._training_line())

    def ticked(self, tick: Tick) -> None:
        """Take note of the tick's sample grid; its losses are in stats.jsonl and the plots."""
        if (grid := self.pictures / tick.grid_file).is_file():
            self._newest_grid = grid

    def evaluation_progress(self, done: int, total: int) -> None:
        """Count the pictures of an evaluation."""
        self._show(f"{self._stage_name()}: evaluating, {done:,} of {total:,}")

    def message(self, text: str) -> None:
        """Print a sentence as it is, in one line."""
        self.console.print(text, soft_wrap=True, highlight=False, markup=False)

    def _stage_name(self) -> str:
        number = self._stage_index - self.first_stage + 1
        return f"{self.stages[self._stage_index].name} ({number} of {len(self.stages) - self.first_stage})"

    def _training_line(self) -> str:
        stage = self.stages[self._stage_index]
        images = f"{self.time_left.images:,} of {stage.whole_images:,} images"
        seconds = self.time_left.seconds()
        left = "" if seconds is None else f", {describe_duration(seconds)} left of the run"
        # A terminal's line fits its 80 columns; a log, which may be read elsewhere, names the newest grid.
        named = self._newest_grid and not self.console.is_terminal
        samples = f"; samples: {self._newest_grid}" if named else ""
        return f"{self._stage_name()}: {images}{left}{samples}"

    def _show(self, line: str, silence: float = LOG_INTERVAL_SECONDS) -> None:
        """Update the status line, or print the line into a log after so many seconds of silence."""
        if self.console.is_terminal:
            self._status.update(Text(line))
        elif time.monotonic() - self._last_line >= silence:
            self._last_line = time.monotonic()
            self.message(line)


def _age_key(file: Path) -> tuple[int, str]:
    return file.stat().st_mtime_ns, file.name
