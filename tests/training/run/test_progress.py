"""A run says where it is, how long it still takes, and where its pictures are; a log is never silent for long."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from painting.training.rng import RngKey
from painting.training.run.checkpoint import Position
from painting.training.run.logger import Tick
from painting.training.run.progress import TerminalDisplay
from painting.training.stage import Losses, Stage

TICK = Tick(
    stage="prior",
    batch=100,
    total_images=20_000,
    position=Position(1, 120),
    images_per_second=345.67,
    losses={"flow_loss": 0.98765},
)
SECONDS = {"autoencoder": 60.0, "prior": 600.0}


class Named(Stage):
    """A stage that only has a name and a length."""

    def __init__(self, name: str, total_images: int) -> None:
        self.name, self.total_images, self.batch = name, total_images, 100

    def step(self, key: RngKey) -> Losses:
        return {}

    def sample_grid(self) -> None:
        return None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in its only element."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def make(terminal: bool, pictures: Path = Path("run/pictures"), first_stage: int = 0) -> TerminalDisplay:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120, color_system=None)
    return TerminalDisplay(
        [Named("autoencoder", 5_000), Named("prior", 20_000)], console, pictures, SECONDS, first_stage
    )


def written(display: TerminalDisplay) -> str:
    assert isinstance(display.console.file, io.StringIO)
    return display.console.file.getvalue()


def test_a_log_is_never_silent_for_longer_than_half_a_minute(clock: list[float]) -> None:
    with make(terminal=False) as log:
        log.stage_started(1, 2_000)
        for second in range(1, 70):
            clock[0] = float(second)
            log.stepped(100)
    assert written(log).splitlines() == [
        "prior (2 of 2): 2,000 of 20,000 images, 9 min left of the run",
        "prior (2 of 2): 5,000 of 20,000 images, 2 min left of the run",
        "prior (2 of 2): 8,000 of 20,000 images, 2 min left of the run",
    ]


def test_the_time_left_is_that_of_the_run(clock: list[float]) -> None:
    with make(terminal=False) as log:
        log.stage_started(0, 0)
    assert "autoencoder (1 of 2): 0 of 5,000 images, 11 min left of the run" in written(log)


def test_the_newest_sample_grid_is_named(tmp_path: Path, clock: list[float]) -> None:
    with make(terminal=False, pictures=tmp_path) as log:
        log.ticked(TICK)
        log.stage_started(1, 0)
        (tmp_path / "prior-000012.000kimg.png").touch()
        log.ticked(TICK)
        log.stage_started(1, 0)
    first, second = written(log).splitlines()
    assert "samples" not in first and second.endswith(f"samples: {tmp_path / 'prior-000012.000kimg.png'}")


def test_setup_and_evaluation_have_lines_too(clock: list[float]) -> None:
    with make(terminal=False) as log:
        for done in range(100):
            clock[0] += 1
            log.setup_progress(1, 40 * done, 4_000)
        for done in range(100):
            clock[0] += 1
            log.evaluation_progress(done, 100)
    lines = written(log).splitlines()
    assert lines[0] == "prior (2 of 2): getting ready, 1,160 of 4,000 pictures" and len(lines) == 6
    assert lines[-1] == "prior (2 of 2): evaluating, 79 of 100"


def test_a_terminal_has_one_status_line(clock: list[float]) -> None:
    with make(terminal=True) as terminal:
        terminal.stage_started(1, 0)
        terminal.ticked(TICK)
        terminal.stepped(100)
        terminal._status._live.refresh()
    shown = written(terminal)
    assert "prior (2 of 2): 100 of 20,000 images, 10 min left of the run" in shown and "samples" not in shown
    assert "flow_loss" not in shown and "autoencoder" not in shown


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_sentence_is_shown_as_it_is(is_terminal: bool) -> None:
    sentence = "Stopped and saved. Go on with: painting train --run runs/[my] " + 90 * "x"
    with make(is_terminal) as display:
        display.message(sentence)
    assert sentence in written(display)


def test_a_run_that_leaves_stages_out_counts_those_that_it_trains(clock: list[float]) -> None:
    with make(terminal=False, first_stage=1) as log:
        log.stage_started(1, 0)
    assert written(log).startswith("prior (1 of 1): 0 of 20,000 images")
