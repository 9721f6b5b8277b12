"""Warm start: a run that begins with weights that were trained before, and how these paint its captions."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from painting.errors import TrainingError
from painting.progress import TaskProgressCallback
from painting.training.config.base import Preset
from painting.training.config.overrides import Overrides
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import PictureDistance
from painting.training.guard.warm_start_guard import WarmStartGuard
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.run.folder import FIRST_STAGE_FIELD, RunFolder, RunInfo
from painting.training.run.snapshots import save_inference_snapshot
from painting.training.run_length import scratch_minutes, timed
from painting.training.time_budget import TooFewMinutes


@dataclass(frozen=True)
class TextStandard:
    """What weights know of text: the encoder whose vectors they were trained with, and how these were standardised."""

    encoder_id: str | None
    encoder_sha256: str | None
    caption_mean: tuple[float, ...]
    caption_std: tuple[float, ...]


class WarmStart(ABC):
    """Weights that a run begins with."""

    name: str
    """Of the painter or base, for messages."""
    text: TextStandard

    @abstractmethod
    def provenance(self) -> dict[str, Any]:
        """Its name as `painter`, and what is known of its training."""

    @abstractmethod
    def load(self, networks: LatentFlowNetworks, minutes: float | None) -> int:
        """Load the weights that a run of so many minutes begins with; returns the index of its first stage.

        Raises TrainingError where they do not fit.
        """

    @abstractmethod
    def load_painter(self, networks: LatentFlowNetworks) -> bool:
        """Load the weights that paint, to compare a run with; returns whether there are any that fit."""

    @abstractmethod
    def own_card(self) -> dict[str, Any]:
        """The card of its painter, which may hold anything; empty without one."""

    def with_statistics(self, dataset: DatasetInfo) -> DatasetInfo:
        """A data set's info with the caption statistics that the weights were trained with.

        Raises TrainingError where the captions have another text encoder.
        """
        if self.text.encoder_sha256 != dataset.text_encoder_sha256:
            raise TrainingError(
                f"{self.name} was trained with the text encoder {self.text.encoder_id}, this run would be with "
                f"{dataset.text_encoder_id}: name its own with --text-encoder."
            )
        return replace(dataset, caption_mean=self.text.caption_mean, caption_std=self.text.caption_std)

    def begin(
        self,
        info: RunInfo,
        data: TrainingData,
        distance: PictureDistance | None,
        minutes: float | None,
        report: TaskProgressCallback,
    ) -> "BegunWarmStart":
        """Load the weights, and measure how they paint the captions of the run's pictures.

        Raises TrainingError where the weights do not fit, or there is no `distance` to measure by.
        """
        networks = _networks(info.preset, info.dataset)
        first_stage = self.load(networks, minutes)
        painter = _networks(info.preset, info.dataset)
        warm = {**self.provenance(), FIRST_STAGE_FIELD: first_stage}
        info = replace(info, warm_start=warm)
        if not self.load_painter(painter):
            return BegunWarmStart(info, networks)
        painter.to(data.device)
        source = None if info.source is None else Path(info.source)
        guard = WarmStartGuard.of(info.preset, source, data, distance)
        start_time = time.monotonic()
        comparison = guard.measure_start(self.name, self.own_card(), painter, report)
        seconds = time.monotonic() - start_time
        is_hopeless = comparison.is_far(comparison.start) and first_stage == painter.first_sampling_stage
        likeness = comparison.likeness_sentence(scratch_minutes(info, data, report) if is_hopeless else None)
        return BegunWarmStart(info, networks, MeasuredStart(painter, guard, comparison, likeness, seconds))


@dataclass(frozen=True)
class MeasuredStart:
    """The painter that a run begins from: its networks, how they paint, and the seconds that measuring took."""

    networks: LatentFlowNetworks
    guard: WarmStartGuard
    comparison: StartComparison
    likeness: str
    seconds: float


@dataclass(frozen=True)
class BegunWarmStart:
    """A run's info with what it begins from, the networks that it begins with, and how they paint, if they can."""

    info: RunInfo
    networks: LatentFlowNetworks
    measured: MeasuredStart | None = None

    @property
    def seconds(self) -> float:
        """What measuring took, and will take again at the end."""
        return self.measured.seconds if self.measured else 0.0

    def timed(
        self, data: TrainingData, overrides: Overrides, report: TaskProgressCallback
    ) -> "tuple[BegunWarmStart, str | None]":
        """With its run's stages timed and fitted to the minutes, and the sentence on that.

        Minutes that are too few for all stages are for fine-tuning alone. Raises TooFewMinutes where they are too few
        even for that.
        """
        info = replace(self.info, preset=overrides.with_ticks(self.info.preset, self.info.first_stage))
        try:
            info, sentence = timed(info, data, overrides, self.seconds, report)
        except TooFewMinutes as error:
            shorter = self._finetuning_only()
            if shorter:
                return shorter.timed(data, overrides, report)
            raise TooFewMinutes(f"{self.measured.likeness} {error}" if self.measured else str(error)) from error
        return replace(self, info=info), sentence

    def _finetuning_only(self) -> "BegunWarmStart | None":
        """The fine-tuning of what it paints with; None where it trains no more than that, or paints nothing."""
        last = self.networks.first_sampling_stage
        if self.measured is None or self.info.first_stage == last:
            return None
        warm = {**(self.info.warm_start or {}), FIRST_STAGE_FIELD: last}
        return replace(self, info=replace(self.info, warm_start=warm), networks=self.measured.networks)

    def save(self, run: RunFolder) -> None:
        """Write the checkpoint that the run starts its first stage from, and its painter with its measurement."""
        if self.measured:
            save_inference_snapshot(run, self.measured.networks, images=0)
            self.measured.comparison.write(run)
        # Last: a run without a checkpoint does not resume, and none goes on without what it is compared with.
        start = Position(stage_index=self.info.first_stage)
        save_checkpoint(run.checkpoints, TrainingState(self.networks.named, {}), start)


def _networks(preset: Preset, dataset: DatasetInfo) -> LatentFlowNetworks:
    networks = build_networks(preset, dataset)
    assert isinstance(networks, LatentFlowNetworks)
    return networks
