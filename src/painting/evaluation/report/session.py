"""`painting evaluate` from end to end: open painters and pictures, measure, and gather the report."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from painting.data.cache import default_cache
from painting.data.shapes.dataset import Shapes
from painting.errors import InvalidRequest
from painting.evaluation.evaluate import Evaluation, Plan, evaluate
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.classifier import fields_of
from painting.evaluation.extractors.linear_probe import LinearProbe
from painting.evaluation.extractors.registry import EXTRACTOR_TABLE, WeightSources, check_names, load_extractors
from painting.evaluation.feature_cache import real_features
from painting.evaluation.figures.shapes import shape_accuracy_figure
from painting.evaluation.report.build import painter_report, whole_report
from painting.evaluation.report.real_data import RealData, Wanted, open_real_data
from painting.evaluation.report.schema import EvaluationReport, PainterReport
from painting.evaluation.report.subject import Subject
from painting.painter import Painter
from painting.progress import TaskProgressCallback


@dataclass(frozen=True)
class Wishes:
    """How to measure: against which pictures, how many, seen by whom."""

    plan: Plan
    folder: Path | None = None
    test: Path | None = None
    size: int | None = None
    """In px; None: the smallest that any of the painters paints."""
    extractors: tuple[str, ...] = tuple(EXTRACTOR_TABLE)
    sources: WeightSources = field(default_factory=WeightSources)
    threads: int = 1
    choosing: bool = False
    """Whether to measure on the validation part, to choose among painters."""


def evaluate_painters(files: Sequence[Path], wishes: Wishes, progress: TaskProgressCallback) -> EvaluationReport:
    """Measure painter files on the same pictures; raises InvalidRequest where they do not go together."""
    check_names(wishes.extractors, wishes.sources)
    painters = [Painter.load(path, threads=wishes.threads) for path in files]
    real = open_real_data(_wanted(painters, wishes), lambda done, of: progress("preparing the pictures", done, of))
    size = real.data.train.size
    subjects = [Subject(painter, path, size, wishes.threads) for painter, path in zip(painters, files, strict=True)]
    extractors, missing = _extractors(real, wishes, progress)
    reports = []
    for subject in subjects:
        plan = replace(wishes.plan, text_encoder_id=subject.painter.manifest.text_encoder_id or "")
        evaluation = measured(subject, real, extractors, plan, _named(subject, subjects, progress))
        reports.append(_with_notes(painter_report(subject, real, evaluation, plan), missing))
    return whole_report(real, extractors, _settings(wishes), reports)


def measured(
    subject: Subject, real: RealData, extractors: Sequence[Extractor], plan: Plan, progress: TaskProgressCallback
) -> Evaluation:
    """What evaluation finds; of drawn shapes also what is read off the pixels, without any network."""
    evaluation = evaluate(subject, real.data, extractors, plan, progress)
    if not isinstance(real.classifier_data, Shapes):
        return evaluation
    seen = shape_accuracy_figure(subject, subject.size, "seen")
    unseen = shape_accuracy_figure(subject, subject.size, "unseen")
    return replace(evaluation, figures=[*evaluation.figures, seen, unseen])


def _wanted(painters: Sequence[Painter], wishes: Wishes) -> Wanted:
    conditional = {painter.conditional for painter in painters}
    if len(conditional) > 1:
        raise InvalidRequest("painters that take a prompt cannot be compared with painters that take none")
    size = wishes.size or min(painter.size for painter in painters)
    if wishes.folder is None:
        for painter in painters:
            if painter.conditional and not _paints_shapes(painter):
                raise InvalidRequest(
                    f"name the pictures that the painter '{painter.name}' was trained on, with the held-out ones: "
                    "--data FOLDER"
                )
    return Wanted(wishes.folder, wishes.test, size, conditional.pop(), wishes.plan.pictures, wishes.choosing)


def _paints_shapes(painter: Painter) -> bool:
    """Whether a painter's card says that it was trained on drawn shapes."""
    told = painter.manifest.card.get("data")
    return isinstance(told, dict) and told.get("source") == "shapes" and told.get("pictures") == "endless"


def _extractors(real: RealData, wishes: Wishes, progress: TaskProgressCallback) -> tuple[list[Extractor], list[str]]:
    """The extractors whose weights can be had, with linear probes, and a sentence for each of the others.

    Raises InvalidRequest where there is none.
    """
    loaded, missing = load_extractors(wishes.extractors, wishes.sources, real.classifier_data, real.settings, progress)
    if not loaded:
        raise InvalidRequest(f"{'. '.join(missing)}. Or measure with --extractors classifier, which needs nothing.")
    return [_with_linear_probe(extractor, real, progress) for extractor in loaded], missing


def _with_linear_probe(extractor: Extractor, real: RealData, progress: TaskProgressCallback) -> Extractor:
    """Add a linear probe of the labels that the classifier predicts, where the extractor's row wants one."""
    if not EXTRACTOR_TABLE[extractor.kind].linear_probe:
        return extractor
    train = real.data.train
    fields = fields_of(real.classifier_data.attributes)
    labels = [{field: value for field, value in shown.items() if field in fields} for shown in train.labels]
    if not any(labels):
        return extractor
    return LinearProbe(extractor, real_features(train, extractor, default_cache(), progress), labels)


def _named(subject: Subject, subjects: Sequence[Subject], progress: TaskProgressCallback) -> TaskProgressCallback:
    """Where there are several painters, say whose turn it is."""
    if len(subjects) == 1:
        return progress
    return lambda what, done, of: progress(f"{subject.name}: {what}", done, of)


def _with_notes(report: PainterReport, missing: Sequence[str]) -> PainterReport:
    return replace(report, notes=(*report.notes, *missing))


def _settings(wishes: Wishes) -> dict[str, Any]:
    plan = wishes.plan
    return {
        "pictures": plan.pictures,
        "generations": plan.generations,
        "first_seed": plan.first_seed,
        "requested_extractors": list(wishes.extractors),
        "threads": wishes.threads,
    }
