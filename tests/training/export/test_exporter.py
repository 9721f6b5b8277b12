"""A run becomes a painter file with a complete card, or an error that says why not."""

import copy
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from PIL import Image

from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.sealed_json import read_sealed, write_sealed
from painting.latents import latents
from painting.onnx_session import open_session
from painting.training.export import exporter
from painting.training.export.exporter import export_run
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import Measurement
from painting.training.preset_loader import load_preset
from painting.training.run import text_encoder
from painting.training.run.checkpoint import Position, TrainingState, load_position, save_checkpoint
from painting.training.run.folder import RUN_FILE, RunFolder, RunInfo
from painting.training.run.snapshots import save_inference_snapshot

pytestmark = pytest.mark.slow


@pytest.fixture
def run(exported: Any, tmp_path: Path) -> RunFolder:
    """A copy of the exported run, to change."""
    copied = RunFolder(tmp_path / "copy")
    shutil.copytree(exported.run, copied.path)
    return copied


@pytest.fixture
def quick_graph(exported: Any, monkeypatch: pytest.MonkeyPatch, text_encoder_of_numbers: Any) -> Mock:
    """The graph that was made before, whatever is exported."""
    painter_graph = Mock(return_value=painter_file.read(exported.painter).generator)
    monkeypatch.setattr(exporter, "painter_graph", painter_graph)
    monkeypatch.setattr(text_encoder, "TextEncoder", Mock(load=lambda name: text_encoder_of_numbers))
    return painter_graph


def test_a_painter_knows_what_the_gallery_must_know(exported: Any) -> None:
    manifest, facts = painter_file.read(exported.painter).manifest, RunFolder(exported.run).info().dataset
    assert (manifest.name, manifest.picture_size, manifest.latent_size) == ("mine", 16, 128)
    assert (manifest.text_encoder_id, manifest.text_encoder_sha256) == ("numbers", "ab" * 32)
    assert (manifest.caption_mean, manifest.caption_std) == (facts.caption_mean, facts.caption_std)
    assert manifest.example_prompts == ("a rose", "a tulip", "petals")


def test_its_card_says_how_it_was_made(exported: Any) -> None:
    card = painter_file.read(exported.painter).manifest.card
    assert card["images_seen"] == {"autoencoder": 32, "prior": 64}
    assert card["hours"] == 2.0
    assert card["data"]["source"] == "noise"
    assert card["preset"]["prior"]["width"] == 16
    always = {"guidance_min_time": 0.0, "guidance_max_time": 1.0, "strength": 1.0, "temperature": 1.0}
    assert card["preset"]["sampler"] == {"steps": 2, "guidance": 2.0, **always}
    assert card["hardware"] == {"torch": "2", "threads": 1}
    assert "/pictures" not in str(card)


def test_its_samples_are_four_of_each_prompt_painted_by_its_own_graph(
    exported: Any, text_encoder_of_numbers: Any
) -> None:
    file = painter_file.read(exported.painter)
    facts = RunFolder(exported.run).info().dataset
    sheet = np.asarray(Image.open(io.BytesIO(file.samples_webp)))
    vectors = text_encoder_of_numbers.encode(facts.example_prompts)
    text = ((vectors - np.array(facts.caption_mean)) / np.array(facts.caption_std)).astype(np.float32).repeat(4, axis=0)
    session = open_session(file.generator, 1, TrainingError)
    painted = session.run(None, {"latents": latents(0, 12, 128), "text_vectors": text})[0]
    assert sheet.shape == (2 * 18 - 2, 8 * 18 - 2, 3)
    distances = np.abs(sheet[18:34, 0:16].astype(int) - painted).mean(axis=(1, 2, 3))  # a WebP loses some detail
    assert distances.argmin() == 8


def test_exporting_says_where_the_run_stands_and_takes_a_name(
    run: RunFolder, quick_graph: Mock, tmp_path: Path
) -> None:
    position = exporter.export_run(run.path, tmp_path / "file.painter", name="roses")
    assert position == Position(1, 4, 1, 7200.0)
    assert painter_file.read(tmp_path / "file.painter").manifest.name == "roses"
    sampler, *sizes = quick_graph.call_args.args
    assert sizes == [128, 5] and not sampler.training


def test_example_prompts_of_any_data_set_are_cleaned_and_counted(
    run: RunFolder, quick_graph: Mock, tmp_path: Path
) -> None:
    info = read_sealed(run.path / RUN_FILE)
    numbered = [f"rose number {index}" for index in range(100)]
    info["dataset"]["example_prompts"] = ["a\u200b rose", "a  rose", "\x1b", "a\ud83d lily", "tulip " * 2000, *numbered]
    write_sealed(run.path / RUN_FILE, info)
    exporter.export_run(run.path, tmp_path / "file.painter")
    prompts = painter_file.read(tmp_path / "file.painter").manifest.example_prompts
    assert prompts == ("a rose", "a lily", ("tulip " * 667)[:2000].strip(), *numbered[:61])


