"""`painting data`: look at a folder of captioned pictures before training on it."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Look at a folder of captioned pictures.", no_args_is_help=True)


@app.callback()
def data() -> None:
    """Look at a folder of captioned pictures."""


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
    from painting.data.check import check_digits, check_folder, listed
    from painting.data.digits import holds_digits
    from painting.errors import DataError
    from painting.text_encoder import TextEncoder

    result = check_folder(folder, size, TextEncoder.load(text_encoder))
    for line in listed(result.problems, None if everything else 20):
        typer.echo(line)
    if result.complaint and holds_digits(folder):
        for line in check_digits(folder):
            typer.echo(line)
        return
    if result.complaint:
        raise DataError(result.complaint)
    if result.problems:
        typer.echo("")
    for line in result.summary():
        typer.echo(line)
