"""`painting evaluate` from end to end: open painters and reference data, evaluate, and build the report."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from painting.data.attributes import columns_by_field
from painting.data.cache import default_cache
from painting.data.shapes.dataset import Shapes
from painting.errors import InvalidRequest
from painting.evaluation.evaluate import Evaluation, Plan, evaluate
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.linear_probe import LinearProbe
from painting.evaluation.extractors.registry import (
    CLASSIFIER_NAME,
    EXTRACTOR_TABLE,
    WeightSources,
    check_names,
    load_extractors,
)
from painting.evaluation.feature_cache import real_features
from painting.evaluation.figures.shapes import SHAPE_SPLITS, shape_accuracy_figure
from painting.evaluation.report.build import painter_report, whole_report
from painting.evaluation.report.model_selection import SELECTED_BY
from painting.evaluation.report.painter_under_test import PainterUnderTest
from painting.evaluation.report.real_data import CLASSIFIER_VIEWS, DataRequest, RealData, open_real_data
from painting.evaluation.report.schema import EvaluationReport
from painting.paint.painter import Painter
from painting.progress import TaskProgressCallback

ALTERNATIVE_EXTRACTOR = f". Or measure with --extractors {CLASSIFIER_NAME}, which needs nothing."


@dataclass(frozen=True)
class EvaluationSettings:
    """How to evaluate: reference data, number of pictures, extractors."""

    plan: Plan
    folder: Path | None = None
    test_folder: Path | None = None
    size: int | None = None
    """In px; None: the smallest that any of the painters paints."""
    extractors: tuple[str, ...] = tuple(EXTRACTOR_TABLE)
    sources: WeightSources = field(default_factory=WeightSources)
    threads: int = 1
    max_real_pictures: int | None = None
    """Of each split, to measure quickly; None: all."""
    model_selection: bool = False
    """Whether to measure on the validation set alone, instead of the test set, to select among painters."""

    def as_dict(self) -> dict[str, Any]:
        """The settings in report.json."""
        return {
            "pictures": self.plan.pictures,
            "generations": self.plan.generations,
            "first_seed": self.plan.first_seed,
            "requested_extractors": list(self.extractors),
            "threads": self.threads,
        }


def evaluate_painters(
    files: Sequence[Path], settings: EvaluationSettings, progress: TaskProgressCallback
) -> EvaluationReport:
    """Measure painter files on the same pictures; raises InvalidRequest where they do not go together."""
    check_names(settings.extractors, settings.sources)
    loaded = [Painter.load(path, threads=settings.threads) for path in files]
    request = _data_request(loaded, settings)
    real = open_real_data(request, progress)
    size = real.data.train.size
    extractors, missing = _load_extractors(real, settings, progress)
    reports = []
    for one, path in zip(loaded, files, strict=True):
        painter = PainterUnderTest(one, path, size, settings.threads)
        plan = replace(
            settings.plan,
            text_encoder_id=one.manifest.text_encoder_id or "",
            held_out_alone=settings.model_selection,
        )
        named = progress if len(loaded) == 1 else _with_name(progress, painter.name)
        report = painter_report(painter, real, evaluate_painter(painter, real, extractors, plan, named), plan)
        reports.append(replace(report, notes=(*report.notes, *missing)))
    described = settings.as_dict()
    if settings.model_selection:
        described[SELECTED_BY] = real.describe_selection(settings.plan.pictures)
    return whole_report(real, extractors, described, reports)


def evaluate_painter(
    painter: PainterUnderTest,
    real: RealData,
    extractors: Sequence[Extractor],
    plan: Plan,
    progress: TaskProgressCallback,
) -> Evaluation:
    """Evaluate one painter; of drawn shapes also their joint label accuracy by templates, without any network."""
    evaluation = evaluate(painter, real.data, extractors, plan, progress)
    if not isinstance(real.classifier_data, Shapes):
        return evaluation
    figures = [shape_accuracy_figure(painter, painter.size, split) for split in SHAPE_SPLITS]
    return replace(evaluation, figures=[*evaluation.figures, *figures])


def _data_request(painters: Sequence[Painter], settings: EvaluationSettings) -> DataRequest:
    conditional = {painter.conditional for painter in painters}
    if len(conditional) > 1:
        raise InvalidRequest("painters that take a prompt cannot be compared with painters that take none")
    if settings.folder is None:
        for painter in painters:
            if painter.conditional and not _paints_shapes(painter):
                raise InvalidRequest(
                    f"name the dataset folder of the painter '{painter.name}', with its train/test split: --data FOLDER"
                )
    return DataRequest(
        folder=settings.folder,
        test_folder=settings.test_folder,
        size=settings.size or min(painter.size for painter in painters),
        conditional=conditional.pop(),
        pictures=settings.plan.pictures,
        model_selection=settings.model_selection,
        max_real_pictures=settings.max_real_pictures,
        train_views=CLASSIFIER_VIEWS if CLASSIFIER_NAME in settings.extractors else 1,
    )


def _paints_shapes(painter: Painter) -> bool:
    """Whether a painter's card says that it was trained on drawn shapes."""
    data = painter.manifest.card.get("data")
    return isinstance(data, dict) and data.get("source") == "shapes" and data.get("pictures") == "endless"


def _load_extractors(
    real: RealData, settings: EvaluationSettings, progress: TaskProgressCallback
) -> tuple[list[Extractor], list[str]]:
    """The extractors whose weights can be had, with linear probes, and a sentence for each of the others.

    Raises InvalidRequest where there is none.
    """
    loaded, missing = load_extractors(
        settings.extractors, settings.sources, real.classifier_data, real.settings, progress
    )
    if not loaded:
        alternative = "" if CLASSIFIER_NAME in settings.extractors else ALTERNATIVE_EXTRACTOR
        raise InvalidRequest(f"{'. '.join(missing)}{alternative}")
    return [_with_linear_probe(extractor, real, progress) for extractor in loaded], missing


def _with_linear_probe(extractor: Extractor, real: RealData, progress: TaskProgressCallback) -> Extractor:
    """Add a linear probe of the labels that the classifier predicts, where the extractor's row calls for one."""
    if not EXTRACTOR_TABLE[extractor.kind].linear_probe:
        return extractor
    train = real.data.train
    fields = columns_by_field(real.classifier_data.attributes)
    labels = [{field: value for field, value in all_labels.items() if field in fields} for all_labels in train.labels]
    if not any(labels):
        return extractor
    return LinearProbe.fit(extractor, real_features(train, extractor, default_cache(), progress), labels)


def _with_name(progress: TaskProgressCallback, name: str) -> TaskProgressCallback:
    """Progress with a painter's name before the task."""
    return lambda task, done, of: progress(f"{name}: {task}", done, of)
