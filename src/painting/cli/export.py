"""`painting export`: make a painter file of a run."""

from pathlib import Path
from typing import Annotated

import typer

from painting.errors import MissingExtra


def export(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    output: Annotated[Path, typer.Option("--out", "-o", help="The painter file to write, NAME.painter.")],
    name: Annotated[str | None, typer.Option(help="The painter's name, instead of the file's.")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="The report.json that says how well it paints, for its card.")
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="A TOML file of what else its card says: data, licence, limits.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="The sampler's steps, instead of the preset's.")] = None,
    guidance: Annotated[
        float | None, typer.Option(min=1, max=5, help="How closely to follow the prompt, instead of the preset's.")
    ] = None,
    at_kimg: Annotated[
        float | None, typer.Option(min=0, help="What painted after so many thousand images of the last stage, if kept.")
    ] = None,
    text_encoder: Annotated[
        str | None, typer.Option(help="Where the run's text encoder is now, if it has moved.")
    ] = None,
) -> None:
    """Write the newest weights of a run, or what it kept at a record point, as a painter file."""
    from painting.files import painter_file

    try:
        from painting.training.export.card import read_figures, read_words
        from painting.training.export.exporter import export_run
    except ModuleNotFoundError as error:
        raise MissingExtra("Exporting a run") from error
    settings = {key: value for key, value in (("steps", steps), ("guidance", guidance)) if value is not None}
    measured, words = read_figures(figures) if figures else (), read_words(card) if card else {}
    export_run(run, output, name, measured, settings, text_encoder, at_kimg, words)
    prompt = '"…" ' if painter_file.read(output).manifest.conditional else ""
    size = output.stat().st_size / 1e6
    typer.echo(f"Wrote {output} ({size:.1f} MB). Paint with it: painting paint {prompt}--painter {output}")
