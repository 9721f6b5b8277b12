"""The training loop, one for all models: steps, ticks, checkpoints, roll-backs and resumption.

    setup ─→ step ─→ … ─→ step ─→ tick ─→ [snapshot] ─→ checkpoint ─→ [evaluation] ─┐
              ↑                    │ NaN: back to the last checkpoint               │
              └────────────────────┴────────────────────────────────────────────────┘

A stage begins with a sample grid alone. A tick is due after its first few hundred images, at evenly spaced points up to
its end, where a snapshot or an evaluation is due, and on Ctrl-C. It writes in this order, and a kill may come anywhere:

1. the line of stats.jsonl, the sample grid and the snapshot: before the checkpoint, so that a checkpoint never lacks
   what belongs to the steps before it; what is later than the checkpoint that a run resumes from is removed, and
   written again. While samples are as good as collapsed (`guard.collapse`), the tick ends after the grid;
2. the checkpoint, atomically: from here on the steps are safe;
3. the evaluation: last, for it takes minutes; one that a kill cut short is pending when the run resumes.

All random numbers of a step are a function of the run's seed and the position (`rng`), so a run resumed from a
checkpoint ends with the same bytes as one that was never stopped.
"""

import math
from contextlib import closing
from dataclasses import replace
from typing import Protocol

import torch

from painting.errors import TrainingError
from painting.training.guard.collapse import Collapsed, Condition, SampleWatch, condition
from painting.training.rng import RngKey
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors, save_checkpoint
from painting.training.run.folder import RunFolder
from painting.training.run.interrupt import Interrupt
from painting.training.run.lock import lock_run
from painting.training.run.logger import RunLogger, Tick, grid_file
from painting.training.run.loss_window import LossWindow
from painting.training.run.periodic_evaluation import PeriodicEvaluation, evaluation_messages
from painting.training.run.snapshots import Snapshots
from painting.training.stage import Recipe, Stage, sample_sheet

FIRST_TICK_IMAGES = 500
"""After which each stage has a tick: about a minute of the slowest stage on two cores."""
MAX_ROLLBACKS = 3
"""Roll-backs in a row before training gives up."""


class Display(Protocol):
    """Shows the progress of a run; stages are numbered from 0."""

    def setup_progress(self, stage_index: int, done: int, total: int) -> None:
        """The setup of a stage has processed `done` of `total` pictures."""

    def stage_started(self, stage_index: int, images: int) -> None:
        """A stage begins or resumes after so many images."""

    def stepped(self, images: int) -> None:
        """A step trained on a batch of so many images."""

    def ticked(self, tick: Tick) -> None:
        """A tick was logged."""

    def evaluation_progress(self, done: int, total: int) -> None:
        """An evaluation has measured `done` of `total` pictures."""

    def message(self, text: str) -> None:
        """Show a sentence."""


class Interrupted(Exception):
    """The user stopped the run; it is saved."""


