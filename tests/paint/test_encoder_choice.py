"""A painter paints with the very text encoder that it was trained with."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from painting.errors import PainterFileError
from painting.files import painter_file
from painting.paint.encoder_choice import matching_encoder
from painting.paint.painter import Painter
from painting.text.encoder import TextEncoder


def test_a_painter_of_another_text_encoder_is_refused(make_painter: Callable[..., Path]) -> None:
    with pytest.raises(PainterFileError, match="needs the text encoder 'clip'"):
        Painter.load(make_painter(text_encoder_id="clip"))
    with pytest.raises(PainterFileError, match="another version of the text encoder 'minilm-l6'"):
        Painter.load(make_painter(text_encoder_sha256="0" * 64))


def test_a_given_encoder_is_used_if_its_vectors_fit(tiny_painter: Path, text_encoder: TextEncoder) -> None:
    manifest = painter_file.read(tiny_painter).manifest
    assert matching_encoder(manifest, text_encoder) is text_encoder
    with pytest.raises(PainterFileError, match=f"needs text vectors of width 7, not {text_encoder.width}"):
        matching_encoder(replace(manifest, caption_mean=(0.0,) * 7, caption_std=(1.0,) * 7), text_encoder)
