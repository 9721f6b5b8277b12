"""Presets by name, by path and from plain values, every key checked by the model's dataclass."""

from typing import Any

from painting.training.config.base import Preset
from painting.training.config.preset_files import preset_values
from painting.training.config.schema import build
from painting.training.registry import get_model


def load_preset(name: str) -> Preset:
    """Read a bundled preset by its name, or a TOML file by its path.

    Raises TrainingError that names the key that is missing, unknown or of the wrong type.
    """
    return preset_from_dict(preset_values(name))


def preset_from_dict(values: dict[str, Any]) -> Preset:
    """The preset of plain values, validated; raises TrainingError that names the key."""
    model = get_model(values.get("model"))
    preset: Preset = build(model.preset, values, "preset")
    return preset.validated()
