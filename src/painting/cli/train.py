"""`painting train`: train a painter, or go on with a run that was stopped."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import MissingExtra, TrainingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from painting.data.pictures_cache import Report
    from painting.training.preset_base import Preset
    from painting.training.start import OpenRun

DEFAULT_PRESET = "flowers"


def train(
    data: Annotated[Path | None, typer.Argument(help="A folder of captioned pictures; none for shapes.")] = None,
    run: Annotated[Path | None, typer.Option(help="The run's folder: new, or one to go on with.")] = None,
    preset: Annotated[str | None, typer.Option(help="What to train: a preset's name or a .toml file.")] = None,
    kimg: Annotated[float | None, typer.Option(help="Thousands of images for the last stage.")] = None,
    seed: Annotated[int | None, typer.Option(help="The run's seed, instead of the preset's.")] = None,
    device: Annotated[str | None, typer.Option(help="auto (the default), cpu, cuda, cuda:1 or mps.")] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="CPU threads; a run goes on with the number it began with, if left out.")
    ] = None,
) -> None:
    """Train a painter on captioned pictures; on a run that is there already, go on where it stopped."""
    try:
        import torch

        from painting.training.start import begin_run, choose_device, resume_run
    except ModuleNotFoundError as error:
        raise MissingExtra("Training") from error
    from painting.training.run_folder import RunFolder

    folder = run or Path("runs") / Path(preset or DEFAULT_PRESET).stem
    begun = RunFolder(folder).exists()
    if begun:
        if preset or kimg is not None or seed is not None:
            raise TrainingError(
                f"{folder} is a run already, with its own settings: go on with it without --preset, --kimg and --seed, "
                "or name another folder with --run."
            )
        # Another device, or another number of threads, would sum in another order and end in other last digits.
        began_with = RunFolder(folder).about().started_with
        device, threads = device or began_with.get("device"), threads or began_with.get("threads")
    if threads:
        torch.set_num_threads(threads)
    chosen = choose_device(device or "auto")
    with _preparing() as report:
        if begun:
            opened = resume_run(folder, data, chosen, report)
        else:
            opened = begin_run(folder, _preset(preset, kimg, seed), data, chosen, report)
    _train(opened)


@contextmanager
def _preparing() -> "Iterator[Report]":
    """A line that counts prepared pictures where somebody watches."""
    from rich.console import Console

    with Console().status("Reading the pictures") as status:
        yield lambda done, of: status.update(f"Preparing the pictures: {done:,} of {of:,}")


def _preset(name: str | None, kimg: float | None, seed: int | None) -> "Preset":
    from painting.training.presets import load_preset, preset_from_dict

    chosen = load_preset(name or DEFAULT_PRESET)
    values = chosen.as_dict()
    if kimg is not None:
        values[chosen.last_stage]["kimg"] = kimg
    if seed is not None:
        values["seed"] = seed
    return preset_from_dict(values)


def _train(opened: "OpenRun") -> None:
    from rich.console import Console

    from painting.training.display import TerminalDisplay
    from painting.training.loop import Interrupted, Trainer

    preset, path = opened.about.preset, opened.folder.path
    console = Console()
    with TerminalDisplay(opened.recipe.stages, console) as display:
        display.said(_opening(opened))
        trainer = Trainer(opened.recipe, opened.folder, preset.seed, round(1000 * preset.tick_kimg), display)
        try:
            trainer.train()
        except Interrupted:
            display.said(f"Stopped and saved. Go on with: painting train --run {path}")
            raise typer.Exit(130) from None
        display.said(f"Done. Make a painter of it with: painting export {path} -o {preset.name}.painter")


def _opening(opened: "OpenRun") -> str:
    preset, summary = opened.about.preset, opened.about.data.summary
    why = "; ".join(f"{count} {reason}" for reason, count in summary.get("skipped_why", {}).items())
    return (
        f"Training {preset.name} on {summary['pictures']} pictures of {preset.data.size} px in {opened.folder.path}, "
        f"{summary['skipped']} skipped{f': {why} (painting data check tells more)' if why else ''}."
    )
