"""A prompt is read without syntax and noise, and what is far from every caption is distinguished from what is near."""

import pytest
from tests.known_captions import FLOWER_CAPTIONS, flower_captions

from painting.images import FloatArray
from painting.paint import prompt_reading
from painting.paint.prompt_reading import PromptReader, PromptReading
from painting.text.encoder import TextEncoder


@pytest.fixture(scope="module")
def reader(text_encoder: TextEncoder) -> PromptReader:
    return PromptReader(lambda text: text_encoder.encode([text])[0], flower_captions(text_encoder))


def test_a_caption_is_read_as_it_is(reader: PromptReader) -> None:
    for caption in FLOWER_CAPTIONS[::7]:
        reading = reader.read(caption)
        assert (reading.text, reading.nearest_caption, reading.familiar) == (caption, caption, True)
        assert reading.familiarity == pytest.approx(1, abs=1e-3)
        assert reading.notes == ()


@pytest.mark.parametrize(
    "prompt",
    ["red roses", "a scarlet tulip", "a crimson rose", "a bright red rose",
     "a leafy white lily"],
)  # fmt: skip
def test_other_forms_and_synonyms_are_familiar(reader: PromptReader, prompt: str) -> None:
    reading = reader.read(prompt)
    assert reading.familiar and reading.text == prompt and reading.english
    assert reading.notes == ()


@pytest.mark.parametrize(
    "prompt",
    ["a cat", "an elephant", "qwzx plorf", "asdf", "a house in the snow", "a man with a hat", "eine Katze",
     "красная роза", "红色的玫瑰", "12345", "masterpiece, best quality"],
)  # fmt: skip
def test_what_is_far_from_every_caption_is_reported(reader: PromptReader, prompt: str) -> None:
    reading = reader.read(prompt)
    assert reading.familiar is False and reading.text == prompt
    assert "far from everything the painter was trained on" in reading.notes[-1]
    assert str(reading.nearest_caption) in reading.notes[-1]


@pytest.mark.parametrize("prompt", ["красная роза", "eine rote Rose", "红色的玫瑰", "une rose rouge"])
def test_another_language_is_reported(reader: PromptReader, prompt: str) -> None:
    assert any("the text encoder reads English" in note for note in reader.read(prompt).notes)


def test_syntax_and_noise_give_the_plain_prompt_and_are_reported(reader: PromptReader) -> None:
    reading = reader.read("((masterpiece)), a (red:1.3) rose, 8k uhd, <lora:x:0.8>")
    assert (reading.text, reading.familiar, reading.folded) == ("a red rose", True, True)
    assert reading.left_out == ("<lora:x:0.8>", "masterpiece", "8k uhd")
    assert "read as plain words" in reading.notes[0]
    assert reading.notes[1].endswith("<lora:x:0.8>, masterpiece, 8k uhd")


def test_a_repeated_phrase_is_left_out_once(reader: PromptReader) -> None:
    reading = reader.read("masterpiece, a red rose, <lora:x:1>, Masterpiece, 8k uhd, 8k uhd, <lora:x:1>")
    assert reading.left_out == ("<lora:x:1>", "masterpiece", "8k uhd")


def test_unknown_words_stay_and_are_reported(reader: PromptReader) -> None:
    reading = reader.read("a red rose and a computer")
    assert (reading.text, reading.unknown_words) == ("a red rose and a computer", ("computer",))
    assert "no caption of the painter's training has: computer" in reading.notes


def test_notes_of_many_or_long_phrases_are_short() -> None:
    reading = PromptReading("a rose", left_out=tuple(f"{'very ' * 50}long {index}" for index in range(50)))
    (note,) = reading.notes
    assert len(note) < 700 and note.endswith(" and 42 more")


def test_a_painter_without_captions_reads_syntax_alone() -> None:
    encoded = []
    reader = PromptReader(lambda text: encoded.append(text) or FloatArray, None)  # type: ignore[func-returns-value,arg-type,return-value]
    reading = reader.read("(a cat:1.2), masterpiece")
    assert reading == PromptReading("a cat, masterpiece", folded=True)
    assert reading.familiar is None and not encoded
    assert reader.read("<lora:x:1> a cat <lora:x:1>").left_out == ("<lora:x:1>",)


def test_words_that_captions_have_are_of_the_painters_language(text_encoder: TextEncoder) -> None:
    from painting.data.text.vocabulary import known_captions

    captions = ["красная роза", "белый тюльпан"]
    known = known_captions(captions, text_encoder.encode(captions), text_encoder)
    reader = PromptReader(lambda text: text_encoder.encode([text])[0], known)
    assert reader.read("белый тюльпан").notes == ()
    assert not reader.read("зелёный дом").english


def test_a_reading_is_kept_and_a_long_prompt_encodes_few_words(text_encoder: TextEncoder) -> None:
    encoded: list[str] = []

    def encode(text: str) -> FloatArray:
        encoded.append(text)
        vector: FloatArray = text_encoder.encode([text[:100]])[0]
        return vector

    reader = PromptReader(encode, flower_captions(text_encoder))
    prompt = "a red rose " + " ".join(f"word{index}x" for index in range(400))
    first = reader.read(prompt)
    assert len(first.unknown_words) == 400
    assert len(encoded) <= prompt_reading.MAX_ENCODED_WORDS + 1
    assert reader.read(prompt) is first
    assert len(encoded) <= prompt_reading.MAX_ENCODED_WORDS + 1
    assert prompt_reading.CACHED_VECTORS >= prompt_reading.CACHED_READINGS * (prompt_reading.MAX_ENCODED_WORDS + 1)
