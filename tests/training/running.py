"""Recipes trained in a run's folder and stopped on the way, and what their networks hold."""

import signal
from pathlib import Path
from unittest.mock import Mock

from torch import Tensor

from painting.training.loop import Display, Trainer
from painting.training.rng import RngKey
from painting.training.run.checkpoint import TrainingState
from painting.training.run.folder import RunFolder
from painting.training.stage import Losses, Recipe, Stage


def snapshot(recipe: Recipe) -> dict[str, Tensor]:
    """Every weight of a recipe's networks, as it is now."""
    tensors = TrainingState(recipe.networks.named, {}).tensors()
    return {name: tensor.clone() for name, tensor in tensors.items()}


def run_until(recipe: Recipe, folder: Path, stop: int | None = None) -> None:
    """Train on in a run folder; Ctrl-C comes after so many steps in all."""
    folder.mkdir(exist_ok=True)
    display = Mock(spec=Display)
    trainer = Trainer(recipe, RunFolder(folder), seed=3, tick_images=32, display=display)
    lengths = [stage.total_images // stage.batch for stage in recipe.stages]

    def stepped(images: int) -> None:
        if sum(lengths[: trainer.position.stage_index]) + trainer.position.step == stop:
            signal.raise_signal(signal.SIGINT)

    display.stepped.side_effect = stepped
    trainer.train()


def train(stage: Stage, steps: range) -> Losses:
    """Take these steps of a stage; the losses of the last one."""
    for step in steps:
        losses = stage.step(RngKey(0, stage.name, step))
    return losses
