"""Training from Python: one call for a run, its overrides, and its resumption."""

from pathlib import Path
from typing import Any

import pytest

from painting.errors import TrainingError
from painting.training import train
from painting.training.run.folder import RunFolder

pytestmark = pytest.mark.usefixtures("fast_logger")
LENGTHS: dict[str, Any] = {
    "features": {"kimg": 0.008, "batch": 8},
    "autoencoder": {"kimg": 0.008, "batch": 8},
    "prior": {"kimg": 0.016, "batch": 8, "warmup_kimg": 0.0},
}


def test_a_run_is_trained_with_any_key_of_its_preset_overridden(tmp_path: Path) -> None:
    run = train(None, "shapes-quick", tmp_path / "run", device="cpu", threads=1, seed=3, snapshots=1, **LENGTHS)
    assert run == tmp_path / "run"
    folder = RunFolder(run)
    preset = folder.info().preset.as_dict()
    assert preset["seed"] == 3 and preset["prior"]["batch"] == 8 and preset["prior"]["depth"] > 0
    assert [line["stage"] for line in folder.stats.read()] == ["features", "autoencoder", "prior"]
    assert train(run=run) == run  # finished: nothing is left to do
    assert len(folder.stats.read()) == 3
    with pytest.raises(TrainingError, match="is a run already, with its own settings"):
        train(run=run, seed=4)


def test_a_key_that_the_preset_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"preset.prior has an unknown key 'batches'"):
        train(None, "shapes-quick", tmp_path / "run", device="cpu", prior={"batches": 8})
    assert not (tmp_path / "run").exists()
