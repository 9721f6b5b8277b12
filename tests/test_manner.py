"""How closely a prompt is followed, by painters that can be told and by others."""

import numpy as np
import pytest
from tests.conftest import MakePainter

from painting.errors import InvalidRequest
from painting.manner import Manner
from painting.painter import Painter
from painting.text.encoder import TextEncoder


@pytest.fixture
def painter(make_painter: MakePainter, text_encoder: TextEncoder) -> Painter:
    return Painter.load(make_painter("told", strength=True), text_encoder)


def test_a_strength_multiplies_what_the_prompt_says_and_is_told(painter: Painter) -> None:
    half = painter.paint("a rose", 3, seed=1, strength=0.5)
    latents, vectors = painter.rows_of(painter.request("a rose", 3, 1))
    assert vectors is not None
    assert np.array_equal(half.arrays, painter.paint_rows(latents, vectors * np.float32(0.5)))
    assert half.strength == 0.5
    assert half.text(0) == {"prompt": "a rose", "seed": "1", "painter": "told", "strength": "0.5"}
    assert "strength" not in painter.paint("a rose", 1, seed=1).text(0)


def test_with_a_strength_of_0_every_prompt_paints_alike(painter: Painter) -> None:
    one, other = (painter.paint(prompt, 2, seed=1, strength=0).arrays for prompt in ("a rose", "a boat"))
    assert np.array_equal(one, other)


def test_a_morph_is_as_strong_at_both_ends(painter: Painter) -> None:
    request = painter.morph_request("a rose", "a boat", seed=1, manner=Manner(strength=0.5))
    frames = painter.paint_morph(request, 4)
    assert np.array_equal(frames.arrays[0], painter.paint("a rose", 1, 1, strength=0.5).arrays[0])
    assert np.array_equal(frames.arrays[-1], painter.paint("a boat", 1, 1, strength=0.5).arrays[0])
    assert frames.text()["strength"] == "0.5"


def test_wrong_strengths_are_refused(painter: Painter) -> None:
    for wrong in (-0.1, 1.6, float("nan"), True, "1", None):
        with pytest.raises(InvalidRequest, match=r"strength must be a number from 0 to 1.5"):
            painter.request("a rose", 1, 1, Manner(strength=wrong))  # type: ignore[arg-type]


def test_a_painter_that_cannot_be_told_says_so(make_painter: MakePainter, text_encoder: TextEncoder) -> None:
    for painter in (
        Painter.load(make_painter(), text_encoder),
        Painter.load(make_painter("plain", conditional=False)),
    ):
        prompt = "a rose" if painter.conditional else None
        assert len(painter.paint(prompt, 1, strength=1)) == 1
        with pytest.raises(InvalidRequest, match=f"'{painter.name}' cannot be told how closely"):
            painter.paint(prompt, 1, strength=0.5)
