"""Boiler-plate phrases are words in lower case, and none of them names a thing or a colour."""

from painting.data.text.background import BACKGROUND_WORDS
from painting.data.text.synonyms import COLOR_SYNONYMS
from painting.text.boilerplate import BOILERPLATE_PHRASES, MAX_PHRASE_WORDS
from painting.text.words import words_in


def test_each_phrase_is_spelled_as_prompts_are_read() -> None:
    assert max(map(len, BOILERPLATE_PHRASES)) == MAX_PHRASE_WORDS
    for phrase in BOILERPLATE_PHRASES:
        assert tuple(word.text for word in words_in(" ".join(phrase))) == phrase


def test_no_phrase_is_a_thing_or_a_color() -> None:
    ordinary = {"rose", "flower", "sky", "leaf", "shape", "square", *COLOR_SYNONYMS, *BACKGROUND_WORDS}
    assert not ordinary & {phrase[0] for phrase in BOILERPLATE_PHRASES if len(phrase) == 1} - {"glass"}
