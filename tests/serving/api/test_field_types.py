"""Field types read numbers and omissions in every writing that clients have."""

from typing import Any

import pytest
from apiflask import Schema
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from painting.serving.api.field_types import (
    Flag,
    NamedRange,
    Number,
    OptionalText,
    PictureKind,
    Seed,
    Text,
    Whole,
    parse_number,
    wrong_value,
)


class Types(Schema):
    """A field of each type."""

    whole = Whole(load_default=5, validate=NamedRange(-10, 10, error="the whole must be near 0"))
    number = Number(load_default=0.5)
    seed = Seed(load_default=None)
    flag = Flag(load_default=True)
    text = Text(load_default="none", allow_none=True)
    word = OptionalText(load_default="none")
    kind = PictureKind(load_default=None)


def load(**values: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = Types().load(values)
    return loaded


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.integers(-(10**19), 10**19), st.sampled_from(["{}", " {} ", "{}.0", "{}.", "{}e0", "{}E+0"]))
def test_a_whole_number_in_any_writing_is_that_number(number: int, writing: str) -> None:
    written = writing.format(number)
    exact = "." not in written and "e" not in written.lower()  # else a float's 53 bits
    expected = number if exact else int(float(number))
    assert load(whole=written if -10 <= number <= 10 else 7)["whole"] == (number if -10 <= number <= 10 else 7)
    assert parse_number(written) == expected


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.floats(-1e15, 1e15))
def test_a_number_in_any_writing_is_that_number(number: float) -> None:
    for written in (number, repr(number), f"{number:e}", f" {number:.20f}"[:40]):
        assert load(number=written)["number"] == pytest.approx(number, rel=1e-5, abs=1e-15)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=12))
def test_any_text_is_a_number_or_none_and_breaks_nothing(text: str) -> None:
    number = parse_number(text)
    assert number is None or number == float(text)


@pytest.mark.parametrize("omission", [None, ""])
def test_each_type_has_its_default_where_it_is_omitted(omission: object) -> None:
    omitted = load(**dict.fromkeys(set(Types().fields) - {"text"}, omission))
    assert omitted == load() == {
        "whole": 5, "number": 0.5, "seed": None, "flag": True, "text": "none", "word": "none", "kind": None
    }  # fmt: skip
    assert load(text=omission)["text"] == omission


@pytest.mark.parametrize(
    ("written", "seed"), [(7, 7), ("-1", None), (2**32 + 7, 7), (-2, 2**32 - 2), (2**64 - 1, 2**32 - 1)]
)
def test_a_seed_is_taken_modulo_its_range(written: object, seed: int | None) -> None:
    assert load(seed=written)["seed"] == seed


@pytest.mark.parametrize(("written", "kind"), [("png", "png"), ("jpeg", "jpeg"), ("jpg", "jpeg")])
def test_a_kind_of_file_has_its_other_name_too(written: str, kind: str) -> None:
    assert load(kind=written)["kind"] == kind


@pytest.mark.parametrize(
    "values",
    [
        {"whole": 11},
        {"whole": "11"},
        {"whole": 1.5},
        {"whole": True},
        {"whole": [1]},
        {"number": "much"},
        {"number": "1e999"},
        {"number": float("inf")},
        {"number": 10**400},
        {"seed": {}},
        {"flag": 1},
        {"flag": "true"},
        {"text": 7},
        {"word": ["x"]},
    ],
)
def test_what_means_nothing_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        load(**values)


def test_an_error_repeats_the_value_as_json_and_shortened() -> None:
    assert wrong_value("it must be a rose", {"a": None}).messages == ['it must be a rose, not {"a": null}']
    assert wrong_value("it must be a rose", "x" * 99).messages == [f'it must be a rose, not "{"x" * 39}…']
