"""Example prompts come with the vectors that reading and painting them takes."""

import json
from base64 import b64decode

import numpy as np
import pytest
from tests.known_captions import flower_captions

from painting.images import FloatArray
from painting.paint.prompt_reading import PromptReader
from painting.site.examples import examples_json
from painting.text.encoder import TextEncoder

WITH_NOISE = "a red rose, masterpiece, 8k"
WITH_UNKNOWN_WORD = "a red zeppelin"


def vectors_of(content: bytes) -> dict[str, FloatArray]:
    examples = json.loads(content)["examples"]
    return {prompt: np.frombuffer(b64decode(vector), "<f4") for prompt, vector in examples.items()}


def test_a_prompt_has_the_vector_of_its_text_as_it_is_read(text_encoder: TextEncoder) -> None:
    known = flower_captions(text_encoder)
    vectors = vectors_of(examples_json((WITH_NOISE, "  a white\tdaisy "), known, text_encoder))
    rose, daisy = text_encoder.encode(["a red rose", "a white daisy"])
    assert np.array_equal(vectors[WITH_NOISE], rose)
    assert np.array_equal(vectors["a white daisy"], daisy)


@pytest.mark.parametrize("prompt", [WITH_NOISE, WITH_UNKNOWN_WORD, "a yellow tulip"])
def test_reading_an_example_again_needs_no_text_encoder(prompt: str, text_encoder: TextEncoder) -> None:
    known = flower_captions(text_encoder)
    vectors = vectors_of(examples_json((prompt,), known, text_encoder))
    reading = PromptReader(vectors.__getitem__, known).read(prompt)
    assert reading == PromptReader(lambda text: text_encoder.encode([text])[0], known).read(prompt)
    assert reading.text in vectors


def test_without_known_captions_a_prompt_is_encoded_as_it_is(text_encoder: TextEncoder) -> None:
    assert set(vectors_of(examples_json(("a red rose",), None, text_encoder))) == {"a red rose"}
