from collections.abc import Sequence
from typing import Literal

import numpy as np
import pytest

from painting.evaluation.figures.shapes import draw_prompts, shape_accuracy_figure
from painting.images import UInt8Array


class Faithful:
    """Draws what the prompt says."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        return draw_prompts(prompts, 32)


class Deaf:
    """Draws what the prompts say, in another order."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        return draw_prompts(prompts, 32)[np.random.default_rng(0).permutation(len(prompts))]


@pytest.mark.parametrize("split", ["seen", "unseen"])
def test_a_faithful_painter_is_nearly_always_accurate_and_one_that_ignores_the_prompt_by_chance(
    split: Literal["seen", "unseen"],
) -> None:
    faithful, deaf = (shape_accuracy_figure(painter, 32, split, 80) for painter in (Faithful(), Deaf()))
    assert faithful.value == faithful.real
    assert faithful.value > 0.98
    assert deaf.real == faithful.real
    assert deaf.value < 0.3
    assert faithful.n == 80
