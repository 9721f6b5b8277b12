"""A painter file gets its known captions in place, and keeps all else."""

from dataclasses import replace
from pathlib import Path

import pytest
from scripts.add_known_captions import add_known_captions
from tests.known_captions import FLOWER_CAPTIONS

from painting.errors import DataError
from painting.files import painter_file
from painting.text.encoder import TextEncoder


def test_all_else_in_the_file_stays(tiny_painter: Path, text_encoder: TextEncoder) -> None:
    before = painter_file.read(tiny_painter)
    add_known_captions(tiny_painter, FLOWER_CAPTIONS[:6], text_encoder)
    after = painter_file.read(tiny_painter)
    assert after.captions is not None and list(after.captions.captions) == FLOWER_CAPTIONS[:6]
    assert replace(after, captions=None, manifest=before.manifest) == before
    assert replace(after.manifest, members={}) == replace(before.manifest, members={})


def test_a_painter_of_another_text_encoder_is_not_touched(
    unconditional_painter: Path, text_encoder: TextEncoder
) -> None:
    content = unconditional_painter.read_bytes()
    with pytest.raises(DataError, match="was trained with the text encoder"):
        add_known_captions(unconditional_painter, FLOWER_CAPTIONS, text_encoder)
    assert unconditional_painter.read_bytes() == content
