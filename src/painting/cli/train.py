"""`painting train`: train a painter, or go on with a run that was stopped."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import MissingExtra, TrainingError
from painting.progress import ProgressCallback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from painting.training.config.overrides import Overrides
    from painting.training.run.periodic_evaluation import PeriodicEvaluation
    from painting.training.setup import OpenRun

DEFAULT_PRESET = "flowers"


def train(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DATA]", help="A folder of captioned pictures; none for shapes or digits.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The same as DATA; for digits, a folder of MNIST's files.")] = None,
    run: Annotated[Path | None, typer.Option(help="The run's folder: new, or one to go on with.")] = None,
    preset: Annotated[str | None, typer.Option(help="What to train: a preset's name or a .toml file.")] = None,
    kimg: Annotated[float | None, typer.Option(help="Thousands of images for the last stage.")] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the pictures for the last stage, instead of --kimg.")
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(min=0.1, help="Time the stages here first, then fit what there is to train to the minutes."),
    ] = None,
    snapshots: Annotated[
        int | None, typer.Option(min=0, help="Snapshots per stage: each keeps the networks and a row of samples.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The run's seed, instead of the preset's.")] = None,
    text_encoder: Annotated[
        str | None,
        typer.Option(
            help="What reads the captions, instead of the preset's: a name, a folder or a zip. "
            "Of a run that goes on: where its own is now, if it has moved."
        ),
    ] = None,
    evaluate_every_kimg: Annotated[
        float | None,
        typer.Option(min=0, help="Measure the run on held-out pictures every so many thousand images; 0: never."),
    ] = None,
    begin_from: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="PAINTER", help="Begin with a painter's weights: only the last stage is left to train."
        ),
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto (the default), cpu, cuda, cuda:1 or mps.")] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="CPU threads; a run goes on with the number it began with, if left out.")
    ] = None,
) -> None:
    """Train a painter on captioned pictures, or on digits; on a run that is there already, go on where it stopped."""
    try:
        import torch  # noqa: F401

        from painting.malloc import retain_malloc
        from painting.training.config.overrides import Overrides
    except ModuleNotFoundError as error:
        raise MissingExtra("Training") from error
    retain_malloc()
    place = run or Path("runs") / Path(preset or DEFAULT_PRESET).stem
    overrides = Overrides(kimg, epochs, snapshots, seed, text_encoder, evaluate_every_kimg, minutes, begin_from)
    source = _source(folder, data)
    if evaluate_every_kimg and source is not None:
        from painting.evaluation.report.real_data import check_held_out

        check_held_out(source)  # before there is a run whose pictures must not change any more
    opened = _opened(place, source, preset, overrides, _Machine(device, threads))
    _train(opened, _evaluations(opened, source, text_encoder))


@dataclass(frozen=True)
class _Machine:
    """What to train with; None: what the run began with, or what there is."""

    device: str | None
    threads: int | None


def _opened(
    place: Path, source: Path | None, preset: str | None, overrides: "Overrides", machine: _Machine
) -> "OpenRun":
    """A run that is there already as it stands, or a new one."""
    import torch

    from painting.training.config.loader import load_preset
    from painting.training.config.overrides import Overrides
    from painting.training.run.folder import RunFolder
    from painting.training.setup import begin_run, choose_device, resume_run

    begun = RunFolder(place).exists()
    if begun:
        if preset or overrides != Overrides(text_encoder=overrides.text_encoder):
            raise TrainingError(
                f"{place} is a run already, with its own settings: go on with it without --preset, --kimg, --epochs, "
                "--minutes, --snapshots, --seed, --evaluate-every-kimg and --from, or name another folder with --run."
            )
        # Another device, or another number of threads, would sum in another order and end in other last digits.
        began_with = RunFolder(place).info().environment
        machine = _Machine(machine.device or began_with.get("device"), machine.threads or began_with.get("threads"))
    if machine.threads:
        torch.set_num_threads(machine.threads)
    chosen = choose_device(machine.device or "auto")
    with _preparing() as report:
        if begun:
            return resume_run(place, source, chosen, report, overrides.text_encoder)
        return begin_run(place, load_preset(preset or DEFAULT_PRESET), source, chosen, report, overrides)


def _source(folder: Path | None, data: Path | None) -> Path | None:
    if folder and data:
        raise TrainingError(f"Both {folder} and --data {data} name the pictures: leave one of them out.")
    return folder or data


@contextmanager
def _preparing(what: str = "Preparing the pictures") -> "Iterator[ProgressCallback]":
    """A line that counts what is ready where somebody watches."""
    from rich.console import Console

    with Console().status("Reading the pictures") as status:
        yield lambda done, of: status.update(f"{what}: {done:,} of {of:,}")


def _train(opened: "OpenRun", evaluations: "PeriodicEvaluation | None") -> None:
    from rich.console import Console

    from painting.training.loop import Interrupted, Trainer
    from painting.training.run.progress import TerminalDisplay

    preset, path = opened.info.preset, opened.folder.path
    console = Console()
    with TerminalDisplay(opened.recipe.stages, console, opened.first_stage) as display:
        display.message(_opening(opened))
        if opened.fitted:
            display.message(opened.fitted)
        tick_images = round(1000 * preset.tick_kimg)
        trainer = Trainer(opened.recipe, opened.folder, preset.seed, tick_images, display, preset.snapshots)
        try:
            trainer.train(evaluations)
        except Interrupted:
            display.message(f"Stopped and saved. Go on with: painting train --run {path}")
            raise typer.Exit(130) from None
        display.message(f"Done. Make a painter of it with: painting export {path} -o {preset.name}.painter")


def _evaluations(opened: "OpenRun", moved_to: Path | None, text_encoder: str | None) -> "PeriodicEvaluation | None":
    """The periodic evaluation that the preset calls for, if any; its pictures and classifier are made ready now."""
    import torch

    from painting.evaluation.quick import QuickEvaluation
    from painting.evaluation.report.real_data import DataRequest
    from painting.training.run.periodic_evaluation import PeriodicEvaluation
    from painting.training.run.text_encoder import encoder_of_run

    preset, facts = opened.info.preset, opened.info.dataset
    if not preset.evaluate_every_kimg:
        return None
    source = moved_to or (Path(opened.info.source) if opened.info.source else None)
    wanted = DataRequest(source, None, preset.data.size, conditional=facts.text_encoder_id is not None)
    with _preparing("Making ready what measures the run") as report, torch.random.fork_rng(devices=[]):
        measure = QuickEvaluation(wanted, report)
    every = round(1000 * preset.evaluate_every_kimg)
    return PeriodicEvaluation(opened.recipe, facts, encoder_of_run(opened.info, text_encoder), every, measure)


def _opening(opened: "OpenRun") -> str:
    preset, summary = opened.info.preset, opened.info.dataset.summary
    why = "; ".join(f"{count} {reason}" for reason, count in summary.get("skipped_why", {}).items())
    return (
        f"Training {preset.name} on {summary['pictures']} pictures of {preset.data.size} px in {opened.folder.path}, "
        f"{summary['skipped']} skipped{f': {why} (painting data check tells more)' if why else ''}."
    )
