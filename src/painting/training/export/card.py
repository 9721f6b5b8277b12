"""A painter's card: what a run says of itself, figures that were measured, and what nobody but its maker knows."""

import json
import math
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from painting.errors import DataError
from painting.training.run.checkpoint import Position
from painting.training.run.folder import About, DataFacts, RunFolder

SAMPLES_A_PROMPT, UNPROMPTED_SAMPLES = 4, 64
SAMPLE_SEED = 0
LONGEST_WORDS, MOST_LIMITS = 500, 16
DATA, LICENCE, LIMITS = "data", "licence", "limits"
BEGUN = ("painter", "data", "licence")
"""What a card says of the painter that a run began from, as that one's card told it."""


def card_of(
    folder: RunFolder, about: About, position: Position, figures: Sequence[dict[str, Any]], words: Mapping[str, Any]
) -> dict[str, Any]:
    """The card of a run's painter where the run stands, with `figures` and `words` as they were read, if any were.

    Images seen and hours are those of the painter that it began from, too.
    """
    then, before = (position.stage, position.step), about.began_from or {}
    last = {line["stage_name"]: line for line in folder.stats() if (line["stage"], line["step"]) <= then}
    seen = Counter(before.get("images_seen", {})) + Counter(
        {name: round(1000 * line["kimg"]) for name, line in last.items()}
    )
    described = {"description": words[DATA]} if DATA in words else {}
    return {
        "model": about.preset.model,
        "preset": about.preset.as_dict(),
        "data": about.data.summary | described,
        "images_seen": dict(seen),
        "hours": round(position.seconds / 3600 + before.get("hours", 0.0), 2),
        **({"began_from": {name: before[name] for name in BEGUN if before.get(name)}} if before else {}),
        "hardware": about.started_with,
        "samples": _samples_told(about.data),
        **({"figures": list(figures)} if figures else {}),
        **{name: words[name] for name in (LICENCE, LIMITS) if name in words},
    }


def read_words(path: Path) -> dict[str, Any]:
    """What a TOML file says for a card: `data` (what the pictures are), `licence`, `limits` (what is painted badly).

    Raises DataError where it says anything else, or is no such file.
    """
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the words in {path} cannot be read: {error}") from error
    for name, value in words.items():
        if name not in (DATA, LICENCE, LIMITS):
            raise DataError(f"{path} says {name!r}; a card takes {DATA}, {LICENCE} and {LIMITS}")
        if name == LIMITS and not (isinstance(value, list) and len(value) <= MOST_LIMITS and all(map(_is_text, value))):
            raise DataError(f"{LIMITS} in {path} must be a list of at most {MOST_LIMITS} sentences")
        if name != LIMITS and not _is_text(value):
            raise DataError(f"{name} in {path} must be a text of 1 to {LONGEST_WORDS} characters")
    return words


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_WORDS


def read_figures(path: Path) -> list[dict[str, Any]]:
    """The figures in the report.json of one painter, as `painting evaluate` wrote it, or in a list of figures.

    Raises DataError where the file holds anything else, or several painters.
    """
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the figures in {path} cannot be read: {error}") from error
    if isinstance(figures, dict):
        figures = _of_report(figures, path)
    if not isinstance(figures, list) or not all(_is_figure(figure) for figure in figures):
        raise DataError(
            f"{path} is neither a report of `painting evaluate` nor a list of figures: each must be an object with a "
            "name and a finite value"
        )
    return figures


def _of_report(report: dict[str, Any], path: Path) -> object:
    """What a report says of its painter; a card holds the figures of one."""
    painters = report.get("painters")
    if not isinstance(painters, list) or not all(isinstance(painter, dict) for painter in painters):
        return None
    if len(painters) != 1:
        raise DataError(f"{path} tells of {len(painters)} painters: measure this one alone, and give that report")
    return painters[0].get("figures")


def _is_figure(figure: object) -> bool:
    if not isinstance(figure, dict) or not isinstance(figure.get("name"), str):
        return False
    value = figure.get("value")
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def _samples_told(facts: DataFacts) -> str:
    what = f"{SAMPLES_A_PROMPT} of each example prompt" if facts.text_encoder_id else f"{UNPROMPTED_SAMPLES} pictures"
    return f"{what}, seeds from {SAMPLE_SEED} up, none chosen"
