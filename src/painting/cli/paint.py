"""`painting paint`: pictures of a prompt, as PNG files."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import InvalidRequest, PaintingError

if TYPE_CHECKING:
    from painting.paint_request import Paintings

LONGEST_SLUG, MOST_SLUG_BYTES = 60, 120  # a file name has 255 bytes at most, on some file systems 143


def paint(
    prompt: Annotated[str | None, typer.Argument(help="What to paint; left out for a painter without text.")] = None,
    count: Annotated[int, typer.Option("--count", "-n", help="How many pictures, 1 to 64.")] = 5,
    seed: Annotated[int | None, typer.Option("--seed", "-s", help="The first picture's seed, 0 to 4294967295.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write to.")] = Path("."),
    painter: Annotated[str | None, typer.Option("--painter", "-p", help="A painter's name or file.")] = None,
    truncation: Annotated[
        float, typer.Option(help="0.1 to 1; below 1, pictures are more typical and more alike.")
    ] = 1.0,
    strength: Annotated[
        float, typer.Option(help="0 to 1.5: how closely the prompt is followed, if the painter can be told.")
    ] = 1.0,
    subseed: Annotated[int | None, typer.Option(help="Seed of another picture, to which pictures are near.")] = None,
    subseed_strength: Annotated[
        float | None,
        typer.Option(help="How near, 0 to 1: all pictures have the one seed, and subseeds one after another."),
    ] = None,
) -> None:
    """Paint pictures of a prompt and write them as PNG files that say prompt, seed and painter."""
    import painting

    if subseed is not None and subseed_strength is None:
        raise InvalidRequest("a subseed alone changes nothing: say how near by --subseed-strength, for example 0.2")
    variation = None if subseed_strength is None else painting.Variation(subseed_strength, subseed)
    paintings = painting.load(painter).paint(prompt, count, seed, truncation, variation, strength)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for index in range(len(paintings)):
            typer.echo(write_picture(out, paintings, index))
    except OSError as problem:
        raise PaintingError(f"cannot write pictures to {out}: {problem.strerror or problem}") from problem


def write_picture(folder: Path, paintings: "Paintings", index: int) -> Path:
    """Write one picture, named by prompt, seed and subseed, and return its path; raises OSError.

    The same picture is written over itself; a file that holds another one stays, and a number is added to the name.
    """
    from painting.atomic_file import write_atomic

    numbers = paintings.seeds[index], *paintings.subseeds[index : index + 1]
    stem = "-".join(filter(None, [slug(paintings.prompt or paintings.painter), *map(str, numbers)]))
    text = paintings.text(index)
    path, number = folder / f"{stem}.png", 1
    while path.exists() and not _says(path, text):
        number += 1
        path = folder / f"{stem}-{number}.png"
    write_atomic(path, paintings.png(index))
    return path


def slug(prompt: str) -> str:
    """A prompt as a part of a file name: its letters and digits of any script, in lower case, with dashes between."""
    words = "-".join(re.findall(r"[^\W_]+", prompt.lower()))[:LONGEST_SLUG]
    return words.encode()[:MOST_SLUG_BYTES].decode(errors="ignore").rstrip("-")


def _says(path: Path, text: dict[str, str]) -> bool:
    from painting.images import read_png_text

    try:
        return read_png_text(path.read_bytes()) == text
    except PaintingError:
        return False
