"""A run that begins with a base goes on exactly, and is compared with what the base paints."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch
from tests.training.conftest import (
    CPU,
)
from tests.training.running import ColorDistance, run_until, snapshot
from tests.training.start.conftest import Begin, as_stored, same

from painting.training import setup
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.loop import Interrupted
from painting.training.run.checkpoint import Position
from painting.training.run.snapshots import restore_snapshots
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


def test_the_start_of_a_run_that_trains_all_stages_is_exported_in_the_base_s_scale(
    trained: LatentFlowNetworks, base: Path, begin: Begin, display: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.training.start.base_start.ALL_STAGES_MINUTES", 0.0)
    monkeypatch.setattr("painting.training.start.base_start.FINETUNING_ONLY_MINUTES", 0.0)
    seconds = {"autoencoder": 1.0, "prior": 1.0, "finetuning": 1.0}
    monkeypatch.setattr(setup, "timed", lambda info, *others: (replace(info, stage_seconds=seconds), None))
    opened = begin("second", warm_start=str(base), minutes=300, ticks=1, snapshots=1)
    assert opened.info.first_stage == 0
    networks = opened.recipe.networks
    assert isinstance(networks, LatentFlowNetworks)
    networks.scale.measure(torch.randn(8, 2, 8, 8))  # as the prior's stage does, of the autoencoder that it has
    assert restore_snapshots(opened.folder, networks, [0]) == Position(0)
    assert same(networks.scale, as_stored(trained.scale, base.parent))
