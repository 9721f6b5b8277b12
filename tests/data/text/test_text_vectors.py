from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.damage import damage_file, each_damage

from painting.data.array_cache import DamagedCacheWarning
from painting.data.text.text_vectors import encode_captions, statistics
from painting.errors import DataError


def test_captions_are_encoded_once(encoder: Any, cache: Path) -> None:
    first = encode_captions(["a rose", "a tulip"], encoder, cache)
    again = encode_captions(["a rose", "a tulip"], encoder, cache)
    assert encoder.encoded == ["a rose", "a tulip"]
    np.testing.assert_array_equal(first, again)


def test_other_captions_and_other_encoders_are_encoded_anew(encoder: Any, other_encoder: Any, cache: Path) -> None:
    first = encode_captions(["a rose"], encoder, cache)
    assert not np.array_equal(encode_captions(["a rose"], other_encoder, cache), first)
    assert not np.array_equal(encode_captions(["a tulip"], encoder, cache), first)


@each_damage
def test_a_damaged_file_is_reported_and_made_anew(encoder: Any, cache: Path, damage: Callable[[bytes], bytes]) -> None:
    first = np.array(encode_captions(["a rose"], encoder, cache))
    (saved,) = (cache / "text_vectors").iterdir()
    damage_file(saved, damage)
    with pytest.warns(DamagedCacheWarning):
        np.testing.assert_array_equal(encode_captions(["a rose"], encoder, cache), first)


def test_a_cache_that_cannot_be_written_is_one_sentence(encoder: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot be written .* PAINTING_CACHE"):
        encode_captions(["a rose"], encoder, tmp_path / "file")


def test_statistics_are_weighted_and_floored() -> None:
    vectors = np.array([[0, 5], [4, 5]], np.float32)
    mean, spread = statistics(vectors, np.array([0.75, 0.25]))
    np.testing.assert_allclose(mean, [1, 5])
    np.testing.assert_allclose(spread, [np.sqrt(3), 1e-2])


def test_captions_are_counted_as_they_are_encoded(encoder: Any, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.data.text.text_vectors.CAPTIONS_PER_BLOCK", 2)
    calls: list[tuple[str, int, int]] = []
    captions = [f"rose {number}" for number in range(5)]
    vectors = encode_captions(captions, encoder, cache, lambda *counted: calls.append(counted))
    assert calls == [("encoding the captions", done, 5) for done in (2, 4, 5)]
    np.testing.assert_array_equal(vectors, encoder.encode(captions))
