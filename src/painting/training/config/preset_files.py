"""Preset files: the bundled ones by name, a user's by path, as plain values; without PyTorch."""

import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from painting.errors import TrainingError, quoted_path
from painting.training.config.base import DataPreset
from painting.training.config.schema import build


def preset_names() -> list[str]:
    """The names of the bundled presets."""
    return sorted(file.name.removesuffix(".toml") for file in _bundled().iterdir() if file.name.endswith(".toml"))


def preset_values(name: str) -> dict[str, Any]:
    """The values of a bundled preset by its name, or of a TOML file by its path; raises TrainingError.

    With `extends = "small"` they are that bundled preset's, but for those that the file has itself.
    """
    values = _file_values(name)
    base = values.pop("extends", None)
    if base is None:
        return values
    if base not in preset_names():
        known = ", ".join(preset_names())
        raise TrainingError(f"preset.extends must be one of {known}, not {base!r}.")
    return _merged(preset_values(base), values)


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Values with others in place of some, in tables key by key."""
    merged = base | changes
    for name in base.keys() & changes.keys():
        if isinstance(base[name], dict) and isinstance(changes[name], dict):
            merged[name] = base[name] | changes[name]
    return merged


def _file_values(name: str) -> dict[str, Any]:
    if name in preset_names():
        file: Traversable = _bundled() / f"{name}.toml"
    elif name.endswith(".toml") and Path(name).is_file():
        file = Path(name)
    else:
        known = ", ".join(preset_names())
        raise TrainingError(f"There is no preset {quoted_path(name)}. Take one of {known}, or a .toml file.")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TrainingError(f"The preset {name} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # no TOML, or not even UTF-8
        raise TrainingError(f"The preset {name} is not valid TOML: {error}.") from error


def data_preset(name: str) -> DataPreset:
    """The table of the pictures in a preset; raises TrainingError that names the key that is wrong."""
    preset: DataPreset = build(DataPreset, preset_values(name).get("data"), "preset.data")
    return preset


def _bundled() -> Traversable:
    return resources.files("painting.training") / "presets"
