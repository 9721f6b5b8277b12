"""The text encoder of a painter: the very one that it was trained with."""

from typing import TYPE_CHECKING

from painting.errors import PainterFileError
from painting.files.manifest import PainterManifest

if TYPE_CHECKING:
    from painting.text.encoder import TextEncoder


def matching_encoder(manifest: PainterManifest, given: "TextEncoder | None") -> "TextEncoder":
    """The text encoder that a painter names, loaded unless it is given.

    Raises PainterFileError, which says how to get it, also for another version or width; and TextEncoderError.
    """
    from painting.text.catalog import how_to_get, is_installed
    from painting.text.encoder import TextEncoder

    encoder_id = str(manifest.text_encoder_id)
    if given is None and not is_installed(encoder_id):
        raise PainterFileError(
            f"it needs the text encoder '{encoder_id}', which is not installed: load it and pass it as "
            f"`text_encoder`, or {how_to_get(encoder_id)}"
        )
    encoder = given or TextEncoder.load(encoder_id)
    if encoder.sha256 != manifest.text_encoder_sha256:
        raise PainterFileError(
            f"it was trained with another version of the text encoder '{encoder_id}' (SHA-256 differs)"
        )
    if encoder.width != manifest.text_width:
        raise PainterFileError(f"it needs text vectors of width {manifest.text_width}, not {encoder.width}")
    return encoder
