"""Fields take JSON numbers that are numbers, and name what they refuse with its value."""

from typing import Any

import pytest
from apiflask import Schema
from marshmallow import ValidationError

from painting.paint.paint_request import PaintOptions, Variation
from painting.serving.api import fields
from painting.serving.api.fields import QueryNumber, QueryWhole


class Body(fields.TolerantSchema):
    """A body with a field of each kind."""

    prompt = fields.prompt()
    n = fields.count("n", 1)
    truncation = fields.truncation()
    strength = fields.strength()
    seed = fields.seed()
    subseed = fields.subseed()
    subseed_strength = fields.subseed_strength()
    width = fields.side("width", fields.WIDTH_DESCRIPTION)
    height = fields.side("height", fields.HEIGHT_DESCRIPTION)
    flag = fields.Flag(load_default=False)


class Query(Schema):
    """A query with a field of each kind."""

    n = fields.count("n", 5, QueryWhole)
    truncation = fields.truncation(QueryNumber)


def refusal(schema: type[Schema], values: dict[str, Any]) -> str:
    """The message of a body's only field that is refused."""
    with pytest.raises(ValidationError) as refused:
        schema().load(values)
    assert isinstance(refused.value.messages, dict)
    ((message,),) = refused.value.messages.values()
    return str(message)


def test_omitted_and_null_fields_have_their_defaults() -> None:
    body = Body().load({"prompt": None, "n": None, "unknown": [1]})
    assert (body["prompt"], body["n"], body["seed"]) == (None, None, None)
    assert fields.options(body) == PaintOptions() and fields.size(body) is None
    assert fields.options(body | {"truncation": None, "strength": None}) == PaintOptions()


@pytest.mark.parametrize("value", [2, 2.0])
def test_a_whole_number_may_be_written_with_a_point(value: float) -> None:
    n = Body().load({"n": value})["n"]
    assert n == 2 and isinstance(n, int)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n": True}, "the n must be a whole number from 1 to 64, not true"),
        ({"n": "2"}, 'the n must be a whole number from 1 to 64, not "2"'),
        ({"n": 65}, "the n must be a whole number from 1 to 64, not 65"),
        ({"n": 1.5}, "the n must be a whole number from 1 to 64, not 1.5"),
        ({"truncation": 10**400}, "the truncation must be a number from 0.1 to 1, not 1" + 39 * "0" + "…"),
        ({"truncation": float("nan")}, "the truncation must be a number from 0.1 to 1, not NaN"),
        ({"strength": 1.6}, "the strength must be a number from 0 to 1.5, not 1.6"),
        ({"subseed_strength": 1.1}, "the subseed_strength must be a number from 0 to 1, not 1.1"),
        ({"prompt": ["a rose"]}, 'the prompt must be a text, not ["a rose"]'),
        ({"flag": 1}, "flag must be true or false, not 1"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_repeated_as_json(values: dict[str, Any], message: str) -> None:
    assert refusal(Body, values) == message


@pytest.mark.parametrize("text", ["1_0", "+7", "\u0667", "7.0", "", " 7", "1" * 30])
def test_a_query_writes_whole_numbers_in_ascii_digits(text: str) -> None:
    assert Query().load({"n": "7"})["n"] == 7
    assert refusal(Query, {"n": text}).startswith("the n must be a whole number from 1 to 64, not ")


@pytest.mark.parametrize(("text", "number"), [("0.5", 0.5), ("1", 1.0), ("5e-1", 0.5)])
def test_a_query_writes_numbers_in_ascii_digits(text: str, number: float) -> None:
    assert Query().load({"truncation": text})["truncation"] == number
    for wrong in ("inf", "nan", "0_5", "\u0660.5", "0x1"):
        assert "the truncation must be a number from 0.1 to 1" in refusal(Query, {"truncation": wrong})


def test_options_hold_a_variation_only_above_strength_0() -> None:
    near = {"seed": 7, "subseed": 5, "subseed_strength": 0.2, "strength": 0.5}
    assert fields.options(Body().load(near)) == PaintOptions(1.0, 0.5, Variation(0.2, 5))
    assert fields.options(Body().load({**near, "subseed_strength": 0})).variation is None
    assert fields.variation({"subseed": fields.RANDOM_SEED, "subseed_strength": 0.2}) == Variation(0.2, None)
    assert fields.variation({"to_subseed": 3, "to_subseed_strength": 1.0}, "to_") == Variation(1.0, 3)


def test_a_size_needs_both_sides() -> None:
    assert fields.size(Body().load({"width": 64, "height": 32})) == (64, 32)
    assert fields.size(Body().load({"width": 64, "height": 0})) is None
