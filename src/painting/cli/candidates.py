"""Candidates of an evaluation: painter files and runs, or the snapshots of one run, of which the best is selected."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from painting.errors import InvalidRequest
from painting.progress import TaskProgressCallback

if TYPE_CHECKING:
    from painting.evaluation.report.schema import EvaluationReport

RUN_FILE = "run.json"
Candidate = tuple[str, tuple[float, ...]]
"""A painter or run, and of a run the snapshots; none: what an export takes."""


def is_run(painter: str) -> bool:
    """Whether it is a run's folder."""
    return (Path(painter) / RUN_FILE).is_file()


def is_only_run(painters: list[str]) -> bool:
    """Whether a run's folder is all there is."""
    return len(painters) == 1 and is_run(painters[0])


def candidates_of(painters: list[str], choose: bool) -> list[Candidate]:
    """What is measured: each painter, or, to choose, the snapshots of the only run; raises TrainingError."""
    if not (choose and is_only_run(painters)):
        return [(painter, ()) for painter in painters]
    from painting.training.guard.ranking import weights_to_rank
    from painting.training.run.folder import RunFolder

    return [(painters[0], kimg) for kimg in weights_to_rank(RunFolder(Path(painters[0])))]


def painter_file_of(candidate: Candidate, folder: Path, steps: int | None, report: TaskProgressCallback) -> Path:
    """The painter file of a name, a path or a run, which is exported."""
    from painting.painters import catalog
    from painting.training.export.exporter import export_run
    from painting.training.guard.ranking import describe_weights

    painter, kimg = candidate
    if not is_run(painter):
        if steps is not None:
            raise InvalidRequest(f"--steps is for run folders: the sampling steps of {painter} are fixed in its file")
        return catalog.find(painter)
    folder.mkdir()
    file = folder / f"{Path(painter).resolve().name}.painter"
    settings = {} if steps is None else {"steps": steps}
    name = describe_weights(kimg) if kimg else None
    export_run(Path(painter), file, name=name, sampler_settings=settings, at_kimg=kimg, report=report)
    return file


def print_selection(candidates: list[Candidate], report: "EvaluationReport") -> None:
    """Print the ranking, and write down that of a run's snapshots."""
    from painting.evaluation.report.model_selection import describe_criteria, ranked, selection_lines
    from painting.training.guard.ranking import RankedWeights, Ranking
    from painting.training.run.folder import RunFolder

    notes = dict.fromkeys(note for painter in report.painters for note in painter.notes)
    for line in (*(f"note: {note}" for note in notes), "", *selection_lines(report)):
        typer.echo(line)
    if not any(kimg for _, kimg in candidates):
        return
    of_weights = [
        RankedWeights(candidates[each.number][1], each.rank_sum, each.memorizes, each.figures_as_json)
        for each in ranked(report)
    ]
    run = RunFolder(Path(candidates[0][0]))
    ranking = Ranking(describe_criteria(report), tuple(of_weights))
    path = ranking.write(run)
    taken = "takes the best" if ranking.best else "takes none of them"
    typer.echo(f"Wrote {path}: `painting export {run.path}` {taken}.")