def test_a_graph_that_does_not_paint_as_torch_does_is_not_exported(
    exported: Any, run: RunFolder, quick_graph: Mock, tmp_path: Path
) -> None:
    other = exported.networks.autoencoder_ema.decoder.get_parameter("out.2.bias")
    before = other.data.clone()
    other.data += 0.5
    save_checkpoint(run.checkpoints, TrainingState(exported.networks.named, {}), Position(1, 8, 1))
    other.data.copy_(before)
    with pytest.raises(TrainingError, match=r"differs from the trained painter by \d+ of 255 levels"):
        exporter.export_run(run.path, tmp_path / "file.painter")
    assert not (tmp_path / "file.painter").exists()


@pytest.mark.parametrize(
    ("position", "ready"), [(Position(0, 8), False), (Position(1, 0), False), (Position(2, 0), True)]
)
def test_only_a_run_in_its_last_stage_has_something_to_paint_with(
    exported: Any, run: RunFolder, quick_graph: Mock, tmp_path: Path, position: Position, ready: bool
) -> None:
    shutil.rmtree(run.checkpoints)
    save_checkpoint(run.checkpoints, TrainingState(exported.networks.named, {}), position)
    if ready:
        assert exporter.export_run(run.path, tmp_path / "file.painter") == position
    else:
        with pytest.raises(TrainingError, match="has not begun its last stage yet"):
            exporter.export_run(run.path, tmp_path / "file.painter")


def test_a_run_without_a_checkpoint_is_refused(run: RunFolder, tmp_path: Path) -> None:
    shutil.rmtree(run.checkpoints)
    with pytest.raises(TrainingError, match="has no checkpoint yet"):
        exporter.export_run(run.path, tmp_path / "file.painter")


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="is not a run"):
        exporter.export_run(tmp_path, tmp_path / "file.painter")


def test_exporting_leaves_the_run_as_it_is(exported: Any) -> None:
    found = load_position(RunFolder(exported.run).checkpoints)
    assert found and found[0] == Position(1, 4, 1, 7200.0)


def test_what_is_fine_tuned_or_paints_in_one_pass_takes_no_other_steps(
    exported: Any, finished: Any, tmp_path: Path, about: RunInfo
) -> None:
    for preset, message in (
        (finished.preset, "painter is fine-tuned to one step"),
        (load_preset("tac-gan"), "paints in one pass"),
    ):
        run = RunFolder(tmp_path / preset.name)
        run.create(replace(about, preset=preset))
        with pytest.raises(TrainingError, match=f"{message}: leave out steps"):
            exporter.export_run(run.path, tmp_path / "x.painter", sampler_settings={"steps": 4})


@pytest.fixture
def worsened(run: RunFolder, exported: Any) -> RunFolder:
    """A run whose start has the weights that the graph was made of, and whose newest weights are others."""
    networks = copy.deepcopy(exported.networks)
    save_inference_snapshot(run, networks, 0)
    with torch.no_grad():
        for weight in networks.prior_ema.parameters():
            weight.add_(0.3)
    save_checkpoint(run.checkpoints, TrainingState(networks.named, {}), Position(1, 5, 1, 7300.0))
    return run


def measured(distance: float) -> Measurement:
    return Measurement(distance, (distance + 0.1, distance - 0.1))


START = StartComparison("flowers", "KID", "60 test pictures", measured(21.4))


@pytest.mark.parametrize("changes", [{"end": measured(40.7)}, {"collapsed": True}])
def test_the_start_of_a_warm_start_is_exported_where_it_is_better(
    worsened: RunFolder, quick_graph: Mock, tmp_path: Path, changes: dict[str, Any]
) -> None:
    replace(START, **changes).write(worsened)
    output = tmp_path / "mine.painter"
    assert export_run(worsened.path, output) == Position(0)  # the graph is that of its weights, or this would raise
    assert "prior" not in painter_file.read(output).manifest.card["images_seen"]


@pytest.mark.parametrize("changes", [{}, {"end": measured(12.0)}, {"end": measured(21.4)}])
def test_otherwise_the_newest_weights_are_exported(
    worsened: RunFolder, quick_graph: Mock, tmp_path: Path, changes: dict[str, Any]
) -> None:
    replace(START, **changes).write(worsened)
    with pytest.raises(TrainingError, match="differs from the trained painter"):  # its graph is of the start's weights
        export_run(worsened.path, tmp_path / "mine.painter")


def test_the_other_one_can_be_exported_by_its_thousands_of_images(
    worsened: RunFolder, quick_graph: Mock, tmp_path: Path
) -> None:
    replace(START, end=measured(12.0)).write(worsened)
    assert export_run(worsened.path, tmp_path / "mine.painter", at_kimg=[0]) == Position(0)
