"""How a run's figures went while it trained: a panel a figure, test and train prompts apart, real pictures dotted."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from painting.images import write_atomically
from painting.training.evaluations import series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FILE = "evaluation.png"
COLUMNS = 3
SPLITS = {"test": "C0", "train": "C1", "zero-shot": "C2"}


def save_evaluation_plot(lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write evaluation.png from the lines of evaluations.jsonl; nothing where there are none."""
    from matplotlib.figure import Figure

    if not lines:
        return
    names = list(dict.fromkeys(figure["name"] for line in lines for figure in line["figures"]))
    rows = -(-len(names) // COLUMNS)
    figure = Figure(figsize=(4.2 * COLUMNS, 3.0 * rows), layout="constrained")
    panels = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    for axes, name in zip(panels, names, strict=False):
        _draw(axes, name, lines)
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    folder.mkdir(exist_ok=True)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
    write_atomically(folder / FILE, png.getvalue())


def _draw(axes: "Axes", name: str, lines: Sequence[Mapping[str, Any]]) -> None:
    for split, color in SPLITS.items():
        points = series(lines, name, split)
        if not points:
            continue
        kimg, values = zip(*points, strict=True)
        axes.plot(kimg, values, color=color, marker=".", label=f"{split} prompts")
        real = _real(lines[-1], name, split)
        if real is not None:
            axes.axhline(real, color=color, linestyle=":", linewidth=1)
    axes.set(title=name, xlabel="images seen (thousands)")
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")


def _real(line: Mapping[str, Any], name: str, split: str) -> float | None:
    of_real = [f.get("real") for f in line["figures"] if (f["name"], f["split"]) == (name, split)]
    return of_real[0] if of_real else None
