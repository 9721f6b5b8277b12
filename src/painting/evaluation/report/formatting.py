"""Numbers formatted for people."""

import math


def format_number(value: float) -> str:
    """Three significant digits, and thousands separated: 0.943, 8.75, 12.3, 1,204."""
    if not math.isfinite(value):
        return "none"
    for below, digits in ((1, 3), (10, 2), (100, 1)):
        if abs(value) < below:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"


def format_percent(share: float) -> str:
    """A share 0 … 1 in percent."""
    return f"{100 * share:.0f}%"


def format_large_number(value: float) -> str:
    """A count with its magnitude in words: 7.93 million."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:,.0f}"
