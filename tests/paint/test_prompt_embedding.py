"""A prompt's embedding is what its text encoder reads, at length 1, beside the captions that are nearest to it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.known_captions import FLOWER_CAPTIONS, flower_captions

from painting.errors import InvalidRequest
from painting.files import painter_file
from painting.paint.painter import Painter
from painting.paint.prompt_embedding import NEAREST_COUNT, PromptEmbedding
from painting.text.encoder import TextEncoder


@pytest.fixture
def painter(tiny_painter: Path, text_encoder: TextEncoder) -> Painter:
    """A painter that knows captions of flowers."""
    file = painter_file.read(tiny_painter)
    return Painter(replace(file, captions=flower_captions(text_encoder)), text_encoder, threads=1)


def test_the_nearest_captions_come_first_and_a_caption_is_nearest_to_itself(painter: Painter) -> None:
    for caption in FLOWER_CAPTIONS[::11]:
        nearest = painter.embed(caption).nearest
        similarities = [near.similarity for near in nearest]
        assert len(nearest) == NEAREST_COUNT and similarities == sorted(similarities, reverse=True)
        assert nearest[0].caption == caption and similarities[0] == pytest.approx(1, abs=1e-3)


def test_a_prompt_is_encoded_as_it_is_read(painter: Painter, text_encoder: TextEncoder) -> None:
    plain = painter.embed("a red rose")
    assert np.allclose(plain.vector, text_encoder.encode(["a red rose"])[0], atol=1e-6)
    noisy = painter.embed(" a (red:1.3)  rose, <lora:x:1>")
    assert np.array_equal(noisy.vector, plain.vector) and noisy.tokens == plain.tokens
    assert noisy.prompt == "a (red:1.3) rose, <lora:x:1>"


def test_any_vector_gets_length_one(text_encoder: TextEncoder) -> None:
    known = flower_captions(text_encoder)
    long = 7 * text_encoder.encode(["a yellow tulip"])[0]
    found = PromptEmbedding.of("x", long, 5, known)
    assert np.linalg.norm(found.vector) == pytest.approx(1) and found.nearest[0].caption == "a yellow tulip"
    assert not np.isnan(PromptEmbedding.of("x", np.zeros_like(long), 5, known).vector).any()


def test_a_painter_without_captions_has_none_near(tiny_painter: Path, text_encoder: TextEncoder) -> None:
    assert Painter.load(tiny_painter, text_encoder).embed("a red rose").nearest == ()


def test_a_painter_without_prompts_has_no_embeddings(unconditional_painter: Path) -> None:
    with pytest.raises(InvalidRequest, match="takes no prompt"):
        Painter.load(unconditional_painter).embed("seven")
