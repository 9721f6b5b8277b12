"""Any text becomes one clean line, once and for all; ordinary ones stay as they are."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from painting.cleaning import MAX_TEXT_LENGTH, clean_text

ODD_CHARACTERS = (
    "\u200b\u200c\u200d\u200e\u202e\u2066\u00ad\ufeff\ufe0f\x00\x1b\x85\u2028\u3164\u2800\ue000\ud83d\u0301"
)
TEXTS = st.text(st.characters() | st.sampled_from("ea عक👩" + ODD_CHARACTERS) | st.characters(categories=["Cf", "Mn"]))


@pytest.mark.parametrize(
    "text",
    [
        "a red rose",
        "A photo of two tulips, 3 m high: yellow & red (in spring).",
        "le café d'été",
        "وردة حمراء",
        "می\u200cخواهم",
        "क्\u200dष",
        "красная роза",
        "一朵红玫瑰",
        "👩\u200d🌾 in a field",
        "❤\ufe0f\u200d🔥",
        "🌹",
        "x" * MAX_TEXT_LENGTH,
    ],
    ids=lambda text: text[:20],
)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == (text, False)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  a\tred \r\n\n rose\x0b", "a red rose"),
        ("a\u00a0red\u3000rose\u2028", "a red rose"),
        ("a\x00 rose\x1b", "a rose"),
        ("a \x07 rose", "a rose"),
        ("\ud800rose\udc80", "rose"),
        ("\ufeffa rose", "a rose"),
        ("ro\u00adse\u200bbush", "rosebush"),
        ("\u202ea rose\u2066", "a rose"),
        ("\u200fوردة\u200f \u200eحمراء", "وردة حمراء"),
        ("🏴\U000e0067\U000e0062 flag", "🏴 flag"),
        ("cafe\u0301", "café"),
        ("e\u200b\u0301", "é"),
        ("ro\u200cse \u200da\u200d", "rose a"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("a\u3164rose\u2800", "a rose"),
        ("a \ue000rose", "a rose"),
        ("\u200f \u200e\u200d", ""),
        (" \t\n\u3164", ""),
    ],
    ids=ascii,
)
def test_what_is_invisible_goes_and_white_space_folds(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == (cleaned, False)


@pytest.mark.parametrize("raw", ["a rose, " * 251, "é" * 2001, "e\u0301" * 2001, "x" * 5_000_000, "ع\u200c" * 9000])
def test_the_end_of_a_long_text_is_cut_off_and_said_to_be(raw: str) -> None:
    text, truncated = clean_text(raw)
    assert truncated and MAX_TEXT_LENGTH - 2 <= len(text) <= MAX_TEXT_LENGTH
    assert unicodedata.normalize("NFC", raw).startswith(text)
    assert clean_text(text) == (text, False)


def test_white_space_does_not_count_and_what_is_never_read_is_said_to_be_cut() -> None:
    assert clean_text(" " * 900_000 + "a rose") == ("a rose", False)
    assert clean_text("a" + " " * 30_000 + "rose ") == ("a rose", False)
    assert clean_text("a" + " " * 900_000 + "rose") == ("a", True)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(TEXTS)
def test_a_cleaned_text_is_one_visible_line_that_cleaning_does_not_change(raw: str) -> None:
    text, truncated = clean_text(raw)
    assert clean_text(text) == (text, False) and not truncated
    assert text == unicodedata.normalize("NFC", text) == " ".join(text.split())
    text.encode()  # there is no half of a surrogate pair
    assert not {unicodedata.category(letter) for letter in text} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert not any(unicodedata.category(letter) == "Cf" for letter in text if letter not in "\u200c\u200d")


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po", "Pd", "Sm", "Sc", "Zs"])))
def test_of_ordinary_characters_only_the_white_space_changes(raw: str) -> None:
    """The data folders that runs were started on keep their captions, and so their hashes."""
    composed = unicodedata.normalize("NFC", raw)
    assert clean_text(composed) == (" ".join(composed.split()), False)


def test_the_page_sends_as_much_as_is_read() -> None:
    recipe = Path(__file__).parents[1] / "frontend" / "src" / "model" / "recipe.ts"
    assert f"MAX_PROMPT_LENGTH = {MAX_TEXT_LENGTH}\n" in recipe.read_text()
