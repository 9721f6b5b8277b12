"""`painting export`: write the painter file of a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.cli.progress import task_progress
from painting.distribution import MissingExtra
from painting.errors import InvalidRequest
from painting.painters import catalog

if TYPE_CHECKING:
    from painting.training.run.folder import RunFolder


def export(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    output: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write: NAME.painter (the default), or NAME.base to begin from."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The painter's name, instead of the file's.")] = None,
    figures: Annotated[Path | None, typer.Option(help="A report.json of `painting evaluate`, for its card.")] = None,
    card: Annotated[
        Path | None, typer.Option(help="A TOML file of further fields of its card: data, licence, limits.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="The sampler's steps, instead of the preset's.")] = None,
    guidance: Annotated[
        float | None, typer.Option(min=1, max=5, help="The guidance scale, instead of the preset's.")
    ] = None,
    at_kimg: Annotated[
        list[float] | None,
        typer.Option(
            min=0,
            help="Export the snapshot after so many thousand images of the last stage, if kept; 0: a warm start. "
            "Given several times, the mean of these snapshots' weights.",
        ),
    ] = None,
    text_encoder: Annotated[
        str | None, typer.Option(help="The name or path of the run's text encoder, if it has moved.")
    ] = None,
) -> None:
    """Write a run's weights as a painter file: the best that was chosen by `evaluate --choose`, else the newest."""
    from painting.files import painter_file

    try:
        from painting.training.export.card import read_card_fields, read_figures
        from painting.training.export.exporter import export_run
        from painting.training.run.folder import RunFolder
    except ModuleNotFoundError as error:
        raise MissingExtra("Exporting a run") from error
    output = output or default_file(run)
    if output.suffix == catalog.BASE_SUFFIX:
        painter_options = {"--name": name, "--figures": figures, "--steps": steps, "--guidance": guidance}
        _export_base(run, output, card, painter_options | {"--at-kimg": at_kimg or None})
        return
    _describe_weights(RunFolder(run), at_kimg or ())
    given_settings = {"steps": steps, "guidance": guidance}
    fields = {"figures": read_figures(figures)} if figures else {}
    fields |= read_card_fields(card) if card else {}
    with task_progress() as report:
        export_run(
            run,
            output,
            name=name,
            sampler_settings={key: value for key, value in given_settings.items() if value is not None},
            text_encoder=text_encoder,
            at_kimg=at_kimg or (),
            card_fields=fields,
            report=report,
        )
    prompt = '"…" ' if painter_file.read(output).manifest.conditional else ""
    megabytes = output.stat().st_size / 1e6
    typer.echo(f"Wrote {output} ({megabytes:.1f} MB). Paint with it: painting paint {prompt}--painter {output}")


def default_file(run: Path) -> Path:
    """NAME.painter of a run's folder, with no bundled painter's name: a server takes each name once."""
    name = run.resolve().name
    unique = f"my-{name}" if name in catalog.names() else name
    return Path(f"{unique}{catalog.PAINTER_SUFFIX}")


def _describe_weights(run: "RunFolder", at_kimg: Sequence[float]) -> None:
    """Say which weights are exported and why, and how far a warm start's are from its pictures."""
    from painting.training.export.choice import choose_weights
    from painting.training.guard.comparison import StartComparison

    choice = choose_weights(run, at_kimg)
    if choice.sentence:
        typer.echo(choice.sentence)
    comparison = StartComparison.read(run)
    if comparison and (measured := comparison.of_weights(choice.kimg)):
        typer.echo(comparison.distance_sentence(measured))


def _export_base(run: Path, output: Path, card: Path | None, painter_options: Mapping[str, object]) -> None:
    """Write the weights of all stages of a run; raises InvalidRequest for options that are about painters."""
    from painting.training.export.card import read_card_fields
    from painting.training.start.make_base import make_base

    if given := [name for name, value in painter_options.items() if value is not None]:
        raise InvalidRequest(f"{output.name} is a base, which paints nothing: leave out {', '.join(given)}")
    make_base(run, output, read_card_fields(card) if card else {})
    megabytes = output.stat().st_size / 1e6
    typer.echo(f"Wrote {output} ({megabytes:.1f} MB). Begin from it: painting train FOLDER --from {output}")
