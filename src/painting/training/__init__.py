"""Training: presets, the stages of each model, one loop with checkpoints for all of them, and export.

From Python: `painting.training.train("pictures", minutes=60)`.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from painting.training.guard.measurement import PictureDistance
    from painting.training.run.periodic_evaluation import Measure

__all__ = ["train"]


def train(
    folder: str | Path | None = None,
    preset: str | None = None,
    run: str | Path | None = None,
    *,
    device: str | None = None,
    threads: int | None = None,
    measure: "Measure | None" = None,
    distance: "PictureDistance | None" = None,
    **overrides: Any,
) -> Path:
    """Train a new run to its end, or resume one: `train(run="runs/mine")`; returns its folder, for `export_run`.

    `folder`: the captioned pictures; None for shapes and digits. `preset`: a name or a .toml file, None: one that suits
    the device. `run`: None takes runs/ and the name of the folder, else of the preset. `overrides`: `kimg`,
    `epochs`, `minutes`, `text_encoder`, `warm_start`, and any key of the preset, a mapping for some keys of a table:
    `train("pictures", "small", "runs/mine", seed=3, prior={"batch": 8, "kimg": 20})`. `measure` evaluates the run
    every `evaluate_every_kimg`; `distance` compares a `warm_start` with its start, the better of which `export_run`
    takes (`painting.evaluation.picture_distance.EfficientNetKid`). Raises TrainingError or DataError, and
    `loop.Interrupted` after Ctrl-C, with all saved.
    """
    from rich.console import Console

    from painting.training.config.overrides import Overrides
    from painting.training.run.naming import default_run_folder
    from painting.training.setup import open_run

    source = Path(folder) if folder else None
    opened = open_run(
        Path(run) if run else default_run_folder(source, preset),
        source,
        preset,
        Overrides.of(**overrides),
        device,
        threads,
        distance=distance,
    )
    # Bars only on a true terminal: notebooks set FORCE_COLOR, and would print every frame of them.
    console = Console(force_terminal=sys.stdout.isatty(), force_jupyter=False)
    with opened.display(console) as display:
        display.message(opened.describe())
        opened.train(display, measure)
    return opened.folder.path
