"""Each stage trains its own networks, all of them and no others; stopped anywhere, the run goes on exactly."""

import signal
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tests.training.running import run_until, snapshot, train
from torch import Tensor

from painting.data.picture_set import CaptionedSet
from painting.training.loop import Display, Interrupted, Trainer
from painting.training.registry import build_networks
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.stage import Recipe

pytestmark = pytest.mark.slow

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
MakeRecipe = Callable[[CaptionedSet], Recipe]


def without_gradient(recipe: Recipe, network: str) -> set[str]:
    weights = recipe.networks.named[network].named_parameters()
    return {name for name, weight in weights if weight.grad is None or not weight.grad.any()}


@pytest.mark.parametrize(
    ("index", "trained", "others_that_change"),
    [
        (0, ["autoencoder"], ["autoencoder_ema"]),
        (1, ["prior"], ["prior_ema", "scale"]),
    ],
)
def test_every_weight_of_a_stage_learns_and_no_other_network_changes(
    recipe: Recipe, differing: Differing, index: int, trained: list[str], others_that_change: list[str]
) -> None:
    before, stage = snapshot(recipe), recipe.stages[index]
    stage.setup()
    still = {network: without_gradient(recipe, network) for network in trained}
    for step in range(8):
        train(stage, range(step, step + 1))
        still = {network: names & without_gradient(recipe, network) for network, names in still.items()}
    assert not any(still.values()), still
    changed = {name.split("/")[1] for name in differing(before, snapshot(recipe))}
    assert changed == {*trained, *others_that_change}


def test_a_stage_minimises_its_loss_on_a_repeated_batch(recipe: Recipe) -> None:
    for stage, name in zip(recipe.stages, ["l1_loss", "flow_loss"], strict=True):
        stage.setup()
        losses = [float(train(stage, range(1))[name]) for _ in range(8)]
        assert losses[7] < losses[3] < losses[0]


def test_the_learning_rate_has_fallen_to_nearly_nothing_at_the_end(recipe: Recipe) -> None:
    for stage in recipe.stages:
        stage.setup()
        train(stage, range(stage.total_images // stage.batch - 1, stage.total_images // stage.batch))
        assert all(0 < o.param_groups[0]["lr"] < 2e-4 for o in stage.optimizers.values())


def test_progress_shows_the_same_pictures_every_time(make_recipe: MakeRecipe, endless: CaptionedSet) -> None:
    recipe = make_recipe(endless)
    autoencoder, prior = recipe.stages[0].sample_grid(), recipe.stages[1].sample_grid()
    assert autoencoder is not None and prior is not None
    assert autoencoder.shape == (2 * 18 - 2, 16 * 18 - 2, 3)  # real ones above decoded ones
    real = endless.pictures(np.arange(16))
    assert (autoencoder[:16, :16] == real[0]).all() and (autoencoder[:16, 18:34] == real[1]).all()
    assert prior.shape == (3 * 18 - 2, 8 * 18 - 2, 3)  # a row a prompt, a column a seed
    again = recipe.stages[1].sample_grid()
    assert again is not None and (prior == again).all()


def test_rows_are_of_the_same_pictures_and_latents_every_time(make_recipe: MakeRecipe, finite: CaptionedSet) -> None:
    autoencoder, prior = make_recipe(finite).stages
    decoded, grid = autoencoder.sample_row(), prior.sample_grid()
    assert decoded is not None and decoded.shape == (8, 16, 16, 3)
    assert (decoded == autoencoder.sample_row()).all()
    painted = prior.sample_row()
    assert painted is not None and painted.shape == (8, 16, 16, 3) and grid is not None
    assert (painted[0] == grid[:16, :16]).all()  # the first prompt, the first seed
    assert (painted == prior.sample_row()).all()


@pytest.mark.usefixtures("fast_logger")
def test_networks_kept_at_a_record_point_can_be_loaded(
    make_recipe: MakeRecipe, finite: CaptionedSet, tmp_path: Path, about: RunInfo
) -> None:
    run, recipe = RunFolder(tmp_path / "run"), make_recipe(finite)
    run.create(about)
    Trainer(recipe, run, 3, 2, Mock(spec=Display), snapshots=2).train()
    # The lines of docs/training.md:
    about = run.info()
    networks = build_networks(about.preset, about.dataset)
    for name in ("autoencoder_ema", "prior_ema"):
        newest = sorted((run.saved / "networks").glob(f"{name}-*"))[-1]
        networks.named[name].load_state_dict(load_file(newest))
        trained = recipe.networks.named[name].state_dict()
        torch.testing.assert_close(networks.named[name].state_dict(), trained, rtol=1e-3, atol=1e-4)  # half floats
    assert len(list((run.saved / "networks").iterdir())) == 2 * 3  # with the latents' scale


@pytest.mark.usefixtures("fast_logger")
@pytest.mark.parametrize("kind", ["finite", "endless"])
def test_a_run_stopped_in_any_stage_ends_with_the_very_weights_of_one_that_was_not(
    make_recipe: MakeRecipe, tmp_path: Path, differing: Differing, kind: str, request: pytest.FixtureRequest
) -> None:
    data: CaptionedSet = request.getfixturevalue(kind)
    straight = make_recipe(data)
    run_until(straight, tmp_path / "straight")
    stopped = tmp_path / "stopped"
    for stop in (3, 8, 11, 16):  # in each stage, and at their ends
        with pytest.raises(Interrupted):
            run_until(make_recipe(data), stopped, stop)
    resumed = make_recipe(data)
    run_until(resumed, stopped)
    assert not differing(snapshot(straight), snapshot(resumed))
    ticks = [(line["stage_index"], line["step"]) for line in RunFolder(stopped).stats.read()]
    assert ticks == sorted(set(ticks))


@pytest.mark.usefixtures("fast_logger")
def test_ctrl_c_stops_the_encoding_of_the_prior_s_pictures(
    make_recipe: MakeRecipe, finite: CaptionedSet, tmp_path: Path, differing: Differing
) -> None:
    def making_ready(index: int, done: int, of: int) -> None:
        signal.raise_signal(signal.SIGINT)

    display, stopped = Mock(spec=Display), RunFolder(tmp_path / "stopped")
    stopped.path.mkdir()
    display.setup_progress.side_effect = making_ready
    with pytest.raises(Interrupted):
        Trainer(make_recipe(finite), stopped, 3, 2, display).train()
    assert display.setup_progress.call_count == 1 and display.stepped.call_count == 8  # of the autoencoder
    assert not list(tmp_path.glob("*.npy"))
    resumed, straight = make_recipe(finite), make_recipe(finite)
    run_until(resumed, stopped.path)
    run_until(straight, tmp_path / "straight")
    assert not differing(snapshot(straight), snapshot(resumed))
