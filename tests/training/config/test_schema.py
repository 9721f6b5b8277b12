"""Plain values become dataclasses with every key checked, and errors name the key by its path."""

from dataclasses import dataclass
from typing import Any

import pytest

from painting.errors import TrainingError
from painting.training.config.schema import build, override


@dataclass(frozen=True)
class Inner:
    batch: int
    rate: float = 0.5
    widths: tuple[int, ...] = (8,)


@dataclass(frozen=True)
class Outer:
    name: str
    inner: Inner
    other: Inner | None = None


WHOLE = Outer("a", Inner(4))


def test_values_are_built_by_their_types() -> None:
    values = {"name": "a", "inner": {"batch": 4, "rate": 1, "widths": [2, 3]}, "other": {"batch": 1}}
    assert build(Outer, values, "preset") == Outer("a", Inner(4, 1.0, (2, 3)), Inner(1))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "a"}, "preset lacks the key 'inner'"),
        ({"name": "a", "inner": {"batch": 4, "rat": 1}}, "preset.inner has an unknown key 'rat'. Known keys: batch"),
        ({"name": 1, "inner": {"batch": 4}}, "preset.name must be of type str, not 1"),
        ({"name": "a", "inner": {"batch": True}}, "preset.inner.batch must be of type int, not True"),
        ({"name": "a", "inner": {"batch": 0}}, "preset.inner.batch must be at least 1"),
        ({"name": "a", "inner": {"batch": 4, "rate": -0.5}}, "preset.inner.rate must not be negative"),
        ({"name": "a", "inner": {"batch": 4, "rate": float("nan")}}, "preset.inner.rate must be a finite number"),
        ({"name": "a", "inner": {"batch": 4, "widths": []}}, "preset.inner.widths must be a list"),
        ({"name": "a", "inner": 4}, "preset.inner must be a table, not 4"),
    ],
)
def test_a_mistake_is_named_by_its_path(values: dict[str, Any], message: str) -> None:
    with pytest.raises(TrainingError) as error:
        build(Outer, values, "preset")
    assert message in str(error.value)


def test_an_override_changes_what_it_names_and_nothing_else() -> None:
    assert override(WHOLE, {"inner": {"rate": 2}}, "preset") == Outer("a", Inner(4, 2.0))
    assert override(WHOLE, {"other": {"batch": 3}}, "preset") == Outer("a", Inner(4), Inner(3))
    assert Outer("a", Inner(4)) == WHOLE


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outer": 1}, "preset has an unknown key 'outer'"),
        ({"inner": {"batch": 1.5}}, "preset.inner.batch must be of type int"),
        ({"inner": {"widths": [0]}}, "preset.inner.widths must be at least 1"),
    ],
)
def test_an_override_is_checked_as_a_file_is(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(TrainingError) as error:
        override(WHOLE, changes, "preset")
    assert message in str(error.value)
