"""Summary lines for a terminal: FID, Fréchet distance and Inception Score of each split, beside real pictures."""

from collections.abc import Sequence

from painting.evaluation.figure import Figure
from painting.evaluation.metrics.frechet import FID_METRIC, FRECHET_METRIC
from painting.evaluation.metrics.inception_score import INCEPTION_SCORE_METRIC
from painting.evaluation.report.formatting import format_number

SUMMARISED_IDS = (FID_METRIC.id, FRECHET_METRIC.id, INCEPTION_SCORE_METRIC.id)


def summary_lines(figures: Sequence[Figure]) -> list[str]:
    """A line for each of these metrics and extractors, with training prompts first."""
    rows: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.id in SUMMARISED_IDS:
            rows.setdefault((figure.name, figure.extractor), []).append(figure)
    return [
        f"{name} by {extractor}: {'; '.join(map(_of_split, sorted(row, key=lambda each: each.split != 'train')))}"
        for (name, extractor), row in rows.items()
    ]


def _of_split(figure: Figure) -> str:
    real = "" if figure.real is None else f"real {format_number(figure.real)}, "
    return f"{figure.split} {format_number(figure.value)} ({real}N {figure.n:,})"
