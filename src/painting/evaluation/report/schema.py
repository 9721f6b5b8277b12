"""The report as dataclasses, and its JSON form, which `report.schema.json` beside this file specifies.

Pictures are in report.html alone: every one can be painted again from its prompt and seed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from painting.atomic_file import write_json_atomic
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.label_accuracy import LabelConfusion
from painting.evaluation.metrics.memorization import ClosestPair
from painting.images import UInt8Array

FORMAT_VERSION = 1
SCHEMA_PATH = Path(__file__).parent / "report.schema.json"

Answer = Literal["no", "yes", "not measured"]


@dataclass(frozen=True)
class Verdict:
    """The answer to the question about one fault, and its evidence."""

    question: str
    answer: Answer
    sentence: str
    split: str = ""
    """The split where the fault was found."""
    evidence: str = ""
    """The figures that the answer rests on."""


@dataclass(frozen=True)
class Grid:
    """Uncurated pictures: painted ones and the real ones of their prompts, uint8 (N, S, S, 3)."""

    split: str
    prompts: tuple[str, ...]
    """Empty for a painter without prompts."""
    seeds: tuple[int, ...]
    painted: UInt8Array
    real: UInt8Array


@dataclass(frozen=True)
class Cost:
    """The cost of a painter: parameters, bytes on disk, milliseconds per picture here, and its training."""

    parameters: int
    file_bytes: int
    milliseconds: float
    threads: int
    images_seen: Mapping[str, int] = field(default_factory=dict)
    """Stage → images."""
    hours: float | None = None
    hardware: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PainterReport:
    """The report of one painter; `sha256` is of its file."""

    name: str
    sha256: str
    picture_size: int
    conditional: bool
    figures: tuple[Figure, ...]
    verdicts: tuple[Verdict, ...]
    tables: tuple[LabelConfusion, ...]
    closest: tuple[ClosestPair, ...]
    grids: tuple[Grid, ...]
    cost: Cost
    notes: tuple[str, ...] = ()
    """What was not measured, and what to keep in mind."""


@dataclass(frozen=True)
class PartitionFacts:
    """A partition of the real pictures: their number and the hash of their content."""

    split: str
    pictures: int
    hash: str


@dataclass(frozen=True)
class EvaluationReport:
    """The evaluation of one painter or several, on the same data and by the same settings."""

    version: str
    """Of painting."""
    made: str
    """ISO 8601, UTC."""
    data: str
    """The name of the reference data."""
    parts: tuple[PartitionFacts, ...]
    settings: Mapping[str, Any]
    extractors: tuple[str, ...]
    painters: tuple[PainterReport, ...]

    @property
    def data_hash(self) -> str:
        """The hash of the training pictures."""
        return self.parts[0].hash

    def as_dict(self) -> dict[str, Any]:
        """The content of report.json; each figure also has painter, data and version, so that it stands alone."""
        return {
            "format_version": FORMAT_VERSION,
            "version": self.version,
            "made": self.made,
            "data": {"name": self.data, "parts": [asdict(part) for part in self.parts]},
            "settings": dict(self.settings),
            "extractors": list(self.extractors),
            "painters": [self._painter(painter) for painter in self.painters],
        }

    def _painter(self, painter: PainterReport) -> dict[str, Any]:
        stamp = {"painter": painter.sha256, "data": self.data_hash, "version": self.version}
        return {
            "name": painter.name,
            "sha256": painter.sha256,
            "picture_size": painter.picture_size,
            "conditional": painter.conditional,
            "figures": [figure.as_dict() | stamp for figure in painter.figures],
            "verdicts": [asdict(verdict) for verdict in painter.verdicts],
            "tables": [_table(table) for table in painter.tables],
            "closest": [_without_pictures(pair) for pair in painter.closest],
            "cost": asdict(painter.cost),
            "notes": list(painter.notes),
        }


def write_json(path: Path, report: EvaluationReport) -> None:
    """Write report.json, whole or not at all."""
    write_json_atomic(path, report.as_dict())


def _table(table: LabelConfusion) -> dict[str, Any]:
    rows = [asdict(row) for row in table.rows()]
    return {"field": table.field, "split": table.split, "extractor": table.extractor, "rows": rows}


def _without_pictures(pair: ClosestPair) -> dict[str, Any]:
    names = ("seed", "prompt", "training_name", "distance", "typical", "extractor")
    return {name: getattr(pair, name) for name in names}
