"""Plots hold what was reported, faint, below its running average, in the file where it belongs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from PIL import Image

from painting.training.run.plots import (
    ACCURACY_PLOT,
    CONFIDENCE_PLOT,
    EVALUATION_FILE,
    LOSS_PLOT,
    LossPlot,
    draw_losses,
    plot_of,
    running_average,
    save_evaluation_plot,
    save_loss_plots,
)


def line(stage: str, kimg: float, **values: float) -> dict[str, Any]:
    return {"stage": stage, "stage_index": 0, "step": 1, "kimg": kimg, "seconds": 1, "images_per_second": 5.0, **values}


def game(kimg: float) -> dict[str, Any]:
    return line(
        "gan", kimg, generator_loss=3 / kimg, confidence_real=0.9, confidence_generated=0.1, class_accuracy_real=0.5
    )


def panels(plot: LossPlot, stats: list[dict[str, Any]]) -> list[Axes]:
    figure = draw_losses(plot, stats)
    assert figure is not None
    return figure.axes


@pytest.mark.parametrize(
    ("name", "plot"),
    [
        ("generator_loss", LOSS_PLOT),
        ("l1_loss", LOSS_PLOT),
        ("confidence_mismatched", CONFIDENCE_PLOT),
        ("class_accuracy_generated", ACCURACY_PLOT),
        ("discriminator_accuracy", ACCURACY_PLOT),
    ],
)
def test_a_value_belongs_to_one_plot(name: str, plot: LossPlot) -> None:
    assert plot_of(name) is plot


def test_the_running_average_of_a_constant_is_the_constant() -> None:
    assert running_average(range(1, 50), 49 * [0.3]) == pytest.approx(49 * [0.3])


def test_the_running_average_is_over_a_tenth_of_the_images() -> None:
    averages = running_average(range(1, 31), range(1, 31))  # a tenth of 30 thousand images: three values
    assert averages[:3] == pytest.approx([1, 1.5, 2])
    assert averages[2:] == pytest.approx(np.arange(3, 31) - 1)


def test_the_running_average_weighs_values_by_their_images() -> None:
    # Each time over the last 4,000 images: 3,500 and 500 of them, then 500, 500 and 3,000.
    assert running_average([36.5, 37, 40], [9, 1, 2]) == pytest.approx([9, 8, 2.75])


def test_a_value_is_drawn_as_reported_and_as_its_running_average() -> None:
    (axes,) = panels(LOSS_PLOT, [game(kimg) for kimg in range(1, 41)])
    reported, average = axes.lines
    assert np.asarray(reported.get_xdata()).tolist() == list(range(1, 41))
    assert np.asarray(reported.get_ydata()).tolist() == [3 / kimg for kimg in range(1, 41)]
    assert np.asarray(average.get_ydata()).tolist() == list(
        running_average(range(1, 41), [3 / kimg for kimg in range(1, 41)])
    )
    alpha = reported.get_alpha()
    assert alpha is not None and alpha < 0.5 and average.get_alpha() is None
    assert reported.get_color() == average.get_color() and average.get_zorder() >= reported.get_zorder()


def test_a_plot_says_what_it_shows() -> None:
    (axes,) = panels(CONFIDENCE_PLOT, [game(1), game(2)])
    assert axes.get_title() == "gan" and axes.get_xlabel() == "images trained on (thousands)"
    assert axes.get_ylabel() == "confidence that it is real"
    assert axes.get_ylim() == (-0.03, 1.03)
    legend = axes.get_legend()
    assert legend and {text.get_text() for text in legend.get_texts()} == {"D(x): real", "D(G(z)): generated"}


def test_each_stage_that_reports_such_values_has_a_panel() -> None:
    stats = [line("prior", 1, flow_loss=1), line("finetuning", 1, generator_loss=2, discriminator_accuracy=0.5)]
    assert [axes.get_title() for axes in panels(LOSS_PLOT, stats)] == ["prior", "finetuning"]
    assert [axes.get_title() for axes in panels(ACCURACY_PLOT, stats)] == ["finetuning"]
    assert draw_losses(CONFIDENCE_PLOT, stats) is None


def test_a_loss_that_begins_late_is_drawn_where_it_is() -> None:
    stats = [line("finetuning", 1, discriminator_loss=3), line("finetuning", 2, discriminator_loss=2, generator_loss=1)]
    (axes,) = panels(LOSS_PLOT, stats)
    assert {
        str(drawn.get_label()): np.asarray(drawn.get_xdata()).tolist()
        for drawn in axes.lines
        if drawn.get_alpha() is None
    } == {
        "discriminator loss": [1, 2],
        "generator loss": [2],
    }


def test_only_plots_with_something_in_them_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    save_loss_plots([line("prior", 1, flow_loss=1)], folder)
    assert [path.name for path in folder.iterdir()] == ["losses.png"]
    save_loss_plots([game(1), game(2)], folder)
    assert sorted(path.name for path in folder.iterdir()) == ["class-accuracy.png", "confidence.png", "losses.png"]
    with Image.open(folder / "losses.png") as image:
        assert image.size == (650, 450)


def evaluation(kimg: float, **values: float) -> dict[str, Any]:
    figures = [
        {"id": name, "name": name, "split": split, "value": value, "real": 0.5, "extractor": "eyes"}
        for name, value in values.items()
        for split in ("test", "train")
    ]
    return {"stage_index": 2, "kimg": kimg, "figures": figures}


def image_size(folder: Path) -> tuple[int, int]:
    with Image.open(folder / EVALUATION_FILE) as image:
        return image.size


def test_a_plot_has_a_row_for_every_three_figures(tmp_path: Path) -> None:
    save_evaluation_plot([evaluation(1, a=1, b=2), evaluation(2, a=0.5, b=3)], tmp_path)
    two = image_size(tmp_path)
    save_evaluation_plot([evaluation(1, a=1, b=2, c=3, d=4), evaluation(2, a=0.5, b=3, c=2, d=1)], tmp_path)
    four = image_size(tmp_path)
    assert four[0] == two[0] and four[1] == 2 * two[1]


def test_both_splits_are_drawn(tmp_path: Path) -> None:
    save_evaluation_plot([evaluation(1, a=1), evaluation(2, a=2)], tmp_path)
    with Image.open(tmp_path / EVALUATION_FILE) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3).tolist()
    assert [31, 119, 180] in pixels or [255, 127, 14] in pixels


def test_nothing_measured_is_nothing_drawn(tmp_path: Path) -> None:
    save_evaluation_plot([], tmp_path)
    assert list(tmp_path.iterdir()) == []
