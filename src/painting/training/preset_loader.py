"""Presets as TOML files: the bundled ones by name, a user's by path; every key checked."""

import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.config.schema import build
from painting.training.registry import get_model


def preset_names() -> list[str]:
    """The names of the bundled presets."""
    return sorted(file.name.removesuffix(".toml") for file in _bundled().iterdir() if file.name.endswith(".toml"))


def load_preset(name: str) -> Preset:
    """Read a bundled preset by its name, or a TOML file by its path.

    Raises TrainingError that names the key that is missing, unknown or of the wrong type.
    """
    if name in preset_names():
        file: Traversable = _bundled() / f"{name}.toml"
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
    """The preset of plain values, validated; raises TrainingError that names the key."""
    model = get_model(values.get("model"))
    preset: Preset = build(model.preset, values, "preset")
    return preset.validated()


def _bundled() -> Traversable:
    return resources.files("painting.training") / "presets"
