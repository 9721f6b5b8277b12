"""Each error has its exit code for the shell and its status for HTTP, and says what to do."""

import pytest

from painting import errors
from painting.errors import PaintingError

ERRORS = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, PaintingError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_errors_are_the_user_s_but_for_broken_files_and_failed_runs(error: type[PaintingError]) -> None:
    broken_files = {"PainterFileError", "TextEncoderError"}
    assert error.http_status == (500 if error.__name__ in broken_files else 400)
    assert error.exit_code == (1 if error.__name__ == "TrainingError" else 2)
