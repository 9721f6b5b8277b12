"""`painting text-encoder`: export and list text encoders."""

from pathlib import Path
from typing import Annotated

import typer

from painting.distribution import MissingExtra
from painting.errors import PaintingError

app = typer.Typer(help="Export and list text encoders.", no_args_is_help=True)


@app.callback()
def text_encoder() -> None:
    """Export and list text encoders."""


@app.command("export")
def export_encoder(
    source: Annotated[
        str,
        typer.Argument(
            help="A CLIP: a folder in Hugging Face's layout, or a name on its hub, openai/clip-vit-base-patch32."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The folder to write; by default one that is found by its id alone."),
    ] = None,
    encoder_id: Annotated[str | None, typer.Option("--id", help="Its id, instead of the model's own name.")] = None,
) -> None:
    """Export the text model of a CLIP as a text encoder, and check that it gives the same vectors."""
    try:
        from rich.console import Console

        from painting.training.export.text_encoder import export_clip
    except ModuleNotFoundError as error:
        raise MissingExtra("Exporting a text encoder", "clip") from error

    with Console(stderr=True).status(f"Exporting {source}"):
        exported = export_clip(source, output, encoder_id)
    about = exported.description
    precision = "half" if exported.is_float16 else "single"
    typer.echo(
        f"Wrote {exported.folder} ({exported.size / 1e6:.1f} MB, weights in {precision} precision): {about.id}, "
        f"{about.width} numbers a text, at most {about.longest_prompt} tokens; licence: {about.licence}."
    )
    name = about.id if output is None else exported.folder
    typer.echo(f"Train with it: painting train FOLDER --text-encoder {name}")


@app.command("list")
def list_encoders() -> None:
    """List the installed text encoders: id, width, longest prompt, folder."""
    from painting.text.catalog import HUB_MODELS, how_to_get, names

    installed = names()
    for name in installed:
        typer.echo(f"{name}: {_describe(name)}")
    for name in HUB_MODELS:
        if name not in installed:
            typer.echo(f"{name}: not here; {how_to_get(name)}")


def _describe(name: str) -> str:
    """What an installed text encoder is, or why it cannot be used, and where it is."""
    from painting.text.catalog import bundled_names, find
    from painting.text.encoder_file import read_description

    folder = find(name)
    where = "bundled" if name in bundled_names() else str(folder)
    try:
        about = read_description(folder)
    except PaintingError as problem:
        return f"cannot be used, {problem}; {where}"
    own_id = f"; its id is {about.id}" if about.id != name else ""
    return f"{about.width} numbers a text, at most {about.longest_prompt} tokens, {about.licence}; {where}{own_id}"
