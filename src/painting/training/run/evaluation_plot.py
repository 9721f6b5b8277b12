"""How a run's figures went, a panel for each that real pictures have too: train and test prompts, real ones dotted."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from painting.atomic_file import write_atomic
from painting.training.run.periodic_evaluation import series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FILE = "evaluation.png"
COLUMNS = 3
SPLITS = {"validation": "C0", "test": "C0", "train": "C1", "zero-shot": "C2"}


def save_evaluation_plot(lines: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Write evaluation.png from the lines of evaluations.jsonl; nothing where there are none."""
    from matplotlib.figure import Figure

    if not lines:
        return
    shown = [figure for line in lines for figure in line["figures"] if figure.get("real") is not None]
    kinds = {(figure["id"], figure["extractor"]): figure["name"] for figure in shown}
    rows = max(1, -(-len(kinds) // COLUMNS))
    figure = Figure(figsize=(4.2 * COLUMNS, 3.0 * rows), layout="constrained")
    panels = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    for axes, (kind, name) in zip(panels, kinds.items(), strict=False):
        _draw(axes, kind, name, lines)
    for axes in panels[len(kinds) :]:
        axes.set_visible(False)
    folder.mkdir(exist_ok=True)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
    write_atomic(folder / FILE, png.getvalue())


def _draw(axes: "Axes", kind: tuple[str, str], name: str, lines: Sequence[Mapping[str, Any]]) -> None:
    figure_id, extractor = kind
    for split, color in SPLITS.items():
        points = series(lines, figure_id, split, extractor)
        if not points:
            continue
        kimg, values = zip(*points, strict=True)
        axes.plot(kimg, values, color=color, marker=".", label=f"{split} part")
        real = _real(lines[-1], (figure_id, split, extractor))
        if real is not None:
            axes.axhline(real, color=color, linestyle=":", linewidth=1)
    axes.set(title=f"{name}\n{extractor}", xlabel="images seen (thousands)")
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")


def _real(line: Mapping[str, Any], wanted: tuple[str, str, str]) -> float | None:
    of_real = [f.get("real") for f in line["figures"] if (f["id"], f["split"], f["extractor"]) == wanted]
    return of_real[0] if of_real else None
