"""The painters that come with the package follow the prompt and the seed."""

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from painting import evaluation
from painting.data.digits.dataset import Digits
from painting.data.shapes.dataset import prompts
from painting.data.shapes.reader import read_shape
from painting.evaluation.extractors.classifier import Classifier
from painting.evaluation.extractors.classifier_training import train_classifier
from painting.evaluation.figure import Metric
from painting.evaluation.figures.digits import (
    DIGIT_CLASSIFIER,
    commonest_class_share,
    confident_share,
    rarest_class_share,
)
from painting.images import FloatArray, UInt8Array
from painting.paint.painter import Painter
from painting.painters import catalog
from painting.training.preset_loader import load_preset, preset_from_dict

pytestmark = pytest.mark.slow
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")

VISIBLE_LEVELS = 32  # of 255
DIGIT_COUNT = 500
READER_IMAGES = 16_000  # a fifth of a report's classifier
SURELY_READ = 0.90
"""Of the bundled digits; of real ones it is 0.94."""
CLEARLY = 0.02  # of all pixels: a small shape that has moved
SHAPES_PICTURES = 160


def difference(one: UInt8Array, other: UInt8Array) -> float:
    """The share of pixels that differ visibly."""
    return float((np.abs(one.astype(int) - other.astype(int)).max(axis=2) > VISIBLE_LEVELS).mean())


@pytest.fixture(scope="module", params=["emoji", "flowers", "shapes"])
def painter(request: pytest.FixtureRequest) -> Painter:
    return Painter.load(request.param)


def test_the_bundled_painters_are_listed() -> None:
    assert {"digits", "emoji", "flowers", "shapes"} <= set(catalog.names())


def test_two_seeds_give_two_different_pictures_of_a_prompt(painter: Painter) -> None:
    for prompt in painter.manifest.example_prompts[:8]:
        pictures = painter.paint(prompt, count=6, seed=0).arrays
        differences = [difference(a, b) for i, a in enumerate(pictures) for b in pictures[:i]]
        assert np.median(differences) > CLEARLY, prompt


def test_two_prompts_differ_at_the_same_seed(painter: Painter) -> None:
    some = [painter.paint(prompt, count=1, seed=3).arrays[0] for prompt in painter.manifest.example_prompts[:8]]
    differences = [difference(a, b) for i, a in enumerate(some) for b in some[:i]]
    assert np.median(differences) > CLEARLY


def test_an_emoji_is_opaque_in_the_middle_and_transparent_at_the_corners() -> None:
    painter = Painter.load("emoji")
    assert painter.has_alpha
    alpha = painter.paint("1st place medal, flat emoji", count=6, seed=0).arrays[..., 3]  # (6, 128, 128)
    assert alpha[:, [0, 0, -1, -1], [0, -1, 0, -1]].mean() < VISIBLE_LEVELS
    assert alpha[:, 56:72, 56:72].mean() > 255 - VISIBLE_LEVELS


def test_the_emoji_follow_the_name_in_the_prompt() -> None:
    painter = Painter.load("emoji")
    green, red = (painter.paint(f"{name}, flat emoji", count=8, seed=0).arrays for name in ("green book", "red heart"))
    greenness = [float((p[..., 1].astype(int) - p[..., 0]).mean()) for p in (green, red)]
    assert greenness[0] > greenness[1] + 20


def test_the_flowers_follow_the_color_of_the_prompt() -> None:
    painter = Painter.load("flowers")
    red, blue = (painter.paint(f"a {color} flower", count=16, seed=0).arrays for color in ("red", "blue"))
    redness = [float((p[..., 0].astype(int) - p[..., 2]).mean()) for p in (red, blue)]
    assert redness[0] > redness[1] + 10


@pytest.mark.parametrize("name", ["digits", "emoji", "flowers", "shapes"])
def test_the_card_says_on_what_how_long_and_how_well(name: str) -> None:
    card = Painter.load(name).manifest.card
    assert card["data"]["source"]
    assert card["hours"] > 0
    assert sum(card["images_seen"].values()) >= 50_000
    assert card["figures"]


@pytest.mark.parametrize("name", ["digits", "emoji", "flowers", "shapes"])
def test_the_card_has_figures_by_today_s_names(name: str) -> None:
    card = Painter.load(name).manifest.card
    known = {metric.id: metric for metric in metrics()}
    for figure in card["figures"]:
        metric, *fields = figure["id"].split(".")
        assert figure["name"] == known[metric].name.replace("{fields}", " and ".join(fields))
        assert figure["split"] in {"train", "test", "zero-shot"}


