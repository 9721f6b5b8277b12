"""A run begun from a painter stands at its last stage with that painter's weights, or is refused before it is made."""

import copy
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from tests.training.conftest import PICTURES, NoiseSet, latent_flow_preset
from tests.training.running import ColorDistance, ScriptedDistance, replace_preparation, run_until, snapshot
from tests.training.tiny_presets import finished_values, lasting_values, tiny_values
from torch import Tensor

from painting.distribution import MissingExtra
from painting.errors import InvalidRequest, PainterFileError, TrainingError
from painting.files import painter_file
from painting.training import run_length
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.config.overrides import Overrides
from painting.training.export.choice import choose_weights
from painting.training.export.quantization import round_to_stored
from painting.training.guard.collapse import Collapsed, SampleWatch
from painting.training.guard.measurement import PictureDistance
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.loop import Interrupted
from painting.training.preset_loader import load_preset
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import restore_snapshots
from painting.training.setup import OpenRun, resume_run, start_run
from painting.training.time_budget import TooFewMinutes

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
BEFORE = 8 + 8
"""The steps of the stages that are left out."""


@pytest.fixture
def data() -> NoiseSet:
    """Other pictures than the painter's, with other captions."""
    made = NoiseSet(PICTURES, 128)
    made.content_hash = "others"
    made.caption_mean, made.caption_std = made.caption_mean + 1, 2 * made.caption_std
    return made


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch, data: NoiseSet, text_encoder_of_numbers: Any) -> Mock:
    return replace_preparation(monkeypatch, data, text_encoder_of_numbers)


@pytest.fixture
def preset() -> LatentFlowPreset:
    """Fine-tuning of six steps of two pictures, of which the discriminator has the first two for itself."""
    values = lasting_values()
    values["finetuning"] |= {"kimg": 0.012, "batch": 2, "warmup_kimg": 0.004}
    return latent_flow_preset(values)


@pytest.fixture
def begin(exported_finished: Any, preset: LatentFlowPreset, tmp_path: Path) -> Callable[..., OpenRun]:
    """A function that starts a run from the painter, or with other settings."""

    def make(
        name: str = "run",
        preset: Preset = preset,
        distance: PictureDistance | None = ColorDistance(),  # noqa: B008 (it has no state)
        **overrides: Any,
    ) -> OpenRun:
        changed = Overrides.of(**{"warm_start": str(exported_finished.painter), **overrides})
        return start_run(tmp_path / name, preset, tmp_path, CPU, overrides=changed, distance=distance)

    return make


def resume(run: Path) -> OpenRun:
    return resume_run(run, None, CPU, distance=ColorDistance())


def test_a_run_begins_at_its_last_stage_with_the_painter_s_weights(
    begin: Callable[..., OpenRun], exported_finished: Any, differing: Callable[..., list[str]]
) -> None:
    opened = begin()
    found = load_position(opened.folder.checkpoints)
    assert found and found[0] == Position(stage_index=2)
    networks = opened.recipe.networks
    assert isinstance(networks, LatentFlowNetworks)
    TrainingState(networks.named, {}).restore(load_tensors(found[1], CPU))
    painter = copy.deepcopy(exported_finished.networks.sampler())
    round_to_stored(painter)
    assert differing(painter.state_dict(), networks.sampler().state_dict()) == ["prior.null_emb"]
    assert ", starting from mine " in opened.describe()
    assert not opened.info.stage_seconds  # one stage soon knows its own speed


def test_texts_are_standardised_as_the_painter_has_learned_them(
    begin: Callable[..., OpenRun], exported_finished: Any, data: NoiseSet
) -> None:
    manifest = painter_file.read(exported_finished.painter).manifest
    opened = begin()
    facts = opened.info.dataset
    assert (facts.caption_mean, facts.caption_std) == (manifest.caption_mean, manifest.caption_std)
    assert facts.content_hash == "others"
    vectors = data.text_vectors(np.arange(4), np.zeros(4, np.float32))
    wanted = (torch.from_numpy(vectors) - torch.tensor(manifest.caption_mean)) / torch.tensor(manifest.caption_std)
    for run in (opened, resume(opened.folder.path)):
        batches: Any = vars(run.recipe.stages[2])["batches"]
        torch.testing.assert_close(batches.standardise(vectors), wanted)


