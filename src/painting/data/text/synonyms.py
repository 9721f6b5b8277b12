"""Other words for the colours that captions name, for people ask for a scarlet rose too.

A text encoder is little help: MiniLM puts a crimson rose as near to purple roses as to red ones. So some of the
time a caption's colours are said in other words (synonym replacement, Wei & Zou 2019).
"""

from __future__ import annotations

import re

_WORDS = {
    "red": "scarlet, crimson, ruby, ruby-red, cherry-red, blood-red, "
    "vermilion, burgundy, maroon, wine-red, dark red, bright red",
    "pink": "fuchsia, magenta, rosy, blush-pink, salmon-pink, coral-pink, "
    "light pink, hot pink, pale pink, rose-pink, pinkish",
    "orange": "tangerine, apricot, amber, peach, pumpkin-orange, copper-orange, "
    "fiery orange, bright orange, deep orange",
    "yellow": "golden, gold, lemon, lemon-yellow, canary-yellow, daffodil-yellow, buttery, sunny, "
    "pale yellow, bright yellow",
    "white": "snowy, snow-white, ivory, milky, creamy, cream-white, pearl-white, pure white, whitish",
    "purple": "violet, lilac, lavender, mauve, plum, amethyst, deep purple, pale purple, purplish",
    "blue": "azure, sapphire, navy, cobalt, sky-blue, indigo, cornflower-blue, deep blue, pale blue, bluish",
    "green": "emerald, lime-green, olive, leaf-green, grassy, dark green, pale green",
    "brown": "chestnut, chocolate-brown, tan, hazel, dark brown, pale brown",
    "black": "jet-black, ebony, pitch-black, inky",
    "grey": "ash-grey, silvery, slate-grey, smoky",
    "gray": "ash-gray, silvery, slate-gray, smoky",
}
SYNONYMS = {colour: tuple(words.split(", ")) for colour, words in _WORDS.items()}
AT_MOST = 4
"""How many other wordings a caption has: a set's captions together have all words."""
_NAMED = re.compile(rf"(?<![\w-])(?:(an?) )?({'|'.join(SYNONYMS)})(?![\w-])", re.IGNORECASE)


def wordings(caption: str, place: int) -> tuple[str, ...]:
    """The caption with other words for all its colours, up to four times; none where it names no colour.

    `place` is the caption's among others: each begins at another word.
    """
    if not _NAMED.search(caption):
        return ()
    return tuple(_with_others(caption, AT_MOST * place + turn) for turn in range(AT_MOST))


def _with_others(caption: str, turn: int) -> str:
    def other(named: re.Match[str]) -> str:
        words = SYNONYMS[named[2].lower()]
        word = words[turn % len(words)]
        article = f"{'an' if word[0] in 'aeiou' else 'a'} " if named[1] else ""
        return article + word

    return _NAMED.sub(other, caption)
