"""`painting evaluate`: measure painters on held-out pictures, and write a report."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from painting.cli.candidates import Candidate, candidates_of, is_only_run, is_run, painter_file_of, print_selection
from painting.cli.progress import task_progress
from painting.distribution import MissingExtra
from painting.errors import INTERRUPTED_EXIT_CODE, InvalidRequest, quoted_path

if TYPE_CHECKING:
    from painting.evaluation.evaluate import Plan
    from painting.evaluation.report.schema import EvaluationReport
    from painting.evaluation.report.session import EvaluationSettings

QUICK_PICTURES = 200
"""For each split: painted, and real ones to compare with; for a choice painted alone."""
QUICK_EXTRACTOR = "efficientnet"
"""It comes with the training extra and needs no training."""
CHOICE_EXTRACTORS = "efficientnet,classifier"
"""Two that need no download: one of a million photographs, one of none but the training set's."""
CHOICE_GENERATIONS = 3


def evaluate(
    painters: Annotated[
        list[str], typer.Argument(metavar="PAINTER_OR_RUN…", help="Painter files, bundled names or run folders.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(help="Dataset folder with its train/test split; not needed for digits, shapes or a run's own."),
    ] = None,
    test: Annotated[
        Path | None, typer.Option(help="Folder of captioned test pictures, instead of the test partition of DATA.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for report.json and report.html.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="200 pictures per split by EfficientNet alone: about a minute.")
    ] = False,
    pictures: Annotated[
        int | None, typer.Option(min=2, help="Pictures per split; at most as many as there are real ones.")
    ] = None,
    generations: Annotated[
        int | None, typer.Option(min=1, help="Sets of seeds (5; --choose: 3; --quick: 1); two or more give a spread.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The seed of the first picture.")] = 0,
    extractors: Annotated[
        str | None,
        typer.Option(help="Feature extractors, of classifier,efficientnet,inception,clip,dinov2 (default: all)."),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SOURCE", help="An extractor's weights: a file, a folder or a name on the hub."),
    ] = None,
    download: Annotated[bool, typer.Option(help="Download missing weights.")] = True,
    choose: Annotated[
        bool, typer.Option("--choose", help="Select the best painter, or the best snapshot of a run, on validation.")
    ] = False,
    size: Annotated[int | None, typer.Option(min=8, help="Size in px at which all pictures are measured.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Sampling steps, for run folders.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads (default: all cores).")] = None,
) -> None:
    """Evaluate painters on held-out pictures, and write report.json and report.html."""
    threads = _load_studio(threads)
    from painting.evaluation.extractors.registry import WeightSources
    from painting.evaluation.report.session import EvaluationSettings

    is_sample = quick and extractors is None  # a classifier is trained on all pictures
    settings = EvaluationSettings(
        plan=_plan(quick, choose, pictures, generations, seed),
        folder=data or _dataset_of_run(painters),
        test_folder=test,
        size=size,
        extractors=_split_names(extractors or _default_extractors(quick, choose)),
        sources=WeightSources(_weight_sources(weights or []), download),
        threads=threads,
        max_real_pictures=max(QUICK_PICTURES, pictures or 0) if is_sample else None,
        model_selection=choose,
    )
    _measure(painters, out, steps, settings)


def _measure(painters: list[str], out: Path | None, steps: int | None, settings: "EvaluationSettings") -> None:
    choose = settings.model_selection
    candidates = candidates_of(painters, choose)
    folder = _writable_folder(out or _default_folder(painters, choose))
    report = _evaluate(candidates, steps, settings)
    _write(folder, report)
    if choose:
        print_selection(candidates, report)
    else:
        _print_report(report)


def _load_studio(threads: int | None) -> int:
    """Import the studio and set the number of CPU threads, by default all cores; raises MissingExtra."""
    try:
        import torch

        import painting.evaluation.report.session  # noqa: F401 (it imports all of the extra)
        from painting.cli.malloc import retain_malloc
    except ModuleNotFoundError as error:
        raise MissingExtra("Evaluating a painter") from error
    from painting.onnx_session import available_cores

    threads = threads or available_cores()
    torch.set_num_threads(threads)
    retain_malloc()
    return threads


def _split_names(extractors: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in extractors.split(",") if name.strip())


def _weight_sources(weights: list[str]) -> dict[str, str]:
    """Sources by extractor; raises InvalidRequest for what is not NAME=SOURCE."""
    sources = {}
    for given in weights:
        name, equals, source = given.partition("=")
        if not equals or not source:
            raise InvalidRequest(f"--weights takes NAME=SOURCE, as in clip=FOLDER, not {quoted_path(given)}")
        sources[name] = source
    return sources


def _default_extractors(quick: bool, choose: bool) -> str:
    from painting.evaluation.extractors.registry import EXTRACTOR_TABLE

    if quick:
        return QUICK_EXTRACTOR
    return CHOICE_EXTRACTORS if choose else ",".join(EXTRACTOR_TABLE)


def _plan(quick: bool, choose: bool, pictures: int | None, generations: int | None, seed: int) -> "Plan":
    from painting.evaluation.evaluate import FULL_PLAN, Plan

    default = Plan(QUICK_PICTURES, 1 if quick else CHOICE_GENERATIONS) if quick or choose else FULL_PLAN
    return Plan(pictures or default.pictures, generations or default.generations, seed)


def _default_folder(painters: list[str], choose: bool) -> Path:
    """The report's folder without --out: in the run, or named after the painters."""
    if is_only_run(painters):
        return Path(painters[0]) / ("saved/ranking" if choose else "evaluation")
    return Path("evaluation") / "-".join(Path(painter).stem for painter in painters)


def _writable_folder(folder: Path) -> Path:
    """Make the report's folder and check that it is writable, before minutes go into the evaluation."""
    with _write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    return folder


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    """Raise InvalidRequest in place of OSError."""
    try:
        yield
    except OSError as error:
        raise InvalidRequest(
            f"the report cannot be written to {folder}: {error.strerror or error}; name another folder with --out"
        ) from error


def _dataset_of_run(painters: list[str]) -> Path | None:
    """The dataset folder of the first painter that is a run."""
    from painting.training.run.folder import RunFolder

    runs = [Path(painter) for painter in painters if is_run(painter)]
    source = RunFolder(runs[0]).info().source if runs else None
    return Path(source) if source else None


def _evaluate(candidates: list[Candidate], steps: int | None, settings: "EvaluationSettings") -> "EvaluationReport":
    from painting.evaluation.report.session import evaluate_painters

    with TemporaryDirectory(prefix="painting-") as exported:
        try:
            with task_progress() as report:
                places = [Path(exported) / str(number) for number in range(len(candidates))]
                files = [painter_file_of(*each, steps, report) for each in zip(candidates, places, strict=True)]
                return evaluate_painters(files, settings, report)
        except KeyboardInterrupt:
            typer.echo("Stopped; no report was written. What was trained to measure with is kept in the cache.")
            raise typer.Exit(INTERRUPTED_EXIT_CODE) from None


def _print_report(report: "EvaluationReport") -> None:
    from painting.evaluation.report.summary import summary_lines

    for painter in report.painters:
        typer.echo(f"{painter.name}:")
        for verdict in painter.verdicts:
            typer.echo(f"  {verdict.question} {verdict.answer.capitalize()}. {verdict.sentence}")
        for line in summary_lines(painter.figures):
            typer.echo(f"  {line}")
        for note in painter.notes:
            typer.echo(f"  note: {note}")


def _write(folder: Path, report: "EvaluationReport") -> None:
    from painting.evaluation.report.html import write_html
    from painting.evaluation.report.schema import write_json

    with _write_errors(folder):
        write_json(folder / "report.json", report)
        write_html(folder / "report.html", report)
    typer.echo(f"Wrote {folder / 'report.json'} and {folder / 'report.html'}")
