"""Training from Python: one call for a run, its overrides, and its resumption."""

from pathlib import Path
from typing import Any

import pytest

from painting.errors import TrainingError
from painting.progress import ProgressCallback
from painting.training import train
from painting.training.run.folder import RunFolder
from painting.training.run.periodic_evaluation import FigureFields
from painting.training.run.preview import RunPainter

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]
TINY: dict[str, Any] = {
    "autoencoder": {"kimg": 0.008, "batch": 8, "encoder_widths": [8, 8], "decoder_widths": [8, 8], "feature_size": 32},
    "prior": {"kimg": 0.016, "batch": 8, "warmup_kimg": 0.0, "width": 16, "depth": 1, "heads": 2},
    "sampler": {"steps": 1},
}


def test_a_run_is_trained_with_any_key_of_its_preset_overridden(tmp_path: Path) -> None:
    run = train(None, "shapes-quick", tmp_path / "run", device="cpu", threads=1, seed=3, ticks=1, snapshots=1, **TINY)
    assert run == tmp_path / "run"
    folder = RunFolder(run)
    preset = folder.info().preset.as_dict()
    assert preset["seed"] == 3 and preset["prior"]["batch"] == 8 and preset["prior"]["depth"] > 0
    assert [line["stage"] for line in folder.stats.read()] == ["autoencoder", "prior"]
    assert train(run=run) == run  # finished: nothing is left to do
    assert len(folder.stats.read()) == 2
    with pytest.raises(TrainingError, match="is a run already, with its own settings"):
        train(run=run, seed=4)


def test_a_run_is_evaluated_by_what_is_given_to_measure(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(TrainingError, match=r"is evaluated as it trains: give train\(\) a `measure`"):
        train(None, "shapes-quick", run, device="cpu", threads=1, evaluate_every_kimg=0.008, **TINY)

    def measure(painter: RunPainter, report: ProgressCallback) -> list[FigureFields]:
        level = float(painter.paint_arrays(["a red disc"], [0]).mean())
        return [{"id": "kid", "name": "KID", "split": "test", "extractor": "none", "n": 1, "value": level}]

    train(run=run, measure=measure)
    assert [line["kimg"] for line in RunFolder(run).evaluations.read()] == [0.008, 0.016]


def test_a_key_that_the_preset_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"preset.prior has an unknown key 'batches'"):
        train(None, "shapes-quick", tmp_path / "run", device="cpu", prior={"batches": 8})
    assert not (tmp_path / "run").exists()
