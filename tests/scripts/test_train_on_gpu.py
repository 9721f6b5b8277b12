"""Two calls train one run: the first is stopped in time, the second resumes it and ends with a painter file."""

import json
import shutil
import signal
import tarfile
from pathlib import Path

import pytest
from tests.cli.conftest import PRESET
from tests.conftest import tiny_generator
from tests.evaluation.conftest import write_folder
from tests.training.running import load_lite0_once

from painting.files import painter_file
from painting.training.rng import RngKey
from painting.training.stage import Losses, Recipe, Stage
from scripts import train_on_gpu

pytestmark = pytest.mark.slow


def test_a_call_that_is_stopped_is_resumed_by_the_next_which_exports_a_painter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.SCALE_SAMPLE_SIZE", 8)
    load_lite0_once(monkeypatch)
    graph = tiny_generator(384, 16, 128).SerializeToString()  # tracing takes half a minute
    monkeypatch.setattr("painting.training.export.exporter.painter_graph", lambda *sampler: graph)
    monkeypatch.setattr("painting.training.export.exporter.MAX_LEVEL_DIFFERENCE", 255)
    preset = tmp_path / "tiny.toml"
    preset.write_text(PRESET)
    places = {"folder": write_folder(tmp_path / "garden", 12, 0), "preset": preset, "run": tmp_path / "run"}
    options = [f"--{name}={place}" for name, place in (places | {"out": tmp_path / "out"}).items()]
    step = Recipe.step

    def step_and_stop(recipe: Recipe, stage: Stage, key: RngKey) -> Losses:
        if (tmp_path / "run" / "stats.jsonl").exists():  # training has begun: it is no trial
            signal.raise_signal(signal.SIGINT)
        return step(recipe, stage, key)

    with monkeypatch.context() as patch:
        patch.setattr(Recipe, "step", step_and_stop)
        train_on_gpu.main(["train", *options, "--rehearse=1"])
    painter = tmp_path / "out" / "gpu.painter"
    assert painter_file.read(painter).manifest.card["images_seen"]["prior"] == 8
    shutil.rmtree(tmp_path / "out")
    train_on_gpu.main(["train", *options, "--rehearse=1"])
    assert painter_file.read(painter).manifest.card["images_seen"]["prior"] == 32
    lines = (tmp_path / "out" / "stats.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["stage"] == "prior"
    assert len(list((tmp_path / "out").iterdir())) <= 8


def test_each_stage_of_a_rehearsal_trains_on_a_share_of_its_images() -> None:
    shortened = train_on_gpu.shortened_stages("large", 0.01)
    assert set(shortened) == {"autoencoder", "prior", "finetuning"}
    assert shortened["prior"] == {"kimg": 60.0, "warmup_kimg": pytest.approx(0.1)}


def test_an_archive_holds_code_weights_and_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_on_gpu, "PACKAGE", Path(train_on_gpu.__file__).parents[1] / "src/painting/data/decoding")
    train_on_gpu.pack(write_folder(tmp_path / "garden", 2, 0), tmp_path / "gpu.tar.gz")
    with tarfile.open(tmp_path / "gpu.tar.gz") as archive:
        names = set(archive.getnames())
    assert {"gpu/train_on_gpu.py", "gpu/painting/__init__.py", "gpu/pictures/metadata.jsonl"} <= names
    assert any(name.endswith(".pth") for name in names) and not any("__pycache__" in name for name in names)
