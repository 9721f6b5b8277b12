"""Paint options: variations of a seed's picture, the strength of a prompt, and what paints each picture again."""

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import MakePainter

from painting.errors import InvalidRequest
from painting.latents import latents_of
from painting.paint.paint_request import PaintOptions, PaintRequest, Variation, latents_near
from painting.paint.painter import Painter
from painting.text.encoder import TextEncoder


@pytest.fixture
def painter(tiny_painter: Path, text_encoder: TextEncoder) -> Painter:
    return Painter.load(tiny_painter, text_encoder, threads=1)


def test_latents_near_others_keep_their_length_and_end_in_them() -> None:
    own, others = latents_of([7, 7], 1024), latents_of([1, 2], 1024)
    assert np.array_equal(latents_near(own, others, 0), own)
    assert np.array_equal(latents_near(own, others, 1), others)
    lengths = [np.linalg.norm(latents_near(own, others, strength), axis=1) for strength in (0.0, 0.3, 1.0)]
    assert np.allclose(lengths[1], 0.7 * lengths[0] + 0.3 * lengths[2], rtol=0.01)
    near, far = (np.linalg.norm(latents_near(own, others, strength) - own) for strength in (0.1, 0.2))
    assert 0 < near < far


def test_variations_share_a_seed_and_the_farther_the_more_they_differ(painter: Painter) -> None:
    own = painter.paint("a rose", 1, 7).arrays[0].astype(int)
    near, far = (painter.paint("a rose", 8, 7, variation=Variation(strength, 100)) for strength in (0.1, 0.5))
    assert near.seeds == (7,) * 8 and near.subseeds == tuple(range(100, 108)) and near.subseed_strength == 0.1
    differences = [np.abs(painted.arrays - own).mean() for painted in (near, far)]
    assert 0 < differences[0] < 0.5 * differences[1]
    assert len({picture.tobytes() for picture in near.arrays}) == 8


def test_a_variation_is_painted_again_by_its_own_subseed(painter: Painter) -> None:
    several = painter.paint("a rose", 3, 7, 0.8, Variation(0.2, 2**32 - 1))
    assert several.subseeds == (2**32 - 1, 0, 1)
    again = painter.paint("a rose", 1, 7, 0.8, Variation(0.2, 0))
    assert np.array_equal(again.arrays[0], several.arrays[1])
    assert several.info(1) == {
        "prompt": "a rose", "seed": 7, "painter": "tiny", "truncation": 0.8, "subseed": 0, "subseed_strength": 0.2
    }  # fmt: skip


def test_at_its_ends_a_variation_is_the_one_picture_or_the_other(painter: Painter) -> None:
    plain, other = painter.paint("a rose", 2, 7), painter.paint("a rose", 2, 100)
    nothing = painter.paint("a rose", 2, 7, variation=Variation(0, 100))
    assert np.array_equal(nothing.arrays, plain.arrays) and nothing.info(1) == plain.info(1)
    assert np.array_equal(painter.paint("a rose", 2, 7, variation=Variation(1.0, 100)).arrays, other.arrays)


def test_a_random_subseed_is_stated(painter: Painter) -> None:
    one, another = (painter.paint("a rose", 1, 7, variation=Variation(0.3)) for _ in range(2))
    assert one.subseeds != another.subseeds
    again = painter.paint("a rose", 1, 7, variation=Variation(0.3, one.subseeds[0]))
    assert np.array_equal(again.arrays, one.arrays)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), True, "0.5", None])
def test_a_strength_that_makes_no_sense_is_refused(painter: Painter, strength: float) -> None:
    with pytest.raises(InvalidRequest, match="subseed_strength must be a number from 0 to 1"):
        painter.paint("a rose", 1, 7, variation=Variation(strength))


@pytest.mark.parametrize("subseed", [-1, 2**32, 1.5, True])
def test_a_subseed_that_makes_no_sense_is_refused(painter: Painter, subseed: int) -> None:
    with pytest.raises(InvalidRequest, match="the subseed must be a whole number"):
        painter.paint("a rose", 1, 7, variation=Variation(0.5, subseed))


