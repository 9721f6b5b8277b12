"""A run measured as it goes: at its points, without a trace in its weights, and again where a kill cut it short."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from tests.training.conftest import CPU
from torch import Tensor

from painting.data.picture_set import CaptionedSet
from painting.progress import ProgressCallback
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.loop import Interrupted, Trainer
from painting.training.registry import build_recipe
from painting.training.run.checkpoint import Position, TrainingState
from painting.training.run.folder import RunFolder
from painting.training.run.periodic_evaluation import (
    PROGRESS_METRIC,
    EvaluationPoint,
    FigureFields,
    PeriodicEvaluation,
    evaluation_messages,
    figure_series,
    has_plateaued,
)
from painting.training.run.preview import RunPainter

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]
EVERY = 24
POINTS = [(1, 3), (1, 6), (1, 8)]  # of 8 steps of 8 images: after 24 and 48 images, and at the end
Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


def figures_of(painter: RunPainter, report: ProgressCallback) -> list[FigureFields]:
    """Paints, draws random numbers that must not affect the run, and measures the mean level."""
    torch.randn(3)
    report(1, 2)
    level = float(painter.paint_arrays(["a rose"] * 2, [0, 1]).mean())
    report(2, 2)
    return [
        {
            "id": PROGRESS_METRIC,
            "name": "KID ×1000",
            "split": "test",
            "value": level,
            "n": 2,
            "extractor": "eyes",
            "real": 9.0,
        }
    ]


class Run:
    """A tiny run that can be opened again and again, as new processes do."""

    def __init__(self, preset: LatentFlowPreset, data: CaptionedSet, encoder: Any, folder: Path) -> None:
        self.preset, self.data, self.encoder = preset, data, encoder
        self.folder = RunFolder(folder)
        self.display = Mock()

    def train(self, measure: Callable[..., Any] | None = figures_of) -> Trainer:
        facts = DatasetInfo.of(self.data)
        recipe = build_recipe(self.preset, TrainingData.of(self.data, self.encoder, CPU, self.folder.path))
        trainer = Trainer(recipe, self.folder, 3, 2, self.display)
        trainer.train(PeriodicEvaluation(recipe, facts, self.encoder, EVERY, measure) if measure else None)
        return trainer

    def measured(self) -> list[tuple[int, int]]:
        return [(line["stage_index"], line["step"]) for line in self.folder.evaluations.read()]


MakeRun = Callable[[str], Run]


@pytest.fixture
def make_run(preset: LatentFlowPreset, finite: CaptionedSet, text_encoder_of_numbers: Any, tmp_path: Path) -> MakeRun:
    def make(name: str) -> Run:
        (tmp_path / name).mkdir()
        return Run(preset, finite, text_encoder_of_numbers, tmp_path / name)

    return make


def weights(trainer: Trainer) -> dict[str, Tensor]:
    return TrainingState(trainer.recipe.networks.named, {}).tensors()


def test_a_run_is_measured_in_the_stages_that_paint_and_at_their_end(make_run: MakeRun) -> None:
    run = make_run("run")
    run.train()
    assert run.measured() == POINTS
    line = run.folder.evaluations.read()[0]
    assert (line["stage"], line["kimg"], line["figures"][0]["n"]) == ("prior", 0.024, 2)
    assert (run.folder.saved / "evaluation.png").is_file()
    assert "Evaluated at 0 kimg" in run.display.message.call_args_list[0].args[0]


def test_measuring_leaves_no_trace_in_the_weights(make_run: MakeRun, differing: Differing) -> None:
    alone, measured = make_run("alone"), make_run("measured")
    assert not differing(weights(alone.train(None)), weights(measured.train()))
    assert alone.measured() == [] and not (alone.folder.path / "evaluations.jsonl").exists()


class Killed(BaseException):
    """As if the process had gone."""


def killed_at(place: int) -> Callable[..., Any]:
    """Measures, but for the evaluation with this number, in whose midst the process goes."""
    seen: list[int] = []

    def measure(painter: RunPainter, report: ProgressCallback) -> list[FigureFields]:
        seen.append(0)
        if len(seen) > place:
            raise Killed
        return figures_of(painter, report)

    return measure


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_run_killed_while_it_is_measured_ends_with_the_same_weights_and_figures(
    make_run: MakeRun, differing: Differing, place: int
) -> None:
    whole, killed = make_run("whole"), make_run("killed")
    finished = whole.train()
    with pytest.raises(Killed):
        killed.train(killed_at(place))
    assert killed.measured() == POINTS[:place]
    assert not differing(weights(finished), weights(killed.train()))
    assert killed.folder.evaluations.read() == whole.folder.evaluations.read()


def test_ctrl_c_is_obeyed_while_a_run_is_measured(make_run: MakeRun, differing: Differing) -> None:
    whole, stopped = make_run("whole"), make_run("stopped")
    finished = whole.train()

    def measure(painter: RunPainter, report: ProgressCallback) -> list[FigureFields]:
        signal.raise_signal(signal.SIGINT)
        return figures_of(painter, report)

    with pytest.raises(Interrupted):
        stopped.train(measure)
    assert stopped.measured() == []
    assert not differing(weights(finished), weights(stopped.train()))
    assert stopped.folder.evaluations.read() == whole.folder.evaluations.read()


def test_a_finished_run_is_not_measured_again(make_run: MakeRun) -> None:
    run = make_run("run")
    run.train()
    before = run.folder.evaluations.read()
    run.train(killed_at(0))
    assert run.folder.evaluations.read() == before


def test_where_a_run_stands_says_what_is_missing(make_run: MakeRun, finite: CaptionedSet) -> None:
    run = make_run("run")
    recipe = build_recipe(run.preset, TrainingData.of(finite, run.encoder, CPU, run.folder.path))
    due = PeriodicEvaluation(recipe, DatasetInfo.of(finite), run.encoder, EVERY, figures_of)
    lines = run.folder.evaluations
    assert due.pending(Position(), lines) is due.pending(Position(stage_index=1), lines) is None
    assert due.pending(Position(stage_index=1, step=3), lines) == EvaluationPoint(1, "prior", 3, 24)
    assert due.pending(Position(stage_index=2), lines) == EvaluationPoint(1, "prior", 8, 64)
    lines.add({"stage_index": 1, "step": 8})
    assert due.pending(Position(stage_index=2), lines) is None


def points(values: list[float]) -> list[tuple[float, float]]:
    return [(float(place), value) for place, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("values", "done"),
    [
        ([9, 8, 7, 6, 5, 4, 3, 2, 1], False),  # still falls
        ([9, 6, 4, 3, 2, 1.5, 3, 3.1, 3], True),  # the best is long ago
        ([9, 6, 4, 3, 2, 1.5, 1.5, 1.6, 1.4], True),  # better, but not beyond its spread
        ([9, 6, 4, 3, 2, 1.5, 1.4, 1.2, 1.0], False),  # slow but steady
        ([1, 2, 3, 4, 5], False),  # too few to say
    ],
)
def test_a_run_has_stopped_improving_when_a_third_of_it_brought_nothing(values: list[float], done: bool) -> None:
    assert has_plateaued(points(values)) is done


def lines(values: list[float], split: str = "test") -> list[dict[str, Any]]:
    named = [
        {"id": PROGRESS_METRIC, "name": "KID ×1000", "split": split, "value": value, "extractor": "eyes"}
        for value in values
    ]
    return [
        {"stage_index": 2, "kimg": float(place), "figures": [figure]} for place, figure in enumerate(named, start=1)
    ]


def test_it_is_said_once_when_nothing_improves_any_more() -> None:
    values = [9, 6, 4, 3, 2, 1.5, 3, 3.1, 3, 3]
    told_of = [len(evaluation_messages(lines(values[:count]))) for count in range(1, len(values) + 1)]
    assert told_of.count(2) == 1 and told_of[-1] == 1
    sentence = evaluation_messages(lines(values[: told_of.index(2) + 1]))[1]
    assert "the best KID ×1000 was 1.5 at 6 kimg" in sentence


def test_a_run_with_validation_pictures_is_evaluated_on_those() -> None:
    newest = lines([4.0], "validation")
    newest[0]["figures"] += lines([9.0])[0]["figures"]
    assert evaluation_messages(newest) == ["Evaluated at 1 kimg on validation prompts: KID ×1000 4."]


def test_a_series_is_of_the_newest_stage_that_was_measured() -> None:
    figure = {"id": "a", "name": "A", "split": "test", "extractor": "eyes"}
    older = [{"stage_index": 1, "kimg": 9.0, "figures": [figure | {"value": 1.0}]}]
    newer = [
        {"stage_index": 2, "kimg": 1.0, "figures": [figure | {"value": 2.0}, figure | {"value": 3, "extractor": "b"}]}
    ]
    assert figure_series(older + newer, "a", "test", "eyes") == [(1.0, 2.0)]
    assert figure_series([], "a", "test") == figure_series(newer, "a", "train") == []


def test_measuring_draws_from_its_own_randomness(make_run: MakeRun) -> None:
    run = make_run("run")
    recipe = build_recipe(run.preset, TrainingData.of(run.data, run.encoder, CPU, run.folder.path))
    due = PeriodicEvaluation(recipe, DatasetInfo.of(run.data), run.encoder, EVERY, figures_of)
    torch.manual_seed(5)
    wanted = torch.randn(4)
    torch.manual_seed(5)
    line = due.run(EvaluationPoint(2, "prior", 3, 24), lambda done, of: None)
    assert torch.equal(torch.randn(4), wanted)
    assert np.isfinite(line["figures"][0]["value"])
