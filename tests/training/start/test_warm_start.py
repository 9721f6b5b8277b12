"""A run that begins with a base goes on exactly, and is compared with what the base paints."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.training.conftest import (
    CPU,
)
from tests.training.running import ColorDistance, run_until, snapshot
from tests.training.start.conftest import Begin

from painting.training.loop import Interrupted
from painting.training.setup import resume_run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]


def test_a_run_from_a_base_is_compared_with_what_the_base_paints(base: Path, begin: Begin, display: Mock) -> None:
    opened = begin("second", warm_start=str(base))
    opened.train(display)
    message = display.message.call_args.args[0]
    assert "tiny" in message and "colour" in message


def test_a_run_from_a_base_that_is_stopped_ends_as_one_that_is_not(
    base: Path, begin: Begin, differing: Callable[..., list[str]]
) -> None:
    straight, stopped = begin("straight", warm_start=str(base)), begin("stopped", warm_start=str(base))
    run_until(straight.recipe, straight.folder.path)
    with pytest.raises(Interrupted):
        run_until(stopped.recipe, stopped.folder.path, 8 + 5)  # in the prior's stage
    resumed = resume_run(stopped.folder.path, None, CPU, distance=ColorDistance())
    run_until(resumed.recipe, resumed.folder.path)
    assert not differing(snapshot(straight.recipe), snapshot(resumed.recipe))
