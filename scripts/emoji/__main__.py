"""Build a folder of captioned emoji, in four styles and two partitions, from pinned npm packages.

    pip install resvg_py           # renders SVG; it is in the extra dev
    python -m scripts.emoji emoji  # some minutes; npm fetches 28 MB, and keeps them in its cache

Writes emoji/train and emoji/test, each with metadata.jsonl, and emoji/LICENSE.md with the credits.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.emoji.dataset import Picture, pictures_of, split
from scripts.emoji.names import NAMES_PACKAGE, read_emoji
from scripts.emoji.packages import fetch, npm_command
from scripts.emoji.styles import STYLES, check_renderer

from painting.atomic_file import rename
from painting.errors import DataError, PaintingError, error_reason, quoted_path


def build(folder: Path, npm: Sequence[str]) -> None:
    """Build the folder, whole or not at all; raises DataError where it exists or cannot be written."""
    if folder.exists():
        raise DataError(f"{quoted_path(folder)} exists already: name another folder, or remove it.")
    parent = folder.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=parent) as beside:
            unfinished = Path(beside) / folder.name
            write(unfinished, split(draw_all(npm)))
            rename(unfinished, folder)
    except OSError as error:
        raise DataError(f"{quoted_path(folder)} cannot be written: {error_reason(error)}.") from error


def draw_all(npm: Sequence[str]) -> list[Picture]:
    """The pictures of all styles, from packages that npm fetches."""
    emoji = read_emoji(fetch(NAMES_PACKAGE, npm))
    pictures: list[Picture] = []
    for style in STYLES:
        drawn = list(pictures_of(style, style.read(fetch(style.package, npm)), emoji))
        say(f"{style.name}: {len(drawn)} pictures of {style.package.id}")
        pictures += drawn
    return pictures


def write(folder: Path, partitions: Mapping[str, Sequence[Picture]]) -> None:
    """Write partitions and credits; raises OSError."""
    for name, pictures in partitions.items():
        (folder / name).mkdir(parents=True)
        for picture in pictures:
            (folder / name / picture.file_name).write_bytes(picture.content)
        lines = [json.dumps(picture.metadata(), ensure_ascii=False) + "\n" for picture in pictures]
        (folder / name / "metadata.jsonl").write_bytes("".join(lines).encode())
        say(f"{name}: {len(pictures)} pictures")
    (folder / "LICENSE.md").write_bytes(credits_text().encode())


def credits_text() -> str:
    """Whose the pictures and names are, and under which licences."""
    lines = [f"- Style {style.name}: {style.credit}; from npm's {style.package.id}." for style in STYLES]
    names = f"- Names, groups and keywords: emojibase, Miles Johnson, MIT; from npm's {NAMES_PACKAGE.id}."
    changed = "The pictures were scaled to 128×128 px and saved as WebP."
    return "\n".join(["# Licences of these emoji", "", *lines, names, "", changed, ""])


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="to write, which must not exist yet")
    options = parser.parse_args()
    try:
        check_renderer()
        build(options.folder, npm_command())
    except PaintingError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
