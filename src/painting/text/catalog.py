"""Text encoders by name: the ones that come with the package, then those in the user's own folder."""

import os
from pathlib import Path

from painting.errors import TextEncoderError
from painting.text.encoder_file import DESCRIPTION

BUNDLED = Path(__file__).parent / "encoders"
FOLDER_VARIABLE = "PAINTING_TEXT_ENCODERS"
SOURCES = {"clip-vit-b32": "openai/clip-vit-base-patch32"}
"""Where a text encoder that is not bundled is made from: its id → the model's name on Hugging Face's hub."""


def user_folder() -> Path:
    """Where text encoders of the user's are: `$PAINTING_TEXT_ENCODERS`, else `~/.local/share/painting/text_encoders`.

    Raises TextEncoderError where neither is known.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        return Path.home() / ".local" / "share" / "painting" / "text_encoders"
    except RuntimeError as error:
        raise TextEncoderError(
            f"you have no home folder to keep text encoders in: set {FOLDER_VARIABLE} to a folder"
        ) from error


def bundled_names() -> list[str]:
    """The names of the text encoders that come with the package."""
    return _names_in(BUNDLED)


def user_names() -> list[str]:
    """The names of the text encoders in the user's folder, but for those that a bundled one goes before."""
    try:
        found = _names_in(user_folder())
    except TextEncoderError:
        return []
    return [name for name in found if name not in bundled_names()]


def names() -> list[str]:
    """The names of all text encoders that are here."""
    return [*bundled_names(), *user_names()]


def is_here(name: str) -> bool:
    """Whether a text encoder can be loaded by this name alone."""
    return name in names()


def find(name_or_path: str | Path) -> Path:
    """The folder or zip file of a text encoder, by its name or path; raises TextEncoderError.

    A name wins over a file of the same name in the working directory: write ./NAME for that one.
    """
    name = str(name_or_path)
    if name in bundled_names():
        return BUNDLED / name
    if name in user_names():
        return user_folder() / name
    path = Path(name_or_path)
    try:
        if path.exists():
            return path
    except (OSError, ValueError):  # a name too long for a path, or with a NUL
        pass
    raise TextEncoderError(
        f"there is no text encoder {name[:100]!r}: give a folder, a zip file or one of {', '.join(names())}"
        + (f"; {how_to_get(name)}" if name in SOURCES else "")
    )


def how_to_get(name: str) -> str:
    """What to do for a text encoder that is not here, as the end of a sentence."""
    if name in SOURCES:
        return f"make it with: painting text-encoder export {SOURCES[name]}"
    return f"put its folder, named {name}, into {user_folder()}; painting text-encoder export makes such folders"


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if _is_one(path))
    except OSError:  # not there, or not ours to read
        return []


def _is_one(path: Path) -> bool:
    return not path.name.startswith(".") and (path / DESCRIPTION).is_file()