def test_the_digits_are_what_their_preset_trains() -> None:
    card = Painter.load("digits").manifest.card
    preset = load_preset("digits")
    trained = {key: value for key, value in card["preset"].items() if key != "tick_kimg"} | {"ticks": preset.ticks}
    assert preset_from_dict(trained) == preset
    assert card["images_seen"].keys() <= card["preset"].keys()


@pytest.mark.parametrize(
    ("name", "preset_today", "stages", "counted"),
    [
        (
            "flowers",
            "small",
            ("classifier", "autoencoder", "prior", "distillation", "decoder_growth", "finetuning"),
            {"prior", "distillation", "finetuning"},
        ),
        ("shapes", "shapes", ("classifier", "autoencoder", "prior"), {"classifier", "autoencoder", "prior"}),
    ],
)
def test_a_card_of_an_earlier_version_s_preset_has_the_stages_that_the_readme_names(
    name: str, preset_today: str, stages: tuple[str, ...], counted: set[str]
) -> None:
    card = Painter.load(name).manifest.card
    preset = card["preset"]
    assert (preset["name"], preset["model"]) == (name, card["model"])
    assert {key for key, table in preset.items() if isinstance(table, dict) and "kimg" in table} == set(stages)
    assert set(stages) != set(load_preset(preset_today).stage_tables)
    assert card["images_seen"].keys() == counted
    sentence = re.search(rf"`{name}` had \w+\s+(?:stages )?\(([^)]*)\)", README)
    assert sentence is not None and tuple(re.findall(r"`(\w+)`", sentence.group(1))) == stages


def metrics() -> Iterator[Metric]:
    """All metrics that modules of evaluation define."""
    for module in pkgutil.walk_packages(evaluation.__path__, "painting.evaluation."):
        yield from (value for value in vars(import_module(module.name)).values() if isinstance(value, Metric))


@pytest.mark.parametrize(("split", "bar"), [("seen", 0.90), ("unseen", 0.75)])
def test_the_shapes_painter_paints_the_right_color_and_shape(split: str, bar: float) -> None:
    wanted = prompts("seen" if split == "seen" else "unseen", SHAPES_PICTURES)
    pictures = Painter.load("shapes").paint_arrays([prompt for prompt, _, _ in wanted], range(SHAPES_PICTURES))
    pairs = [(reading.color, reading.shape) for reading in read_shape(pictures)]
    right = [pair == (color, shape) for pair, (_, color, shape) in zip(pairs, wanted, strict=True)]
    assert np.mean(right) >= bar


@pytest.fixture(scope="module")
def reader() -> Classifier:
    """A classifier of real digits trained on no painted one."""
    return train_classifier(Digits(split="train"), replace(DIGIT_CLASSIFIER, images=READER_IMAGES))


@pytest.fixture(scope="module")
def painted_digits(reader: Classifier) -> FloatArray:
    """How likely the reader finds each digit in each painted one: (500, 10)."""
    return reader.probabilities(Painter.load("digits").paint_arrays([], range(DIGIT_COUNT)))["digit"]


def test_the_classifier_reads_real_digits_outside_its_training_set(reader: Classifier) -> None:
    held_out = Digits(split="test")
    ids = np.arange(held_out.count)
    read = reader.probabilities(held_out.pictures(ids))["digit"].argmax(axis=1)
    assert (read == held_out.labels(ids)).mean() >= 0.965


def test_painted_digits_are_read_with_confidence_over_nine_tenths(painted_digits: FloatArray) -> None:
    assert confident_share(painted_digits) >= SURELY_READ


def test_every_digit_is_painted_about_as_often_as_the_others(painted_digits: FloatArray) -> None:
    assert rarest_class_share(painted_digits) >= 0.05
    assert commonest_class_share(painted_digits) <= 0.15


def test_two_seeds_give_two_different_digits() -> None:
    pictures = Painter.load("digits").paint_arrays([], range(20))
    differences = [difference(a, b) for i, a in enumerate(pictures) for b in pictures[:i]]
    assert np.median(differences) > CLEARLY
    assert min(differences) > 0
