"""Other people's clients × the values that they usually send: each is painted, and the answer states what was done."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.serving.api.writing_clients import (
    PROMPT,
    Client,
    by_a1111,
    by_address,
    by_huggingface,
    by_openai,
    by_thesis,
)

from painting.images import decode_png
from painting.paint.painter import Painter

SIZED_AS_TEXT: tuple[Client, ...] = (by_openai, by_address)
SIZED_BY_SIDES: tuple[Client, ...] = (by_a1111, by_huggingface)
CLIENTS: tuple[Client, ...] = (by_thesis, *SIZED_AS_TEXT, *SIZED_BY_SIDES)
COUNT_NAMES: dict[Client, str] = {by_thesis: "count", by_openai: "n", by_a1111: "batch_size"}


SEVEN = [7, 7.0, "7", " 7", "+7", "7.0", "0.7e1", 2**32 + 7, 2**63 + 7, str(2**64 - 2**32 + 7), 7 - 2**32]
RANDOM = [-1, "-1", -1.0, None, ""]


@pytest.mark.parametrize("seed", SEVEN, ids=repr)
@pytest.mark.parametrize("paint", CLIENTS)
def test_a_seed_in_any_writing_is_that_seed(client: FlaskClient, painter: Painter, paint: Client, seed: Any) -> None:
    found = paint(client, {"seed": seed})
    assert found.seed == 7
    assert (decode_png(found.files[0]) == painter.paint(PROMPT, 1, 7).arrays[0]).all()


@pytest.mark.parametrize("seed", RANDOM, ids=repr)
@pytest.mark.parametrize("paint", CLIENTS)
def test_no_seed_in_any_writing_is_a_random_one_that_is_stated(client: FlaskClient, paint: Client, seed: Any) -> None:
    one, other = (paint(client, {"seed": seed}) for _ in range(2))
    assert one.seed != other.seed
    assert paint(client, {"seed": one.seed}).files[0] == one.files[0]


@pytest.mark.parametrize(("count", "pictures"), [(2, 2), ("2", 2), (2.0, 2), ("2.0", 2), (None, None), ("", None)])
@pytest.mark.parametrize("paint", COUNT_NAMES)
def test_a_count_in_any_writing_is_that_many(client: FlaskClient, paint: Client, count: Any, pictures: int) -> None:
    default = 5 if paint is by_thesis else 1
    assert len(paint(client, {COUNT_NAMES[paint]: count}).files) == (pictures or default)


OPENAI_SIZES = ["256x256", "512x512", "1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792"]
A1111_SIZES = [(512, 768), (640, 1536), (832, 1216), (1344, 768), (2048, 2048)]
EXPECTED_FITS = {True: None, False: "cover"}


@pytest.mark.parametrize("size", OPENAI_SIZES)
@pytest.mark.parametrize("paint", SIZED_AS_TEXT)
def test_a_size_as_text_is_painted_and_stated(client: FlaskClient, paint: Client, size: str) -> None:
    kind = "format" if paint is by_address else "output_format"
    found = paint(client, {"size": size, kind: "jpeg"})
    width, height = map(int, size.split("x"))
    assert found.image.size == (width, height)
    assert (found.size, found.painted_size, found.fit) == (size, "16x16", EXPECTED_FITS[width == height])


@pytest.mark.parametrize("size", ["auto", "", None])
@pytest.mark.parametrize("paint", SIZED_AS_TEXT)
def test_no_size_is_the_painters(client: FlaskClient, paint: Client, size: str | None) -> None:
    found = paint(client, {"size": size})
    assert (found.image.size, found.size, found.painted_size, found.fit) == ((16, 16), "16x16", "16x16", None)


@pytest.mark.parametrize("write", [int, str, float])
@pytest.mark.parametrize(("width", "height"), A1111_SIZES)
def test_sides_in_any_writing_are_painted_and_stated(
    client: FlaskClient, width: int, height: int, write: Callable[[int], object]
) -> None:
    found = by_a1111(client, {"width": write(width), "height": write(height), "seed": 7})  # the second is cached
    assert found.image.size == (width, height)
    assert (found.painted_size, found.fit) == ("16x16", EXPECTED_FITS[width == height])


@pytest.mark.parametrize("fit", ["cover", "contain", None, ""])
@pytest.mark.parametrize("paint", [*SIZED_AS_TEXT, *SIZED_BY_SIDES])
def test_a_fit_is_stated_by_answer_and_file(client: FlaskClient, paint: Client, fit: str | None) -> None:
    size = {"size": "64x32"} if paint in SIZED_AS_TEXT else {"width": 64, "height": 32}
    found = paint(client, {**size, "fit": fit, "seed": 7})
    assert (found.image.size, found.fit) == ((64, 32), fit or "cover")
    text = found.image.info
    assert (text["size"], text["fit"]) == ("64x32", found.fit)
    again = by_address(client, {name: text[name] for name in ("prompt", "seed", "size", "fit")})
    assert again.files == found.files