def test_a_morph_may_begin_and_end_with_variations(painter: Painter) -> None:
    near = Variation(0.2, 5)
    to_variation = painter.morph_request("a rose", seed=7, to_variation=near)
    assert (to_variation.seeds, to_variation.subseeds) == ((7, 7), (None, 5))
    morph = painter.paint_morph(to_variation, 3)
    assert np.array_equal(morph.arrays[0], painter.paint("a rose", 1, 7).arrays[0])
    assert np.array_equal(morph.arrays[-1], painter.paint("a rose", 1, 7, variation=near).arrays[0])
    said = {"seed": "7", "to_seed": "7", "to_subseed": "5", "to_subseed_strength": "0.2", "to_prompt": "a rose"}
    assert morph.text() == {"prompt": "a rose", "painter": "tiny", "steps": "3", **said}
    other_words = painter.morph_request("a rose", "a boat", 7, options=PaintOptions(variation=near))
    assert other_words.subseeds == (5, 5), "what is left out of the end is as in the start"
    other_seed = painter.morph_request("a rose", None, 7, 9, PaintOptions(variation=near))
    assert (other_seed.seeds, other_seed.subseeds) == ((7, 9), (5, None))


@pytest.fixture
def strong_painter(make_painter: MakePainter, text_encoder: TextEncoder) -> Painter:
    return Painter.load(make_painter("strong", strength=True), text_encoder)


def test_a_strength_scales_the_text_vector_and_is_stated(strong_painter: Painter) -> None:
    half = strong_painter.paint("a rose", 3, seed=1, strength=0.5)
    latents, vectors = strong_painter.rows_of(strong_painter.request("a rose", 3, 1))
    assert vectors is not None
    assert np.array_equal(half.arrays, strong_painter.paint_rows(latents, vectors * np.float32(0.5)))
    assert half.strength == 0.5
    assert half.text(0) == {"prompt": "a rose", "seed": "1", "painter": "strong", "strength": "0.5"}
    assert "strength" not in strong_painter.paint("a rose", 1, seed=1).text(0)


def test_with_a_strength_of_0_every_prompt_paints_alike(strong_painter: Painter) -> None:
    one, other = (strong_painter.paint(prompt, 2, seed=1, strength=0).arrays for prompt in ("a rose", "a boat"))
    assert np.array_equal(one, other)


def test_a_morph_is_as_strong_at_both_ends(strong_painter: Painter) -> None:
    request = strong_painter.morph_request("a rose", "a boat", seed=1, options=PaintOptions(strength=0.5))
    frames = strong_painter.paint_morph(request, 4)
    assert np.array_equal(frames.arrays[0], strong_painter.paint("a rose", 1, 1, strength=0.5).arrays[0])
    assert np.array_equal(frames.arrays[-1], strong_painter.paint("a boat", 1, 1, strength=0.5).arrays[0])
    assert frames.text()["strength"] == "0.5"


def test_wrong_strengths_are_refused(strong_painter: Painter) -> None:
    for wrong in (-0.1, 1.6, float("nan"), True, "1", None):
        with pytest.raises(InvalidRequest, match=r"strength must be a number from 0 to 1.5"):
            strong_painter.request("a rose", 1, 1, PaintOptions(strength=wrong))  # type: ignore[arg-type]


def test_a_painter_without_strength_refuses_one(make_painter: MakePainter, text_encoder: TextEncoder) -> None:
    for painter in (
        Painter.load(make_painter(), text_encoder),
        Painter.load(make_painter("plain", conditional=False)),
    ):
        prompt = "a rose" if painter.conditional else None
        assert len(painter.paint(prompt, 1, strength=1)) == 1
        with pytest.raises(InvalidRequest, match=f"'{painter.name}' does not support `strength`"):
            painter.paint(prompt, 1, strength=0.5)


def test_a_request_for_one_of_its_pictures_paints_that_picture(painter: Painter) -> None:
    options = PaintOptions(0.8, variation=Variation(0.2, 2**32 - 1))
    whole = painter.request("a rose", 3, 7, options)
    last = whole.single(2)
    assert (last.seeds, last.subseeds) == ((7,), (1,)) and last.info(0) == whole.info(2)
    assert np.array_equal(last.latents(64)[0], whole.latents(64)[2])
    plain = painter.request("a rose", 3, 7)
    assert plain.single(1) == painter.request("a rose", 1, 8), "equal requests are one key of a cache"


def test_checked_options_are_fixed_points() -> None:
    drawn = PaintOptions(variation=Variation(0.5)).checked()
    assert drawn.variation is not None and drawn.variation.subseed is not None
    assert drawn.checked() == drawn
    assert PaintOptions(variation=Variation(0, 5)).checked() == PaintOptions()
    assert PaintRequest("a rose", (7,), "tiny").subseeds == ()
