"""Terminal display of a run: a progress bar for each stage on a terminal, one line per tick in a log file."""

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from painting.training.run.logger import Tick
from painting.training.stage import Stage


class TerminalDisplay:
    """Progress bars with images, images/s and time left; a context manager to enter while training."""

    def __init__(self, stages: list[Stage], console: Console, first_stage: int = 0) -> None:
        """`first_stage`: the index of the first stage that is trained; those before it get no bar."""
        self.stages = stages
        self.console = console
        self.progress = Progress(
            TextColumn("{task.description:12}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} images"),
            _SpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            speed_estimate_period=60,
        )
        self._bars = [
            self.progress.add_task(stage.name, total=stage.whole_images, start=False, visible=index >= first_stage)
            for index, stage in enumerate(stages)
        ]
        self._bar = self._bars[0]

    def __enter__(self) -> "TerminalDisplay":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def setup_progress(self, stage_index: int, done: int, total: int) -> None:
        """Count the pictures that a stage's setup has processed; a log gets one line, at the start."""
        name = self.stages[stage_index].name
        if self.console.is_terminal:
            self.progress.update(self._bars[stage_index], description=f"{name}: setup, {done:,} of {total:,}")
        elif done == 0:
            self.message(f"{name:12} setup: processes {total:,} pictures before its first step")

    def stage_started(self, stage_index: int, images: int) -> None:
        """Start a stage's bar at so many images; the bars before it are full."""
        for bar, stage in zip(self._bars[:stage_index], self.stages, strict=False):
            self.progress.update(bar, completed=stage.whole_images)
        self._bar = self._bars[stage_index]
        self.progress.start_task(self._bar)
        self.progress.update(self._bar, completed=images, description=self.stages[stage_index].name)

    def stepped(self, images: int) -> None:
        """Advance the stage's bar."""
        self.progress.advance(self._bar, images)

    def ticked(self, tick: Tick) -> None:
        """Print the tick's line into a log; a terminal has the bar."""
        if not self.console.is_terminal:
            losses = "  ".join(f"{name} {value:.4f}" for name, value in tick.losses.items())
            self.message(
                f"{tick.stage:12} {tick.images:>9,} of {tick.total_images:,} images  "
                f"{tick.images_per_second:7.1f} images/s  {losses}"
            )

    def message(self, text: str) -> None:
        """Print a sentence as it is, in one line."""
        self.console.print(text, soft_wrap=True, highlight=False, markup=False)


class _SpeedColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} images/s" if task.speed else "")
