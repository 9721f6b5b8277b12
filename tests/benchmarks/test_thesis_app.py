"""The thesis's server, which benchmarks.serve measures beside ours, answers its clients' requests."""

import base64

import pytest
from benchmarks.thesis_app import create_app, tokens

pytestmark = pytest.mark.slow


def test_it_paints_as_many_pictures_as_a_request_says() -> None:
    answer = create_app().test_client().get("/?input=a+red+rose&count=2")
    assert answer.json is not None
    first, second = (base64.b64decode(image) for image in answer.json["images"])
    assert first.startswith(b"\x89PNG") and second.startswith(b"\x89PNG") and first != second


def test_every_word_is_a_number_of_the_vocabulary_and_a_prompt_is_cut_where_clip_cuts() -> None:
    assert tokens("a rose a").shape == (1, 5)
    assert tokens("a rose a")[0, 1] == tokens("a rose a")[0, 3] != tokens("a rose a")[0, 2]
    long = tokens("rose " * 200)
    assert long.shape == (1, 77) and int(long.max()) < 49_408
