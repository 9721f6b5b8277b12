"""The painters that come with the package follow the prompt and the seed."""

import numpy as np
import pytest

from painting import catalog
from painting.data.shapes_reader import read_shape
from painting.data.shapes_set import prompts
from painting.images import UInt8Array
from painting.painter import Painter

SEEN = 32  # levels of 255 that anybody sees
CLEARLY = 0.02  # of all pixels: a small shape that has moved
SHAPES_PICTURES = 400


def difference(one: UInt8Array, other: UInt8Array) -> float:
    """The share of pixels that one sees to differ."""
    return float((np.abs(one.astype(int) - other.astype(int)).max(axis=2) > SEEN).mean())


@pytest.fixture(scope="module", params=["flowers", "shapes"])
def painter(request: pytest.FixtureRequest) -> Painter:
    return Painter.load(request.param)


def test_the_bundled_painters_are_listed() -> None:
    assert {"flowers", "shapes"} <= set(catalog.names())


def test_two_seeds_give_two_different_pictures_of_a_prompt(painter: Painter) -> None:
    for prompt in painter.manifest.example_prompts[:8]:
        pictures = painter.paint(prompt, count=6, seed=0).arrays
        differences = [difference(a, b) for i, a in enumerate(pictures) for b in pictures[:i]]
        assert np.median(differences) > CLEARLY, prompt


def test_two_prompts_differ_at_the_same_seed(painter: Painter) -> None:
    some = [painter.paint(prompt, count=1, seed=3).arrays[0] for prompt in painter.manifest.example_prompts[:8]]
    differences = [difference(a, b) for i, a in enumerate(some) for b in some[:i]]
    assert np.median(differences) > CLEARLY


def test_the_flowers_follow_the_color_of_the_prompt() -> None:
    painter = Painter.load("flowers")
    red, blue = (painter.paint(f"a {color} flower", count=16, seed=0).arrays for color in ("red", "blue"))
    redness = [float((p[..., 0].astype(int) - p[..., 2]).mean()) for p in (red, blue)]
    assert redness[0] > redness[1] + 10


def test_the_card_says_on_what_how_long_and_how_well(painter: Painter) -> None:
    card = painter.manifest.card
    assert card["data"]["source"]
    assert card["hours"] > 0
    assert sum(card["images_seen"].values()) > 100_000
    assert card["figures"]


@pytest.mark.parametrize(("split", "bar"), [("seen", 0.90), ("unseen", 0.75)])
def test_the_shapes_painter_paints_the_right_color_and_shape(split: str, bar: float) -> None:
    wanted = prompts("seen" if split == "seen" else "unseen", SHAPES_PICTURES)
    pictures = Painter.load("shapes").paint_arrays([prompt for prompt, _, _ in wanted], range(SHAPES_PICTURES))
    pairs = [(reading.color, reading.shape) for reading in read_shape(pictures)]
    right = [pair == (color, shape) for pair, (_, color, shape) in zip(pairs, wanted, strict=True)]
    assert np.mean(right) >= bar
