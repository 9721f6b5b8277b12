"""Sizes are read strictly and kept within a budget."""

import pytest

from painting.errors import InvalidRequest
from painting.serving.engine.encoding import check_pixels, parse_size


@pytest.mark.parametrize(("text", "size"), [(None, None), ("auto", None), ("64x32", (64, 32)), ("1024x16", (1024, 16))])
def test_a_size_is_two_sides_or_the_painters(text: str | None, size: tuple[int, int] | None) -> None:
    assert parse_size(text, 1024) == size


@pytest.mark.parametrize(
    "text", ["", "64", "64x", "x64", "64x64x64", "-64x64", "²x64", "15x64", "64x1025", "99999999x1", "64X64"]
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_size(text, 1024)


def test_pictures_are_bounded_together() -> None:
    check_pixels(None, 64)
    check_pixels((1024, 1024), 16)
    with pytest.raises(InvalidRequest, match="17 pictures of 1024x1024 px"):
        check_pixels((1024, 1024), 17)
