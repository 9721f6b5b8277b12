"""`painting train`: train a painter, or resume a run that was stopped."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from painting.cli.progress import task_progress
from painting.distribution import MissingExtra
from painting.errors import INTERRUPTED_EXIT_CODE, TrainingError

if TYPE_CHECKING:
    from painting.training.run.periodic_evaluation import Measure
    from painting.training.setup import OpenRun


def train(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DATA]", help="A folder of captioned pictures; none for shapes or digits.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The same as DATA; for digits, a folder of MNIST's files.")] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            help="The run folder: new (by default runs/ and the name of DATA, else of the preset), or one to resume."
        ),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(help="A preset's name or a .toml file; by default large on a CUDA device, else small.")
    ] = None,
    kimg: Annotated[float | None, typer.Option(help="Length of the last stage: thousands of training images.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Length of the last stage: epochs of the data.")] = None,
    minutes: Annotated[
        float | None,
        typer.Option(min=0.1, help="Length of the whole training, from now on: the stages are timed and scaled."),
    ] = None,
    snapshots: Annotated[
        int | None, typer.Option(min=0, help="Snapshots per stage: each keeps the networks and a row of samples.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The random seed, instead of the preset's.")] = None,
    text_encoder: Annotated[
        str | None,
        typer.Option(
            help="The text encoder, instead of the preset's: a name, a folder or a zip. "
            "Of a resumed run: the path of its own, if it has moved."
        ),
    ] = None,
    evaluate_every_kimg: Annotated[
        float | None,
        typer.Option(min=0, help="Evaluate the run on held-out pictures every so many thousand images; 0: never."),
    ] = None,
    warm_start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="WEIGHTS",
            help="Weights to begin with, instead of the bundled base: a painter, a .base file, or nothing.",
        ),
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto (the default), cpu, cuda, cuda:1 or mps.")] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="CPU threads; by default a resumed run keeps the number it started with.")
    ] = None,
) -> None:
    """Train a painter on captioned pictures or digits, or resume a run that was stopped."""
    start_time = time.monotonic()
    if folder and data:
        raise TrainingError(f"Both {folder} and --data {data} name the pictures: leave one of them out.")
    lengths = {"kimg": kimg, "epochs": epochs, "minutes": minutes}
    keys = {"snapshots": snapshots, "seed": seed, "evaluate_every_kimg": evaluate_every_kimg}
    overrides = {**lengths, **keys, "text_encoder": text_encoder, "warm_start": warm_start, "start_time": start_time}
    _train(_open(run, folder or data, preset, overrides, device, threads))


def _open(
    run: Path | None,
    source: Path | None,
    preset: str | None,
    overrides: dict[str, Any],
    device: str | None,
    threads: int | None,
) -> "OpenRun":
    """Open the run that the options name; raises MissingExtra without torch."""
    try:
        import torch  # noqa: F401

        from painting.data.cache import default_cache
        from painting.evaluation.picture_distance import EfficientNetKid
        from painting.training.config.overrides import Overrides
        from painting.training.run.naming import default_run_folder
        from painting.training.setup import open_run
    except ModuleNotFoundError as error:
        raise MissingExtra("Training") from error
    from painting.cli.malloc import retain_malloc
    from painting.dependencies import keep_files_in

    retain_malloc()
    keep_files_in(default_cache())
    path = run or default_run_folder(source, preset)
    try:
        with task_progress() as report:
            return open_run(path, source, preset, Overrides.of(**overrides), device, threads, report, EfficientNetKid())
    except KeyboardInterrupt:
        typer.echo("Stopped before training began. Start with the same command again.")
        raise typer.Exit(INTERRUPTED_EXIT_CODE) from None


def _train(opened: "OpenRun") -> None:
    """Train with a progress display on the terminal; exit code 130 when the user stopped the run."""
    from rich.console import Console

    from painting.data.issues import quote_path
    from painting.training.loop import Interrupted

    path = opened.folder.path
    measure = _measure(opened)
    with opened.display(Console()) as display:
        display.message(opened.describe())
        try:
            is_success = opened.train(display, measure)
        except Interrupted:
            display.message(f"Stopped and saved. Resume with: painting train --run {quote_path(path)}")
            raise typer.Exit(INTERRUPTED_EXIT_CODE) from None
        done = "Done. " if is_success else ""
        display.message(f"{done}Make a painter of it with: painting export {quote_path(path)}")


def _measure(opened: "OpenRun") -> "Measure | None":
    """The periodic evaluation of a run, with its pictures prepared and its classifier trained; None without one."""
    preset = opened.info.preset
    if not preset.evaluate_every_kimg:
        return None
    import torch

    from painting.evaluation.quick import QuickEvaluation
    from painting.evaluation.report.real_data import DataRequest

    conditional = opened.info.dataset.text_encoder_id is not None
    request = DataRequest(opened.source, None, preset.data.size, conditional)
    with task_progress() as report, torch.random.fork_rng(devices=[]):
        return QuickEvaluation(request, report)
