"""A run begins at the stage that its time is enough for, with as much of a base as fits."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.training.conftest import (
    CPU,
    PICTURES,
    NoiseSet,
    TransparentNoiseSet,
    latent_flow_preset,
)
from tests.training.running import replace_preparation, run_until
from tests.training.start.conftest import Begin, as_stored, networks_of, same
from tests.training.tiny_presets import finished_values, transparent_values

from painting.training.config.overrides import Overrides
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.run.checkpoint import Position, load_position
from painting.training.run.folder import RunInfo
from painting.training.setup import resume_run
from painting.training.start import warm_start
from painting.training.start.base_file import BaseFile
from painting.training.start.base_start import BaseStart
from painting.training.time_budget import TooFewMinutes

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]


def test_a_run_begins_with_the_prior_s_stage_and_the_base_s_autoencoder_and_flow(base: Path, begin: Begin) -> None:
    stored = BaseFile.read(base).networks
    opened = begin("second", warm_start=str(base))
    assert opened.info.first_stage == 1
    found = load_position(opened.folder.checkpoints)
    assert found and found[0] == Position(stage_index=1)
    networks = networks_of(opened)
    for autoencoder in (networks.autoencoder, networks.autoencoder_ema):
        assert same(autoencoder, dict(stored["autoencoder"]))
    for prior in (networks.prior, networks.prior_ema):
        assert same(prior, dict(stored["prior"]))
    assert same(networks.scale, dict(stored["scale"]))
    assert "starting from tiny" in opened.describe()


def test_the_prior_is_trained_on_latents_in_the_base_s_scale(base: Path, begin: Begin) -> None:
    opened = begin("second", warm_start=str(base))
    scale = {name: tensor.clone() for name, tensor in networks_of(opened).scale.state_dict().items()}
    run_until(opened.recipe, opened.folder.path)
    assert same(networks_of(opened).scale, scale)


def test_few_minutes_are_for_fine_tuning_what_the_base_paints_with(
    trained: LatentFlowNetworks, base: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.training.run_length.TIMED_SECONDS", 0.0)
    opened = begin("second", warm_start=str(base), minutes=19)
    assert opened.info.first_stage == 2
    networks = networks_of(opened)
    assert same(networks.prior_ema, as_stored(trained.prior_ema, base.parent))
    assert same(networks.autoencoder_ema.decoder, as_stored(trained.autoencoder_ema.decoder, base.parent))
    assert trained.adversaries and networks.adversaries
    assert same(networks.adversaries.mixer, as_stored(trained.adversaries.mixer, base.parent))
    assert same(networks.adversaries.discriminator, as_stored(trained.adversaries.discriminator, base.parent))


def test_minutes_that_are_too_few_for_the_prior_are_for_fine_tuning_alone(
    trained: LatentFlowNetworks, base: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def timed(info: RunInfo, *others: object) -> tuple[RunInfo, str]:
        tried.append(info.first_stage)
        if info.first_stage < 2:
            raise TooFewMinutes("Take --minutes 37 or more.")
        return replace(info, stage_seconds={"finetuning": 60.0}), "Fitted to 30 min."

    monkeypatch.setattr(warm_start, "timed", timed)
    opened = begin("second", warm_start=str(base), minutes=30)
    assert tried == [1, 2] and opened.info.first_stage == 2
    assert opened.info.preset.ticks == Overrides(minutes=30).with_ticks(opened.info.preset, 2).ticks
    networks = networks_of(opened)
    assert same(networks.prior_ema, as_stored(trained.prior_ema, base.parent))
    assert trained.adversaries and networks.adversaries
    assert same(networks.adversaries.discriminator, as_stored(trained.adversaries.discriminator, base.parent))


@pytest.mark.parametrize(("minutes", "stage"), [(None, 1), (19.0, 2), (20.0, 1), (239.0, 1), (240.0, 0)])
def test_more_time_trains_earlier_stages(base: Path, minutes: float | None, stage: int) -> None:
    networks = LatentFlowNetworks(latent_flow_preset(finished_values()), DatasetInfo.of(NoiseSet(PICTURES)))
    assert BaseStart(BaseFile.read(base)).load(networks, minutes) == stage
    assert networks.scale.is_measured is (stage > 0)  # an autoencoder in training has latents of another scale


def with_other_widths() -> dict[str, Any]:
    values = finished_values()
    values["autoencoder"] |= {"encoder_widths": [8], "decoder_widths": [8]}
    return values


@pytest.mark.parametrize("minutes", [10.0, 60.0])
def test_an_autoencoder_of_other_widths_is_trained_however_short_the_time(base: Path, minutes: float) -> None:
    networks = LatentFlowNetworks(latent_flow_preset(with_other_widths()), DatasetInfo.of(NoiseSet(PICTURES)))
    start = BaseStart(BaseFile.read(base))
    assert start.load(networks, minutes) == 0
    assert not start.load_painter(networks)
    assert not networks.scale.is_measured  # its latents have another one


@pytest.mark.parametrize(("minutes", "stage"), [(19.0, 2), (60.0, 0)])
def test_an_autoencoder_that_has_not_learned_alpha_is_trained_where_there_is_time(
    base: Path, minutes: float, stage: int
) -> None:
    networks = LatentFlowNetworks(latent_flow_preset(transparent_values()), DatasetInfo.of(NoiseSet(PICTURES)))
    assert BaseStart(BaseFile.read(base)).load(networks, minutes) == stage


def test_a_run_with_alpha_begins_from_a_base_without_it(
    base: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch, text_encoder_of_numbers: Any
) -> None:
    replace_preparation(monkeypatch, TransparentNoiseSet(PICTURES), text_encoder_of_numbers)
    opened = begin("second", transparent_values(), warm_start=str(base))
    assert opened.info.first_stage == 0
    networks = networks_of(opened)
    pixels = networks.sampler()(torch.zeros(1, networks.latent_size), torch.zeros(1, 5))
    assert (pixels[..., 3] == 255).all()


def test_a_run_of_other_widths_has_no_painter_to_be_compared_with(base: Path, begin: Begin) -> None:
    opened = begin("second", with_other_widths(), warm_start=str(base))
    assert opened.info.first_stage == 0 and opened.guard is None
    assert not opened.folder.comparison.exists()
    assert resume_run(opened.folder.path, None, CPU).guard is None  # which needs no distance then
