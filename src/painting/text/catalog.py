"""Lookup of text encoders by name: the bundled ones, then those in the user's folder."""

import os
from pathlib import Path

from painting.errors import TextEncoderError, quoted_path
from painting.text.encoder_file import DESCRIPTION_FILE

BUNDLED_FOLDER = Path(__file__).parent / "encoders"
FOLDER_ENV_VARIABLE = "PAINTING_TEXT_ENCODERS"
HUB_MODELS = {"clip-vit-b32": "openai/clip-vit-base-patch32"}
"""Text encoders that `painting text-encoder export` makes: id → the model's name on Hugging Face's hub."""


def user_folder() -> Path:
    """The user's folder of text encoders: `$PAINTING_TEXT_ENCODERS`, else `~/.local/share/painting/text_encoders`.

    Raises TextEncoderError where neither is known.
    """
    chosen = os.environ.get(FOLDER_ENV_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        return Path.home() / ".local" / "share" / "painting" / "text_encoders"
    except RuntimeError as error:
        raise TextEncoderError(
            f"you have no home folder to keep text encoders in: set {FOLDER_ENV_VARIABLE} to a folder"
        ) from error


def bundled_names() -> list[str]:
    """The names of the bundled text encoders."""
    return _names_in(BUNDLED_FOLDER)


def user_names() -> list[str]:
    """The names of the text encoders in the user's folder, without those that a bundled one hides."""
    try:
        found = _names_in(user_folder())
    except TextEncoderError:
        return []
    return [name for name in found if name not in bundled_names()]


def names() -> list[str]:
    """The names of all installed text encoders, the bundled ones first."""
    return [*bundled_names(), *user_names()]


def is_installed(name: str) -> bool:
    """Whether a text encoder can be loaded by this name alone."""
    return name in names()


def find(name_or_path: str | Path) -> Path:
    """The folder or zip file of a text encoder, by its name or path; raises TextEncoderError.

    A name wins over a file of the same name in the working directory: write ./NAME for that one.
    """
    name = str(name_or_path)
    if name in bundled_names():
        return BUNDLED_FOLDER / name
    if name in user_names():
        return user_folder() / name
    path = Path(name_or_path)
    try:
        if path.exists():
            return path
    except (OSError, ValueError):  # a name too long for a path, or with a NUL
        pass
    raise TextEncoderError(
        f"there is no text encoder {quoted_path(name)}: give a folder, a zip file or one of {', '.join(names())}"
        + (f"; {how_to_get(name)}" if name in HUB_MODELS else "")
    )


def how_to_get(name: str) -> str:
    """How to install a text encoder, as the end of a sentence."""
    if name in HUB_MODELS:
        return f"make it with: painting text-encoder export {HUB_MODELS[name]}"
    return f"put its folder, named {name}, into {user_folder()}; painting text-encoder export makes such folders"


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if _is_encoder(path))
    except OSError:  # missing, or not readable
        return []


def _is_encoder(path: Path) -> bool:
    return not path.name.startswith(".") and (path / DESCRIPTION_FILE).is_file()
