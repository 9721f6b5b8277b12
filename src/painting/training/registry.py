"""The model registry: one table of the models that can be trained, to which plug-ins add theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.config.gan import DigitsGanPreset, TacGanPreset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.gan.digits import DigitsGanNetworks, digits_gan_stages
from painting.training.gan.tac_gan import TacGanNetworks, tac_gan_stages
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.latent_flow.stages import latent_flow_stages
from painting.training.stage import Networks, Recipe, Stage

PresetT = TypeVar("PresetT", bound=Preset)
NetworksT = TypeVar("NetworksT", bound=Networks)

PLUGIN_GROUP = "painting.models"
"""The entry point group of plug-ins; an entry's name is the model's, its object a `Model`."""


@dataclass(frozen=True)
class Model(Generic[PresetT, NetworksT]):
    """A model that can be trained.

    `preset`: the dataclass of its presets. `networks`: makes its networks, initialised from the preset's seed.
    `stages`: makes the stages that train them, one after another.
    """

    preset: type[PresetT]
    networks: Callable[[PresetT, DatasetInfo], NetworksT]
    stages: Callable[[NetworksT, PresetT, TrainingData], list[Stage]]


MODELS: dict[str, Model[Any, Any]] = {
    "latent-flow": Model(LatentFlowPreset, LatentFlowNetworks, latent_flow_stages),
    "digits-gan": Model(DigitsGanPreset, DigitsGanNetworks, digits_gan_stages),
    "tac-gan": Model(TacGanPreset, TacGanNetworks, tac_gan_stages),
}
"""The models by the names that presets call them by; `MODELS["mine"] = Model(…)` adds one."""


def get_model(name: object) -> Model[Any, Any]:
    """The model of this name in `MODELS`, or of a plug-in's entry point; raises TrainingError where there is none."""
    if isinstance(name, str) and name in MODELS:
        return MODELS[name]
    plugins = {entry.name: entry for entry in entry_points(group=PLUGIN_GROUP)}
    if not isinstance(name, str) or name not in plugins:
        raise TrainingError(f"preset.model must be one of {', '.join([*MODELS, *plugins])}, not {name!r}.")
    model = plugins[name].load()
    if not isinstance(model, Model):
        raise TrainingError(f"The entry point {plugins[name].value} of the model {name!r} is not a Model.")
    return model


def build_networks(preset: Preset, dataset: DatasetInfo) -> Networks:
    """The networks of a preset for a data set, freshly initialised from the preset's seed."""
    networks: Networks = get_model(preset.model).networks(preset, dataset)
    return networks


def build_recipe(preset: Preset, data: TrainingData) -> Recipe:
    """The networks on the data's device, and the stages that train them."""
    networks = build_networks(preset, data.info)
    networks.to(data.device)
    return Recipe(networks, get_model(preset.model).stages(networks, preset, data), data.device)
