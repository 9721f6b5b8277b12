"""`painting evaluate`: how well a painter paints, whether it copies, and how sure we are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from painting.errors import InvalidRequest, MissingExtra
from painting.progress import TaskProgressCallback

if TYPE_CHECKING:
    from painting.evaluation.evaluate import Plan
    from painting.evaluation.report.schema import EvaluationReport
    from painting.evaluation.report.session import Wishes

RUN = "run.json"
QUICK_PICTURES = 500
"""For train and for test prompts each."""


def evaluate(
    painters: Annotated[
        list[str], typer.Argument(metavar="PAINTER_OR_RUN…", help="Painter files, bundled names or run folders.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(help="The pictures that they were trained on, parted; none for digits, shapes or a run's own."),
    ] = None,
    test: Annotated[
        Path | None, typer.Option(help="Captioned pictures that they have not seen, instead of those held out of DATA.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for report.json and report.html.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="500 pictures a split, by the classifier alone: under a minute.")
    ] = False,
    pictures: Annotated[
        int | None, typer.Option(min=2, help="Pictures a split; at most as many as there are real ones.")
    ] = None,
    generations: Annotated[
        int | None, typer.Option(min=1, help="Sets of seeds; two and more give figures their spread.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The seed of the first picture.")] = 0,
    extractors: Annotated[
        str | None,
        typer.Option(help="Feature extractors, of classifier,efficientnet,inception,clip,dinov2; all by default."),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SOURCE", help="An extractor's weights: a file, a folder or a name on the hub."),
    ] = None,
    download: Annotated[bool, typer.Option(help="Fetch weights that are not here yet.")] = True,
    choose: Annotated[
        bool, typer.Option("--choose", help="Name the best of several, by pictures held out with --validation.")
    ] = False,
    size: Annotated[int | None, typer.Option(min=8, help="Look at all pictures at this size in px.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="The sampler's steps, of run folders.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads; all cores if left out.")] = None,
) -> None:
    """Measure painters on pictures held out of training, and write report.json and report.html."""
    threads = _studio_on(threads)
    from painting.evaluation.extractors.registry import CLASSIFIER_NAME, EXTRACTOR_TABLE, WeightSources
    from painting.evaluation.report.session import Wishes

    by_default = (CLASSIFIER_NAME,) if quick else tuple(EXTRACTOR_TABLE)
    wishes = Wishes(
        plan=_plan(quick, pictures, generations, seed),
        folder=data or _data_of_run(painters),
        test=test,
        size=size,
        extractors=by_default if extractors is None else _named(extractors),
        sources=WeightSources(_weight_sources(weights or []), download),
        threads=threads,
        choosing=choose,
    )
    folder = _made(out or _place(painters))
    report = _measure(painters, steps, wishes)
    _write(folder, report)
    if choose:
        _tell_choice(report)


def _studio_on(threads: int | None) -> int:
    """Bring in what evaluates, on so many CPU threads, or all cores; raises MissingExtra where it is not installed."""
    try:
        import torch

        import painting.evaluation.report.session  # noqa: F401 (the first to miss what the extra brings)
        from painting.malloc import retain_malloc
    except ModuleNotFoundError as error:
        raise MissingExtra("Evaluating a painter") from error
    from painting.onnx_session import available_cores

    threads = threads or available_cores()
    torch.set_num_threads(threads)
    retain_malloc()
    return threads


def _named(extractors: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in extractors.split(",") if name.strip())


def _weight_sources(weights: list[str]) -> dict[str, str]:
    """Sources by extractor; raises InvalidRequest for what is not NAME=SOURCE."""
    sources = {}
    for given in weights:
        name, equals, source = given.partition("=")
        if not equals or not source:
            raise InvalidRequest(f"--weights takes NAME=SOURCE, as in clip=FOLDER, not {given[:100]!r}")
        sources[name] = source
    return sources


def _plan(quick: bool, pictures: int | None, generations: int | None, seed: int) -> "Plan":
    from painting.evaluation.evaluate import FULL_PLAN, Plan

    whole = Plan(QUICK_PICTURES, 1) if quick else FULL_PLAN
    return Plan(pictures or whole.pictures, generations or whole.generations, seed)


def _place(painters: list[str]) -> Path:
    """Where a report goes unasked: into the run, or a folder named after the painters."""
    if len(painters) == 1 and _is_run(painters[0]):
        return Path(painters[0]) / "evaluation"
    return Path("evaluation") / "-".join(Path(painter).stem for painter in painters)


def _made(folder: Path) -> Path:
    """The report's folder, made and written to before minutes go into measuring."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    return folder


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except OSError as error:
        raise InvalidRequest(
            f"the report cannot be written to {folder}: {error.strerror or error}; name another folder with --out"
        ) from error


def _is_run(painter: str) -> bool:
    return (Path(painter) / RUN).is_file()


def _data_of_run(painters: list[str]) -> Path | None:
    """The pictures of the first painter that is a run."""
    from painting.training.run.folder import RunFolder

    runs = [Path(painter) for painter in painters if _is_run(painter)]
    source = RunFolder(runs[0]).info().source if runs else None
    return Path(source) if source else None


def _measure(painters: list[str], steps: int | None, wishes: "Wishes") -> "EvaluationReport":
    from painting.evaluation.report.session import evaluate_painters

    with TemporaryDirectory(prefix="painting-") as exported:
        files = [_file(painter, Path(exported) / str(place), steps) for place, painter in enumerate(painters)]
        try:
            with _shown() as progress:
                return evaluate_painters(files, wishes, progress)
        except KeyboardInterrupt:
            typer.echo("Stopped; nothing was written.")
            raise typer.Exit(130) from None


def _file(painter: str, folder: Path, steps: int | None) -> Path:
    """The painter file of a name, a path or a run, whose newest weights are exported."""
    from painting.painters import catalog
    from painting.training.export.exporter import export_run

    if not _is_run(painter):
        if steps is not None:
            raise InvalidRequest(f"--steps is for run folders: the steps of {painter} are fixed in its file")
        return catalog.find(painter)
    folder.mkdir()
    file = folder / f"{Path(painter).resolve().name}.painter"
    export_run(Path(painter), file, sampler_settings={} if steps is None else {"steps": steps})
    return file


@contextmanager
def _shown() -> "Iterator[TaskProgressCallback]":
    """A bar for what is being done, or, where nobody watches, a line when it begins."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("opening")
        now = ""

        def report(what: str, done: int, of: int) -> None:
            nonlocal now
            if what != now:
                now = what
                bars.reset(task, description=what, total=of)
                if not console.is_terminal:
                    console.print(f"{what}: {of:,}", soft_wrap=True, highlight=False, markup=False)
            bars.update(task, completed=done, total=of)

        yield report


def _tell_choice(report: "EvaluationReport") -> None:
    from painting.evaluation.report.model_selection import choice_told

    for line in choice_told(report):
        typer.echo(line)


def _write(folder: Path, report: "EvaluationReport") -> None:
    from painting.evaluation.report.html import write_page
    from painting.evaluation.report.schema import write_json

    with _writing(folder):
        write_json(folder / "report.json", report)
        write_page(folder / "report.html", report)
    for painter in report.painters:
        typer.echo(f"{painter.name}:")
        for verdict in painter.verdicts:
            typer.echo(f"  {verdict.question} {verdict.answer.capitalize()}. {verdict.sentence}")
        for note in painter.notes:
            typer.echo(f"  note: {note}")
    typer.echo(f"Wrote {folder / 'report.json'} and {folder / 'report.html'}")
