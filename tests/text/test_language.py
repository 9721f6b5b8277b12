"""Other scripts, and other languages' commonest words, are distinguished from English; borrowed words are not."""

import pytest

from painting.text.language import is_english


@pytest.mark.parametrize(
    "text",
    ["красная роза", "红色的玫瑰", "赤いバラ", "وردة حمراء", "a роза", "ένα τριαντάφυλλο",
     "eine rote Rose", "ein Haus im Schnee",
     "une rose rouge", "una rosa roja", "um tulipa vermelha", "een rode roos", "en röd ros och gräs"],
)  # fmt: skip
def test_another_language_is_noticed(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    ["a red rose", "café rose", "a rose de la reine", "rose 🌹, 3 tulips!", "two roses", "qwzx", "", "naïve fiancée"],
)
def test_english_passes_with_what_it_borrows(text: str) -> None:
    assert is_english(text)
