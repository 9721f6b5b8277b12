"""The training loop: every model's, written once.

It calls the stages' steps, and at every tick and record point reports, draws a grid and saves. What a step draws is a
function of the run's seed and its position (`draws`), so a run resumed from a checkpoint goes on exactly.
"""

import math
import time
from contextlib import closing
from dataclasses import replace
from typing import Protocol

import torch
from torch import Tensor

from painting.errors import TrainingError
from painting.training.interrupt import Interrupt
from painting.training.rng import RngKey
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors, save_checkpoint
from painting.training.run.folder import RunFolder
from painting.training.run.lock import locked
from painting.training.run.logger import RunLogger, Tick
from painting.training.run.periodic_evaluation import Evaluations, told
from painting.training.run.snapshots import Snapshots
from painting.training.stage import Losses, Recipe, Stage

MAX_ROLLBACKS = 3


class Display(Protocol):
    """Shows a run to whoever watches."""

    def making_ready(self, index: int, done: int, of: int) -> None: ...
    def stage_begun(self, index: int, images_seen: int) -> None: ...
    def stepped(self, images: int) -> None: ...
    def ticked(self, tick: Tick) -> None: ...
    def said(self, sentence: str) -> None: ...


class Interrupted(Exception):
    """The user stopped the run; it is saved."""


