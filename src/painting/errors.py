"""Errors that are shown to the user: one sentence, an exit code for the shell, a status for HTTP."""


class PaintingError(Exception):
    """What went wrong, in one line that says which value and what to do about it."""

    exit_code = 2
    http_status = 400


class InvalidRequest(PaintingError):
    """A prompt, count, seed or name that cannot be painted."""


class PainterFileError(PaintingError):
    """A painter file that is missing, damaged, foreign or not to be trusted."""

    http_status = 500


class TextEncoderError(PaintingError):
    """A text encoder that is missing, damaged or not the one that a painter was trained with."""

    http_status = 500


class DataError(PaintingError):
    """Captioned pictures that cannot be used."""


class TrainingError(PaintingError):
    """A training run that cannot start or go on."""

    exit_code = 1


class MissingExtra(PaintingError):
    """Something that the default install does not bring."""

    def __init__(self, purpose: str, extra: str = "train") -> None:
        name = {"train": "training"}.get(extra, extra)
        super().__init__(f"{purpose} needs the {name} extra: pip install 'painting[{extra}]'")
