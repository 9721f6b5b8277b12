"""`painting data`: look at a folder of captioned pictures before training on it, and hold some of them out."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Look at a folder of captioned pictures, and hold some out.", no_args_is_help=True)


@app.callback()
def data() -> None:
    """Look at a folder of captioned pictures, and hold some out."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="The folder of pictures and captions.")],
    size: Annotated[int, typer.Option(min=16, help="The picture size in px that you want to train at.")] = 64,
    text_encoder: Annotated[
        str, typer.Option(help="Name or file of the text encoder that will read the captions.")
    ] = "minilm-l6",
    everything: Annotated[bool, typer.Option("--all", help="List every file, not 20 of each kind.")] = False,
) -> None:
    """List what is wrong with a folder and what training will do about it; the folder is only read."""
    from painting.data.check import check_digits, check_folder, issue_lines
    from painting.data.digits.dataset import holds_digits
    from painting.errors import DataError
    from painting.text.encoder import TextEncoder

    result = check_folder(folder, size, TextEncoder.load(text_encoder))
    for line in issue_lines(result.issues, None if everything else 20):
        typer.echo(line)
    if result.unusable and holds_digits(folder):
        for line in check_digits(folder):
            typer.echo(line)
        return
    if result.unusable:
        raise DataError(result.unusable)
    if result.issues:
        typer.echo("")
    for line in result.summary():
        typer.echo(line)


@app.command()
def split(
    folder: Annotated[Path, typer.Argument(help="The folder of pictures and captions.")],
    test: Annotated[str, typer.Option(help="The share of the pictures to hold out for testing: 20% or 0.2.")] = "20%",
    hold_out_pairs: Annotated[
        str, typer.Option(help="The share of the pairs of two labels (blue rose) that training never shows.")
    ] = "0%",
    validation: Annotated[
        str, typer.Option(help="The share of the pictures to choose painters by, so that testing has no part in it.")
    ] = "0%",
    fields: Annotated[
        str | None, typer.Option(help="The two labels that pairs are made of, as species,color; none: the only two.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed holds out other pictures and pairs.")] = 0,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make a split anew: runs that began with the old one cannot go on.")
    ] = False,
) -> None:
    """Hold pictures out of training, to measure with: writes split.json into the folder and changes nothing else."""
    from painting.data.folder import read_folder
    from painting.data.make_split import SplitOptions, make_split
    from painting.data.partitions import has_partition_folders
    from painting.data.split import SPLIT_FILE, read_split, write_split
    from painting.errors import DataError

    if not folder.is_dir():
        raise DataError(f"'{folder}' is not a folder; name a folder of captioned pictures")
    if has_partition_folders(folder):
        raise DataError(f"'{folder}' is parted already, by its folders train and test: nothing is left to split")
    names = tuple(name.strip() for name in (fields or "").split(",") if name.strip())
    options = SplitOptions(
        test=_share("--test", test),
        pairs=_share("--hold-out-pairs", hold_out_pairs),
        seed=seed,
        fields=names,
        validation=_share("--validation", validation),
    )
    if not replace and read_split(folder) is not None:
        raise DataError(
            f"'{folder / SPLIT_FILE}' is there already; runs that began with it count on it: --replace makes it anew"
        )
    listing = read_folder(folder)
    made = make_split(folder, listing.examples, options)
    write_split(folder, made)
    held_out = {part: len(files) for part, files in made.files.items()}
    typer.echo(f"wrote {folder / SPLIT_FILE}")
    typer.echo(f"held out for testing: {held_out['test']} of {len(listing.examples)} pictures")
    if "validation" in held_out:
        typer.echo(f"held out to choose by: {held_out['validation']}")
    if made.pairs:
        told = ", ".join(" ".join(pair) for pair in made.pairs)
        typer.echo(
            f"never shown to training: {_counted(len(made.pairs), 'pair')} ({held_out['zero-shot']} pictures): {told}"
        )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _share(option: str, text: str) -> float:
    """A share as 20% or 0.2; raises InvalidRequest."""
    from painting.errors import InvalidRequest

    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise InvalidRequest(f"{option} must be a share, as 20% or 0.2, not {text[:40]!r}") from None
