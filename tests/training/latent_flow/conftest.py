"""Recipes of the tiny preset, as a new process makes them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from painting.data.picture_set import CaptionedSet
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.stages import build_stages
from painting.training.stage import Recipe

MakeRecipe = Callable[[CaptionedSet], Recipe]


@pytest.fixture
def make_recipe(preset: LatentFlowPreset, tmp_path: Path) -> MakeRecipe:
    """A function that makes the recipe for a picture set."""

    def make(data: CaptionedSet) -> Recipe:
        networks = LatentFlowNetworks(preset, DatasetInfo.of(data))
        networks.to(torch.device("cpu"))
        examples = torch.randn(3, 5, generator=torch.Generator().manual_seed(0))
        batches = CaptionedBatches(data, True, torch.device("cpu"))
        stages = build_stages(networks, preset, batches, examples, tmp_path)
        return Recipe(networks, stages, batches.device)

    return make


@pytest.fixture
def recipe(make_recipe: MakeRecipe, finite: CaptionedSet) -> Recipe:
    """The recipe for 24 pictures."""
    return make_recipe(finite)
