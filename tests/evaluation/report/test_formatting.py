import math

import pytest

from painting.evaluation.report.formatting import format_large_number, format_number, format_percent


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.94312, "0.943"), (8.7538, "8.75"), (61.5, "61.5"), (1204.4, "1,204"), (-3.14159, "-3.14"), (0, "0.000")],
)
def test_numbers_have_three_significant_digits(value: float, text: str) -> None:
    assert format_number(value) == text


def test_what_is_no_number_is_none() -> None:
    assert format_number(math.nan) == format_number(math.inf) == "none"


def test_shares_are_percents_and_large_numbers_have_words() -> None:
    assert (
        format_percent(0.625),
        format_large_number(7_934_797),
        format_large_number(1500),
        format_large_number(2.5e9),
    ) == (
        "62%",
        "7.93 million",
        "1,500",
        "2.5 billion",
    )
