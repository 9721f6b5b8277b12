"""Faults that are planted in painters are found by the right figure."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from painting.data.prepared import PreparedSet
from painting.evaluation.figure import Figure
from painting.evaluation.measure import measure_photographs
from painting.evaluation.probe import Probe
from painting.images import UInt8Array

Draw = Callable[[str, str, int], UInt8Array]
Measure = Callable[[Callable[[str, int], UInt8Array]], dict[str, Figure]]
FRECHET = "Fréchet distance on probe features"


class FakePainter:
    """Paints by a function of prompt and seed, and remembers what it was asked for."""

    def __init__(self, paint: Callable[[str, int], UInt8Array]) -> None:
        self.paint = paint
        self.prompts: list[str] = []
        self.seeds: list[int] = []

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        self.prompts, self.seeds = list(prompts), list(seeds)
        return np.stack([self.paint(prompt, seed) for prompt, seed in zip(prompts, seeds, strict=True)])


@pytest.fixture
def measure(probe: Probe, train: PreparedSet, held_out: PreparedSet) -> Measure:
    def run(paint: Callable[[str, int], UInt8Array]) -> dict[str, Figure]:
        figures = measure_photographs(FakePainter(paint), probe, train, held_out)
        return {figure.name: figure for figure in figures}

    return run


def test_a_faithful_painter_is_as_good_as_the_photographs(measure: Measure, flower: Draw) -> None:
    def faithful(prompt: str, seed: int) -> UInt8Array:
        _, color, species = prompt.split()
        return flower(species, color, 5000 + seed)

    figures = measure(faithful)
    for field in ("species", "color"):
        figure = figures[f"{field} read back"]
        assert figure.real is not None
        assert abs(figure.value - figure.real) < 0.1
        assert figure.value > 0.9
        assert figure.n == 60
    distance = figures[FRECHET]
    assert distance.real is not None
    assert distance.value < 3 * distance.real


def test_a_painter_that_ignores_the_prompt_reads_back_at_chance(measure: Measure, flower: Draw) -> None:
    def deaf(prompt: str, seed: int) -> UInt8Array:
        draws = np.random.default_rng(seed)
        return flower(str(draws.choice(["daisy", "tulip"])), str(draws.choice(["red", "blue", "white"])), 5000 + seed)

    figures = measure(deaf)
    for field, chance in (("species", 1 / 2), ("color", 1 / 3)):
        figure = figures[f"{field} read back"]
        assert figure.chance == pytest.approx(chance, abs=0.03)
        assert abs(figure.value - chance) < 0.2
        assert figure.real is not None
        assert figure.real > 0.9


def test_a_painter_that_ignores_only_the_species_is_told_by_that_field(measure: Measure, flower: Draw) -> None:
    figures = measure(lambda prompt, seed: flower("daisy", prompt.split()[1], 5000 + seed))
    assert figures["color read back"].value > 0.9
    assert figures["species read back"].value == pytest.approx(0.5, abs=0.1)
    assert figures[FRECHET].value > 10 * (figures[FRECHET].real or 0)


def test_noise_lies_far_from_the_photographs(measure: Measure) -> None:
    figure = measure(lambda _, seed: np.random.default_rng(seed).integers(0, 256, (16, 16, 3), np.uint8))[FRECHET]
    assert figure.value > 10 * (figure.real or 0)


def test_prompts_name_both_labels_and_seeds_count_up(
    probe: Probe, train: PreparedSet, held_out: PreparedSet, flower: Draw
) -> None:
    painter = FakePainter(lambda prompt, seed: flower("daisy", "red", seed))
    figures = measure_photographs(painter, probe, train, held_out, most=12)
    assert painter.seeds == list(range(12))
    assert set(painter.prompts) <= {f"a {color} {kind}" for color in ("red", "blue", "white") for kind in
                                    ("daisy", "tulip")}  # fmt: skip
    assert all(figure.n == 12 for figure in figures)


def test_every_figure_says_how_it_was_measured(measure: Measure, probe: Probe, flower: Draw) -> None:
    for figure in measure(lambda prompt, seed: flower("daisy", "red", seed)).values():
        told = figure.as_dict()
        assert told.keys() >= {"name", "value", "real", "n", "extractor", "split", "protocol"}
        assert told["extractor"] == probe.name
        assert told["split"] == "test"
        assert told["value"] == round(figure.value, 4)
