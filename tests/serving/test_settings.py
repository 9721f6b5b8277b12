"""Settings come from the environment, each by its name."""

import pytest

from painting.errors import InvalidRequest
from painting.serving.settings import Settings


def test_an_empty_environment_leaves_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_each_variable_sets_its_field() -> None:
    variables = {"PAINTING_MOST_WAITING": "3", "PAINTING_CORS_ORIGIN": "", "PAINTING_PAINTER": "shapes"}
    assert Settings.from_environment(variables) == Settings(most_waiting=3, cors_origin="", painter="shapes")


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "1.5", "²", "9" * 20, "9" * 5000], ids=lambda text: text[:5])
def test_a_limit_that_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidRequest, match="PAINTING_MOST_WAITING must be a whole number of at least 1"):
        Settings.from_environment({"PAINTING_MOST_WAITING": text})
