import math

import pytest

from painting.evaluation.report.formatting import large, share, told


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.94312, "0.943"), (8.7538, "8.75"), (61.5, "61.5"), (1204.4, "1,204"), (-3.14159, "-3.14"), (0, "0.000")],
)
def test_numbers_have_three_digits_that_say_something(value: float, text: str) -> None:
    assert told(value) == text


def test_what_is_no_number_is_none() -> None:
    assert told(math.nan) == told(math.inf) == "none"


def test_shares_and_large_numbers_are_told_in_words() -> None:
    assert (share(0.625), large(7_934_797), large(1500), large(2.5e9)) == (
        "62%",
        "7.93 million",
        "1,500",
        "2.5 billion",
    )
