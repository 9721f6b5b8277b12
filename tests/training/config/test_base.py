"""A preset is checked as a whole, and changed without losing what it is."""

from dataclasses import replace
from typing import Any

import pytest

from painting.errors import TrainingError
from painting.training.config.base import SEED_LIMIT, Preset


def test_a_valid_preset_is_itself(preset: Preset) -> None:
    assert preset.validated() is preset


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": SEED_LIMIT}, "seed must be below"),
        ({"evaluate_every_kimg": 0.0001}, "evaluate_every_kimg must be at least an image"),
        ({"data": {"source": "digits"}}, "data.source must be folder or shapes for latent-flow, not digits"),
        ({"data": {"text_encoder": None}}, "data.text_encoder must name the text encoder"),
    ],
)
def test_keys_that_do_not_suit_one_another_are_refused(preset: Preset, changes: Any, message: str) -> None:
    with pytest.raises(TrainingError) as error:
        preset.replaced(**changes)
    assert f"The preset tiny is inconsistent: {message}" in str(error.value)


def test_a_replaced_preset_is_of_the_same_model(preset: Preset) -> None:
    changed = preset.replaced(seed=9, prior={"batch": 4})
    assert type(changed) is type(preset)
    assert changed == replace(preset, seed=9, prior=replace(vars(preset)["prior"], batch=4))  # type: ignore[call-arg]
