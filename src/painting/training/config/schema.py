"""Schema validation: plain values of TOML or JSON → frozen dataclasses, every key and type checked.

Errors name the key by its path: `preset.prior.batch`.
"""

import math
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from painting.errors import TrainingError

InstanceT = TypeVar("InstanceT")

ZERO_ALLOWED = {"preset.seed", "preset.snapshots"}
"""The integers that may be 0; all others count something and are at least 1."""


def build(kind: Any, value: Any, path: str) -> Any:
    """A value of `kind` (dataclass, tuple, number, text or `X | None`); raises TrainingError that names `path`."""
    if get_origin(kind) is types.UnionType:
        return None if value is None else build(get_args(kind)[0], value, path)
    if is_dataclass(kind):
        return _build_dataclass(kind, value, path)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or not value:
            raise TrainingError(f"{path} must be a list, not {value!r}.")
        return tuple(build(get_args(kind)[0], entry, path) for entry in value)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise TrainingError(f"{path} must be of type {kind.__name__}, not {value!r}.")
    _check_number(value, path)
    return value


def override(instance: InstanceT, changes: Mapping[str, Any], path: str) -> InstanceT:
    """`dataclasses.replace` with every key and type checked; a mapping overrides some keys of a nested dataclass."""
    hints = get_type_hints(type(instance))
    _check_known(type(instance), changes, path)
    changed = {}
    for name, value in changes.items():
        current = getattr(instance, name)
        if is_dataclass(current) and isinstance(value, Mapping):
            changed[name] = override(current, value, f"{path}.{name}")
        else:
            changed[name] = build(hints[name], value, f"{path}.{name}")
    return replace(instance, **changed)  # type: ignore[type-var]  # every caller passes a dataclass


def _build_dataclass(kind: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise TrainingError(f"{path} must be a table, not {value!r}.")
    hints = get_type_hints(kind)
    _check_known(kind, value, path)
    if missing := [f.name for f in fields(kind) if f.default is MISSING and f.name not in value]:
        raise TrainingError(f"{path} lacks the key {missing[0]!r}.")
    return kind(**{name: build(hints[name], given, f"{path}.{name}") for name, given in value.items()})


def _check_known(kind: Any, names: Iterable[str], path: str) -> None:
    known = [field.name for field in fields(kind)]
    if unknown := sorted(set(names) - set(known)):
        raise TrainingError(f"{path} has an unknown key {unknown[0]!r}. Known keys: {', '.join(known)}.")


def _check_number(value: object, path: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise TrainingError(f"{path} must be a finite number, but is {value!r}.")
    if isinstance(value, int | float) and value < 0:
        raise TrainingError(f"{path} must not be negative, but is {value!r}.")
    if type(value) is int and value == 0 and path not in ZERO_ALLOWED:
        raise TrainingError(f"{path} must be at least 1.")
