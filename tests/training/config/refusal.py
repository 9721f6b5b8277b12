"""A bundled preset with one setting changed to what its model cannot train with."""

import pytest

from painting.errors import TrainingError
from painting.training.preset_loader import load_preset, preset_from_dict


def assert_refused(name: str, table: str | None, key: str, value: object, message: str) -> None:
    """`key`, in a table of the preset `name` or at its top, must not be `value`: the message says why."""
    values = load_preset(name).as_dict()
    (values[table] if table else values)[key] = value
    with pytest.raises(TrainingError, match=message):
        preset_from_dict(values)
