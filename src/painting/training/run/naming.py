"""Names of run folders: the default one of a new run, and the nearest to one that does not exist."""

from difflib import get_close_matches
from pathlib import Path

from painting.errors import TrainingError
from painting.training.run.folder import RUN_FILE, RunFolder


def default_run_folder(source: Path | None, preset: str | None) -> Path:
    """Where a run is kept without another name: runs/ and the name of its folder of pictures, else of its preset.

    Raises TrainingError without either.
    """
    if source is not None:
        return Path("runs") / source.resolve().name
    if preset is not None:
        return Path("runs") / Path(preset).stem
    raise TrainingError(
        "Name what to train on: painting train FOLDER for captioned pictures, painting train --preset digits for a "
        "preset that needs none, or painting train --run RUN to resume a run."
    )


def no_run_error(folder: RunFolder) -> TrainingError:
    """The error for a run that neither exists nor is described: the nearest names, and how to begin one."""
    folder.check_free()
    path = folder.path
    runs = [file.parent for file in path.parent.glob(f"*/{RUN_FILE}")]
    near = [str(path.parent / name) for name in get_close_matches(path.name, [run.name for run in runs])]
    nearest = f" Did you mean {' or '.join(near)}?" if near else ""
    return TrainingError(
        f"There is no run in {path} to resume.{nearest} To begin one, name a captioned folder: painting train FOLDER "
        f"--run {path}; or a preset that needs none: painting train --preset digits --run {path}."
    )
