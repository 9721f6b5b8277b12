"""Plots of a run over the images trained on: losses with their running average, and the evaluations' figures."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from painting.atomic_file import write_atomic
from painting.training.run.periodic_evaluation import figure_series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Points = list[tuple[float, float]]
"""(kimg, value) pairs."""

UNPLOTTED_KEYS = {"stage", "stage_index", "step", "kimg", "seconds", "images_per_second"}
AVERAGE_WINDOW_FRACTION = 0.1
"""The window of a running average, as a fraction of all images."""
KIMG_LABEL = "images trained on (thousands)"

LOSS_LABELS = {
    "confidence_real": "D(x): real",
    "confidence_generated": "D(G(z)): generated",
    "confidence_mismatched": "D(x): real, wrong caption",
    "class_accuracy_real": "real",
    "class_accuracy_generated": "generated",
    "discriminator_accuracy": "real ranked above generated",
    "contrast_share": "contrast within a sample",
    "variety_share": "variety of all samples",
    "seed_variety_share": "variety of one prompt's samples",
}

EVALUATION_FILE = "evaluation.png"
EVALUATION_COLUMNS = 3
SPLIT_COLORS = {"validation": "C0", "test": "C0", "train": "C1", "zero-shot": "C2"}


@dataclass(frozen=True)
class LossPlot:
    """One plot file: the label of its y axis, and whether its values are fractions of 1."""

    file: str
    ylabel: str
    is_fraction: bool


LOSS_PLOT = LossPlot("losses.png", "loss", is_fraction=False)
CONFIDENCE_PLOT = LossPlot("confidence.png", "confidence that it is real", is_fraction=True)
SAMPLE_PLOT = LossPlot("samples.png", "share of real pictures'", is_fraction=False)
ACCURACY_PLOT = LossPlot("class-accuracy.png", "accuracy", is_fraction=True)


def plot_of(name: str) -> LossPlot:
    """The plot that a logged value belongs to, by its name."""
    if name.startswith("confidence_"):
        return CONFIDENCE_PLOT
    if name.startswith("class_accuracy_") or name == "discriminator_accuracy":
        return ACCURACY_PLOT
    if name.endswith("_share"):
        return SAMPLE_PLOT
    return LOSS_PLOT


def running_average(kimg: Sequence[float], values: Sequence[float]) -> NDArray[np.float64]:
    """The mean over the window of images that ends at each value, a tenth of all images long: float64 (len(kimg),).

    `kimg` rises; each value is itself the mean over the images since the one before it.
    """
    ends = np.asarray(kimg, np.float64)
    starts = np.concatenate([[0], ends[:-1]])
    window = AVERAGE_WINDOW_FRACTION * ends[-1]
    averages = np.empty_like(ends)
    for index, end in enumerate(ends):
        # How many of each value's images lie in the window: its weight.
        weights = np.maximum(0, np.minimum(ends, end) - np.maximum(starts, end - window))
        averages[index] = np.average(values, weights=weights)
    return averages


def save_loss_plots(stats: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write a PNG of each kind of value that the lines of stats.jsonl hold."""
    for plot in (LOSS_PLOT, SAMPLE_PLOT, CONFIDENCE_PLOT, ACCURACY_PLOT):
        if (figure := draw_losses(plot, stats)) is not None:
            _save(figure, folder / plot.file)


def draw_losses(plot: LossPlot, stats: Sequence[Mapping[str, Any]]) -> "Figure | None":
    """A figure with a panel for each stage that logs values of this plot; None where no stage does."""
    from matplotlib.figure import Figure

    stages = _loss_series(plot, stats)
    if not stages:
        return None
    figure = Figure(figsize=(6.5 * len(stages), 4.5), layout="constrained")
    for axes, (stage, series) in zip(figure.subplots(1, len(stages), squeeze=False)[0], stages.items(), strict=True):
        for number, name in enumerate(sorted(series)):
            _draw_loss(axes, name, series[name], f"C{number}")
        axes.set(title=stage, xlabel=KIMG_LABEL, ylabel=plot.ylabel)
        axes.set_xlim(left=0)
        if plot.is_fraction:
            axes.set_ylim(-0.03, 1.03)
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def _draw_loss(axes: "Axes", name: str, points: Points, color: str) -> None:
    """The values as logged, faint, below their running average."""
    kimg, values = zip(*points, strict=True)
    axes.plot(kimg, values, color=color, alpha=0.3, linewidth=1, marker=".", markersize=4)
    average = running_average(kimg, values)
    axes.plot(kimg, average, color=color, linewidth=2, label=LOSS_LABELS.get(name, name.replace("_", " ")))


def _loss_series(plot: LossPlot, stats: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Points]]:
    """Stage → name of a value of this plot → its points."""
    stages: dict[str, dict[str, Points]] = {}
    for line in stats:
        for name in line.keys() - UNPLOTTED_KEYS:
            if plot_of(name) is plot:
                series = stages.setdefault(line["stage"], defaultdict(list))
                series[name].append((line["kimg"], line[name]))
    return stages


def save_evaluation_plot(lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write evaluation.png from the lines of evaluations.jsonl: a panel for each figure that real pictures have too.

    A line a split; the value of real pictures is dotted. Nothing is written where there are no lines.
    """
    from matplotlib.figure import Figure

    if not lines:
        return
    compared = [figure for line in lines for figure in line["figures"] if figure.get("real") is not None]
    kinds = {(figure["id"], figure["extractor"]): figure["name"] for figure in compared}
    rows = max(1, -(-len(kinds) // EVALUATION_COLUMNS))
    figure = Figure(figsize=(4.2 * EVALUATION_COLUMNS, 3.0 * rows), layout="constrained")
    panels = list(figure.subplots(rows, EVALUATION_COLUMNS, squeeze=False).flat)
    for axes, (kind, name) in zip(panels, kinds.items(), strict=False):
        _draw_figure(axes, kind, name, lines)
    for axes in panels[len(kinds) :]:
        axes.set_visible(False)
    _save(figure, folder / EVALUATION_FILE)


def _draw_figure(axes: "Axes", kind: tuple[str, str], name: str, lines: Sequence[Mapping[str, Any]]) -> None:
    figure_id, extractor = kind
    for split, color in SPLIT_COLORS.items():
        points = figure_series(lines, figure_id, split, extractor)
        if not points:
            continue
        kimg, values = zip(*points, strict=True)
        axes.plot(kimg, values, color=color, marker=".", label=f"{split} set")
        real = _value_of_real(lines[-1], (figure_id, split, extractor))
        if real is not None:
            axes.axhline(real, color=color, linestyle=":", linewidth=1)
    axes.set(title=f"{name}\n{extractor}", xlabel=KIMG_LABEL)
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")


def _value_of_real(line: Mapping[str, Any], figure: tuple[str, str, str]) -> float | None:
    values = [f.get("real") for f in line["figures"] if (f["id"], f["split"], f["extractor"]) == figure]
    return values[0] if values else None


def _save(figure: "Figure", path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
    write_atomic(path, png.getvalue())
