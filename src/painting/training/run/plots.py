"""A run's plots: losses, confidence and accuracy over the images seen, each as reported and as a running average."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from painting.atomic_file import write_atomic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOT_PLOTTED = {"stage_name", "stage", "step", "kimg", "seconds", "images_per_second"}
AVERAGED = 0.1
"""The share of the images seen that a running average looks back on."""

LABELS = {
    "confidence_real": "D(x): real",
    "confidence_generated": "D(G(z)): generated",
    "confidence_wrong": "D(x): real, wrong caption",
    "class_accuracy_real": "real",
    "class_accuracy_generated": "generated",
    "all_attributes_right": "all attributes right",
}


@dataclass(frozen=True)
class Plot:
    """One file: what its values are, and whether they are shares of one."""

    file: str
    ylabel: str
    is_share: bool


LOSSES = Plot("losses.png", "loss", is_share=False)
CONFIDENCE = Plot("confidence.png", "confidence that it is real", is_share=True)
ACCURACY = Plot("class-accuracy.png", "share that is right", is_share=True)


def plot_of(name: str) -> Plot:
    """Where a reported value belongs, by its name."""
    if name.startswith("confidence_"):
        return CONFIDENCE
    if name.startswith("class_accuracy_") or name == "all_attributes_right":
        return ACCURACY
    return LOSSES


def running_average(kimg: Sequence[float], values: Sequence[float]) -> NDArray[np.float64]:
    """At each value, the mean over as many images before it as are a tenth of all.

    `kimg` rises; each value is itself the mean over the images since the one before it.
    """
    ends = np.asarray(kimg, np.float64)
    starts, span = np.concatenate([[0], ends[:-1]]), AVERAGED * ends[-1]
    averages = np.empty_like(ends)
    for index, end in enumerate(ends):
        within = np.maximum(0, np.minimum(ends, end) - np.maximum(starts, end - span))  # of each value's images
        averages[index] = np.average(values, weights=within)
    return averages


def save_plots(stats: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write a PNG for each kind of value that the lines of stats.jsonl hold."""
    folder.mkdir(exist_ok=True)
    for plot in (LOSSES, CONFIDENCE, ACCURACY):
        if (figure := draw(plot, stats)) is not None:
            png = io.BytesIO()
            figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
            write_atomic(folder / plot.file, png.getvalue())


def draw(plot: Plot, stats: Sequence[Mapping[str, Any]]) -> "Figure | None":
    """A panel for each stage that reports such values; None where none does."""
    from matplotlib.figure import Figure

    stages = _series(plot, stats)
    if not stages:
        return None
    figure = Figure(figsize=(6.5 * len(stages), 4.5), layout="constrained")
    for axes, (stage, series) in zip(figure.subplots(1, len(stages), squeeze=False)[0], stages.items(), strict=True):
        for number, name in enumerate(sorted(series)):
            _draw_series(axes, name, series[name], f"C{number}")
        axes.set(title=stage, xlabel="images seen (thousands)", ylabel=plot.ylabel)
        axes.set_xlim(left=0)
        if plot.is_share:
            axes.set_ylim(-0.03, 1.03)
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def _draw_series(axes: "Axes", name: str, points: list[tuple[float, float]], color: str) -> None:
    """The values as reported, faint, below their running average."""
    kimg, values = zip(*points, strict=True)
    axes.plot(kimg, values, color=color, alpha=0.3, linewidth=1, marker=".", markersize=4)
    average = running_average(kimg, values)
    axes.plot(kimg, average, color=color, linewidth=2, label=LABELS.get(name, name.replace("_", " ")))


def _series(plot: Plot, stats: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Stage → value → its points (kimg, value), of the values that belong to a plot."""
    stages: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for line in stats:
        for name in line.keys() - NOT_PLOTTED:
            if plot_of(name) is plot:
                series = stages.setdefault(line["stage_name"], defaultdict(list))
                series[name].append((line["kimg"], line[name]))
    return stages
