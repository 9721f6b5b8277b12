"""Which prompts and counts are taken, and that refusals say what to do."""

import numpy as np
import pytest

from painting.errors import InvalidRequest
from painting.paint.validation import check_count, check_prompt, check_steps


def test_a_prompt_is_cleaned_and_says_whether_its_end_was_cut_off() -> None:
    assert check_prompt(" a\tred\x1b rose\u200b") == ("a red rose", False)
    assert check_prompt("rose " * 2000) == (("rose " * 400).strip(), True)


@pytest.mark.parametrize("prompt", ["", " ", "\t\n", "\u00a0\u2003", "\u200f \u200e", "\x00", "\u200b\u200d", "\ud800"])
def test_a_prompt_of_which_nothing_is_left_is_refused_with_an_example(prompt: str) -> None:
    with pytest.raises(InvalidRequest, match="empty: say what to paint, for example 'a red rose'"):
        check_prompt(prompt)


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
