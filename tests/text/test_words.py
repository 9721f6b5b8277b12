"""Words are found in any spelling, function words and numbers name nothing, and inflections have their stems."""

import pytest

from painting.cleaning import clean_text
from painting.text.words import content_words, stems, words_in


def test_words_are_in_lower_case_with_their_places() -> None:
    text = "A close-up of Grandma\u2019s red_rose"
    assert [word.text for word in words_in(text)] == ["a", "close", "up", "of", "grandma's", "red", "rose"]
    assert [text[word.start : word.end] for word in words_in(text)][4] == "Grandma\u2019s"


def test_content_words_are_neither_function_words_nor_numbers() -> None:
    assert content_words("two of the 3 red roses, and 8k") == ["red", "roses", "8k"]


@pytest.mark.parametrize("text", ["ταΐζω μπαΰ", "ǰ ẖẗẘẙẚ", "İstanbul", "ŉ", "ῖῗ ΰ"])
def test_a_word_is_as_clean_as_its_text(text: str) -> None:
    """Known captions refuse words that are not."""
    assert [clean_text(word) for word in content_words(text)] == [(word, False) for word in content_words(text)]


@pytest.mark.parametrize(
    ("word", "stem"),
    [("roses", "rose"), ("daisies", "daisy"), ("irises", "iris"), ("blooming", "bloom"), ("wilted", "wilt"),
     ("closing", "close"), ("rose's", "rose"), ("rose", "rose")],
)  # fmt: skip
def test_an_inflection_has_its_simple_form_among_its_stems(word: str, stem: str) -> None:
    assert stem in stems(word)


def test_short_words_keep_their_ends() -> None:
    assert set(stems("bus")) == {"bus"}
    assert set(stems("red")) == {"red"}
