"""A tick is written as a line, as a picture and into a plot."""

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder
from painting.training.run.logger import RunLogger, Tick

ROOT = Path(__file__).parents[3]
LOGGED_VALUE = re.compile(r'"(\w+_loss|confidence_\w+|class_accuracy_\w+|discriminator_accuracy|frechet_distance)"')
TICK = Tick(
    stage="autoencoder",
    batch=8,
    total_images=4000,
    position=Position(1, 300, 2, 12.3456),
    images_per_second=250.123,
    losses={"l1_loss": 0.5, "latent_moment_loss": 0.25},
)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def test_a_tick_counts_images() -> None:
    assert TICK.images == 2400
    assert TICK.stats() == {
        "stage": "autoencoder",
        "stage_index": 1,
        "step": 300,
        "kimg": 2.4,
        "seconds": 12.35,
        "images_per_second": 250.12,
        "l1_loss": 0.5,
        "latent_moment_loss": 0.25,
    }


def test_a_tick_is_written_in_all_forms(run: RunFolder) -> None:
    with closing(RunLogger(run)) as logger:
        logger.add(TICK, np.full((4, 6, 3), 9, np.uint8))
    assert run.stats.read() == [TICK.stats()]
    with Image.open(run.pictures / "autoencoder-000002.400kimg.png") as image:
        assert (np.asarray(image) == 9).all()
    assert sorted(path.name for path in run.path.iterdir()) == ["pictures", "saved", "stats.jsonl"]
    assert [path.name for path in run.saved.iterdir()] == ["losses.png"]


@pytest.mark.parametrize(
    ("every_s", "steps", "lines_plotted"),
    [(0.0, [100, 200, 300], [1, 2, 3]), (1e9, [100, 200, 300], [3]), (1e9, [100, 500, 510], [2, 3])],
)
def test_plots_are_drawn_after_some_time_at_a_stage_s_end_and_when_the_run_ends(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, every_s: float, steps: list[int], lines_plotted: list[int]
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr("painting.training.run.logger.save_loss_plots", lambda stats, folder: drawn.append(len(stats)))
    monkeypatch.setattr("painting.training.run.logger.PLOT_INTERVAL_SECONDS", every_s)
    with closing(RunLogger(run)) as logger:
        for step in steps:
            logger.add(replace(TICK, position=Position(1, step)), None)  # of 500
    assert drawn == lines_plotted


def test_a_stage_without_pictures_writes_none(run: RunFolder) -> None:
    RunLogger(run).add(TICK, None)
    assert not run.pictures.exists()


def test_every_logged_value_is_explained_in_the_docs() -> None:
    sources = [path.read_text() for path in (ROOT / "src" / "painting" / "training").rglob("*.py")]
    logged = {name for source in sources for name in LOGGED_VALUE.findall(source)}
    documented = (ROOT / "docs" / "training.md").read_text()
    assert len(logged) > 15
    assert not {name for name in logged if f"`{name}`" not in documented}