class Trainer:
    """Trains a recipe in a run folder from its newest checkpoint to its end.

    `ticks` and `snapshots`: how many each stage has, evenly spaced; `pictures`: how many an epoch has (`Snapshots`).
    """

    def __init__(
        self,
        recipe: Recipe,
        run: RunFolder,
        seed: int,
        ticks: int,
        display: Display,
        snapshots: int = 0,
        pictures: int | None = None,
    ) -> None:
        self.recipe = recipe
        self.run = run
        self.seed = seed
        self.ticks = ticks
        self.display = display
        self.snapshots = Snapshots(run.saved, recipe.stages, snapshots, pictures)
        self.position = Position()
        self._interrupt = Interrupt()
        self._failures = 0
        self._evaluation: PeriodicEvaluation | None = None
        self._watch: SampleWatch | None = None

    def train(self, evaluation: PeriodicEvaluation | None = None, watch: SampleWatch | None = None) -> bool:
        """Run to the end, with periodic evaluation and its samples watched, if wanted.

        Returns whether there was anything left to train. Raises Interrupted when the user stopped it, Collapsed when
        its samples or losses did, TrainingError when it cannot go on.
        """
        self._evaluation = evaluation
        self._watch = watch
        try:
            with lock_run(self.run.path), self._interrupt:
                self._restore()
                is_complete = self._current_stage() is None
                if self.position.seconds:
                    self.display.message(self._resumption())
                with closing(RunLogger(self.run)) as self.logger:
                    self._evaluate()
                    while self.position.stage_index < len(self.recipe.stages):
                        self._train_stage(self.position.stage_index)
                return not is_complete
        except torch.OutOfMemoryError as error:
            raise TrainingError(
                f"The device {self.recipe.device} has too little memory for this preset: try a smaller batch."
            ) from error
        except OSError as error:
            raise TrainingError(
                f"Could not write into {self.run.path}, or read the pictures: {error.strerror or error}. The last "
                "checkpoint is good: make room, or mend what is named, and start the same command again."
            ) from error

    def _resumption(self) -> str:
        """Where a resumed run goes on."""
        stage = self._current_stage()
        if stage is None:
            return (
                "The run was complete already: all its stages are trained. For a longer one start another, with a "
                "larger --kimg, --epochs or --minutes."
            )
        return f"Resuming after {self._stage_images():,} of {stage.whole_images:,} images of stage {stage.name}."

    def _train_stage(self, index: int) -> None:
        stage = self.recipe.stages[index]
        self._setup(index)
        window = LossWindow()
        while self.position.stage_index == index:
            key = RngKey(self.seed, stage.name, self.position.step, self.position.rollbacks)
            window.add(self.recipe.step(stage, key), stage.batch)
            self.position = replace(self.position, step=self.position.step + 1)
            self.display.stepped(stage.batch)
            if self._interrupt.requested or self._is_tick_due(stage):
                self._tick(stage, window)
                window = LossWindow()
            self._raise_if_interrupted()

    def _setup(self, index: int) -> None:
        """Set a stage up, which may take minutes; an interrupt then leaves the checkpoint as it is."""

        def report(done: int, total: int) -> None:
            self._raise_if_interrupted()
            self.display.setup_progress(index, done, total)

        stage = self.recipe.stages[index]
        stage.setup(report)
        if self.position.step == 0 and (sample_grid := stage.sample_grid()) is not None:
            self.run.save_pictures(grid_file(stage.name, 0), sample_grid)
        self.display.stage_started(index, self.position.step * stage.batch)

    def _raise_if_interrupted(self) -> None:
        if self._interrupt.requested:
            raise Interrupted

    def _is_tick_due(self, stage: Stage) -> bool:
        images = self.position.step * stage.batch
        if images >= stage.total_images or stage.is_point(self.position.step, self.ticks):
            return True
        if images - stage.batch < FIRST_TICK_IMAGES <= images:
            return True
        if self.snapshots.is_due(stage, self.position.step):
            return True
        return self._evaluation is not None and self._evaluation.is_due(self.position.stage_index, self.position.step)

    def _tick(self, stage: Stage, window: LossWindow) -> None:
        """Log and save, in the order above; roll back instead where a loss or weight is not finite."""
        losses, seconds = window.means(), window.seconds()
        if not (all(map(math.isfinite, losses.values())) and self._state(stage).finite()):
            self._roll_back(stage)
            return
        self._failures = 0
        self.position = replace(self.position, seconds=self.position.seconds + seconds)
        samples = stage.paint_samples()
        tick = Tick(
            stage=stage.name,
            batch=stage.batch,
            total_images=stage.whole_images,
            position=self.position,
            images_per_second=window.images / seconds,
            losses=losses,
            shares={} if self._watch is None or samples is None else self._watch.shares(samples),
        )
        sample_grid = stage.sample_grid() if samples is None else sample_sheet(samples)
        self.logger.add(tick, sample_grid)
        self.display.ticked(tick)
        if self._is_suspect(tick):
            return
        if self.snapshots.is_due(stage, self.position.step):
            self.snapshots.save(stage, tick.images)
        if tick.images >= stage.total_images:
            self.snapshots.finish(stage, sample_grid)
            self.position = replace(self.position, stage_index=self.position.stage_index + 1, step=0)
        self._save()
        self._evaluate()

    def _is_suspect(self, tick: Tick) -> bool:
        """Whether nothing should be saved, as samples are as good as collapsed; raises Collapsed once they are."""
        index = self.position.stage_index
        lines = [line for line in self.run.stats.read() if line["stage_index"] == index]
        found, reason = condition(lines, is_last=tick.images >= tick.total_images)
        if found is not Condition.COLLAPSED:
            return found is Condition.SUSPECT
        kept = load_position(self.run.checkpoints)
        images = kept[0].step * tick.batch if kept and kept[0].stage_index == index else 0
        raise Collapsed(
            f"Training was stopped after {tick.images:,} images of stage {tick.stage}, for it had collapsed: {reason}. "
            f"The checkpoint after {images:,} images stays. Start a new run with a lower learning_rate, more pictures "
            "or other random numbers (--seed)."
        )

    def _evaluate(self) -> None:
        """Evaluate what was just saved, where that is pending; one that is interrupted stays pending."""
        point = self._evaluation and self._evaluation.pending(self.position, self.run.evaluations)
        if not self._evaluation or not point:
            return

        def report(done: int, total: int) -> None:
            self._raise_if_interrupted()
            self.display.evaluation_progress(done, total)

        line = self._evaluation.run(point, report)
        self.logger.add_evaluation(line)
        for message in evaluation_messages(self.run.evaluations.read()):
            self.display.message(message)

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
        self._setup(self.position.stage_index)  # the checkpoint may be older than what the stage's setup measures
        self.display.message(
            f"A loss or weight was NaN or infinite: back to {self.position.step * stage.batch} images of stage "
            f"{stage.name}, with other random numbers."
        )

    def _restore(self) -> None:
        """Load the newest checkpoint and remove what is later; a new run writes its first checkpoint."""
        checkpoint = load_position(self.run.checkpoints)
        if checkpoint is None:
            self._save()
        else:
            self.position, path = checkpoint
            self._current_state().restore(load_tensors(path, self.recipe.device))
            self.run.stats.truncate_after(self.position.stage_index, self.position.step)
            self.run.evaluations.truncate_after(self.position.stage_index, self.position.step)
        self.snapshots.remove_after(self.position.stage_index, self._stage_images())

    def _stage_images(self) -> int:
        """The images that the current stage has trained on; 0 for a finished run."""
        stage = self._current_stage()
        return self.position.step * stage.batch if stage else 0

    def _save(self) -> None:
        save_checkpoint(self.run.checkpoints, self._current_state(), self.position)

    def _current_stage(self) -> Stage | None:
        """The position's stage; None for a finished run."""
        stages = self.recipe.stages
        return stages[self.position.stage_index] if self.position.stage_index < len(stages) else None

    def _current_state(self) -> TrainingState:
        return self._state(self._current_stage())

    def _state(self, stage: Stage | None) -> TrainingState:
        """What a checkpoint holds: all networks, and the optimisers of one stage (None: a finished run has none)."""
        return TrainingState(self.recipe.networks.named, stage.optimizers if stage else {})
