from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from painting.training.run.evaluation_plot import FILE, save_evaluation_plot


def line(kimg: float, **values: float) -> dict[str, Any]:
    figures = [
        {"name": name, "split": split, "value": value, "real": 0.5, "extractor": "eyes"}
        for name, value in values.items()
        for split in ("test", "train")
    ]
    return {"stage": 2, "kimg": kimg, "figures": figures}


def test_a_plot_has_a_row_for_every_three_figures(tmp_path: Path) -> None:
    save_evaluation_plot([line(1, a=1, b=2), line(2, a=0.5, b=3)], tmp_path)
    two = Image.open(tmp_path / FILE).size
    save_evaluation_plot([line(1, a=1, b=2, c=3, d=4), line(2, a=0.5, b=3, c=2, d=1)], tmp_path)
    four = Image.open(tmp_path / FILE).size
    assert four[0] == two[0] and four[1] == 2 * two[1]


def test_both_splits_are_drawn(tmp_path: Path) -> None:
    save_evaluation_plot([line(1, a=1), line(2, a=2)], tmp_path)
    pixels = np.asarray(Image.open(tmp_path / FILE).convert("RGB")).reshape(-1, 3).tolist()
    assert [31, 119, 180] in pixels or [255, 127, 14] in pixels


def test_nothing_measured_is_nothing_drawn(tmp_path: Path) -> None:
    save_evaluation_plot([], tmp_path)
    assert list(tmp_path.iterdir()) == []