class Trainer:
    """Trains a recipe in a run folder from wherever it stands to its end.

    `checkpoints`: how many record points each stage has; what is kept at them lies in the run's `saved/`.
    """

    def __init__(
        self, recipe: Recipe, run: RunFolder, seed: int, tick_images: int, display: Display, checkpoints: int = 0
    ) -> None:
        self.recipe, self.run, self.display = recipe, run, display
        self.seed, self.tick_images = seed, tick_images
        self.snapshots = Snapshots(run.saved, recipe.stages, checkpoints)
        self.position = Position()
        self._interrupt = Interrupt()
        self._failures = 0
        self._evaluations: Evaluations | None = None

    def train(self, evaluations: Evaluations | None = None) -> None:
        """Run to the end, measured on the way by `evaluations`.

        Raises Interrupted when the user stopped it, TrainingError when it cannot go on.
        """
        self._evaluations = evaluations
        try:
            with locked(self.run.path), self._interrupt:
                self._restore()
                with closing(RunLogger(self.run)) as self.logger:
                    self._evaluate()
                    while self.position.stage < len(self.recipe.stages):
                        self._train_stage(self.position.stage)
        except torch.OutOfMemoryError as error:
            raise TrainingError(
                f"The device {self.recipe.device} has too little memory for this preset: try a smaller batch."
            ) from error
        except OSError as error:
            raise TrainingError(
                f"Could not write into {self.run.path}, or read the pictures: {error.strerror or error}. The last "
                "checkpoint is good: make room, or mend what is named, and start the same command again."
            ) from error

    def _train_stage(self, index: int) -> None:
        stage = self.recipe.stages[index]
        self._begin(index)
        window = _Window()
        while self.position.stage == index:
            key = RngKey(self.seed, stage.name, self.position.step, self.position.rollbacks)
            window.add(self.recipe.step(stage, key), stage.batch)
            self.position = replace(self.position, step=self.position.step + 1)
            self.display.stepped(stage.batch)
            if self._interrupt.asked or self._tick_is_due(stage):
                self._tick(stage, window)
                window = _Window()
            if self._interrupt.asked:
                raise Interrupted

    def _begin(self, index: int) -> None:
        """Let a stage make ready; a wish to stop is heard meanwhile, and what is saved already stays as it is."""

        def report(done: int, of: int) -> None:
            if self._interrupt.asked:
                raise Interrupted
            self.display.making_ready(index, done, of)

        stage = self.recipe.stages[index]
        stage.setup(report)
        self.display.stage_begun(index, self.position.step * stage.batch)

    def _tick_is_due(self, stage: Stage) -> bool:
        seen = self.position.step * stage.batch
        is_last = seen >= stage.total_images
        kept_or_measured = self.snapshots.is_due(stage, self.position.step) or (
            self._evaluations is not None and self._evaluations.is_due(self.position.stage, self.position.step)
        )
        return is_last or seen % self.tick_images < stage.batch or kept_or_measured

    def _tick(self, stage: Stage, window: "_Window") -> None:
        """Report and save; where a loss or weight is not finite, go back to the last checkpoint instead."""
        losses, seconds = window.means(), window.seconds()
        if not (all(map(math.isfinite, losses.values())) and self._state(stage).finite()):
            self._roll_back(stage)
            return
        self._failures = 0
        self.position = replace(self.position, seconds=self.position.seconds + seconds)
        tick = Tick(stage.name, stage.batch, stage.whole_images, self.position, window.images / seconds, losses)
        pictures = stage.sample_grid()
        self.logger.add(tick, pictures)
        self.display.ticked(tick)
        if (
            self.snapshots.is_due(stage, self.position.step)
            and (row := self.snapshots.keep(stage, tick.images_seen)) is not None
        ):
            self.logger.add_row(tick, row)
        if tick.images_seen >= stage.total_images:
            self.snapshots.finish(stage, pictures)
            self.position = replace(self.position, stage=self.position.stage + 1, step=0)
        self._save()
        self._evaluate()

    def _evaluate(self) -> None:
        """Measure what was just saved, where that is due; after a wish to stop meanwhile it is done anew."""
        point = self._evaluations and self._evaluations.missing(self.position, self.run.evaluations)
        if not self._evaluations or not point:
            return

        def report(done: int, of: int) -> None:
            if self._interrupt.asked:
                raise Interrupted

        self.logger.add_evaluation(self._evaluations.take(point, report))
        for sentence in told(self.run.evaluations.read()):
            self.display.said(sentence)

    def _roll_back(self, stage: Stage) -> None:
        self._failures += 1
        if self._failures > MAX_ROLLBACKS:
            raise TrainingError(
                f"A loss or weight of stage {stage.name} became NaN or infinite {self._failures} times in a row. "
                f"The last good checkpoint stays in {self.run.checkpoints}; try a lower learning_rate."
            )
        rollbacks = self.position.rollbacks + 1
        self._restore()
        self.position = replace(self.position, rollbacks=rollbacks)
        self._begin(self.position.stage)  # the checkpoint may be older than what its beginning measures
        self.display.said(
            f"A loss or weight was NaN or infinite: back to {self.position.step * stage.batch} images of stage "
            f"{stage.name}, with other draws."
        )

    def _restore(self) -> None:
        """Go to the newest checkpoint; a new run writes its first."""
        found = load_position(self.run.checkpoints)
        if found is None:
            self._save()
        else:
            self.position, checkpoint = found
            self._current_state().restore(load_tensors(checkpoint, self.recipe.device))
            self.run.forget_stats_after(self.position.stage, self.position.step)
            self.run.evaluations.forget_after(self.position.stage, self.position.step)
        self.snapshots.forget_after(self.position.stage, self._images_seen())

    def _images_seen(self) -> int:
        """In the position's stage."""
        stages = self.recipe.stages
        return self.position.step * stages[self.position.stage].batch if self.position.stage < len(stages) else 0

    def _save(self) -> None:
        save_checkpoint(self.run.checkpoints, self._current_state(), self.position)

    def _current_state(self) -> TrainingState:
        """That of the position's stage; a finished run keeps no optimiser."""
        stages = self.recipe.stages
        return self._state(stages[self.position.stage] if self.position.stage < len(stages) else None)

    def _state(self, stage: Stage | None) -> TrainingState:
        return TrainingState(self.recipe.networks.named, stage.optimizers if stage else {})


class _Window:
    """Sums losses between two ticks, without waiting for the device."""

    def __init__(self) -> None:
        self.images = 0
        self._sums: dict[str, tuple[Tensor, int]] = {}
        self._begun = time.monotonic()

    def add(self, losses: Losses, images: int) -> None:
        self.images += images
        for name, loss in losses.items():
            total, count = self._sums.get(name, (0, 0))
            self._sums[name] = (total + loss, count + 1)

    def means(self) -> dict[str, float]:
        return {name: float(total) / count for name, (total, count) in self._sums.items()}

    def seconds(self) -> float:
        return time.monotonic() - self._begun
