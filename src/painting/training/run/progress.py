"""What one sees of a run in a terminal: a bar for each stage, or, where nobody watches, a line for each tick."""

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from painting.training.run.logger import Tick
from painting.training.stage import Stage


class TerminalDisplay:
    """Bars with images seen, images/s and time left; enter it while training."""

    def __init__(self, stages: list[Stage], console: Console, first: int = 0) -> None:
        """`first`: the index of the first stage that is trained; those before it are not shown."""
        self.stages, self.console = stages, console
        self.bars = Progress(
            TextColumn("{task.description:12}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} images"),
            _SpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            speed_estimate_period=60,
        )
        self._rows = [
            self.bars.add_task(stage.name, total=stage.whole_images, start=False, visible=place >= first)
            for place, stage in enumerate(stages)
        ]
        self._row = self._rows[0]

    def __enter__(self) -> "TerminalDisplay":
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def making_ready(self, index: int, done: int, of: int) -> None:
        """A stage looks at pictures before its first step; a log is told once, at the beginning."""
        name = self.stages[index].name
        if self.console.is_terminal:
            self.bars.update(self._rows[index], description=f"{name}: making ready, {done:,} of {of:,}")
        elif done == 0:
            self.said(f"{name:12} making ready: it looks at {of:,} pictures before its first step")

    def stage_begun(self, index: int, images_seen: int) -> None:
        for row, stage in zip(self._rows[:index], self.stages, strict=False):
            self.bars.update(row, completed=stage.whole_images)
        self._row = self._rows[index]
        self.bars.start_task(self._row)
        self.bars.update(self._row, completed=images_seen, description=self.stages[index].name)

    def stepped(self, images: int) -> None:
        self.bars.advance(self._row, images)

    def ticked(self, tick: Tick) -> None:
        if not self.console.is_terminal:
            losses = "  ".join(f"{name} {value:.4f}" for name, value in tick.losses.items())
            self.console.print(
                f"{tick.stage:12} {tick.images_seen:>9,} of {tick.total_images:,} images  "
                f"{tick.images_per_second:7.1f} images/s  {losses}",
                soft_wrap=True,
                highlight=False,
                markup=False,
            )

    def said(self, sentence: str) -> None:
        self.console.print(sentence, soft_wrap=True, highlight=False, markup=False)


class _SpeedColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} images/s" if task.speed else "")
