"""The benchmark of painting: what it compares is what it says, and its arithmetic is right."""

import base64
import io
from pathlib import Path

import pytest
from benchmarks.paint import (
    COUNT,
    Answer,
    PainterSide,
    ThesisSide,
    report,
    summary,
)
from PIL import Image

from painting.errors import InvalidRequest


def decoded_sizes(answer: Answer) -> set[tuple[int, int]]:
    """The sizes of an answer's PNGs, each of them decoded in full."""
    sizes = set()
    for image in answer.images:
        with Image.open(io.BytesIO(base64.b64decode(image, validate=True)), formats=["PNG"]) as picture:
            picture.load()
            sizes.add(picture.size)
    return sizes


def answer(text_ms: float, generator_ms: float, encoding_ms: float) -> Answer:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 4)).save(buffer, "PNG")
    return Answer([base64.b64encode(buffer.getvalue()).decode()], text_ms, generator_ms, encoding_ms)


def test_both_sides_answer_five_pngs_of_their_own_size(tiny_painter: Path) -> None:
    ours = PainterSide(str(tiny_painter), threads=1)
    theirs = ThesisSide(ours.encoder)
    assert sum(weight.numel() for weight in theirs.generator.parameters()) == pytest.approx(18.521e6, abs=1e3)
    our_answer, their_answer = ours(seed=1), theirs(seed=1)
    assert len(our_answer.images) == len(their_answer.images) == COUNT
    assert decoded_sizes(our_answer) == {(16, 16)}
    assert decoded_sizes(their_answer) == {(640, 480)}
    for part in (our_answer, their_answer):
        assert min(part.text_ms, part.generator_ms, part.encoding_ms) > 0


def test_a_painter_without_prompts_is_refused(unconditional_painter: Path) -> None:
    with pytest.raises(InvalidRequest, match="takes no prompt"):
        PainterSide(str(unconditional_painter), threads=1)


def test_the_summary_gives_sizes_and_that_fewer_pixels_were_painted() -> None:
    ours, theirs = [answer(1, 10, 1)] * 2, [answer(1, 20, 27)] * 2
    found = summary(ours, theirs, sides=(64, 128))
    assert found["times_faster"]["median"] == 4
    assert found["generator_times_faster"]["median"] == 2
    assert found["generator_times_faster_per_px"] == 0.5
    assert found["ours"]["painted_px"] == 64
    assert found["theirs"]["png_px"] == [8, 4]
    assert "64 px painted, sent as PNGs of 8×4 px" in report(found)
