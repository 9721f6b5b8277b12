"""Plain values from TOML or JSON → dataclasses, with every key and type checked and every error told by its place."""

import math
import types
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from painting.errors import TrainingError

MAY_BE_ZERO = {"preset.seed", "preset.snapshots"}
"""Whole numbers count something and are at least 1, but for these."""


def build(kind: Any, value: Any, where: str) -> Any:
    """Make a value of `kind` (dataclass, tuple, number, text or `X | None`); raises TrainingError, naming `where`."""
    if get_origin(kind) is types.UnionType:
        return None if value is None else build(get_args(kind)[0], value, where)
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or not value:
            raise TrainingError(f"{where} must be a list, not {value!r}.")
        return tuple(build(get_args(kind)[0], entry, where) for entry in value)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise TrainingError(f"{where} must be of type {kind.__name__}, not {value!r}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise TrainingError(f"{where} must be a finite number, but is {value!r}.")
    if isinstance(value, int | float) and value < 0:
        raise TrainingError(f"{where} must not be negative, but is {value!r}.")
    if type(value) is int and value == 0 and where not in MAY_BE_ZERO:
        raise TrainingError(f"{where} must be at least 1.")
    return value


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise TrainingError(f"{where} must be a table, not {value!r}.")
    hints: dict[str, type | types.GenericAlias] = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if unknown := sorted(set(value) - set(names)):
        raise TrainingError(f"{where} has an unknown key {unknown[0]!r}. Known keys: {', '.join(names)}.")
    if missing := [f.name for f in fields(kind) if f.default is MISSING and f.name not in value]:
        raise TrainingError(f"{where} lacks the key {missing[0]!r}.")
    return kind(**{name: build(hints[name], given, f"{where}.{name}") for name, given in value.items()})
