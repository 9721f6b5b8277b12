"""A painter paints the same for the same prompt and seed, differently for others, and refuses what is none."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import painting
from painting.errors import InvalidRequest
from painting.images import UInt8Array, decode_png
from painting.paint.paint_request import PaintOptions
from painting.paint.painter import Painter
from painting.paint.prompt_warnings import PromptTruncated
from painting.text.encoder import TextEncoder


@pytest.fixture
def painter(tiny_painter: Path, text_encoder: TextEncoder) -> Painter:
    return Painter.load(tiny_painter, text_encoder)


def difference(first: UInt8Array, second: UInt8Array) -> float:
    return float(np.abs(first.astype(int) - second.astype(int)).mean())


def test_paintings_are_pil_images_that_state_their_origin(painter: Painter) -> None:
    paintings = painter.paint("  a red\n\t rose ", count=3, seed=7)
    assert len(paintings) == 3
    assert paintings.prompt == "a red rose"
    assert paintings.seeds == (7, 8, 9)
    assert paintings.arrays.shape == (3, 16, 16, 3) and paintings.arrays.dtype == np.uint8
    assert [image.size for image in paintings] == [(16, 16)] * 3
    assert paintings[1].info == {"prompt": "a red rose", "seed": 8, "painter": "tiny"}
    assert np.array_equal(np.asarray(paintings[2]), paintings.arrays[2])
    assert len(paintings[1:]) == 2


def test_a_painter_of_rgba_paints_transparency_into_arrays_images_and_files(
    make_painter: Callable[..., Path], text_encoder: TextEncoder
) -> None:
    painter = Painter.load(make_painter(channels=4), text_encoder, threads=1)
    paintings = painter.paint("a red rose", count=2, seed=7)
    assert Image.open(io.BytesIO(painter.samples_webp)).mode == "RGB", "samples are laid on white"
    assert painter.has_alpha and repr(painter) == "<Painter 'tiny': 16 px, RGBA, with a prompt>"
    assert paintings.arrays.shape == (2, 16, 16, 4) and paintings[0].mode == "RGBA"
    assert np.array_equal(decode_png(paintings.png(1)), paintings.arrays[1])
    morph = painter.morph("a red rose", "a boat", steps=5, seed=7)
    assert np.array_equal(morph.arrays[0], paintings.arrays[0]) and morph[1].mode == "RGBA"


def test_the_same_request_gives_the_same_pictures(painter: Painter, tiny_painter: Path) -> None:
    again = Painter.load(tiny_painter, threads=1).paint("a red rose", count=2, seed=7)
    assert np.array_equal(painter.paint("a red rose", count=2, seed=7).arrays, again.arrays)


def test_seeds_and_prompts_both_change_the_picture(painter: Painter) -> None:
    rose = painter.paint("a red rose", count=2, seed=7).arrays
    assert difference(rose[0], rose[1]) > 5
    assert difference(rose[0], painter.paint("a sailing boat", count=1, seed=7).arrays[0]) > 5


def test_a_picture_is_the_same_whatever_it_is_painted_with(painter: Painter) -> None:
    many = painter.paint("a red rose", count=40, seed=2**32 - 3)
    mixed = painter.paint_arrays(["a boat", "a red rose", "a red rose"], [1, many.seeds[0], many.seeds[39]])
    for index, row in ((0, 1), (39, 2)):
        alone = painter.paint("a red rose", count=1, seed=many.seeds[index]).arrays[0]
        assert np.abs(many.arrays[index].astype(int) - alone).max() <= 1
        assert np.abs(many.arrays[index].astype(int) - mixed[row]).max() <= 1


def test_a_truncation_makes_pictures_more_alike_and_is_stated(painter: Painter) -> None:
    whole, less = painter.paint("a rose", 8, seed=1), painter.paint("a rose", 8, seed=1, truncation=0.2)
    assert less.arrays.std(axis=0).mean() < 0.5 * whole.arrays.std(axis=0).mean()
    assert less.text(0) == {"prompt": "a rose", "seed": "1", "painter": "tiny", "truncation": "0.2"}
    assert "truncation" not in whole.text(0)
    ends = painter.morph_request("a rose", "a tulip", seed=1, options=PaintOptions(0.2))
    assert np.array_equal(painter.paint_between(ends, [0])[0], less.arrays[0])
    for wrong in (0, 1.1, float("nan"), True, "1", None):
        with pytest.raises(InvalidRequest, match=r"truncation must be a number from 0.1 to 1"):
            painter.request("a rose", 1, 1, PaintOptions(wrong))  # type: ignore[arg-type]


def test_without_a_seed_pictures_differ_and_their_seed_is_stated(painter: Painter) -> None:
    first, second = painter.paint("a red rose", count=1), painter.paint("a red rose", count=1)
    assert first.seeds != second.seeds
    assert np.array_equal(painter.paint("a red rose", 1, first.seeds[0]).arrays, first.arrays)


@pytest.mark.parametrize(
    "prompt", ["وردة حمراء", "красная роза", "rose 🌹", "rose " * 100, "می‌خواهم", "red\x00\u202e rose"]
)
def test_any_script_that_the_vocabulary_has_paints(painter: Painter, prompt: str) -> None:
    assert len(painter.paint(prompt, count=1, seed=1)) == 1


@pytest.mark.parametrize("prompt", ["", " \t\n", "🌹🌻", "a" * 501, "a" * 10_000, "\x00\x1b", "\u200b", None, 7])
def test_a_prompt_that_cannot_be_painted_is_refused(painter: Painter, prompt: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        painter.paint(prompt)
    assert len(str(caught.value)) < 150


def test_a_caption_without_a_known_word_is_painted_but_one_without_any_character_is_not(painter: Painter) -> None:
    assert painter.paint_arrays(["🌹🌻", "a" * 10_000], [1, 2]).shape == (2, 16, 16, 3)
    for empty in ("", "\x00\x1b", "\u200b"):
        with pytest.raises(InvalidRequest, match="the prompt is empty"):
            painter.paint_arrays([empty], [1])


@pytest.mark.parametrize("count", [0, -1, 65, 1000, "x", True, 2.0, None])
def test_a_count_that_makes_no_sense_is_refused(painter: Painter, count: int) -> None:
    with pytest.raises(InvalidRequest, match="whole number from 1 to 64"):
        painter.paint("a rose", count=count)


@pytest.mark.parametrize("seed", [-1, 2**32, "x", True, 1.5])
def test_a_seed_that_makes_no_sense_is_refused(painter: Painter, seed: int) -> None:
    with pytest.raises(InvalidRequest, match="whole number from 0 to 4294967295"):
        painter.paint("a rose", seed=seed)
    with pytest.raises(InvalidRequest):
        painter.paint_arrays(["a rose"], [seed])


def test_prompts_and_seeds_that_do_not_pair_are_refused(painter: Painter) -> None:
    with pytest.raises(InvalidRequest, match="2 prompts for 1 seeds"):
        painter.paint_arrays(["a rose", "a tulip"], [1])


def test_a_prompt_beyond_what_is_read_is_painted_with_a_warning(painter: Painter) -> None:
    long = "a!" * 200
    assert painter.check_prompt("a rose") == ("a rose", False)
    assert painter.check_prompt(long) == (long, True)
    with pytest.warns(PromptTruncated, match="longer than the painter reads"):
        assert painter.paint(long, count=1, seed=1).truncated


def test_an_unconditional_painter_takes_no_prompt(unconditional_painter: Path) -> None:
    painter = Painter.load(unconditional_painter)
    assert not painter.conditional and repr(painter).endswith(f"{painter.size} px, without a prompt>")
    paintings = painter.paint(count=2, seed=3)
    assert paintings.prompt is None
    assert difference(paintings.arrays[0], paintings.arrays[1]) > 5
    assert np.array_equal(painter.paint_arrays([], [4]), paintings.arrays[1:])
    with pytest.raises(InvalidRequest, match="takes no prompt"):
        painter.paint("seven")
    with pytest.raises(InvalidRequest, match="takes no prompt"):
        painter.paint_arrays(["seven"], [3])


def test_load_takes_a_path_and_refuses_an_unknown_name(tiny_painter: Path) -> None:
    assert painting.load(tiny_painter).name == "tiny"
    assert painting.load(str(tiny_painter)).name == "tiny"
    with pytest.raises(InvalidRequest, match="no painter 'no such'"):
        painting.load("no such")


def test_threads_may_share_a_painter(painter: Painter) -> None:
    prompts = ["a red rose", "a boat at sea", "a yellow tulip in the rain", "a mountain"] * 4
    alone = [painter.paint(prompt, 1, 5).arrays for prompt in prompts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda prompt: painter.paint(prompt, 1, 5).arrays, prompts))
    assert np.array_equal(np.array(together), np.array(alone))


@pytest.mark.parametrize(
    ("ends", "first", "last"),
    [
        (("a red rose", "a boat", 12, 3), ("a red rose", 3), ("a boat", 3)),
        (("a red rose", None, 12, 3, 9), ("a red rose", 3), ("a red rose", 9)),
        (("a red rose", "a boat", 12, 3, 9), ("a red rose", 3), ("a boat", 9)),
        (("a red rose", "a boat", 2, 3), ("a red rose", 3), ("a boat", 3)),
    ],
)
def test_a_morph_goes_evenly_from_one_painting_to_the_other(
    painter: Painter, ends: tuple[Any, ...], first: tuple[str, int], last: tuple[str, int]
) -> None:
    morph = painter.morph(*ends)
    assert morph.arrays.shape == (ends[2], 16, 16, 3) and morph.arrays.dtype == np.uint8
    for frame, (prompt, seed) in ((morph.arrays[0], first), (morph.arrays[-1], last)):
        assert np.array_equal(frame, painter.paint(prompt, 1, seed).arrays[0])
    steps = [difference(one, other) for one, other in zip(morph.arrays, morph.arrays[1:], strict=False)]
    assert max(steps) < 1.5 * np.mean(steps)
    if len(steps) > 1:
        assert max(steps) < 0.3 * difference(morph.arrays[0], morph.arrays[-1])
    assert morph.positions[0] == 0 and morph.positions[-1] == 1
    assert (np.diff(morph.positions) > 0).all()


def test_the_same_morph_comes_again_and_any_position_of_it_alone(painter: Painter) -> None:
    morph = painter.morph("a red rose", "a boat", steps=24, seed=3, to_seed=9)
    assert np.array_equal(painter.morph(" a red  rose", "a boat", 24, 3, 9).arrays, morph.arrays)
    alone = painter.paint_between(morph.request, [morph.positions[7]])[0]
    assert np.abs(alone.astype(int) - morph.arrays[7]).max() <= 1
    assert len(painter.paint_between(morph.request, [])) == 0
    with pytest.raises(InvalidRequest, match="number from 0 to 1"):
        painter.paint_between(morph.request, [1.5])


def test_an_unconditional_painter_morphs_from_seed_to_seed(unconditional_painter: Path) -> None:
    painter = Painter.load(unconditional_painter)
    morph = painter.morph(seed=3, to_seed=9, steps=5)
    assert np.array_equal(morph.arrays[[0, -1]], painter.paint_arrays([], [3, 9]))
    drawn = painter.morph(steps=3)
    assert drawn.request.prompts is None and len(set(drawn.request.seeds)) == 2
    with pytest.raises(InvalidRequest, match="give another seed for the second one"):
        painter.morph(seed=3, to_seed=3)
    for prompt, to_prompt in (("seven", None), (None, "eight")):
        with pytest.raises(InvalidRequest, match="takes no prompt"):
            painter.morph(prompt, to_prompt, seed=3, to_seed=4)


def test_what_is_left_out_of_the_end_is_as_in_the_start(painter: Painter) -> None:
    by_prompt = painter.morph_request("a rose", "a boat", None, None)
    assert by_prompt.seeds[0] == by_prompt.seeds[1] and by_prompt.prompts == ("a rose", "a boat")
    assert painter.morph_request("a rose", "a boat", None, None).seeds != by_prompt.seeds
    by_seed = painter.morph_request("a rose", None, 3, 9)
    assert by_seed.seeds == (3, 9) and by_seed.prompts == ("a rose", "a rose")
    assert by_seed.painter == "tiny"


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ((None, "a boat", 3, 9), "needs a prompt"),
        ((None, None, 3, 9), "needs a prompt"),
        (("a rose", None, None, None), "give another prompt or another seed"),
        (("a rose", " a rose ", 3, 3), "give another prompt or another seed"),
        (("a rose", "", 3, 3), "prompt is empty"),
        (("a rose", None, 3, 2**32), "the seed must be"),
        (("a rose", None, -1, 3), "the seed must be"),
    ],
)
def test_a_morph_without_two_ends_is_refused(painter: Painter, ends: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        painter.morph_request(*ends)


@pytest.mark.parametrize("steps", [1, 241])
def test_a_number_of_steps_that_makes_no_sense_is_refused(painter: Painter, steps: int) -> None:
    with pytest.raises(InvalidRequest, match="number of steps must be a whole number from 2 to 240"):
        painter.morph("a rose", "a boat", steps=steps)


def test_a_morph_of_a_prompt_beyond_what_is_read_warns(painter: Painter) -> None:
    with pytest.warns(PromptTruncated, match="longer than the painter reads") as caught:
        assert painter.morph("a rose", "a!" * 200, steps=2, seed=1).request.truncated
    assert caught[0].filename == __file__


def test_half_way_between_two_seeds_the_flowers_keep_their_detail() -> None:
    painter = Painter.load("flowers")
    for prompt, seeds in (("a yellow sunflower", (5, 6)), ("a red rose", (3, 9))):
        pictures = painter.paint_between(painter.morph_request(prompt, None, *seeds), [0, 0.5, 1])
        start, middle, end = np.abs(np.diff(pictures.astype(int), axis=2)).mean(axis=(1, 2, 3))
        assert middle > 0.7 * min(start, end), "between latents that grow too short there is nothing but mist"
