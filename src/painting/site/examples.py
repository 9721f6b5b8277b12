"""Text vectors of a painter's example prompts, by which a page paints them before it has the text encoder."""

from base64 import b64encode

import numpy as np

from painting.cleaning import clean_text
from painting.files.known_captions import KnownCaptions
from painting.images import FloatArray
from painting.paint.prompt_reading import PromptReader
from painting.site.files import json_bytes
from painting.text.encoder import TextEncoder


def examples_json(prompts: tuple[str, ...], known: KnownCaptions | None, encoder: TextEncoder) -> bytes:
    """The raw text vectors of example prompts, little-endian float32 in base64, by the prompts.

    A prompt has the vector of its text as it is read. All else that is encoded to read it is there too.
    """
    vectors: dict[str, FloatArray] = {}

    def encode(text: str) -> FloatArray:
        if text not in vectors:
            vectors[text] = encoder.encode([text])[0]
        return vectors[text]

    reader = PromptReader(encode, known)
    read = {prompt: reader.read(prompt).text for prompt in (clean_text(example).text for example in prompts)}
    of_prompts = {prompt: encode(text) for prompt, text in read.items()}
    return json_bytes({"examples": {text: _base64(vector) for text, vector in {**vectors, **of_prompts}.items()}})


def _base64(vector: FloatArray) -> str:
    return b64encode(vector.astype(np.dtype("<f4")).tobytes()).decode("ascii")
