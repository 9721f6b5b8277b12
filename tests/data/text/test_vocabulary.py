"""Known captions hold all captions or a cover of them, in 200 kB, with thresholds that follow from the data."""

from collections.abc import Sequence

import numpy as np
import pytest
from tests.known_captions import FLOWER_CAPTIONS, flower_captions

from painting.data.text import vocabulary
from painting.data.text.vocabulary import known_captions
from painting.files.known_captions import MAX_KNOWN_BYTES, KnownCaptions
from painting.images import FloatArray
from painting.text.encoder import TextEncoder

WIDTH = 32


class RandomEncoder:
    """Text vectors drawn by the text's length and letters."""

    id, sha256, width = "random", "ab" * 32, WIDTH

    def encode(self, texts: Sequence[str]) -> FloatArray:
        rows = [np.random.default_rng(list(text.encode())).normal(size=WIDTH) for text in texts]
        return np.array(rows, np.float32)

    def readable(self, text: str) -> bool:
        return bool(text)

    def truncated(self, text: str) -> bool:
        return False


def known(captions: list[str]) -> KnownCaptions:
    encoder = RandomEncoder()
    return known_captions(captions, encoder.encode(captions), encoder)


def test_captions_that_fit_are_all_kept_with_their_words(text_encoder: TextEncoder) -> None:
    found = flower_captions(text_encoder)
    assert list(found.captions) == FLOWER_CAPTIONS
    assert set(found.words) >= {"red", "rose", "background", "leaves"} and "a" not in found.words
    assert "scarlet" in found.synonyms and "lilac" not in found.synonyms  # purple is in no caption
    exact = text_encoder.encode(FLOWER_CAPTIONS)
    assert np.allclose(found.directions[: len(exact)], exact, atol=0.01)
    assert len(found.directions) == len(exact) + len(found.words)


def test_thresholds_lie_between_everyday_prompts_and_captions(text_encoder: TextEncoder) -> None:
    found = flower_captions(text_encoder)
    rows = found.directions[: len(found.captions)]
    everyday = (text_encoder.encode(["a bicycle", "a big city", "a wooden chair"]) @ rows.T).max(axis=1)
    assert everyday.max() < found.min_cosine < 0.8
    assert 0.3 < found.min_word_cosine < 0.7


def test_of_too_many_captions_a_cover_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MAX_KNOWN_BYTES", 20_000)
    captions = [f"picture {index} of kind{index % 300}" for index in range(600)]
    found = known(captions)
    assert 50 < len(found.captions) < 600
    assert sum(map(len, found.members().values())) <= 20_000
    assert found == known(captions)
    rows = found.directions[: len(found.captions)]
    vectors = RandomEncoder().encode(captions)
    cover = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True) @ rows.T).max(axis=1)
    first = vectors[: len(rows)] / np.linalg.norm(vectors[: len(rows)], axis=1, keepdims=True)
    assert cover.min() > (vectors / np.linalg.norm(vectors, axis=1, keepdims=True) @ first.T).max(axis=1).min()


def test_a_wide_world_keeps_most_of_its_own_captions_familiar() -> None:
    captions = [f"caption {index} of kind{index}" for index in range(200)]
    found = known(captions)
    similarities = found.directions[:200] @ found.directions[:200].T - 2 * np.eye(200)
    assert (similarities.max(axis=1) >= found.min_cosine).mean() >= 0.94


def test_long_captions_and_words_by_the_thousand_stay_within_the_limit() -> None:
    captions = [" ".join(f"word{index}x{part}é" for part in range(60)) for index in range(300)]
    found = known(captions)
    members = found.members()
    assert sum(map(len, members.values())) <= MAX_KNOWN_BYTES
    assert found.captions and KnownCaptions.from_members(members, WIDTH) == found


@pytest.mark.parametrize("captions", [["a rose"], ["3"], ["красная роза", "🌹"]])
def test_few_or_odd_captions_are_known_too(captions: list[str]) -> None:
    found = known(captions)
    assert list(found.captions) == captions
    assert KnownCaptions.from_members(found.members(), WIDTH) == found
