"""Noise in prompts: the phrases that a painter cannot know, left out so that they do not move its text vector.

Noise is a boiler-plate phrase with a word that no caption has, an unknown name after "by" or "style of", and a part
between commas without a known word. Any other unknown word stays: an encoder reads more than a painter was trained on.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from painting.text.boilerplate import BOILERPLATE_PHRASES, MAX_PHRASE_WORDS
from painting.text.words import Word, words_in

Knows = Callable[[str], bool]  # whether a painter knows a content word

ARTICLE_WORDS = ("a", "an")
DEGREE_WORDS = ("very", "more", "most", "so", "too")
CREDIT_OPENINGS = (
    ("in", "the", "style", "of"),
    ("in", "style", "of"),
    ("style", "of"),
    ("inspired", "by"),
    ("art", "by"),
    ("by",),
)
"""What an artist's name follows."""
MAX_CREDIT_WORDS = 8
_SEPARATOR_PATTERN = re.compile(r"(\s*(?:[,;|]|[.!?](?=\s|$)|(?<=\s)-+(?=\s))\s*)")


@dataclass(frozen=True)
class DenoisedPrompt:
    """A prompt without its noise, the noise, the unknown words that stayed, and whether any word is known."""

    text: str
    noise: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()
    knows_a_word: bool = True


def drop_noise(text: str, in_captions: Knows, is_near: Knows) -> DenoisedPrompt:
    """Leave the noise out of a text; it stays as it is if it has none, or if no known word would be left.

    `in_captions`: whether a caption has the word. `is_near`: whether a word that no caption has is near to them.
    """
    pieces = _SEPARATOR_PATTERN.split(text)  # parts at even places, separators between them
    parts = [_read_part(piece, in_captions, is_near) for piece in pieces[::2]]
    if any(part.noise for part in parts):
        parts = [_read_part(piece, in_captions, is_near, is_noisy=True) for piece in pieces[::2]]
    if not any(part.knows_a_word for part in parts):
        content = (word.text for word in words_in(text) if word.names_something)
        return DenoisedPrompt(text, (), tuple(dict.fromkeys(content)), False)
    noise = tuple(phrase for part in parts for phrase in part.noise)
    unknown = tuple(dict.fromkeys(word for part in parts for word in part.unknown_words))
    if not noise:
        return DenoisedPrompt(text, (), unknown)
    separators = [*pieces[1::2], ""]
    rest = "".join(part.text + separator for part, separator in zip(parts, separators, strict=True) if part.text)
    return DenoisedPrompt(rest.strip(" ,;|.-"), noise, unknown)


def _read_part(text: str, in_captions: Knows, is_near: Knows, is_noisy: bool = False) -> DenoisedPrompt:
    """A part of a prompt, between commas: all of it is noise if it has content, but no known word.

    `is_noisy`: whether the prompt has noise, beside which also "photo of" is noise, whatever captions have.
    """
    words = words_in(text)
    dropped = [False] * len(words)
    for start, end in (*_boilerplate(words, in_captions, is_noisy), *_credits(words, in_captions)):
        dropped[start:end] = [True] * (end - start)
    for index in range(1, len(words) - 1):  # "a stunning and gorgeous rose"
        dropped[index] |= words[index].text == "and" and dropped[index - 1] and dropped[index + 1]
    left = [word.text for word, gone in zip(words, dropped, strict=True) if word.names_something and not gone]
    unknown = tuple(word for word in left if not in_captions(word) and not is_near(word))
    knows_a_word = len(unknown) < len(left)
    if not knows_a_word:
        has_content = any(word.names_something for word in words)
        return DenoisedPrompt("" if has_content else text, (text,) if has_content else (), (), False)
    runs = list(_runs(dropped))
    noise = tuple(text[words[start].start : words[end - 1].end] for start, end in runs)
    return DenoisedPrompt(_without(text, words, runs), noise, unknown)


def _boilerplate(words: Sequence[Word], in_captions: Knows, is_noisy: bool) -> Iterator[tuple[int, int]]:
    """Where boiler-plate phrases stand in a row, if they have a content word that no caption has."""
    start = 0
    while start < len(words):
        end = start
        while length := _phrase_length(words[end : end + MAX_PHRASE_WORDS]):
            end += length
        is_unknown = any(word.names_something and not in_captions(word.text) for word in words[start:end])
        leads_on = is_noisy and start < end < len(words) and words[end].text == "of"
        if is_unknown or leads_on:
            yield start, end
        start = max(end, start + 1)


def _phrase_length(words: Sequence[Word]) -> int:
    """The number of words of the longest boiler-plate phrase at the beginning; 0 if there is none."""
    texts = tuple(word.text for word in words)
    return next((length for length in range(len(texts), 0, -1) if texts[:length] in BOILERPLATE_PHRASES), 0)


def _credits(words: Sequence[Word], in_captions: Knows) -> Iterator[tuple[int, int]]:
    """Where unknown names stand, with the words before them that say whose work or style it is."""
    texts = [word.text for word in words]
    for start in range(len(words)):
        opening = next(
            (credit for credit in CREDIT_OPENINGS if tuple(texts[start : start + len(credit)]) == credit), ()
        )
        first = start + len(opening)
        end = first
        for word in words[first : first + MAX_CREDIT_WORDS] if opening else ():
            if in_captions(word.text) or (end == first and not word.names_something):
                break
            end += 1
        if end > first:
            yield start, end


def _runs(dropped: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where words in a row are dropped."""
    start = 0
    while start < len(dropped):
        end = start
        while end < len(dropped) and dropped[end]:
            end += 1
        if end > start:
            yield start, end
        start = end + 1


def _without(text: str, words: Sequence[Word], runs: Sequence[tuple[int, int]]) -> str:
    """The text without some runs of its words, and without the function words that only led to them."""
    kept = [True] * len(words)
    for start, end in runs:
        leads_on = end < len(words) and words[end].text == "of"  # "an illustration of": to what is painted
        end += leads_on
        if leads_on or end == len(words) or not words[end].names_something:
            while start > 0 and not words[start - 1].names_something:
                start -= 1
        while start > 0 and words[start - 1].text in DEGREE_WORDS:
            start -= 1
        kept[start:end] = [False] * (end - start)
    rest = [index for index, stays in enumerate(kept) if stays]
    if not runs or not rest:
        return text
    shortened = text[: words[0].start]
    for index, following in zip(rest, [*rest[1:], None], strict=True):
        word = words[index]
        stop = words[index + 1].start if index + 1 < len(words) else len(text)
        written = text[word.start : word.end]
        if word.text in ARTICLE_WORDS and following is not None and following != index + 1:
            written = "an" if words[following].text[0] in "aeiou" else "a"
        shortened += written + text[word.end : stop]
    return shortened.strip()
