"""The text encoder of a run that goes on or is exported: the very one that it began with, wherever it lies now."""

from painting.errors import TextEncoderError, TrainingError
from painting.text.encoder import TextEncoder
from painting.training.run.folder import About


def encoder_of_run(about: About, moved_to: str | None = None) -> TextEncoder | None:
    """Load a run's text encoder from where it was, or from the name or path it has moved to; None where it reads none.

    Raises TrainingError where it is not there, or another one than the run began with.
    """
    wanted = about.data.text_encoder_sha256
    if wanted is None:
        if moved_to is not None:
            raise TrainingError(f"The model {about.preset.model} takes no text: leave out --text-encoder {moved_to}.")
        return None
    encoder = _load(str(about.preset.data.text_encoder), moved_to)
    if encoder.sha256 != wanted:
        raise TrainingError(
            f"The text encoder {moved_to or about.preset.data.text_encoder} is not the one that the run began with, "
            f"{about.data.text_encoder_id}: its SHA-256 is {encoder.sha256}, and the run's {wanted}. "
            "Say where the run's own is with --text-encoder, or start a new run."
        )
    return encoder


def _load(recorded: str, moved_to: str | None) -> TextEncoder:
    if moved_to is not None:
        return TextEncoder.load(moved_to)
    try:
        return TextEncoder.load(recorded)
    except TextEncoderError as error:
        raise TrainingError(
            f"The run's text encoder cannot be had: {error}. If it has moved, say where to with --text-encoder."
        ) from error
