"""An infotext is written and parsed as AUTOMATIC1111's."""

import pytest

from painting import __version__
from painting.paint.paint_request import PaintOptions, PaintRequest, Variation
from painting.serving.engine.encoding import Fitting
from painting.serving.engine.infotext import infotext, parse_infotext

AS_PAINTED = Fitting((16, 16), (16, 16), None)
NEAR = PaintOptions(0.8, variation=Variation(0.2, 101))


def test_an_infotext_is_the_prompt_and_a_line_of_values() -> None:
    assert infotext(PaintRequest("a rose", (7,), "a, b"), AS_PAINTED) == (
        f'a rose\nSteps: 1, Sampler: GAN, Seed: 7, Size: 16x16, Model: "a, b", Version: painting {__version__}'
    )
    cropped = infotext(PaintRequest("a rose", (7,), "tiny"), Fitting((32, 48), (16, 16), "cover"))
    assert "Size: 32x48, Model: tiny, Painted size: 16x16, Fit: cover, Version" in cropped
    near = infotext(PaintRequest(None, (7,), "tiny", options=NEAR), AS_PAINTED)
    assert near.startswith("\nSteps: 1") and "Variation seed: 101, Variation seed strength: 0.2, Version" in near


def test_an_own_infotext_is_parsed() -> None:
    request = PaintRequest("a rose,\nin two: lines", (7,), 'a, "b"', options=NEAR)
    assert parse_infotext(infotext(request, Fitting((32, 48), (16, 16), "cover"))) == {
        "Prompt": "a rose,\nin two: lines",
        "Negative prompt": "",
        "Steps": "1",
        "Sampler": "GAN",
        "Seed": "7",
        "Size-1": "32",
        "Size-2": "48",
        "Model": 'a, "b"',
        "Variation seed": "101",
        "Variation seed strength": "0.2",
        "Painted size-1": "16",
        "Painted size-2": "16",
        "Fit": "cover",
        "Version": f"painting {__version__}",
    }


@pytest.mark.parametrize(
    ("text", "prompt", "negative", "others"),
    [
        ("a rose", "a rose", "", {}),
        ("a: b, c: d", "a: b, c: d", "", {}),
        ("a rose\nNegative prompt: fog,\nrain\nSteps: 20, Seed: 7, CFG scale: 7", "a rose", "fog,\nrain",
         {"Steps": "20", "Seed": "7", "CFG scale": "7"}),
        ('Steps: 20, Seed: 7, Lora hashes: "x: 1, y: 2", Bad: "\\q"', "", "",
         {"Steps": "20", "Seed": "7", "Lora hashes": "x: 1, y: 2", "Bad": '"\\q"'}),
    ],
)  # fmt: skip
def test_an_infotext_of_another_program_is_parsed(
    text: str, prompt: str, negative: str, others: dict[str, str]
) -> None:
    assert parse_infotext(text) == {"Prompt": prompt, "Negative prompt": negative, **others}


@pytest.mark.parametrize("text", ["", " \n", "a" * 200_000, " " * 200_000 + "x", 'aa:"' * 50_000, "a \\" * 50_000])
def test_any_text_is_parsed_in_linear_time(text: str) -> None:
    assert bool(parse_infotext(text)) == bool(text.strip())
