"""Errors that are shown to the user: one sentence, an exit code for the shell, a status for HTTP."""

MAX_PATH_LENGTH = 100  # characters in an error
INTERRUPTED_EXIT_CODE = 130  # 128 + SIGINT, as shells have it


def quoted_path(path: object) -> str:
    """Quote a path, or a name that may be one, in an error: as `repr` does, without doubling Windows' backslashes."""
    return repr(str(path)[:MAX_PATH_LENGTH]).replace("\\\\", "\\")


def error_reason(error: Exception) -> str:
    """What went wrong, without the number and the path, with doubled backslashes, that an OSError says too."""
    return getattr(error, "strerror", None) or str(error)


class PaintingError(Exception):
    """Base of the errors shown to users: one line with the value that is wrong and what to do about it."""

    exit_code = 2
    http_status = 400


class InvalidRequest(PaintingError):
    """An invalid prompt, count, seed or name of a painter; `field`: the name of the wrong value, if it has one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class PainterFileError(PaintingError):
    """A painter file that is missing, damaged, of another format or unsafe."""

    http_status = 500


class TextEncoderError(PaintingError):
    """A text encoder that is missing, damaged or other than the one that a painter was trained with."""

    http_status = 500


class DataError(PaintingError):
    """A dataset that is missing, damaged or unusable, or a cache that cannot be written."""


class TrainingError(PaintingError):
    """A training run that cannot start or resume."""

    exit_code = 1
