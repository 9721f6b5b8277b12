"""Captions in other words for the colours that they name."""

import pytest

from painting.data.text.synonyms import COLOR_SYNONYMS, MAX_WORDINGS, wordings


def test_all_colours_of_a_caption_are_said_in_other_words() -> None:
    for place in range(5):
        for caption in wordings("a red rose against a blue sky", place):
            red, blue = caption.removeprefix("a ").replace("an ", "a ").split(" rose against a ")
            assert red in COLOR_SYNONYMS["red"] and blue.removesuffix(" sky") in COLOR_SYNONYMS["blue"]


def test_captions_in_a_row_have_all_words_between_them() -> None:
    seen = [text for place in range(3) for text in wordings("a red rose", place)]
    assert sorted(seen) == sorted(f"a {word} rose" for word in COLOR_SYNONYMS["red"])


def test_a_caption_has_as_many_other_wordings_as_any_other() -> None:
    assert {len(set(wordings(f"a {colour} rose", 7))) for colour in COLOR_SYNONYMS} == {MAX_WORDINGS}


@pytest.mark.parametrize(("caption", "article"), [("an orange rose", "a peach"), ("a white rose", "an ivory")])
def test_an_article_suits_the_word_that_follows_it(caption: str, article: str) -> None:
    assert f"{article} rose" in {text for place in range(5) for text in wordings(caption, place)}


@pytest.mark.parametrize("caption", ["a rose", "a red-hot poker", "a hundred roses", "blueberries", "ein roter Mohn"])
def test_a_caption_without_a_colour_stays_as_it_is(caption: str) -> None:
    assert wordings(caption, 0) == ()


def test_a_colour_is_known_in_capitals_and_beside_a_comma() -> None:
    assert wordings("Rose, RED", 0)[0] == f"Rose, {COLOR_SYNONYMS['red'][0]}"


def test_no_word_stands_for_two_colours() -> None:
    for word in {word for words in COLOR_SYNONYMS.values() for word in words}:
        assert {colour for colour, words in COLOR_SYNONYMS.items() if word in words} in (
            {colour_of(word)},
            {"grey", "gray"},
        )


def colour_of(word: str) -> str:
    return next(colour for colour, words in COLOR_SYNONYMS.items() if word in words)
