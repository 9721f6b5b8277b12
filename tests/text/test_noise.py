"""What a painter cannot know is left out of a prompt with the words that led to it; everything else stays."""

import pytest

from painting.text.noise import DenoisedPrompt, drop_noise
from painting.text.words import stems

CAPTION_WORDS = set("red white yellow blue rose tulip daisy petal leaf photo background dark sky".split())
NEAR_WORDS = {"garden", "bouquet"}


def in_captions(word: str) -> bool:
    return any(stem in CAPTION_WORDS for stem in stems(word))


def read(prompt: str) -> DenoisedPrompt:
    return drop_noise(prompt, in_captions, NEAR_WORDS.__contains__)


@pytest.mark.parametrize(
    ("prompt", "rest"),
    [
        ("a red rose, masterpiece, best quality, 8k uhd, highly detailed, trending on artstation", "a red rose"),
        ("masterpiece, best quality, a red rose, by greg rutkowski", "a red rose"),
        ("masterpiece best quality a red rose 8k uhd highly detailed", "a red rose"),
        ("best_quality, red_rose", "red_rose"),
        ("A red rose. Best quality. 4k", "A red rose"),
        ("red rose - high quality - 4k", "red rose"),
        ("a red rose | masterpiece; 8k", "a red rose"),
        ("a beautiful red rose", "a red rose"),
        ("an elegant rose", "a rose"),
        ("a stunning and gorgeous red rose", "a red rose"),
        ("a very beautiful rose", "a rose"),
        ("a rose that is beautiful", "a rose"),
        ("red roses in 8k", "red roses"),
        ("a highly detailed photo of a red rose", "a red rose"),
        ("an oil painting of a red rose by Claude Monet and others", "a red rose"),
        ("a red rose in the style of van gogh", "a red rose"),
        ("a painting of red roses by Monet", "red roses"),
        ("a red rose with intricate details on a dark background", "a red rose on a dark background"),
        ("award-winning photograph of a tulip, f/1.8, 50mm lens, bokeh", "a tulip"),
        ("please paint me a red rose", "a red rose"),
        ("a red rose, zorgified fluxmode", "a red rose"),  # on no list: a part without a known word
        ("(masterpiece), a red rose", "a red rose"),
        ("a photo of a red rose, by greg rutkowski", "a red rose"),  # beside noise; "a photo of" alone stays
    ],
)
def test_noise_is_left_out(prompt: str, rest: str) -> None:
    read_prompt = read(prompt)
    assert (read_prompt.text, read_prompt.unknown_words) == (rest, ())
    assert read_prompt.noise
    assert read(rest) == DenoisedPrompt(rest)


@pytest.mark.parametrize(
    "prompt",
    ["a red rose", "a photo of a red rose", "tulips, yellow", "a rose, garden", "a bouquet", "a rose,, red"],
)  # fmt: skip
def test_a_prompt_of_known_words_stays_as_it_is(prompt: str) -> None:
    assert read(prompt) == DenoisedPrompt(prompt)


def test_other_unknown_words_stay_and_are_named() -> None:
    assert read("a red rose by the sea and a cat") == DenoisedPrompt(
        "a red rose by the sea and a cat", (), ("sea", "cat")
    )


@pytest.mark.parametrize("prompt", ["masterpiece, best quality", "a cat", "красная роза", "by greg rutkowski"])
def test_a_prompt_without_any_known_word_stays_as_it_is(prompt: str) -> None:
    read_prompt = read(prompt)
    assert (read_prompt.text, read_prompt.noise, read_prompt.knows_a_word) == (prompt, (), False)
    assert read_prompt.unknown_words


def test_boilerplate_that_captions_have_is_no_noise() -> None:
    known = CAPTION_WORDS | {"highly", "detailed", "masterpiece"}
    prompt = "masterpiece, a highly detailed rose"
    assert drop_noise(prompt, known.__contains__, known.__contains__) == DenoisedPrompt(prompt)
