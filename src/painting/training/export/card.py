"""Model card of a painter: facts of its run, measured figures, and fields that only its author knows."""

import json
import math
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from painting.data.attributes import label_values
from painting.errors import DataError, error_reason
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export.choice import NEWEST_WEIGHTS, Choice
from painting.training.guard.comparison import StartComparison
from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder, RunInfo

SAMPLES_PER_PROMPT = 4
UNPROMPTED_SAMPLES = 64
SAMPLE_SEED = 0
MAX_TEXT_LENGTH = 500
"""Characters of a card field, or of one of the limits."""
MAX_LIMITS = 16
DATA_FIELD = "data"
FIGURES_FIELD = "figures"
LICENCE_FIELD = "licence"
LIMITS_FIELD = "limits"
WARM_START_FIELDS = ("painter", "data", "licence")
"""Fields that a card takes over from the card of the painter of its run's warm start."""


def build_card(
    folder: RunFolder,
    info: RunInfo,
    position: Position,
    card_fields: Mapping[str, Any],
    choice: Choice = NEWEST_WEIGHTS,
) -> dict[str, Any]:
    """The card of a run's painter at a position, with fields as they were read: figures, and its author's own.

    Images seen and hours include those of the painter of a warm start, whose measured distance from its pictures is
    `distance`, and one of the limits where it is far. `weights` says which snapshots were chosen, and by what.
    """
    data = dict(info.dataset.summary)
    if labels := label_values(info.dataset.attributes):
        data["labels"] = labels
    if DATA_FIELD in card_fields:
        data["description"] = card_fields[DATA_FIELD]
    before = info.warm_start or {}
    card: dict[str, Any] = {
        "model": info.preset.model,
        "preset": info.preset.as_dict(),
        "data": data,
        "images_seen": stage_images(folder, position, before),
        "hours": round(position.seconds / 3600 + before.get("hours", 0.0), 2),
        "hardware": info.environment,
        "samples": _describe_samples(info.dataset),
    }
    if choice.kimg:
        card["weights"] = choice.record()
    if before:
        card["began_from"] = {name: before[name] for name in WARM_START_FIELDS if before.get(name)}
    taken_over = (FIGURES_FIELD, LICENCE_FIELD, LIMITS_FIELD)
    card |= {name: card_fields[name] for name in taken_over if name in card_fields}
    comparison = StartComparison.read(folder)
    measured = comparison.of_weights(choice.kimg) if comparison else None
    if comparison and measured:
        card["distance"] = comparison.distance_record(measured)
        if comparison.is_far(measured):
            card[LIMITS_FIELD] = [comparison.distance_sentence(measured), *card.get(LIMITS_FIELD, [])]
    return card


def stage_images(folder: RunFolder, position: Position, before: Mapping[str, Any]) -> dict[str, int]:
    """Training images by stage up to a position: of each stage the last line of stats.jsonl counts."""
    stopped_at = (position.stage_index, position.step)
    last_lines = {
        line["stage"]: line for line in folder.stats.read() if (line["stage_index"], line["step"]) <= stopped_at
    }
    seen = Counter(before.get("images_seen", {}))
    seen.update({name: round(1000 * line["kimg"]) for name, line in last_lines.items()})
    return dict(seen)


def read_card_fields(path: Path) -> dict[str, Any]:
    """Read a TOML file of card fields: `data` (what the pictures are), `licence`, `limits` (what is painted badly).

    Raises DataError for other fields and types, and for a file that cannot be read.
    """
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError(f"the card fields in {path} cannot be read: {error_reason(error)}") from error
    for name, value in fields.items():
        _check_card_field(name, value, path)
    return fields


def _check_card_field(name: str, value: object, path: Path) -> None:
    if name == LIMITS_FIELD:
        if not (isinstance(value, list) and len(value) <= MAX_LIMITS and all(map(_is_card_text, value))):
            raise DataError(f"{name} in {path} must be a list of at most {MAX_LIMITS} sentences")
    elif name not in (DATA_FIELD, LICENCE_FIELD):
        raise DataError(f"{path} has {name!r}; a card takes {DATA_FIELD}, {LICENCE_FIELD} and {LIMITS_FIELD}")
    elif not _is_card_text(value):
        raise DataError(f"{name} in {path} must be a text of 1 to {MAX_TEXT_LENGTH} characters")


def _is_card_text(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= MAX_TEXT_LENGTH


def read_figures(path: Path) -> list[dict[str, Any]]:
    """Read the figures from the report.json of `painting evaluate` for one painter, or from a list of figures.

    Raises DataError for anything else, for a report of several painters, and for a file that cannot be read.
    """
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the figures in {path} cannot be read: {error_reason(error)}") from error
    if isinstance(figures, dict):
        figures = _figures_of_report(figures, path)
    if not isinstance(figures, list) or not all(map(_is_figure, figures)):
        raise DataError(
            f"{path} is neither a report of `painting evaluate` nor a list of figures: each must be an object with a "
            "name and a finite value"
        )
    return figures


def _figures_of_report(report: dict[str, Any], path: Path) -> object:
    """What stands under the figures of a report's only painter."""
    painters = report.get("painters")
    if not isinstance(painters, list) or not all(isinstance(painter, dict) for painter in painters):
        return None
    if len(painters) != 1:
        raise DataError(f"{path} reports on {len(painters)} painters: measure this one alone, and give that report")
    return painters[0].get("figures")


def _is_figure(figure: object) -> bool:
    if not isinstance(figure, dict) or not isinstance(figure.get("name"), str):
        return False
    value = figure.get("value")
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def _describe_samples(dataset: DatasetInfo) -> str:
    prompted = f"{SAMPLES_PER_PROMPT} of each example prompt"
    unprompted = f"{UNPROMPTED_SAMPLES} pictures"
    return f"{prompted if dataset.text_encoder_id else unprompted}, seeds from {SAMPLE_SEED} up, none chosen"
