"""Known captions of a run: what its painter will know, saved when the run starts and written into its painter file."""

import binascii
from base64 import b64decode, b64encode
from pathlib import Path

from painting.data.picture_set import CaptionedSet, CaptionEncoder, PictureSet
from painting.data.text.vocabulary import known_captions
from painting.errors import PainterFileError, TrainingError, error_reason
from painting.files.known_captions import KnownCaptions
from painting.files.sealed_json import DamagedJson, read_sealed, write_sealed

KNOWN_CAPTIONS_FILE = "known_captions.json"


def save_known_captions(run: Path, pictures: PictureSet, encoder: CaptionEncoder | None) -> None:
    """Write what the captions of a picture set say into a run's folder, unless it is there or they have none.

    Raises TrainingError where it cannot be written.
    """
    path = run / KNOWN_CAPTIONS_FILE
    if encoder is None or not isinstance(pictures, CaptionedSet) or path.exists():
        return
    known = known_captions(pictures.captions, pictures.caption_vectors, encoder)
    encoded = {name: b64encode(content).decode("ascii") for name, content in known.members().items()}
    try:
        write_sealed(path, encoded)
    except OSError as error:
        raise TrainingError(f"{path} cannot be written: {error.strerror or error}.") from error


def load_known_captions(run: Path, text_width: int) -> KnownCaptions | None:
    """Read what `save_known_captions` wrote, None where it wrote nothing; raises TrainingError for a damaged file."""
    path = run / KNOWN_CAPTIONS_FILE
    if not path.exists():
        return None
    try:
        members = {name: b64decode(content) for name, content in read_sealed(path).items()}
        return KnownCaptions.from_members(members, text_width)
    except (OSError, DamagedJson, PainterFileError, KeyError, TypeError, binascii.Error) as error:
        raise TrainingError(
            f"{path} is damaged ({error_reason(error)}): restore it, or remove it to export a painter that cannot say "
            "which prompts are unfamiliar."
        ) from error
