"""A plan divides a run's minutes between its stages as they are expected to take them, and says what they show."""

from unittest.mock import Mock

import pytest

from painting.training.config.preset_files import preset_names
from painting.training.preset_loader import load_preset
from painting.training.run.plan import SAMPLES_SHOW, plan
from painting.training.stage import Stage


def stages(**images: int) -> list[Mock]:
    made = [Mock(spec=Stage, whole_images=count) for count in images.values()]
    for stage, name in zip(made, images, strict=True):
        stage.name = name
    return made


def test_a_plan_ends_with_the_minutes() -> None:
    trained = stages(autoencoder=13_008, prior=110_016, finetuning=9_600)
    seconds = {"autoencoder": 600.0, "prior": 1200.0, "finetuning": 1200.0}
    assert plan(trained, seconds, minutes=60, passed_minutes=1).splitlines() == [
        "  minutes   stage         images  sample grids show",
        "  1 to 13   autoencoder   13,008  reconstructions of your pictures",
        "  13 to 36  prior        110,016  coloured clouds, then shapes",
        "  36 to 60  finetuning     9,600  sharp pictures by the prompts",
    ]


def test_a_short_run_is_planned_in_tenths_of_a_minute_and_a_plug_in_s_stage_by_its_name() -> None:
    assert plan(stages(vae=64), {"vae": 100.0}, minutes=2, passed_minutes=0.25).splitlines()[1:] == [
        "  0.2 to 2.0  vae        64"
    ]


@pytest.mark.parametrize("name", preset_names())
def test_the_samples_of_each_bundled_preset_s_stages_are_described(name: str) -> None:
    assert set(load_preset(name).stage_tables) <= SAMPLES_SHOW.keys()
