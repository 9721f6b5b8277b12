"""The published extractors by their names; those whose weights cannot be had are told, and the others go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.errors import InvalidRequest, PaintingError
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.clip import load_clip_judge
from painting.evaluation.extractors.dinov2 import load_dinov2
from painting.evaluation.extractors.efficientnet import EfficientNet
from painting.evaluation.extractors.inception import load_inception
from painting.progress import TaskProgressCallback

NAMES = ("efficientnet", "inception", "clip", "dinov2")


@dataclass(frozen=True)
class ExtractorSources:
    """Where weights are; None: the cache, then a download."""

    inception: Path | None = None
    """torch-fidelity's file."""
    clip: str | None = None
    """A folder in Hugging Face's layout, or a model's name on the hub."""
    dinov2: str | None = None
    download: bool = True
    device: str = "cpu"


def load_extractors(
    names: Sequence[str], sources: ExtractorSources | None = None, report: TaskProgressCallback | None = None
) -> tuple[list[Extractor], list[str]]:
    """The extractors of these NAMES that can be loaded, and a sentence for each that cannot: why, and how to get it.

    Raises InvalidRequest for a name that is none.
    """
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise InvalidRequest(f"there is no extractor {unknown[0]!r}: choose among {', '.join(NAMES)}")
    chosen, tell = sources or ExtractorSources(), report or (lambda what, done, total: None)
    loaders: dict[str, Callable[[], Extractor]] = {
        "efficientnet": lambda: EfficientNet(chosen.device),
        "inception": lambda: load_inception(chosen.inception, chosen.download, tell, chosen.device),
        "clip": lambda: load_clip_judge(chosen.clip, chosen.download, chosen.device),
        "dinov2": lambda: load_dinov2(chosen.dinov2, chosen.download, chosen.device),
    }
    loaded: list[Extractor] = []
    missing: list[str] = []
    for name in dict.fromkeys(names):
        try:
            loaded.append(loaders[name]())
        except PaintingError as problem:
            missing.append(f"{name}: {problem}")
        except ImportError as problem:  # transformers comes with another extra
            missing.append(f"{name}: it needs the clip extra ({problem}): pip install 'painting[clip]'")
    return loaded, missing
