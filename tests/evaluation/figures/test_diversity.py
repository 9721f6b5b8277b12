import numpy as np
import pytest

from painting.evaluation.figures.diversity import (
    PromptedValues,
    diversity_figure,
    groups_by_labels,
    ms_ssim_per_prompt_figure,
    ms_ssim_within_class_figure,
    repeated_requests,
    same_class_pairs,
)
from painting.evaluation.prompts import Request
from painting.images import UInt8Array


def requests(count: int = 60) -> list[Request]:
    """Three species, two colours, a photographer for each picture."""
    labels = [{"species": "abc"[i % 3], "color": "rb"[i // 3 % 2], "photographer": f"{i}"} for i in range(count)]
    return [Request(f"a {label['color']} {label['species']}", label, label) for label in labels]


def test_pictures_are_grouped_by_as_many_labels_as_leave_them_company() -> None:
    groups, words = groups_by_labels(requests())
    assert len(set(groups)) == 6
    assert words == "of the same species and color"
    assert groups_by_labels([Request("a", {}, {})] * 4) == ([("",)] * 4, "at all")


def test_pairs_are_of_one_class_and_never_of_one_picture() -> None:
    classes = ["a"] * 30 + ["b"] * 10 + ["c"]
    pairs = same_class_pairs(classes, count=200)
    assert len(pairs) == pytest.approx(200, abs=6)
    assert (pairs[:, 0] != pairs[:, 1]).all()
    assert all(classes[one] == classes[other] for one, other in pairs)
    assert len(same_class_pairs(["a"])) == 0


def test_prompts_are_repeated_eight_times_each_or_more_and_without_prompts_the_empty_one() -> None:
    again = repeated_requests(requests())
    assert len(again) == 10 * 6 == len(requests())
    assert len({request.prompt for request in again}) == 6
    assert len(repeated_requests(requests(20))) == 2 * 10
    assert len(repeated_requests([Request("", {}, {})] * 50)) == 50
    assert len(repeated_requests([Request("", {}, {})] * 900)) == 400


def pictures(count: int, seed: int) -> UInt8Array:
    return np.random.default_rng(seed).integers(0, 256, (count, 16, 16, 3), np.uint8)


def test_collapse_within_a_class_raises_ms_ssim_above_real_pictures() -> None:
    prompts, real = requests(), pictures(60, 0)
    one_a_class = np.stack([real[i % 3] for i in range(60)])
    figure = ms_ssim_within_class_figure(one_a_class.__getitem__, real.__getitem__, prompts, "test", 7)
    assert figure is not None
    assert figure.value == pytest.approx(1)
    assert figure.seed == 7
    assert figure.real is not None
    assert figure.real < 0.2
    assert "of one species" in figure.protocol


def test_ms_ssim_per_prompt_stands_beside_real_pictures_that_share_labels() -> None:
    prompts, again = requests(), repeated_requests(requests())
    real = pictures(6, 0)[np.arange(60) % 6]
    alike = np.stack([pictures(1, 1)[0]] * len(again))
    figure = ms_ssim_per_prompt_figure(
        PromptedValues(alike.__getitem__, again), PromptedValues(real.__getitem__, prompts), "test", 7
    )
    assert figure is not None
    assert figure.id == "ms_ssim_per_prompt"
    assert figure.value == pytest.approx(1)
    assert figure.real == pytest.approx(1)  # all pictures of each of the six kinds are copies
    assert figure.seed == 7
    varied = pictures(len(again), 2)
    other = ms_ssim_per_prompt_figure(
        PromptedValues(varied.__getitem__, again), PromptedValues(varied.__getitem__, prompts), "test", 7
    )
    assert other is not None and other.real is not None
    assert max(other.value, other.real) < 0.2
    assert other.protocol.endswith("of one prompt; real: of 600 pairs of real pictures of the same species and color.")


def test_pictures_that_are_too_small_are_not_compared() -> None:
    small = pictures(60, 0)[:, :8, :8]
    assert ms_ssim_within_class_figure(small.__getitem__, small.__getitem__, requests(), "test", 0) is None
    values = PromptedValues(small.__getitem__, requests())
    assert ms_ssim_per_prompt_figure(values, values, "test", 0) is None


def test_without_prompts_there_is_no_ms_ssim_per_prompt() -> None:
    values = PromptedValues(pictures(60, 0).__getitem__, [Request("", {}, {})] * 60)
    assert ms_ssim_per_prompt_figure(values, values, "test", 0) is None


def test_diversity_per_prompt_stands_beside_real_pictures_of_the_same_labels() -> None:
    prompts, again = requests(), repeated_requests(requests())
    real = pictures(60, 0)
    alike = np.stack([real[0]] * len(again))
    figure = diversity_figure(
        "pixels", PromptedValues(alike.__getitem__, again), PromptedValues(real.__getitem__, prompts), "test", 7
    )
    assert figure.value == 0
    assert figure.real is not None
    assert figure.real > 50
    assert (figure.n, figure.seed) == (len(again), 7)
    assert "of two real pictures of the same species and color" in figure.protocol
