"""Disk space of a run: its checkpoints, the networks that it keeps, and what its stages cache in its folder."""

from collections.abc import Sequence

from torch import nn
from torch.optim import Optimizer

from painting.training.run.checkpoint import CHECKPOINTS_KEPT
from painting.training.run.kept_network import stored_bytes
from painting.training.stage import Recipe, Stage

MOMENTS_PER_WEIGHT = 2
"""Adam's."""


def disk_bytes(recipe: Recipe, stages: Sequence[Stage], snapshots: int) -> int:
    """About how many bytes these stages take, with so many snapshots each; pictures and plots add little."""
    networks = sum(map(_network_bytes, recipe.networks.named.values()))
    optimizers = max((sum(map(_optimizer_bytes, stage.optimizers.values())) for stage in stages), default=0)
    checkpoints = (CHECKPOINTS_KEPT + 1) * (networks + optimizers)  # a third while it is written
    return checkpoints + sum(_kept_bytes(stage, snapshots) + stage.cache_bytes for stage in stages)


def _network_bytes(network: nn.Module) -> int:
    return sum(tensor.nbytes for tensor in network.state_dict().values())


def _optimizer_bytes(optimizer: Optimizer) -> int:
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    weight_bytes: int = sum(weight.nbytes for weight in weights)
    return MOMENTS_PER_WEIGHT * weight_bytes


def _kept_bytes(stage: Stage, snapshots: int) -> int:
    """The networks of a stage's snapshots, of which there is at most one a step."""
    count = min(snapshots, stage.whole_images // stage.batch)
    return count * sum(map(stored_bytes, stage.snapshot_networks.values()))
