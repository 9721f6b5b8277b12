"""A tick is written as a line, as TensorBoard events, as a picture and into a plot."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # type: ignore[import-untyped]

from painting.training.checkpoint import Position
from painting.training.records import Records, Tick, plot_losses
from painting.training.run_folder import RunFolder

TICK = Tick("autoencoder", 8, 4000, Position(1, 300, 2, 12.3456), 250.123, {"l1": 0.5, "latent_pull": 0.25})


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def test_a_tick_counts_images() -> None:
    assert TICK.images_seen == 2400
    assert TICK.stats() == {
        "stage_name": "autoencoder",
        "stage": 1,
        "step": 300,
        "kimg": 2.4,
        "seconds": 12.35,
        "images_per_second": 250.12,
        "l1": 0.5,
        "latent_pull": 0.25,
    }


def test_a_tick_is_written_in_all_forms(run: RunFolder) -> None:
    Records(run).add(TICK, np.full((4, 6, 3), 9, np.uint8))
    assert run.stats() == [TICK.stats()]
    assert (np.asarray(Image.open(run.pictures / "autoencoder-000002kimg.png")) == 9).all()
    assert sorted(path.name for path in run.path.iterdir()) == ["events", "losses.png", "pictures", "stats.jsonl"]
    events = EventAccumulator(str(run.events)).Reload()
    assert [(event.step, event.value) for event in events.Scalars("autoencoder/l1")] == [(2400, 0.5)]
    assert "autoencoder/images_per_second" in events.Tags()["scalars"]


def test_a_resumed_run_keeps_the_events_that_are_there(run: RunFolder) -> None:
    later = replace(TICK, position=Position(1, 400))
    for tick in (TICK, later):
        with closing(Records(run)) as records:
            records.add(tick, None)
    events = EventAccumulator(str(run.events)).Reload()
    assert [event.step for event in events.Scalars("autoencoder/l1")] == [2400, 3200]


def test_a_stage_without_pictures_writes_none(run: RunFolder) -> None:
    Records(run).add(TICK, None)
    assert not run.pictures.exists()


def line(stage: str, kimg: float, **losses: float) -> dict[str, Any]:
    return {"stage_name": stage, "stage": 0, "step": 1, "kimg": kimg, "seconds": 1, "images_per_second": 5.0, **losses}


def test_a_plot_has_a_panel_for_each_stage(tmp_path: Path) -> None:
    lines = [line("features", 1, loss=3), line("features", 2, loss=2)]
    plot_losses(lines, tmp_path / "one.png")
    plot_losses([*lines, line("autoencoder", 1, l1=1), line("prior", 1, flow=1)], tmp_path / "three.png")
    with Image.open(tmp_path / "one.png") as one, Image.open(tmp_path / "three.png") as three:
        assert three.width == 3 * one.width and three.height == one.height
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "three.png"]


def test_a_loss_that_begins_late_is_plotted_where_it_is(tmp_path: Path) -> None:
    lines = [line("autoencoder", 1, l1=3), line("autoencoder", 2, l1=2, discriminator_loss=1)]
    plot_losses(lines, tmp_path / "losses.png")
    with Image.open(tmp_path / "losses.png") as both:
        plot_losses(lines[:1], tmp_path / "losses.png")
        with Image.open(tmp_path / "losses.png") as only:
            assert np.asarray(both).shape == np.asarray(only).shape
            assert (np.asarray(both) != np.asarray(only)).any()
