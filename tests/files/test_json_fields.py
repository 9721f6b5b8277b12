"""A field of another type or range is refused with its name; what is right comes back as it is."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from painting.errors import PainterFileError, TextEncoderError
from painting.files.json_fields import JsonFields


def fields(**values: object) -> JsonFields:
    return JsonFields(json.dumps(values).encode(), "painter.json", PainterFileError)


def test_fields_within_their_ranges_come_back() -> None:
    given = fields(format_version=1, name="flowers", size=64, mean=[1, 0.5], prompts=["a rose"], strength=True, card={})
    given.version(1)
    assert given.text("name") == "flowers"
    assert given.whole("size", 64) == 64
    assert given.numbers("mean", 2, 9) == given.numbers("mean", None, 9) == (1.0, 0.5)
    assert given.texts("prompts", 1) == ("a rose",)
    assert given.flag("strength") is True
    assert given.record("card") == {}


def test_a_list_of_texts_comes_back_clean() -> None:
    assert fields(x=["a\u202e rose", "\x1b", "a  tulip"]).texts("x", 3) == ("a rose", "a tulip")


def test_a_field_that_is_left_out_or_null_is_missing_and_a_flag_then_false() -> None:
    given = fields(name=None, size=0)
    assert given.missing("name") and given.missing("other") and not given.missing("size")
    assert given.flag("strength") is False


def nested(depth: int) -> object:
    value: object = {"a": 1}
    for _ in range(depth - 1):
        value = {"a": [value]} if _ % 2 else {"b": value}
    return value


Read = Callable[[JsonFields], object]


@pytest.mark.parametrize(
    ("value", "read", "needed"),
    [
        ("", lambda f: f.text("x"), "a text of 1 to 100 characters"),
        ("a" * 101, lambda f: f.text("x"), "a text of 1 to 100 characters"),
        ("line\nbreak", lambda f: f.text("x"), "a text of 1 to 100 characters"),
        (0, lambda f: f.whole("x", 9), "a whole number from 1 to 9"),
        (10, lambda f: f.whole("x", 9), "a whole number from 1 to 9"),
        (True, lambda f: f.whole("x", 9), "a whole number from 1 to 9"),
        (2.0, lambda f: f.whole("x", 9), "a whole number from 1 to 9"),
        ([1], lambda f: f.numbers("x", 2, 9), "a list of 2 finite numbers"),
        ([], lambda f: f.numbers("x", None, 9), "a list of 1 to 9 finite numbers"),
        (["1"], lambda f: f.numbers("x", 1, 9), "a list of 1 finite numbers"),
        (["a", "b"], lambda f: f.texts("x", 1), "a list of at most 1 texts"),
        ([3], lambda f: f.texts("x", 1), "a list of at most 1 texts"),
        (1, lambda f: f.flag("x"), "true or false"),
        ([], lambda f: f.record("x"), "an object, 20 deep at most"),
        (nested(21), lambda f: f.record("x"), "an object, 20 deep at most"),
    ],
)
def test_another_type_or_range_is_refused_with_the_field_s_name(value: Any, read: Read, needed: str) -> None:
    with pytest.raises(PainterFileError) as refused:
        read(fields(x=value))
    assert str(refused.value) == f"its painter.json is not understood: 'x' must be {needed}"


@pytest.mark.parametrize("version", [2, "1", None, True, 1.0])
def test_another_format_version_is_refused(version: object) -> None:
    with pytest.raises(PainterFileError, match="this version of painting reads 1"):
        fields(format_version=version).version(1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[1]", "is not a JSON object"),
        (b'{"a": NaN}', "is not JSON: NaN is no number"),
        (b'{"a": [-Infinity]}', "is not JSON: -Infinity is no number"),
        (b'{"a": {"b": 1e999}}', "is not JSON: 1e999 is no number"),
        (b'{"a": 1' + b"0" * 400 + b"}", "is not JSON: 1000"),
        (b'{"a": 1' + b"0" * 100_000 + b"}", "is not JSON: 1000"),
        (b'{"name": "mine", "name": "yours"}', "is not JSON: an object has a field twice"),
        (b'{"card": {"a": 1, "a": 2}}', "is not JSON: an object has a field twice"),
    ],
)
def test_what_is_no_json_object_is_refused_by_the_error_given(content: bytes, reason: str) -> None:
    with pytest.raises(TextEncoderError, match=f"its text_encoder.json {reason}"):
        JsonFields(content, "text_encoder.json", TextEncoderError)


def test_texts_of_a_record_are_cleaned_at_any_depth() -> None:
    hidden = "\x1b[31mred\x07 \u202etfel\u2066 \ud800 a\nb\t<b>"
    cleaned = "[31mred tfel a b <b>"
    given = fields(card={hidden: [hidden, {"a": hidden}], "n": 1.5, "f": [True, None]})
    assert given.record("card") == {cleaned: [cleaned, {"a": cleaned}], "n": 1.5, "f": [True, None]}
