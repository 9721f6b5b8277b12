"""The vectors that the browser's engine is tested with are what Python reads and computes."""

import json

import numpy as np
import pytest
from scripts.browser_vectors import PROMPTS_FILE, VECTORS_FILE, encode, fake_captions, vectors_of

from painting.files.known_captions import KnownCaptions

# Mathematical libraries differ in the last digit.
TOLERANCE = 1e-6
SIMILARITY_TOLERANCE = 1.1e-4  # a similarity is rounded to four digits


@pytest.fixture(scope="module")
def written() -> dict[str, object]:
    found: dict[str, object] = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def current() -> dict[str, object]:
    return vectors_of(json.loads(PROMPTS_FILE.read_text(encoding="utf-8")))


def near(one: object, other: object, tolerance: float) -> bool:
    """Whether two values of JSON are equal, numbers nearly."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(near(one[key], other[key], tolerance) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(near, one, other, [tolerance] * len(one)))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= tolerance
    return one == other


@pytest.mark.parametrize("name", ["reading_words", "captions", "rows", "latents", "between", "morphs"])
def test_the_committed_numbers_and_words_are_those_of_today(
    name: str, written: dict[str, object], current: dict[str, object]
) -> None:
    assert near(written[name], current[name], TOLERANCE), "run: python -m scripts.browser_vectors"


def test_each_committed_reading_is_that_of_today(written: dict[str, object], current: dict[str, object]) -> None:
    readings = current["readings"]
    assert isinstance(readings, list) and len(readings) >= 250
    stale = [
        reading
        for reading, found in zip(readings, written["readings"], strict=True)  # type: ignore[call-overload]
        if not near(found, reading, SIMILARITY_TOLERANCE)
    ]
    assert not stale, "run: python -m scripts.browser_vectors"


def test_the_fake_encoder_reads_beginnings_of_words() -> None:
    assert np.array_equal(encode("a rose"), encode("a roses"))
    assert not np.array_equal(encode("a rose"), encode("a tulip"))


def test_the_fake_captions_are_those_of_a_painter_file() -> None:
    known = fake_captions()
    assert KnownCaptions.from_members(known.members(), known.width) == known
