"""`painting data`: check a folder of captioned pictures, and split it for training and testing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from painting.data.folder.listing import Listing

app = typer.Typer(help="Check a folder of captioned pictures, or split it.", no_args_is_help=True)


@app.callback()
def data() -> None:
    """Check a folder of captioned pictures, or split it."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Folder of pictures and captions.")],
    preset: Annotated[
        str | None,
        typer.Option(help="The preset to train next, a name or a .toml file: its picture size and text encoder."),
    ] = None,
    size: Annotated[int | None, typer.Option(min=16, help="Picture size in px, instead of the preset's.")] = None,
    text_encoder: Annotated[
        str | None, typer.Option(help="Name or path of the text encoder, instead of the preset's.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every file, not 20 of each kind.")] = False,
) -> None:
    """List the issues of a dataset folder and what training does about each; nothing is written."""
    from painting.data.check import check_digits, check_folder, issue_lines
    from painting.data.digits.dataset import holds_digits
    from painting.errors import DataError
    from painting.text.encoder import TextEncoder
    from painting.training.config.preset_files import data_preset

    settings = data_preset(preset or "small")
    name = text_encoder or settings.text_encoder
    encoder = TextEncoder.load(name) if name else TextEncoder.load()
    result = check_folder(folder, size or (settings.size if preset else None), encoder)
    if result.unusable and holds_digits(folder):
        for line in check_digits(folder):
            typer.echo(line)
        return
    for line in issue_lines(result.issues, None if everything else 20):
        typer.echo(line)
    if result.unusable:
        raise DataError(result.unusable)
    if result.issues:
        typer.echo("")
    for line in result.summary():
        typer.echo(line)


@app.command()
def split(
    folder: Annotated[Path, typer.Argument(help="Folder of pictures and captions.")],
    test: Annotated[str, typer.Option(help="Share of the pictures for the test set: 20% or 0.2.")] = "20%",
    hold_out_pairs: Annotated[
        str,
        typer.Option(help="Share of the pairs of two labels (blue rose) to hold out of training, for zero-shot tests."),
    ] = "0%",
    validation: Annotated[
        str, typer.Option(help="Share of the pictures for the validation set, which selects the snapshot.")
    ] = "0%",
    fields: Annotated[
        str | None, typer.Option(help="The two labels of the pairs, for example species,color; default: the only two.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed of the split.")] = 0,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Overwrite an existing split; runs that use the old one cannot be resumed."),
    ] = False,
) -> None:
    """Split a dataset folder into partitions: writes split.json into it and changes nothing else."""
    from painting.data.folder.partition_names import SPLIT_FILE
    from painting.data.issues import printable
    from painting.data.make_split import SplitOptions, duplicate_groups, make_split
    from painting.data.split import write_split

    names = tuple(name.strip() for name in (fields or "").split(",") if name.strip())
    options = SplitOptions(
        test=_share("--test", test),
        pairs=_share("--hold-out-pairs", hold_out_pairs),
        seed=seed,
        fields=names,
        validation=_share("--validation", validation),
    )
    listing = _undivided(folder, replace=replace)
    groups = duplicate_groups(listing.examples)
    made = make_split(folder, groups, options)
    write_split(folder, made)
    held_out = {partition: len(files) for partition, files in made.files.items()}
    typer.echo(f"wrote {printable(str(folder / SPLIT_FILE))}")
    usable = sum(len(group.files) for group in groups)
    skipped = len(listing.examples) - usable + sum(issue.skipped for issue in listing.issues)
    if skipped:
        typer.echo(f"skipped: {_counted(skipped, 'picture')}, which `painting data check` names")
    typer.echo(f"test: {held_out['test']} of {_counted(usable, 'picture')}")
    if "validation" in held_out:
        typer.echo(f"validation: {held_out['validation']}")
    if made.pairs:
        pairs = ", ".join(" ".join(pair) for pair in made.pairs)
        typer.echo(f"zero-shot: {_counted(len(made.pairs), 'pair')} ({held_out['zero-shot']} pictures): {pairs}")


def _undivided(folder: Path, *, replace: bool) -> "Listing":
    """The listing of a folder that is to be split; raises DataError where it is divided already."""
    from painting.data.folder.listing import read_folder
    from painting.data.folder.partition_names import SPLIT_FILE
    from painting.data.issues import quote_path
    from painting.data.partitions import COLUMN_SPLIT, PATH_SPLIT, read_partitioned
    from painting.errors import DataError

    if replace and (folder / SPLIT_FILE).exists():
        return read_folder(folder)
    partitioned = read_partitioned(folder)
    if not partitioned.divided_by:
        return partitioned.listings[0]
    if partitioned.divided_by == SPLIT_FILE:
        raise DataError(f"'{folder / SPLIT_FILE}' exists already, and runs may use it: --replace overwrites it")
    if partitioned.divided_by == COLUMN_SPLIT:
        raise DataError(f"'{folder}' is already split by {COLUMN_SPLIT}: leave that column out to split it anew")
    if partitioned.divided_by == PATH_SPLIT:
        raise DataError(f"'{folder}' is already split by {PATH_SPLIT}: rename those to split it anew")
    training = partitioned.listings[0].folder
    raise DataError(
        f"'{folder}' is already split by {partitioned.divided_by}: to hold out more of its training pictures, "
        f"`painting data split {quote_path(training)}`"
    )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _share(option: str, text: str) -> float:
    """Parse a share, 20% or 0.2; raises InvalidRequest."""
    from painting.errors import InvalidRequest

    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        raise InvalidRequest(f"{option} must be a share such as 20% or 0.2, not {text[:40]!r}") from None
    if text.endswith("%"):
        return number / 100
    if 1 < number < 100:
        raise InvalidRequest(
            f"{option} {text} is {number:.0%}, more than all pictures: write {text}% or {number / 100:g}"
        )
    return number
