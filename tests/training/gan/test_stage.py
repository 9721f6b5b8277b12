"""Both GANs train all players, wholly and in turn; the EMA follows; stopped anywhere, a run goes on exactly."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock, patch

import numpy as np
import pytest
import torch
from tests.training.gan.conftest import MakeRecipe
from tests.training.running import snapshot
from torch import Tensor

from painting.training.gan.stage import GanStage
from painting.training.gan.tac_gan import TacGanStage
from painting.training.loop import Trainer
from painting.training.rng import RngKey
from painting.training.run.folder import RunFolder
from painting.training.stage import Losses, Recipe

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
HERE = RngKey(0, "gan", 0)


def is_weight(tensor: str) -> bool:
    """Not a statistic of a normalisation, which any batch moves."""
    return "running_" not in tensor and "num_batches" not in tensor


def only(stage: GanStage, moving: str) -> None:
    """Let one player stand still, and the other learn quickly."""
    for player, optimizer in stage.optimizers.items():
        if player != moving:
            optimizer.step = Mock()  # type: ignore[method-assign]
    stage.total_images = 10**6
    stage.peak_lr = dict.fromkeys(stage.optimizers, 2e-3)


def train(stage: GanStage, steps: int) -> Iterator[Losses]:
    return (stage.step(RngKey(0, "gan", step)) for step in range(steps))


def test_every_weight_of_all_players_learns_from_a_gradient_of_its_own(
    make_recipe: MakeRecipe, differing: Differing
) -> None:
    recipe = make_recipe()
    stage, before = recipe.stages[0], snapshot(recipe)
    assert isinstance(stage, GanStage)
    stage.step(HERE)
    for player in stage.optimizers:
        for name, weight in recipe.networks.named[player].named_parameters():
            assert weight.grad is not None and weight.grad.any(), f"{player}.{name}"
    changed = {name for name in differing(before, snapshot(recipe))}
    weights = {f"network/{n}/{k}" for n, net in recipe.networks.named.items() for k, _ in net.named_parameters()}
    assert weights <= changed


def test_each_player_is_updated_by_its_own_loss(make_recipe: MakeRecipe, differing: Differing) -> None:
    for moving in make_recipe().stages[0].optimizers:
        recipe = make_recipe()
        stage, before = recipe.stages[0], snapshot(recipe)
        for silent in stage.optimizers.keys() - {moving}:
            stage.optimizers[silent].step = Mock()  # type: ignore[method-assign]
        stage.step(HERE)
        changed = {name.split("/")[1] for name in differing(before, snapshot(recipe)) if is_weight(name)}
        assert changed - {"generator_ema"} == {moving}


def test_the_generator_s_loss_leaves_the_others_no_gradients(make_recipe: MakeRecipe) -> None:
    for player in make_recipe().stages[0].optimizers.keys() - {"generator"}:
        leaves_no_gradients(make_recipe(), player)


def leaves_no_gradients(recipe: Recipe, player: str) -> None:
    stage = recipe.stages[0]
    weights = list(recipe.networks.named[player].parameters())
    moved_by: list[Tensor] = []
    move = stage.optimizers[player].step

    def watched() -> None:
        move()
        moved_by.extend(weight.grad.clone() for weight in weights if weight.grad is not None)

    stage.optimizers[player].step = watched  # type: ignore[method-assign,assignment]
    stage.step(HERE)
    assert len(moved_by) == len(weights)
    for weight, gradient in zip(weights, moved_by, strict=True):
        assert weight.grad is not None and torch.equal(weight.grad, gradient)


def test_the_learning_rate_of_all_players_falls_as_the_preset_says(make_recipe: MakeRecipe) -> None:
    stage = make_recipe().stages[0]
    assert isinstance(stage, GanStage)
    stage.lr_decay_start = 0.5
    stage.total_images = 4 * stage.batch
    peak, rates = stage.settings.learning_rate, []
    for _ in train(stage, 4):
        rates.append([group["lr"] for optimizer in stage.optimizers.values() for group in optimizer.param_groups])
    assert np.array(rates) == pytest.approx(np.outer([1, 1, 1, 0.5], np.full(len(stage.optimizers), peak)))


def test_losses_and_confidences_are_reported_and_finite(make_recipe: MakeRecipe) -> None:
    stage = make_recipe().stages[0]
    assert isinstance(stage, GanStage)
    for losses in train(stage, 3):
        assert {"generator_loss", "discriminator_loss", "confidence_real", "confidence_generated"} <= set(losses)
        assert all(value.isfinite() and not value.requires_grad and value.ndim == 0 for value in losses.values())
        assert all(0 <= value <= 1 for name, value in losses.items() if "confidence" in name or "accuracy" in name)


def test_the_discriminator_separates_real_from_generated_if_it_trains_by_itself(make_recipe: MakeRecipe) -> None:
    stage = make_recipe().stages[0]
    assert isinstance(stage, GanStage)
    only(stage, "discriminator")
    assert any(losses["confidence_real"] > losses["confidence_generated"] + 0.3 for losses in train(stage, 60))


def test_the_generator_fools_a_discriminator_that_stands_still(make_recipe: MakeRecipe) -> None:
    stage = make_recipe().stages[0]
    assert isinstance(stage, GanStage)
    only(stage, "generator")
    first, *rest = train(stage, 60)
    assert any(losses["confidence_generated"] > first["confidence_generated"] + 0.1 for losses in rest)


def test_the_ema_is_the_generator_s_and_paints(make_recipe: MakeRecipe) -> None:
    recipe = make_recipe()
    stage = recipe.stages[0]
    assert isinstance(stage, GanStage)
    first = stage.sample_grid()
    stage.ema_halflife_kimg = 0.0  # remembers nothing but the last step
    list(train(stage, 2))
    average, generator = (recipe.networks.named[name].state_dict() for name in ("generator_ema", "generator"))
    assert all(torch.equal(average[name], tensor) for name, tensor in generator.items())
    later = stage.sample_grid()
    assert first is not None and later is not None and not np.array_equal(first, later)


def test_showing_pictures_changes_nothing(make_recipe: MakeRecipe, differing: Differing) -> None:
    recipe = make_recipe()
    before = snapshot(recipe)
    first, second = (recipe.stages[0].sample_grid() for _ in range(2))
    assert first is not None and (first == second).all()
    assert not differing(before, snapshot(recipe))


def test_a_run_killed_within_any_step_ends_as_one_that_never_was(
    make_recipe: MakeRecipe, tmp_path: Path, display: Mock, fast_logger: None, differing: Differing
) -> None:
    def run(name: str, kills: set[int]) -> dict[str, Tensor]:
        while True:
            recipe = make_recipe()
            stage = recipe.stages[0]
            step = stage.step

            def dying(key: RngKey) -> Losses:
                losses = step(key)  # noqa: B023 (called before the loop goes on)
                if key.step in kills:
                    kills.remove(key.step)
                    raise Killed
                return losses

            with patch.object(stage, "step", dying):
                try:
                    Trainer(recipe, RunFolder(tmp_path / name), 0, 2, display).train()
                except Killed:
                    continue
            return snapshot(recipe)

    straight, killed = run("straight", set()), run("killed", {0, 1, 3})
    assert not differing(straight, killed)


class Killed(BaseException):
    """The process is gone."""


def test_real_labels_are_noisy_between_their_bounds_and_the_same_at_the_same_place(tac_stage: TacGanStage) -> None:
    tac_stage.batch = 1000
    labels = tac_stage.real_labels(HERE)
    assert 0.7 <= labels.min() < 0.71 and 0.99 < labels.max() <= 1
    assert torch.equal(labels, tac_stage.real_labels(HERE))
    tac_stage.settings = replace(tac_stage.settings, min_real_label=1.0)
    assert (tac_stage.real_labels(HERE) == 1).all()


def test_a_row_shows_always_the_same_and_the_players_are_kept_by_name(make_recipe: MakeRecipe) -> None:
    recipe = make_recipe()
    stage = recipe.stages[0]
    row, again = stage.sample_row(), stage.sample_row()
    assert row is not None and again is not None and np.array_equal(row, again)
    assert row.dtype == np.uint8 and row.shape[0] == 8 and row.shape[3] == 3
    named = recipe.networks.named
    assert stage.snapshot_networks == {"generator_ema": named["generator_ema"], "discriminator": named["discriminator"]}
