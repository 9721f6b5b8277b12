"""`PromptReader`: how a painter reads a prompt, and how familiar it is with what it reads.

Syntax of other programs is read as plain words, noise is left out, and the rest is compared with the captions of the
painter's training. R rows of known captions and words, E width of a text vector.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from painting.files.known_captions import KnownCaptions, cosine_similarities
from painting.images import FloatArray
from painting.text.language import is_english
from painting.text.noise import drop_noise
from painting.text.prompt_syntax import PlainPrompt, read_syntax
from painting.text.words import content_words, stems

CACHED_READINGS = 256
CACHED_VECTORS = 4096  # all those of the cached readings: a prompt and its words each
MAX_ENCODED_WORDS = 12  # of a prompt, to find words near to known ones: bounds the time of a request
MAX_QUOTED_PHRASES = 8  # in a note
MAX_QUOTED_LENGTH = 60  # characters of a phrase or a caption in a note
NEGATIVE_PROMPT_NOTE = "the negative prompt is ignored: a painter cannot leave things out by it"

Encode = Callable[[str], FloatArray]  # a text → its raw text vector (E,)


@dataclass(frozen=True)
class PromptReading:
    """How a painter reads a prompt.

    `text`: what is encoded. `left_out`: tags and noise, as they were written. `folded`: whether weights, brackets or
    operators were read as plain words. `unknown_words`: content words of the text that neither the painter's captions
    have nor words near to theirs. `nearest_caption` of the training, and `familiarity`, its cosine similarity to the
    text; `familiar`: whether that is enough. These three are None, and no word is unknown, where the painter's file
    holds no captions. `english`: False for text in another language, which text encoders do not read.
    """

    text: str
    left_out: tuple[str, ...] = ()
    folded: bool = False
    unknown_words: tuple[str, ...] = ()
    nearest_caption: str | None = None
    familiarity: float | None = None
    familiar: bool | None = None
    english: bool = True

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of the reading, in sentences without a full stop; empty for a familiar prompt."""
        notes = []
        if self.folded:
            notes.append("weights, brackets and operators of the prompt are read as plain words")
        if self.left_out:
            notes.append(f"left out of the prompt, as the painter does not know it: {_quoted(self.left_out)}")
        if not self.english:
            notes.append("the text encoder reads English: other languages and scripts paint something else")
        if self.unknown_words:
            notes.append(f"no caption of the painter's training has: {_quoted(self.unknown_words)}")
        if self.familiar is False:
            notes.append(
                "the prompt is far from everything the painter was trained on; the nearest caption is "
                f"'{_shortened(str(self.nearest_caption))}'"
            )
        return tuple(notes)


class PromptReader:
    """Reads prompts for one painter; thread-safe.

    `encode` gives a text's raw text vector. `known`: the painter's captions; None: only syntax is read.
    """

    def __init__(self, encode: Encode, known: KnownCaptions | None) -> None:
        self.encode: Encode = lru_cache(CACHED_VECTORS)(encode)
        self.read: Callable[[str], PromptReading] = lru_cache(CACHED_READINGS)(self._read)
        self._known = known
        words = (*known.words, *known.synonyms) if known else ()
        self._stems = frozenset(stem for word in words for stem in stems(word))

    def in_captions(self, word: str) -> bool:
        """Whether a caption has the word, in this form or another, or a colour's synonym."""
        return any(stem in self._stems for stem in stems(word))

    def _read(self, prompt: str) -> PromptReading:
        plain = read_syntax(prompt)
        if self._known is None:
            return PromptReading(plain.text, _distinct(plain.tags), plain.folded, english=is_english(plain.text))
        return self._compared(plain, self._known)

    def _compared(self, plain: PlainPrompt, known: KnownCaptions) -> PromptReading:
        """The reading of a prompt without syntax, compared with known captions."""
        quiet = drop_noise(plain.text, self.in_captions, self._nearness(known))
        cosines = cosine_similarities(self.encode(quiet.text), known.caption_directions)
        nearest = int(np.argmax(cosines))
        return PromptReading(
            quiet.text,
            _distinct((*plain.tags, *quiet.noise)),
            plain.folded,
            quiet.unknown_words,
            known.captions[nearest],
            round(float(cosines[nearest]), 4),
            bool(cosines[nearest] >= known.min_cosine),
            is_english(quiet.text) or all(map(self.in_captions, content_words(quiet.text))),
        )

    def _nearness(self, known: KnownCaptions) -> Callable[[str], bool]:
        """Whether a word is near to known words or captions; the first few different words are encoded."""
        verdicts: dict[str, bool] = {}

        def is_near(word: str) -> bool:
            if word not in verdicts and len(verdicts) < MAX_ENCODED_WORDS:
                similarities = cosine_similarities(self.encode(word), known.directions)  # (R,)
                verdicts[word] = bool(similarities.max() >= known.min_word_cosine)
            return verdicts.get(word, False)

        return is_near


def _distinct(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases, each once, whatever its case."""
    found: dict[str, str] = {}
    for phrase in phrases:
        found.setdefault(phrase.casefold(), phrase)
    return tuple(found.values())


def _quoted(phrases: tuple[str, ...]) -> str:
    more = f" and {len(phrases) - MAX_QUOTED_PHRASES} more" if len(phrases) > MAX_QUOTED_PHRASES else ""
    return ", ".join(map(_shortened, phrases[:MAX_QUOTED_PHRASES])) + more


def _shortened(phrase: str) -> str:
    return phrase if len(phrase) <= MAX_QUOTED_LENGTH else f"{phrase[: MAX_QUOTED_LENGTH - 1]}…"
