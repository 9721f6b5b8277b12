"""A run keeps what its captions say, and its painter file holds it; a damaged file of it is refused by name."""

from pathlib import Path
from typing import Any

import pytest

from painting.data.picture_set import CaptionedSet
from painting.errors import TrainingError
from painting.training.run.known_captions import KNOWN_CAPTIONS_FILE, load_known_captions, save_known_captions

WIDTH = 5


def test_what_is_saved_is_loaded_and_not_made_twice(
    tmp_path: Path, finite: CaptionedSet, text_encoder_of_numbers: Any
) -> None:
    assert load_known_captions(tmp_path, WIDTH) is None
    save_known_captions(tmp_path, finite, text_encoder_of_numbers)
    known = load_known_captions(tmp_path, WIDTH)
    assert known is not None and known.captions == tuple(finite.captions) and "rose" in known.words
    written = (tmp_path / KNOWN_CAPTIONS_FILE).stat().st_mtime_ns
    save_known_captions(tmp_path, finite, text_encoder_of_numbers)
    assert (tmp_path / KNOWN_CAPTIONS_FILE).stat().st_mtime_ns == written


def test_pictures_without_captions_have_none(tmp_path: Path, finite: CaptionedSet) -> None:
    save_known_captions(tmp_path, finite, None)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("change", [lambda content: content[:-40], lambda content: content.replace(b"A", b"B", 1)])
def test_a_damaged_file_is_refused_by_name(
    tmp_path: Path, finite: CaptionedSet, text_encoder_of_numbers: Any, change: Any
) -> None:
    save_known_captions(tmp_path, finite, text_encoder_of_numbers)
    path = tmp_path / KNOWN_CAPTIONS_FILE
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(TrainingError, match=rf"{KNOWN_CAPTIONS_FILE} is damaged.*restore it"):
        load_known_captions(tmp_path, WIDTH)
