"""Each error has its exit code for the shell and its status for HTTP, and says what to do."""

from pathlib import Path

import pytest

from painting import errors
from painting.errors import PaintingError, error_reason, quoted_path

ERRORS = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, PaintingError)]


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        (Path("roses"), "'roses'"),
        (r"C:\new\a 'rose'", "\"C:\\new\\a 'rose'\""),
        ("a\nb", r"'a\nb'"),
        ("x" * 500, f"'{'x' * 100}'"),
    ],
)
def test_a_path_in_an_error_is_one_line_with_its_own_backslashes(path: object, quoted: str) -> None:
    assert quoted_path(path) == quoted


def test_a_reason_repeats_no_path() -> None:
    assert error_reason(FileNotFoundError(2, "No such file", r"C:\new")) == "No such file"
    assert error_reason(ValueError("no number")) == "no number"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_errors_are_the_user_s_but_for_broken_files_and_failed_runs(error: type[PaintingError]) -> None:
    broken_files = {"PainterFileError", "TextEncoderError"}
    assert error.http_status == (500 if error.__name__ in broken_files else 400)
    assert error.exit_code == (1 if error.__name__ == "TrainingError" else 2)
