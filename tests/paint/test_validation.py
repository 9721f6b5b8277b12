"""Which prompts and counts are taken, how prompts are folded, and that refusals say what to do."""

import numpy as np
import pytest

from painting.errors import InvalidRequest
from painting.paint.validation import check_count, check_prompt, check_steps


@pytest.mark.parametrize(
    ("prompt", "folded"),
    [
        ("a red rose", "a red rose"),
        ("  a\tred \r\n\n rose\x0b", "a red rose"),
        ("a\u00a0red\u3000rose\u2028", "a red rose"),
        ("وردة حمراء", "وردة حمراء"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200fوردة\u200f \u200eحمراء", "وردة حمراء"),
        ("\u200f ורד\u200e", "ורד"),
        ("\u200e" * 500 + "a rose", "a rose"),
        ("👩\u200d🌾 in a field", "👩\u200d🌾 in a field"),
        ("🌹", "🌹"),  # whether a painter knows a word of it is the painter's to say
        ("a" * 500, "a" * 500),
        (" " * 600 + "a rose", "a rose"),
    ],
)
def test_white_space_folds_and_all_scripts_stay(prompt: str, folded: str) -> None:
    assert check_prompt(prompt) == folded


@pytest.mark.parametrize("prompt", ["", " ", "\t\n", "\u00a0\u2003", "\u200f \u200e"])
def test_blank_prompts_are_refused_with_an_example(prompt: str) -> None:
    with pytest.raises(InvalidRequest, match="empty: say what to paint, for example 'a red rose'"):
        check_prompt(prompt)


@pytest.mark.parametrize("length", [501, 10_000, 1_000_000])
def test_long_prompts_are_refused_with_both_lengths(length: int) -> None:
    with pytest.raises(InvalidRequest, match=f"has {length} characters; 500 are the most"):
        check_prompt("a" * length)


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x1c", "\x7f", "\x9b", "\u202e", "\u200b", "\ufeff", "\udc80"]
)
def test_hidden_characters_are_refused_by_their_number(character: str) -> None:
    with pytest.raises(InvalidRequest, match=f"U\\+{ord(character):04X}") as caught:
        check_prompt(f"a {character} rose")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("prompt", [None, 7, b"a rose", ["a rose"], True])
def test_what_is_no_text_is_refused(prompt: object) -> None:
    with pytest.raises(InvalidRequest, match="must be a text"):
        check_prompt(prompt)


@pytest.mark.parametrize("count", [1, 64, np.int64(5)])
def test_whole_numbers_from_1_to_64_are_counts(count: object) -> None:
    assert check_count(count) == count


@pytest.mark.parametrize("count", [0, -1, 65, 1000, 10**400, "x", "5", True, False, 1.0, None, float("nan")], ids=repr)
def test_other_counts_are_refused(count: object) -> None:
    with pytest.raises(InvalidRequest, match="whole number from 1 to 64") as caught:
        check_count(count)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("steps", [2, 240, np.int64(60)])
def test_whole_numbers_from_2_to_240_are_numbers_of_steps(steps: object) -> None:
    assert check_steps(steps) == steps


@pytest.mark.parametrize("steps", [1, 241, 60.0, True, None, "60"], ids=repr)
def test_other_numbers_of_steps_are_refused(steps: object) -> None:
    with pytest.raises(InvalidRequest, match="number of steps must be a whole number from 2 to 240"):
        check_steps(steps)
