"""The bundled painters distinguish familiar prompts from others, and noise does not change what they paint."""

from functools import cache

import pytest
from benchmarks.prompts import PROMPT_SETS, familiarity, red_shares

from painting.paint.painter import Painter

MIN_ACCURACY = 0.95
MAX_CHANGE = 0.1


@cache
def painter(name: str) -> Painter:
    return Painter.load(name)


@pytest.mark.parametrize("name", ["flowers", "shapes"])
def test_familiar_prompts_are_distinguished_from_others(name: str) -> None:
    prompts = PROMPT_SETS[name]
    captions = painter(name).known_captions
    assert captions is not None and not set(prompts["familiar"]) & set(captions.captions)
    assert len({*prompts["familiar"], *prompts["unfamiliar"]}) >= 100
    result = familiarity(painter(name))
    assert result.accuracy >= MIN_ACCURACY, (result.missed, result.falsely_familiar)


def test_noise_leaves_as_much_red_in_a_red_rose() -> None:
    noise = PROMPT_SETS["noise"]
    plain, *shares = red_shares(painter("flowers"), [noise["plain"], *noise["prompts"]])
    changes = {prompt: share / plain - 1 for prompt, share in zip(noise["prompts"], shares, strict=True)}
    assert not {prompt: change for prompt, change in changes.items() if abs(change) > MAX_CHANGE}
