"""Plan of a run that is fitted to minutes: when each stage trains, on how many images, and what its samples show."""

from collections.abc import Mapping, Sequence

from painting.training.stage import Stage

SAMPLES_SHOW = {
    "autoencoder": "reconstructions of your pictures",
    "prior": "coloured clouds, then shapes",
    "finetuning": "sharp pictures by the prompts",
    "gan": "noise, then outlines, then pictures",
}
"""What the sample grids of a stage show, by its name."""
PLAN_COLUMNS = ("minutes", "stage", "images", "sample grids show")
WHOLE_MINUTES = 10
"""Of a run: a shorter one is planned in tenths of a minute."""


def plan(stages: Sequence[Stage], stage_seconds: Mapping[str, float], minutes: float, passed_minutes: float) -> str:
    """A table with a line for each of these stages, which share the minutes that have not passed yet.

    `stage_seconds`: how long each is expected to take, of which the shares are.
    """
    factor = (minutes - passed_minutes) / sum(stage_seconds[stage.name] for stage in stages)
    digits = 0 if minutes >= WHOLE_MINUTES else 1
    rows = [PLAN_COLUMNS]
    start = passed_minutes
    for stage in stages:
        end = start + factor * stage_seconds[stage.name]
        span = f"{start:.{digits}f} to {end:.{digits}f}"
        rows.append((span, stage.name, f"{stage.whole_images:,}", SAMPLES_SHOW.get(stage.name, "")))
        start = end
    return _table(rows)


def _table(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """Rows as lines of aligned columns."""
    span, name, count, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [
        f"  {minutes:<{span}}  {stage:<{name}}  {images:>{count}}  {words}".rstrip()
        for minutes, stage, images, words in rows
    ]
    return "\n".join(lines)
