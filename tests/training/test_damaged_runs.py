"""Whatever happens to a file that a stopped run has written: the run ends with the same weights, or says in one
sentence that it cannot go on. It never ends with other weights, and never in a traceback."""

import shutil
import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch
from safetensors.torch import load_file
from tests.damage import damage_file, each_damage
from tests.training.conftest import CPU, PICTURES, NoiseSet, TextEncoderOfNumbers, latent_flow_preset
from tests.training.running import replace_preparation
from tests.training.tiny_presets import tiny_values
from torch import Tensor

from painting.errors import PaintingError
from painting.progress import ProgressCallback
from painting.training.loop import Display, Interrupted
from painting.training.run.folder import RunFolder
from painting.training.run.periodic_evaluation import FigureFields
from painting.training.run.preview import RunPainter
from painting.training.setup import OpenRun, resume_run, start_run

pytestmark = pytest.mark.slow
STOP_AFTER_STEPS = 14
"""Of 16: a checkpoint after the sixth step of the last stage, and one after the fourth."""
FILES = {
    "run.json": "run.json",
    "statistics": "stats.jsonl",
    "evaluations": "evaluations.jsonl",
    "latents": "latents-*.npy",
    "newest position": "checkpoints/1-00000006-0/checkpoint.json",
    "newest tensors": "checkpoints/1-00000006-0/tensors.safetensors",
    "sample row": "saved/rows/prior-*.png",
}


@pytest.fixture(scope="module", autouse=True)
def quick_runs() -> Iterator[None]:
    """Noise for pictures, no plots, and no waiting for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        replace_preparation(patch, NoiseSet(PICTURES), TextEncoderOfNumbers())
        patch.setattr("painting.training.latent_flow.latent_cache.SCALE_SAMPLE_SIZE", 48)
        patch.setattr("painting.training.run.checkpoint._flush", lambda path: None)
        for name in ("loss_plots", "evaluation_plot"):
            patch.setattr(f"painting.training.run.logger.save_{name}", lambda lines, folder: None)
        patch.setattr("painting.training.run.snapshots.progress_picture", lambda rows: next(iter(rows.values())))
        torch.set_num_threads(1)
        yield


def measure(painter: RunPainter, report: ProgressCallback) -> list[FigureFields]:
    level = float(painter.paint_arrays(["a red disc"], [0]).mean())
    return [{"id": "kid", "name": "KID", "split": "test", "extractor": "none", "n": 1, "value": level}]


def weights(run: Path) -> dict[str, Tensor]:
    """The tensors that a run has ended with."""
    (end,) = (run / "checkpoints").glob("2-00000000-*")
    return load_file(end / "tensors.safetensors")


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that Ctrl-C has stopped in its last stage."""
    path = tmp_path_factory.mktemp("stopped") / "run"
    preset = latent_flow_preset(tiny_values()).replaced(snapshots=2, evaluate_every_kimg=0.032)
    display = Mock(spec=Display)

    def stepped(images: int) -> None:
        if display.stepped.call_count == STOP_AFTER_STEPS:
            signal.raise_signal(signal.SIGINT)

    display.stepped.side_effect = stepped
    opened = start_run(path, preset, path.parent, CPU)
    with pytest.raises(Interrupted):
        opened.train(display, measure)
    return path


@pytest.fixture(scope="module")
def ended(stopped: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tensor]:
    """What it ends with where nothing happens to it."""
    copy = tmp_path_factory.mktemp("ended") / "run"
    shutil.copytree(stopped, copy)
    finish(copy)
    return weights(copy)


def finish(run: Path) -> OpenRun:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened = resume_run(run, run.parent, CPU)
        opened.train(Mock(spec=Display), measure)
    return opened


@pytest.mark.parametrize("pattern", FILES.values(), ids=FILES)
@each_damage
def test_a_damaged_file_of_a_run_changes_no_weight(
    stopped: Path, ended: dict[str, Tensor], tmp_path: Path, pattern: str, damage: Callable[[bytes], bytes]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(stopped, run)
    damaged = sorted(run.glob(pattern))
    assert damaged
    for path in damaged:
        damage_file(path, damage)
    try:
        finish(run)
    except PaintingError as error:
        assert pattern == "run.json" and "\n" not in str(error)
        return
    after = weights(run)
    assert all(torch.equal(after[name], tensor) for name, tensor in ended.items())
    assert RunFolder(run).stats.read()[-1]["step"] == 8


@pytest.mark.parametrize("change", [('"step": 6', '"step": 1'), ('"stage_index": 1', '"stage_index": 6')])
def test_a_changed_number_of_both_positions_is_one_sentence(
    stopped: Path, tmp_path: Path, change: tuple[str, str]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(stopped, run)
    for path in run.glob("checkpoints/*/checkpoint.json"):
        path.write_text(path.read_text().replace(*change).replace('"step": 4', '"step": 3'))
    with pytest.raises(
        PaintingError, match=r"^Every checkpoint in .* is damaged: start a new run in another folder\.$"
    ):
        finish(run)


def test_a_lost_cache_of_the_run_is_made_anew(stopped: Path, ended: dict[str, Tensor], tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(stopped, run)
    for path in run.glob("latents-*.npy"):
        path.unlink()
    finish(run)
    assert all(torch.equal(weights(run)[name], tensor) for name, tensor in ended.items())