def test_a_run_says_what_it_began_from(begin: Callable[..., OpenRun], exported_finished: Any) -> None:
    began_from = RunFolder(begin().folder.path).info().warm_start
    seen = {"autoencoder": 32, "prior": 64, "finetuning": 96}
    generator = sha256(painter_file.read(exported_finished.painter).generator).hexdigest()
    card = {"images_seen": seen, "hours": 2.0, "data": "", "licence": "", "first_stage": 2}
    assert began_from == {"painter": f"mine {generator[:8]}", **card}


@pytest.mark.usefixtures("fast_logger")
def test_only_the_last_stage_is_trained_and_a_run_stopped_in_it_goes_on_exactly(
    begin: Callable[..., OpenRun], differing: Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
) -> None:
    straight, stopped = begin("straight"), begin("stopped")
    run_until(straight.recipe, straight.folder.path)
    lines = [(line["stage"], line["kimg"]) for line in straight.folder.stats.read()]
    assert lines == [("finetuning", 0.006), ("finetuning", 0.012)]
    with pytest.raises(Interrupted):
        run_until(stopped.recipe, stopped.folder.path, BEFORE + 3)
    resumed = resume(stopped.folder.path)
    run_until(resumed.recipe, resumed.folder.path)
    assert not differing(snapshot(straight.recipe), snapshot(resumed.recipe))


def test_the_minutes_there_are_go_to_the_last_stage(
    begin: Callable[..., OpenRun], preset: LatentFlowPreset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_length, "TIMED_SECONDS", 0.0)
    opened = begin(minutes=600)
    likeness, time_fit, table = opened.remarks
    assert likeness.startswith("These pictures resemble what mine paints: colour ")
    assert time_fit.startswith("Fitted to 600 min, of which ") and ": finetuning " in time_fit
    assert ";" not in time_fit and "prior" not in table
    assert opened.info.preset == replace(preset, ticks=300, finetuning=vars(opened.info.preset)["finetuning"])
    assert vars(opened.info.preset)["finetuning"].kimg > 0.012


def test_too_few_minutes_are_refused_after_the_likeness_of_the_pictures(
    begin: Callable[..., OpenRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_length, "TIMED_SECONDS", 0.0)
    with pytest.raises(TooFewMinutes, match=r"^These pictures resemble what mine paints: .*\. --minutes 0\.001 is too"):
        begin(minutes=0.001)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (finished_values(), "The painter mine paints 128 px, the preset tiny 16: take one of the same size"),
        (tiny_values(), "The preset tiny has no finetuning: only what is fine-tuned can begin from other weights"),
        (None, "The preset tac-gan has no finetuning: only what is fine-tuned can begin from other weights"),
    ],
)
def test_a_painter_of_no_use_for_the_preset_is_refused_before_pictures_are_prepared(
    begin: Callable[..., OpenRun], tmp_path: Path, prepared: Mock, values: dict[str, Any] | None, message: str
) -> None:
    with pytest.raises(TrainingError, match=message):
        begin(preset=latent_flow_preset(values) if values else load_preset("tac-gan"))
    assert not prepared.called and not (tmp_path / "run").exists()


def test_a_painter_that_is_not_there_or_damaged_is_refused(
    begin: Callable[..., OpenRun], tmp_path: Path, prepared: Mock
) -> None:
    with pytest.raises(InvalidRequest, match="there is no painter 'absent'"):
        begin(warm_start="absent")
    (tmp_path / "damaged.painter").write_bytes(b"roses")
    with pytest.raises(PainterFileError, match="cannot use the painter file"):
        begin(warm_start=str(tmp_path / "damaged.painter"))
    assert not prepared.called and not (tmp_path / "run").exists()


def test_captions_that_another_text_encoder_has_read_are_refused(
    begin: Callable[..., OpenRun], data: NoiseSet, tmp_path: Path
) -> None:
    data.text_encoder_id, data.text_encoder_sha256 = "letters", "cd" * 32
    with pytest.raises(
        TrainingError,
        match="mine was trained with the text encoder numbers, this run would be with letters: name its own with",
    ):
        begin()
    assert not (tmp_path / "run").exists()


def test_a_painter_of_other_widths_is_refused_and_leaves_no_folder(
    begin: Callable[..., OpenRun], preset: LatentFlowPreset, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match=r"of another shape than the preset: .* Take a preset with its widths"):
        begin(preset=replace(preset, prior=replace(preset.prior, width=64)))
    assert not (tmp_path / "run").exists()


