"""Examples are captions whose labels are read back; the bundled flowers' and the README's are."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from scripts.rank_examples import candidates, load_probe, save_probe, score
from tests.conftest import MakePainter

from painting.data.folder.listing import Example
from painting.evaluation.extractors.linear_probe import LinearLayer, LinearProbe
from painting.images import FloatArray, UInt8Array, on_white
from painting.paint.painter import Painter
from painting.text.encoder import TextEncoder

ROOT = Path(__file__).parents[2]
PROBE = ROOT / "tests" / "golden" / "flowers_probe.npz"
FEWER_SEEDS = 6
MIN_SCORE_OF_FEWER_SEEDS = 0.7


def example(color: str, kind: str, *captions: str) -> Example:
    return Example("x.png", Path("x.png"), captions, {"color": color, "kind": kind})


def test_candidates_are_captions_with_an_article_that_name_every_label() -> None:
    many = [example("red", "rose", "a red rose", "red rose", "a rose", "a photo of a red rose")] * 10
    few = [example("red", "tulip", "a red tulip")] * 3
    assert candidates([*many, *few]) == {("red", "rose"): ["a red rose", "a photo of a red rose"]}


def test_a_kept_probe_reads_as_the_fitted_one(tmp_path: Path) -> None:
    layer = LinearLayer(("blue", "red"), torch.zeros(4), torch.ones(4), torch.eye(4)[:, :2] * 3, torch.zeros(2))
    probe = LinearProbe(load_probe(PROBE), {"color": layer})
    save_probe(probe, tmp_path / "probe.npz")
    features = np.eye(4, dtype=np.float32)
    kept = load_probe(tmp_path / "probe.npz").field_probabilities(features)["color"]
    assert np.allclose(kept, probe.field_probabilities(features)["color"], atol=1e-3)


def test_pictures_with_transparency_are_read_on_white(
    make_painter: MakePainter, text_encoder: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = Painter.load(make_painter("clear", channels=4), text_encoder, threads=1)
    probe = load_probe(PROBE)
    read: list[UInt8Array] = []

    def features(pictures: UInt8Array) -> FloatArray:
        read.append(pictures)
        return np.zeros((len(pictures), probe.width), np.float32)

    monkeypatch.setattr(probe, "features", features)
    assert 0 <= score(painter, "a red rose", {"color": "red"}, probe, 2) <= 1
    assert np.array_equal(read[0], on_white(painter.paint_arrays(["a red rose"] * 2, range(2))))


def shown_prompts() -> list[str]:
    """The prompts of flowers that a reader of the README or a visitor of the page tries first."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quoted = re.findall(r'(?:painting (?:paint|morph)|painter\.paint\()\s?"([^"]+)"(?: "([^"]+)")?', readme)
    prompts = {prompt for pair in quoted for prompt in pair if prompt}
    assert len(prompts) >= 3
    return sorted(prompts | set(Painter.load("flowers").manifest.example_prompts))


@pytest.mark.slow
def test_the_prompts_that_are_shown_are_read_back_from_their_pictures() -> None:
    probe, painter = load_probe(PROBE), Painter.load("flowers")
    for prompt in shown_prompts():
        wanted = {field: max((v for v in probe.values(field) if v in prompt), key=len) for field in probe.fields}
        assert score(painter, prompt, wanted, probe, FEWER_SEEDS) >= MIN_SCORE_OF_FEWER_SEEDS, prompt


@pytest.mark.slow
def test_a_listed_weakness_is_not_read_back() -> None:
    probe, painter = load_probe(PROBE), Painter.load("flowers")
    wanted = {"color": "purple", "species": "bluebell"}
    assert score(painter, "a purple bluebell", wanted, probe, FEWER_SEEDS) < MIN_SCORE_OF_FEWER_SEEDS
