"""Python is warned of a prompt that is not read as it was written, in one warning of our own class each."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.known_captions import flower_captions

from painting.files import painter_file
from painting.paint.painter import Painter
from painting.paint.prompt_warnings import PainterNote, PromptNote, PromptTruncated, warn_of_painter
from painting.text.encoder import TextEncoder


@pytest.fixture
def painter(tiny_painter: Path, text_encoder: TextEncoder) -> Painter:
    file = painter_file.read(tiny_painter)
    return Painter(replace(file, captions=flower_captions(text_encoder)), text_encoder, threads=1)


def test_a_familiar_prompt_paints_without_a_warning(painter: Painter) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert painter.paint("a red rose", 1, 7).notes == ()
        painter.morph("a red rose", "a white tulip", 2, 7)


def test_an_unfamiliar_prompt_is_reported_where_it_was_painted(painter: Painter) -> None:
    with pytest.warns(PromptNote, match="far from everything") as caught:
        paintings = painter.paint("a house in the snow", 1, 7)
    assert caught[0].filename == __file__
    assert str(caught[0].message) == "; ".join(paintings.notes)


def test_both_ends_of_a_morph_are_reported_in_one_warning(painter: Painter) -> None:
    with pytest.warns(PromptNote) as caught:
        painter.morph("((a red rose)), 8k", "a (white:1.2) tulip", 2, 7)
    assert str(caught[0].message).count("read as plain words") == 1
    assert len(caught) == 1


def test_a_long_unfamiliar_prompt_has_both_warnings(painter: Painter) -> None:
    with pytest.warns(PromptTruncated), pytest.warns(PromptNote):
        painter.paint("a cat, " * 300, 1, 7)


def test_a_prompt_with_noise_paints_the_bytes_of_the_plain_one(painter: Painter) -> None:
    plain = painter.paint("a red rose", 3, 7).arrays
    for prompt in ("((red)) rose", "a (red:1.3) rose", "a red rose, masterpiece", "<lora:x:1> a red rose"):
        with pytest.warns(PromptNote):
            painted = painter.paint(prompt, 3, 7).arrays
        assert np.array_equal(painted, plain) == (prompt != "((red)) rose")
    with pytest.warns(PromptNote):
        arrays = painter.paint("a [red] rose, by greg rutkowski, (best quality)", 3, 7).arrays
    assert np.array_equal(arrays, plain)
    assert np.array_equal(painter.paint_arrays(["a (red:1.3) rose"] * 3, [7, 8, 9]), plain)


@pytest.mark.parametrize(
    ("distance", "is_far"),
    [({"value": 533.0, "far": 150}, True), ({"value": 22, "far": 150.0}, False), ({"value": "9"}, False), (3, False)],
)
def test_a_painter_that_is_far_from_its_pictures_by_its_card_has_a_warning(distance: Any, is_far: bool) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn_of_painter("houses", {"distance": distance})
    messages = [str(warning.message) for warning in caught if warning.category is PainterNote]
    expected = (
        "the pictures of the painter 'houses' are far from those that it was trained on: its card says 533, where 150 "
        "is far"
    )
    assert messages == [expected] * is_far
