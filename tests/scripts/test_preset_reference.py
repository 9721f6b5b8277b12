"""docs/presets.md is what the generator prints, and names every key of every bundled preset."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scripts.preset_reference import key_table, reference

from painting.training.config.preset_files import preset_names, preset_values

PAGE = Path(__file__).parents[2] / "docs" / "presets.md"


def keys(table: dict[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield f"`[{name}]`"
            yield from keys(value)
        else:
            yield f"| `{name}` |"


def test_the_page_is_what_the_generator_prints() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference() + "\n", "run: make docs"


@pytest.mark.parametrize("name", preset_names())
def test_the_page_names_every_key_of_a_bundled_preset(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [key for key in keys(preset_values(name)) if key not in page] == []


@dataclass
class Undocumented:
    """A table with a key that has no docstring."""

    kimg: float


def test_a_field_without_a_docstring_is_refused() -> None:
    with pytest.raises(LookupError, match=r"Undocumented\.kimg has no docstring"):
        key_table(Undocumented)


def test_a_false_default_is_distinguished_from_zero() -> None:
    page = reference()
    assert "| `evaluate_every_kimg` | number | `0.0` |" in page and "| `synonyms` | boolean | `false` |" in page
