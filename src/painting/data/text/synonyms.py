"""Synonym replacement of colours in captions (Wei & Zou 2019), so that a scarlet rose is known too.

A text encoder is little help: MiniLM puts a crimson rose as near to purple roses as to red ones.
"""

from __future__ import annotations

import re

_SYNONYM_LISTS = {
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
COLOR_SYNONYMS = {colour: tuple(words.split(", ")) for colour, words in _SYNONYM_LISTS.items()}
MAX_WORDINGS = 4
"""Rewordings of a caption; the captions of a set together have all synonyms."""
_COLOR_PATTERN = re.compile(rf"(?<![\w-])(?:(an?) )?({'|'.join(COLOR_SYNONYMS)})(?![\w-])", re.IGNORECASE)


def wordings(caption: str, index: int) -> tuple[str, ...]:
    """Rewordings of a caption with synonyms for all its colours; none where it names no colour.

    `index` is the caption's among others: each begins at another synonym.
    """
    if not _COLOR_PATTERN.search(caption):
        return ()
    return tuple(_with_synonyms(caption, MAX_WORDINGS * index + turn) for turn in range(MAX_WORDINGS))


def _with_synonyms(caption: str, turn: int) -> str:
    def synonym(named: re.Match[str]) -> str:
        words = COLOR_SYNONYMS[named[2].lower()]
        word = words[turn % len(words)]
        article = f"{'an' if word[0] in 'aeiou' else 'a'} " if named[1] else ""
        return article + word

    return _COLOR_PATTERN.sub(synonym, caption)
