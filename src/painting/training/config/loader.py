"""Presets: what a run trains and how long, as data in TOML files, checked when read."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.config.gan import DigitsGanPreset, TacGanPreset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.config.schema import build

KINDS: dict[str, type[Preset]] = {
    "latent-flow": LatentFlowPreset,
    "digits-gan": DigitsGanPreset,
    "tac-gan": TacGanPreset,
}
"""The models that can be trained, and what a preset of each holds."""


def preset_names() -> list[str]:
    """The names of the presets that come with the package."""
    folder = resources.files("painting.training") / "presets"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_preset(name: str) -> Preset:
    """Read a preset by its name, or from a TOML file of the user's.

    Raises TrainingError that says which key is missing, unknown or of the wrong kind.
    """
    if name in preset_names():
        file = resources.files("painting.training") / "presets" / f"{name}.toml"
    elif name.endswith(".toml") and Path(name).is_file():
        file = Path(name)
    else:
        raise TrainingError(f"There is no preset {name!r}. Take one of {', '.join(preset_names())}, or a .toml file.")
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"The preset {name} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # no TOML, or not even UTF-8
        raise TrainingError(f"The preset {name} is not valid TOML: {error}.") from error
    return preset_from_dict(values)


def preset_from_dict(values: dict[str, Any]) -> Preset:
    """Build a preset from plain values, checking every key and type and that they fit; raises TrainingError."""
    model = values.get("model")
    if not isinstance(model, str) or model not in KINDS:
        raise TrainingError(f"preset.model must be one of {', '.join(KINDS)}, not {model!r}.")
    preset: Preset = build(KINDS[model], values, "preset")
    for wrong, sentence in preset.misfits():
        if wrong:
            raise TrainingError(f"The preset {preset.name} does not fit together: {sentence}")
    return preset
