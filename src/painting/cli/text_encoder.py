"""`painting text-encoder`: make text encoders, and tell which are here."""

from pathlib import Path
from typing import Annotated

import typer

from painting.errors import MissingExtra, PaintingError

app = typer.Typer(help="Make text encoders, and tell which are here.", no_args_is_help=True)


@app.callback()
def text_encoder() -> None:
    """Make text encoders, and tell which are here."""


@app.command()
def export(
    source: Annotated[
        str,
        typer.Argument(
            help="A CLIP: a folder in Hugging Face's layout, or a name on its hub, openai/clip-vit-base-patch32."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The folder to make; if left out, one that is found by its id alone."),
    ] = None,
    encoder_id: Annotated[str | None, typer.Option("--id", help="Its id, instead of the model's own name.")] = None,
) -> None:
    """Make a text encoder of a CLIP's text model, and prove that it gives the same vectors."""
    try:
        from rich.console import Console

        from painting.training.export.text_encoder import export_clip
    except ModuleNotFoundError as error:
        raise MissingExtra("Exporting a text encoder", "clip") from error

    with Console(stderr=True).status(f"Exporting {source}"):
        made = export_clip(source, output, encoder_id)
    about = made.description
    typer.echo(
        f"Wrote {made.folder} ({made.size / 1e6:.1f} MB, weights in {'half' if made.half else 'single'} precision): "
        f"{about.id}, {about.width} numbers a text, at most {about.longest_prompt} tokens; licence: {about.licence}."
    )
    typer.echo(f"Train with it: painting train FOLDER --text-encoder {about.id if output is None else made.folder}")


@app.command("list")
def list_them() -> None:
    """List the text encoders that can be named: id, width, longest prompt, where they are."""
    from painting.text.catalog import SOURCES, bundled_names, find, how_to_get, names
    from painting.text.encoder_file import read_description

    for name in names():
        where = "bundled" if name in bundled_names() else str(find(name))
        try:
            about = read_description(find(name))
        except PaintingError as problem:
            typer.echo(f"{name}: cannot be used, {problem}; {where}")
            continue
        told = f"{about.width} numbers a text, at most {about.longest_prompt} tokens, {about.licence}"
        typer.echo(f"{name}: {told}; {where}" + (f"; its id is {about.id}" if about.id != name else ""))
    for name in SOURCES:
        if name not in names():
            typer.echo(f"{name}: not here; {how_to_get(name)}")
