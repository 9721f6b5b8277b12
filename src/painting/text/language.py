"""Language of a text: whether it is English, which is what the text encoders were trained on."""

import unicodedata
from functools import lru_cache

from painting.text.words import words_in

# Frequent words of languages in Latin letters that are no English words.
FOREIGN_WORDS = frozenset(
    "ein eine einem einen einer eines der das dem und mit auf ist im vor über des "  # German
    "une un le la les et avec dans sur du aux est cette "  # French
    "una uno el los las del en y sobre "  # Spanish
    "um uma em com das "  # Portuguese
    "il lo gli della dello nel sul di "  # Italian
    "een het "  # Dutch
    "och med ett på og "  # Scandinavian
    "ze nad jest".split()  # Polish
)
ENGLISH_WORDS = frozenset("a an the of with and this that is are has".split())


def is_english(text: str) -> bool:
    """Whether a text may be English: no letter of another script, and no other language's commonest words.

    A text that has English ones too may borrow the others: "a rose de la reine". Texts without such words pass.
    """
    if not all(_is_latin(letter) for letter in text if letter.isalpha()):
        return False
    words = {word.text for word in words_in(text)}
    return not words & FOREIGN_WORDS or bool(words & ENGLISH_WORDS)


@lru_cache(4096)
def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")
