"""The text encoder of a run that is resumed or exported: the one that it started with, wherever it is now."""

from painting.errors import TextEncoderError, TrainingError
from painting.text.encoder import TextEncoder
from painting.training.run.folder import RunInfo


def encoder_of_run(info: RunInfo, moved_to: str | None = None) -> TextEncoder | None:
    """Load a run's text encoder from its recorded place, or from `moved_to` (a name or path); None without captions.

    Raises TrainingError where it is missing, or another one than the run started with.
    """
    wanted = info.dataset.text_encoder_sha256
    if wanted is None:
        if moved_to is not None:
            raise TrainingError(f"The model {info.preset.model} takes no text: leave out --text-encoder {moved_to}.")
        return None
    encoder = _load(str(info.preset.data.text_encoder), moved_to)
    if encoder.sha256 != wanted:
        raise TrainingError(
            f"The text encoder {moved_to or info.preset.data.text_encoder} is not the run's "
            f"{info.dataset.text_encoder_id}: its SHA-256 is {encoder.sha256}, and the run's {wanted}. "
            "Give the path of the run's own with --text-encoder, or start a new run."
        )
    return encoder


def _load(recorded: str, moved_to: str | None) -> TextEncoder:
    if moved_to is not None:
        return TextEncoder.load(moved_to)
    try:
        return TextEncoder.load(recorded)
    except TextEncoderError as error:
        raise TrainingError(
            f"The run's text encoder cannot be loaded: {error}. If it has moved, give its path with --text-encoder."
        ) from error
