"""Fields take a value however a client writes it, and name what they refuse with its value."""

from typing import Any

import pytest
from marshmallow import ValidationError

from painting.paint.paint_request import PaintOptions, Variation
from painting.serving.api import fields
from painting.serving.api.field_types import Flag

OMISSIONS = (None, "")


class Body(fields.PaintOptionsIn, fields.PromptIn, fields.TolerantSchema):
    """A body with a field of each kind."""

    n = fields.count("n", 3)
    width = fields.side("width")
    height = fields.side("height")
    fit = fields.fit()
    size = fields.picture_size()
    kind = fields.picture_kind("kind", "A kind.")
    quality = fields.quality("quality")
    flag = Flag(load_default=False)


def load(**values: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = Body().load(values)
    return loaded


def refusal(values: dict[str, Any]) -> str:
    """The message of a body's only field that is refused."""
    with pytest.raises(ValidationError) as refused:
        Body().load(values)
    assert isinstance(refused.value.messages, dict)
    ((message,),) = refused.value.messages.values()
    return str(message)


class Query(fields.PaintOptionsIn, fields.PromptIn, fields.OwnQuerySchema):
    """A query of an API of our own."""


@pytest.mark.parametrize("written", ["sed", "Seed", "seeds", "promt", "subseed_strenght", "trunc"])
def test_a_misspelt_name_of_our_own_api_is_refused_with_the_nearest(written: str) -> None:
    with pytest.raises(ValidationError, match=f"there is no field '{written}': did you mean (seed|prompt|subs|trunc)"):
        Query().load({written: "7"})
    assert load(**{written: "7"}) == load()


@pytest.mark.parametrize("name", ["utm_source", "t", "_", "v", "x" * 10_000])
def test_what_others_add_to_an_address_is_ignored(name: str) -> None:
    assert Query().load({name: "7"}) == Query().load({})


@pytest.mark.parametrize("omission", OMISSIONS)
def test_null_and_an_empty_text_are_as_if_left_out(omission: object) -> None:
    names = set(Body().fields) - {"prompt"}
    assert load(**dict.fromkeys(names, omission), unknown=[1]) == load()
    assert fields.options(load()) == PaintOptions() and fields.size(load()) is None
    assert load()["n"] == 3


def test_an_empty_prompt_is_no_omission() -> None:
    assert (load(prompt="")["prompt"], load(prompt=None)["prompt"], load()["prompt"]) == ("", None, None)


@pytest.mark.parametrize(
    ("written", "seed"),
    [
        (0, 0),
        (2**32 - 1, 2**32 - 1),
        (2**32, 0),
        (2**63 + 5, 5),
        (str(2**64 - 1), 2**32 - 1),
        ("1e3", 1000),
        (-2, 2**32 - 2),
        (-(2**63), 0),
        (-1, None),
        ("-1", None),
        (-1.0, None),
        ("", None),
    ],
)
def test_a_seed_of_up_to_64_bits_is_one_of_the_painters(written: object, seed: int | None) -> None:
    assert load(seed=written)["seed"] == seed and load(subseed=written)["subseed"] == seed


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n": True}, "the n must be a whole number from 1 to 64, not true"),
        ({"n": "two"}, 'the n must be a whole number from 1 to 64, not "two"'),
        ({"n": "\u0667"}, 'the n must be a whole number from 1 to 64, not "\u0667"'),
        ({"n": "1_0"}, 'the n must be a whole number from 1 to 64, not "1_0"'),
        ({"n": "65"}, "the n must be a whole number from 1 to 64, not 65"),
        ({"n": 1.5}, "the n must be a whole number from 1 to 64, not 1.5"),
        ({"n": [2]}, "the n must be a whole number from 1 to 64, not [2]"),
        ({"seed": 2**64}, f"the seed must be a whole number of up to 64 bits, or -1 for a random one, not {2**64}"),
        ({"seed": "x"}, 'the seed must be a whole number of up to 64 bits, or -1 for a random one, not "x"'),
        (
            {"subseed": -(2**64)},
            f"the subseed must be a whole number of up to 64 bits, or -1 for a random one, not -{2**64}",
        ),
        ({"truncation": 10**400}, "the truncation must be a number from 0.1 to 1, not 1" + 39 * "0" + "…"),
        ({"truncation": float("nan")}, "the truncation must be a number from 0.1 to 1, not NaN"),
        ({"truncation": "nan"}, 'the truncation must be a number from 0.1 to 1, not "nan"'),
        ({"strength": "inf"}, 'the strength must be a number from 0 to 1.5, not "inf"'),
        ({"strength": "0x1"}, 'the strength must be a number from 0 to 1.5, not "0x1"'),
        ({"subseed_strength": 1.1}, "the subseed_strength must be a number from 0 to 1, not 1.1"),
        ({"prompt": ["a rose"]}, 'the prompt must be a text, not ["a rose"]'),
        ({"fit": "fill"}, "the fit must be one of cover, contain, not 'fill'"),
        ({"size": "64"}, "the size must be 'auto' or WIDTHxHEIGHT in px, not '64'"),
        ({"kind": "gif"}, "the kind must be one of png, webp, jpeg, not 'gif'"),
        ({"quality": 101}, "the quality must be a whole number from 0 to 100, not 101"),
        ({"flag": 1}, "flag must be true or false, not 1"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_repeated(values: dict[str, Any], message: str) -> None:
    assert refusal(values) == message


def test_options_hold_a_variation_only_above_strength_0() -> None:
    near = {"seed": 7, "subseed": 5, "subseed_strength": 0.2, "strength": 0.5}
    assert fields.options(load(**near)) == PaintOptions(1.0, 0.5, Variation(0.2, 5))
    assert fields.options(load(**{**near, "subseed_strength": 0})).variation is None
    assert fields.options(load(**{**near, "subseed": -1})).variation == Variation(0.2, None)
    assert fields.variation({"to_subseed": 3, "to_subseed_strength": 1.0}, "to_") == Variation(1.0, 3)


@pytest.mark.parametrize(
    ("width", "height", "size"), [(64, 32, (64, 32)), (64, 0, (64, 64)), (None, 32, (32, 32)), (0, "", None)]
)
def test_one_side_alone_stands_for_both(width: object, height: object, size: tuple[int, int] | None) -> None:
    assert fields.size(load(width=width, height=height)) == size
