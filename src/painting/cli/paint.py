"""`painting paint`: pictures of a prompt, as PNG files."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import InvalidRequest, PaintingError

if TYPE_CHECKING:
    from painting.paint.paint_request import Paintings

MAX_SLUG_LENGTH = 60  # characters
MAX_SLUG_BYTES = 120  # a file name has 255 bytes at most, on some file systems 143


def paint(
    prompt: Annotated[str | None, typer.Argument(help="The prompt; omitted for a painter that takes none.")] = None,
    count: Annotated[int, typer.Option("--count", "-n", help="Number of pictures, 1 to 64.")] = 5,
    seed: Annotated[
        int | None, typer.Option("--seed", "-s", help="Seed of the first picture, 0 to 4294967295; random if omitted.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")] = Path("."),
    painter: Annotated[str | None, typer.Option("--painter", "-p", help="Name or file of a painter.")] = None,
    truncation: Annotated[
        float, typer.Option(help="Scale of the latents, 0.1 to 1; below 1, pictures are more typical and more alike.")
    ] = 1.0,
    strength: Annotated[
        float, typer.Option(help="How closely to follow the prompt, 0 to 1.5, if the painter supports it.")
    ] = 1.0,
    subseed: Annotated[
        int | None,
        typer.Option(help="Seed of another picture, to vary towards; picture i has subseed + i. Random if omitted."),
    ] = None,
    subseed_strength: Annotated[
        float | None,
        typer.Option(help="Variation, 0 to 1: above 0, all pictures have one seed; 1 is the subseed's own picture."),
    ] = None,
) -> None:
    """Paint pictures of a prompt as PNG files whose metadata states prompt, seed and painter."""
    import painting

    if subseed is not None and subseed_strength is None:
        raise InvalidRequest("--subseed has no effect without --subseed-strength: add, for example, 0.2")
    variation = None if subseed_strength is None else painting.Variation(subseed_strength, subseed)
    paintings = painting.load(painter).paint(prompt, count, seed, truncation, variation, strength)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for index in range(len(paintings)):
            typer.echo(write_picture(out, paintings, index))
    except OSError as problem:
        raise PaintingError(f"cannot write pictures to {out}: {problem.strerror or problem}") from problem


def write_picture(folder: Path, paintings: "Paintings", index: int) -> Path:
    """Write one picture to a file named by prompt, seed and subseed, and return its path; raises OSError.

    A file of the same origin is overwritten; a file of another one stays, and a number is added to the name.
    """
    from painting.atomic_file import write_atomic

    text = paintings.text(index)
    stem = _stem(paintings, index)
    path = folder / f"{stem}.png"
    number = 1
    while path.exists() and not _has_text(path, text):
        number += 1
        path = folder / f"{stem}-{number}.png"
    write_atomic(path, paintings.png(index))
    return path


def slug(prompt: str) -> str:
    """A prompt as a part of a file name: its letters and digits of any script, in lower case, with dashes between."""
    words = "-".join(re.findall(r"[^\W_]+", prompt.lower()))[:MAX_SLUG_LENGTH]
    return words.encode()[:MAX_SLUG_BYTES].decode(errors="ignore").rstrip("-")


def _stem(paintings: "Paintings", index: int) -> str:
    """A picture's file name without suffix; an empty slug, of a prompt without letters, is left out."""
    numbers = [paintings.seeds[index], *paintings.subseeds[index : index + 1]]
    parts = [slug(paintings.prompt or paintings.painter), *map(str, numbers)]
    return "-".join(filter(None, parts))


def _has_text(path: Path, text: dict[str, str]) -> bool:
    """Whether a file is a PNG with these text chunks."""
    from painting.images import read_png_text

    try:
        return read_png_text(path.read_bytes()) == text
    except PaintingError:
        return False
