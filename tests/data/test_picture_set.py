"""The datasets and the text encoder are what the interfaces say."""

from pathlib import Path
from typing import Any

from painting.data.digits.dataset import Digits
from painting.data.picture_set import ENDLESS_ID_COUNT, CaptionedSet
from painting.data.prepared import prepare
from painting.data.shapes.dataset import Shapes


def test_sets_with_captions_are_known_by_their_interface(folder: Path, encoder: Any, cache: Path) -> None:
    assert isinstance(prepare(folder, 24, 1, encoder, cache), CaptionedSet)
    assert isinstance(Shapes(16, text_encoder=encoder, cache=cache), CaptionedSet)
    assert not isinstance(Digits(), CaptionedSet)


def test_ids_of_endless_sets_leave_room_in_64_bits() -> None:
    assert ENDLESS_ID_COUNT < 2**63
