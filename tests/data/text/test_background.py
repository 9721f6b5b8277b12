"""Background texts are different everyday things, one prompt for each word."""

from painting.data.text.background import BACKGROUND_PROMPTS, BACKGROUND_WORDS
from painting.text.words import content_words


def test_each_word_is_in_a_prompt_of_its_own() -> None:
    assert len(set(BACKGROUND_WORDS)) == len(BACKGROUND_WORDS) > 100
    assert [content_words(prompt)[-1] for prompt in BACKGROUND_PROMPTS] == list(BACKGROUND_WORDS)
    assert all(len(content_words(prompt)) <= 2 for prompt in BACKGROUND_PROMPTS)
