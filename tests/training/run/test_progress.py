"""A terminal shows where the run stands; a log file gets a line a tick and no bars."""

import io
from collections.abc import Iterator

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


class Named(Stage):
    """A stage that only has a name and a length."""

    def __init__(self, name: str, total_images: int) -> None:
        self.name, self.total_images, self.batch = name, total_images, 100

    def step(self, key: RngKey) -> Losses:
        return {}

    def sample_grid(self) -> None:
        return None


def make(terminal: bool) -> TerminalDisplay:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)
    return TerminalDisplay([Named("classifier", 5_000), Named("prior", 20_000)], console)


def written(display: TerminalDisplay) -> str:
    assert isinstance(display.console.file, io.StringIO)
    return display.console.file.getvalue()


@pytest.fixture
def log() -> Iterator[TerminalDisplay]:
    """A display whose output goes into a file."""
    with make(terminal=False) as display:
        yield display


@pytest.fixture
def terminal() -> Iterator[TerminalDisplay]:
    with make(terminal=True) as display:
        yield display


def test_a_log_gets_one_line_a_tick(log: TerminalDisplay) -> None:
    log.stage_started(1, 0)
    log.stepped(100)
    log.ticked(TICK)
    (line,) = written(log).splitlines()
    assert line.split() == ["prior", "12,000", "of", "20,000", "images", "345.7", "images/s", "flow_loss", "0.9877"]


def test_a_terminal_has_bars_instead(terminal: TerminalDisplay) -> None:
    terminal.stage_started(1, 0)
    terminal.ticked(TICK)
    terminal.progress.refresh()
    assert "flow_loss" not in written(terminal)
    assert "classifier" in written(terminal) and "of 20,000 images" in written(terminal)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_sentence_is_shown_as_it_is(is_terminal: bool) -> None:
    sentence = "Stopped and saved. Go on with: painting train --run runs/[my] " + 90 * "x"
    with make(is_terminal) as display:
        display.message(sentence)
    assert sentence in written(display)


def test_a_stage_is_as_long_as_its_whole_batches() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    with TerminalDisplay([Named("classifier", 10), Named("prior", 250)], console) as display:
        assert [task.total for task in display.progress.tasks] == [100, 300]
        display.stage_started(1, 0)
        assert display.progress.tasks[0].completed == 100


def test_a_resumed_run_shows_earlier_stages_as_done_and_goes_on_from_where_it_was(terminal: TerminalDisplay) -> None:
    terminal.stage_started(1, 3_000)
    terminal.stepped(100)
    terminal.stepped(100)
    assert [task.completed for task in terminal.progress.tasks] == [5_000, 3_200]
    assert [task.started for task in terminal.progress.tasks] == [False, True]


def test_stages_that_a_begun_run_leaves_out_have_no_bar(terminal: TerminalDisplay) -> None:
    begun = TerminalDisplay(terminal.stages, terminal.console, first_stage=1)
    assert [task.visible for task in begun.progress.tasks] == [False, True]
    assert all(task.visible for task in terminal.progress.tasks)


def test_setup_has_one_line_in_a_log_and_counted_in_a_terminal(log: TerminalDisplay, terminal: TerminalDisplay) -> None:
    for display in (log, terminal):
        for done in (0, 2_000, 4_000):
            display.setup_progress(1, done, 4_000)
    (line,) = written(log).splitlines()
    assert "prior" in line and "setup" in line and "4,000 pictures" in line
    assert terminal.progress.tasks[1].description == "prior: setup, 4,000 of 4,000"
    terminal.stage_started(1, 0)
    assert terminal.progress.tasks[1].description == "prior"
