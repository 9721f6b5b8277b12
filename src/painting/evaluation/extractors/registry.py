"""The table of extractors, one row each, and loading those whose weights can be had.

To add an extractor: a module with a class that has `base.Extractor`'s members, and a row in `EXTRACTOR_TABLE`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from painting.data.picture_set import PictureSet
from painting.distribution import install_command
from painting.errors import InvalidRequest, PaintingError
from painting.evaluation.extractors.base import Extractor, WeightsMissing
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.evaluation.extractors.classifier_training import NoAttributes, cached_classifier
from painting.evaluation.extractors.clip import load_clip_extractor
from painting.evaluation.extractors.dinov2 import load_dinov2
from painting.evaluation.extractors.efficientnet import EfficientNet
from painting.evaluation.extractors.inception import load_inception
from painting.progress import TaskProgressCallback


@dataclass(frozen=True)
class WeightSources:
    """Where the weights of published networks come from."""

    given: Mapping[str, str] = field(default_factory=dict)
    """An extractor's name → its file, folder or name on the hub; for others the cache, then a download."""
    download: bool = True
    device: str = "cpu"


@dataclass(frozen=True)
class LoadContext:
    """All that a row may load an extractor from: the source of its weights, and what a classifier is trained on."""

    source: str | None
    download: bool
    device: str
    data: PictureSet
    settings: ClassifierSettings
    report: TaskProgressCallback


@dataclass(frozen=True)
class ExtractorEntry:
    """A row of the table of extractors."""

    load: Callable[[LoadContext], Extractor]
    """Raises WeightsMissing where its weights are missing."""
    neighbour_rank: int
    """The closest training pictures are those by the extractor of the lowest rank, whose neighbours look most alike."""
    linear_probe: bool = False
    """Whether a linear probe predicts the data set's labels from its features."""


def _load_classifier(context: LoadContext) -> Extractor:
    try:
        return cached_classifier(context.data, context.settings, report=context.report)
    except NoAttributes as problem:
        raise WeightsMissing(str(problem)) from problem


def _load_efficientnet(context: LoadContext) -> Extractor:
    try:
        return EfficientNet(context.device)
    except PaintingError as problem:  # its package is missing or damaged
        raise WeightsMissing(str(problem)) from problem


def _load_inception(context: LoadContext) -> Extractor:
    path = Path(context.source) if context.source else None
    return load_inception(path, context.download, context.report, context.device)


CLASSIFIER_NAME = "classifier"
"""The extractor that needs no published weights: it is trained on the training pictures."""
EXTRACTOR_TABLE: dict[str, ExtractorEntry] = {
    CLASSIFIER_NAME: ExtractorEntry(_load_classifier, neighbour_rank=5),
    "efficientnet": ExtractorEntry(_load_efficientnet, neighbour_rank=4, linear_probe=True),
    "inception": ExtractorEntry(_load_inception, neighbour_rank=2),
    "clip": ExtractorEntry(
        lambda context: load_clip_extractor(context.source, context.download, context.device), neighbour_rank=3
    ),
    "dinov2": ExtractorEntry(
        lambda context: load_dinov2(context.source, context.download, context.device), neighbour_rank=1
    ),
}


def check_names(names: Sequence[str], sources: WeightSources) -> None:
    """Raise InvalidRequest unless there is at least one name, and all names and those of sources are extractors'."""
    known = ", ".join(EXTRACTOR_TABLE)
    for name in [*names, *sources.given]:
        if name not in EXTRACTOR_TABLE:
            raise InvalidRequest(f"there is no extractor {name[:40]!r}: choose among {known}")
    if not names:
        raise InvalidRequest(f"name at least one extractor: {known}")


def load_extractors(
    names: Sequence[str],
    sources: WeightSources,
    data: PictureSet,
    settings: ClassifierSettings,
    report: TaskProgressCallback,
) -> tuple[list[Extractor], list[str]]:
    """Load the named extractors whose weights can be had, in the table's order, and a sentence for each other one.

    `data`, `settings`: what the classifier is trained on, and how. Raises InvalidRequest for an unknown name.
    """
    check_names(names, sources)
    loaded: list[Extractor] = []
    missing: list[str] = []
    for name, entry in EXTRACTOR_TABLE.items():
        if name not in names:
            continue
        source = sources.given.get(name)
        context = LoadContext(source, sources.download, sources.device, data, settings, report)
        try:
            loaded.append(entry.load(context))
        except WeightsMissing as problem:
            missing.append(f"{name}: {problem}")
        except ImportError as problem:  # transformers comes with another extra
            missing.append(f"{name}: it needs the clip extra ({problem}): {install_command('clip')}")
    return loaded, missing
