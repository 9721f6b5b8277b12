"""Captions' vectors, of which half are those of other wordings."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from painting.data.text.caption_vectors import CaptionVectors
from painting.data.text.synonyms import wordings

CAPTIONS = ["a red rose", "a rose", "a white rose"]
DRAWS = np.linspace(0, 1, 400, endpoint=False)


def drawn(vectors: CaptionVectors, place: int) -> list[tuple[float, ...]]:
    return [tuple(row) for row in vectors.of(np.full(len(DRAWS), place), DRAWS)]


@pytest.mark.parametrize("place", [0, 2])
def test_half_of_the_draws_are_the_caption_and_the_others_its_wordings_alike(
    place: int, encoder: Any, cache: Path
) -> None:
    seen = drawn(CaptionVectors(CAPTIONS, encoder, cache, synonyms=True), place)
    plain, *others = (tuple(row) for row in encoder.encode([CAPTIONS[place], *wordings(CAPTIONS[place], place)]))
    assert seen[:200] == [plain] * 200
    assert [seen[200:].count(other) for other in others] == [50] * 4


def test_what_names_no_colour_is_always_itself(encoder: Any, cache: Path) -> None:
    seen = drawn(CaptionVectors(CAPTIONS, encoder, cache, synonyms=True), 1)
    assert set(seen) == {tuple(encoder.encode(["a rose"])[0])}


@pytest.mark.parametrize("captions", [CAPTIONS, ["a rose"]])
def test_without_synonyms_nothing_is_said_otherwise(captions: list[str], encoder: Any, cache: Path) -> None:
    vectors = CaptionVectors(captions, encoder, cache, synonyms=len(captions) == 1)
    assert set(encoder.encoded) == set(captions)
    assert set(drawn(vectors, 0)) == {tuple(encoder.encode(captions)[0])}


def test_captions_themselves_are_there_in_their_order(encoder: Any, cache: Path) -> None:
    vectors = CaptionVectors(CAPTIONS, encoder, cache, synonyms=True)
    np.testing.assert_array_equal(vectors.plain, encoder.encode(CAPTIONS))