def test_a_painter_of_other_channels_is_refused_by_the_key_that_is_about_them(
    begin: Callable[..., OpenRun], preset: LatentFlowPreset, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match=r"mine paints 3 channels, and data\.alpha of the preset tiny is true"):
        begin(preset=replace(preset, data=replace(preset.data, alpha=True)))
    assert not (tmp_path / "run").exists()


def test_a_run_that_was_stopped_before_it_had_the_weights_does_not_go_on_without_them(
    begin: Callable[..., OpenRun],
) -> None:
    run = begin().folder
    shutil.rmtree(run.checkpoints)
    with pytest.raises(TrainingError, match=r"had loaded the weights of mine \w{8}: remove it"):
        resume(run.path)


def test_missing_weights_of_the_published_features_are_reported_before_there_is_a_folder(
    begin: Callable[..., OpenRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.models.published.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="Training a latent flow painter needs the training extra"):
        begin()
    assert not (tmp_path / "run").exists()


def test_the_stages_before_its_last_are_not_to_be_trained(begin: Callable[..., OpenRun]) -> None:
    assert begin().info.first_stage == 2


@pytest.mark.usefixtures("fast_logger")
@pytest.mark.parametrize(
    ("end", "is_success", "message"),
    [
        (40.7, False, "The start was better: mine paints closer to real pictures than the run's end"),
        (12.5, True, "The run paints better than mine, which it began from"),
    ],
)
def test_a_run_says_whether_it_ended_worse_and_its_export_is_the_better_of_start_and_end(
    begin: Callable[..., OpenRun], display: Mock, end: float, is_success: bool, message: str
) -> None:
    opened = begin(distance=ScriptedDistance(0.0, 21.5, 21.5, end, end))
    assert opened.train(display) is is_success
    assert display.message.call_args.args[0].startswith(message)
    assert choose_weights(opened.folder).kimg == (() if is_success else (0.0,))
    networks = build_networks(opened.info.preset, opened.info.dataset)
    assert restore_snapshots(opened.folder, networks, [0]) == Position(2)
    assert restore_snapshots(opened.folder, networks, [0.012]).step == 6


@pytest.mark.usefixtures("fast_logger")
def test_a_run_that_collapses_is_stopped_and_its_export_is_its_start(
    begin: Callable[..., OpenRun], display: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = Mock(side_effect=[{"variety_share": 1.0}, {"variety_share": 0.02}, {"variety_share": 0.01}])
    monkeypatch.setattr(SampleWatch, "shares", shares)
    opened = begin(snapshots=6)
    with pytest.raises(Collapsed, match=r"stopped after 6 images .*fell from 100% to 1%.* takes the start, mine\."):
        opened.train(display)
    found = load_position(opened.folder.checkpoints)
    assert found and found[0].step == 1  # the last at which samples differed
    assert choose_weights(opened.folder).kimg == (0.0,)


def test_pictures_of_another_world_are_reported_before_the_run_with_the_time_from_scratch(
    begin: Callable[..., OpenRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ColorDistance, "far", 1.0)
    described = begin(distance=ScriptedDistance(0.0, 575.0, 575.0)).describe()
    assert "These pictures are far from what mine paints (colour 575.0 ± 0.0 on 24 train pictures" in described
    assert "training from scratch, with --from nothing, takes about" in described


@pytest.mark.usefixtures("fast_logger")
def test_a_stopped_run_is_compared_when_it_has_ended(begin: Callable[..., OpenRun], display: Mock) -> None:
    opened = begin(distance=ScriptedDistance(0.0, 21.5, 21.5))
    with pytest.raises(Interrupted):
        run_until(opened.recipe, opened.folder.path, BEFORE + 3)
    resumed = resume_run(opened.folder.path, None, CPU, distance=ScriptedDistance(0.0, 40.0, 40.0))
    assert not resumed.train(display)
    assert "paints closer to real pictures" in display.message.call_args.args[0]


def test_without_a_distance_a_warm_start_is_refused_before_there_is_a_folder(
    begin: Callable[..., OpenRun], tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="compared with it: give train"):
        begin(distance=None)
    assert not (tmp_path / "run").exists()
