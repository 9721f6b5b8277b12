"""Writes the vectors by which the browser's engine is tested: what Python reads of prompts, latents and positions.

`python -m scripts.browser_vectors` reads `tests/browser_prompts.json` and writes `tests/browser_vectors.json`. The text
encoder is a fake one of simple arithmetic, which the browser's tests have too.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from painting.cleaning import clean_text
from painting.files.known_captions import KnownCaptions
from painting.images import FloatArray, UInt8Array
from painting.paint.interpolation import even_positions, latents_between, text_vectors_between
from painting.paint.paint_request import PaintOptions, PaintRequest, Variation
from painting.paint.prompt_embedding import PromptEmbedding
from painting.paint.prompt_reading import PromptReader
from painting.site.build import reading_words
from painting.text.encoder import TextEncoder
from painting.text.language import is_english
from painting.text.prompt_syntax import read_syntax
from painting.text.words import content_words

TESTS = Path(__file__).parents[1] / "tests"
PROMPTS_FILE = TESTS / "browser_prompts.json"
VECTORS_FILE = TESTS / "browser_vectors.json"

WIDTH = 16  # of a fake text vector
STEM_LENGTH = 4  # characters that are encoded: "rose" and "roses" have one vector
CAPTIONS = tuple(
    f"{article} {color} {flower}{place}"
    for article, color in (("a", "red"), ("a", "white"), ("an", "orange"))
    for flower in ("rose", "tulip", "daisy")
    for place in ("", " on a dark background")
)
SYNONYMS = ("scarlet", "crimson")
MIN_COSINE = 0.6
MIN_WORD_COSINE = 0.7
MAX_INT8 = 127
LATENT_REQUESTS: tuple[tuple[int, int, float, int | None, float], ...] = (  # seed, count, truncation, subseed, strength
    (0, 3, 1.0, None, 0.0),
    (4294967295, 3, 0.7, None, 0.0),
    (7, 2, 1.0, 8, 0.3),
    (123456789, 3, 0.35, 4294967294, 0.85),
    (5, 2, 1.0, 5, 0.5),
    (5, 1, 1.0, 9, 1.0),
)
LATENT_SIZES = (1, 7)
PROBE_SIDE = 2  # px
CHECKSUM_MODULUS = 1_000_003


def encode(text: str) -> FloatArray:
    """The fake raw text vector of a text (E,): a sum over words, exact in any arithmetic."""
    vector = np.zeros(WIDTH, np.float32)
    for word in text.split(" "):
        number = 7
        for letter in word[:STEM_LENGTH]:
            number = (number * 31 + ord(letter)) % 65536
        vector += np.array([number * (place + 7) % 101 - 50 for place in range(WIDTH)], np.float32)
    return vector


def fake_captions() -> KnownCaptions:
    """The known captions of a small world."""
    words = tuple(dict.fromkeys(word for caption in CAPTIONS for word in content_words(caption)))
    rows = np.array([encode(text) for text in (*CAPTIONS, *words)])
    scaled = np.rint(rows * (MAX_INT8 / np.abs(rows).max(axis=1, keepdims=True))).astype(np.int8)
    return KnownCaptions(CAPTIONS, words, SYNONYMS, MIN_COSINE, MIN_WORD_COSINE, scaled.tobytes(), WIDTH)


def vectors_of(prompts: list[str]) -> dict[str, Any]:
    """All vectors; those of prompts in the order of the prompts."""
    known = fake_captions()
    members = known.members()
    return {
        "reading_words": reading_words(),
        "captions": json.loads(members["captions.json"]),
        "rows": np.frombuffer(known.vectors, np.int8).tolist(),
        "latents": [_latents(*request, size) for request in LATENT_REQUESTS for size in LATENT_SIZES],
        "between": _between(),
        "morphs": [_positions(channels, steps) for channels in (3, 4) for steps in (3, 8)],
        "readings": _readings(prompts, known),
    }


def _readings(prompts: list[str], known: KnownCaptions) -> list[dict[str, Any]]:
    reader = PromptReader(encode, known)
    encoder = TextEncoder.load()
    entries = []
    for prompt in prompts:
        text, truncated = clean_text(prompt)
        plain = read_syntax(text)
        entry: dict[str, Any] = {}
        # What stays as it was is left out, which keeps the file small.
        if not is_english(text):
            entry["english"] = False
        if text != prompt:
            entry["cleaned"] = text
        if truncated:
            entry["truncated"] = True
        if plain.text != text or plain.tags or plain.folded:
            entry["syntax"] = [plain.text, list(plain.tags), plain.folded]
        reading = reader.read(text)
        if reading.text != text:
            entry["text"] = reading.text
        if reading.notes:
            entry["notes"] = list(reading.notes)
        vector = encode(reading.text)
        nearest = PromptEmbedding.of(text, vector, 0, known).nearest
        entry["nearest"] = [[CAPTIONS.index(near.caption), near.similarity] for near in nearest]
        entry["tokens"] = _tokens(text, encoder)
        entries.append(entry)
    return entries


def _tokens(text: str, encoder: TextEncoder) -> list[int | bool]:
    """What the bundled tokenizer makes of a text: tokens, a checksum of their ids, whether it is read, and cut off."""
    ids = encoder.token_ids(text)
    checksum = sum((place + 1) * token for place, token in enumerate(ids)) % CHECKSUM_MODULUS
    return [len(ids), checksum, encoder.readable(text), encoder.truncated(text)]


def _latents(
    seed: int, count: int, truncation: float, subseed: int | None, strength: float, size: int
) -> dict[str, Any]:
    variation = None if subseed is None else Variation(strength, subseed)
    seeds = (seed,) * count if variation else tuple((seed + index) % 2**32 for index in range(count))
    request = PaintRequest(None, seeds, "a", options=PaintOptions(truncation, variation=variation))
    fields = {"seed": seed, "count": count, "truncation": truncation, "subseed": subseed, "strength": strength}
    return {**fields, "size": size, "rows": _rounded(request.latents(size))}


def _between() -> list[dict[str, Any]]:
    entries = []
    for start, end in (([1, 2, -3], [0.5, -1, 2]), ([1, 2, -3], [1, 2, -3]), ([1, 0, 0], [-1, 0, 0]), ([0, 0], [1, 2])):
        ends = np.array(start, np.float32), np.array(end, np.float32)
        positions = np.array([0, 0.25, 0.5, 1])
        rows = {"latents": latents_between(*ends, positions), "text_vectors": text_vectors_between(*ends, positions)}
        entry = {"start": start, "end": end, "positions": positions.tolist()}
        entries.append(entry | {name: _rounded(found) for name, found in rows.items()})
    return entries


def _positions(channels: int, steps: int) -> dict[str, Any]:
    """Positions of a morph between probes of made-up levels, which change ever more."""
    shape = (PROBE_SIDE, PROBE_SIDE, channels)
    numbers = np.arange(np.prod(shape)).reshape(shape)
    probes: UInt8Array = np.array([(numbers * 37 + probe**3) % 256 for probe in range(6)], np.uint8)
    positions = [round(position, 9) for position in even_positions(probes, steps)]
    return {"probes": probes.reshape(len(probes), -1).tolist(), "steps": steps, "positions": positions}


def _rounded(rows: FloatArray) -> list[list[float]]:
    return [[round(float(number), 7) for number in row] for row in rows]


def vectors_text(vectors: dict[str, Any]) -> str:
    """The file of the vectors: one line a prompt."""
    readings = ",\n".join(json.dumps(reading, separators=(",", ":")) for reading in vectors["readings"])
    others = "".join(f'"{name}": {json.dumps(value)},\n' for name, value in vectors.items() if name != "readings")
    return f'{{\n{others}"readings": [\n{readings}\n]\n}}\n'


def main() -> None:
    """Write the file."""
    prompts = json.loads(PROMPTS_FILE.read_text(encoding="utf-8"))
    VECTORS_FILE.write_text(vectors_text(vectors_of(prompts)), encoding="utf-8")


if __name__ == "__main__":
    main()
