"""The sizes of files on the page of morphs are those that its first command writes."""

import re
from pathlib import Path

import pytest

import painting

PAGE = (Path(__file__).parents[1] / "docs/morph.md").read_text(encoding="utf-8")
MB = 10**6


@pytest.fixture(scope="module")
def sizes() -> dict[str, float]:
    """The sizes in MB of the page's first morph, by the suffixes of its table."""
    command = re.search(r'painting morph "(.*?)" "(.*?)" --steps (\d+) --seed (\d+)', PAGE)
    assert command
    start, end, steps, seed = command.groups()
    morph = painting.load("flowers").morph(start, end, steps=int(steps), seed=int(seed))
    files = {".webp": morph.webp(), "lossless": morph.webp(lossless=True), ".gif": morph.gif(), ".png": morph.strip()}
    return {suffix: len(file) / MB for suffix, file in files.items()}


@pytest.mark.parametrize(
    ("suffix", "pattern"),
    [
        (".webp", r"`\.webp` .* \| ([\d.]+) MB"),
        ("lossless", r"without loss ([\d.]+) MB"),
        (".gif", r"`\.gif` .* \| ([\d.]+) MB"),
        (".png", r"`\.png` .* \| ([\d.]+) MB"),
    ],
)
def test_the_page_s_size_is_the_file_s(sizes: dict[str, float], suffix: str, pattern: str) -> None:
    found = re.search(pattern, PAGE)
    assert found and float(found[1]) == pytest.approx(sizes[suffix], abs=0.06)
