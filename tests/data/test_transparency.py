"""Transparency is learned by default where at least a tenth of a folder's pictures have it."""

from pathlib import Path

import pytest
from PIL import Image

from painting.data.transparency import is_transparency_learned


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """An opaque picture, one with an alpha channel that is opaque, a transparent one, and a broken file."""
    paths = {name: tmp_path / f"{name}.png" for name in ("opaque", "full", "transparent", "broken")}
    Image.new("RGB", (16, 16)).save(paths["opaque"])
    Image.new("RGBA", (16, 16), (9, 9, 9, 255)).save(paths["full"])
    Image.new("RGBA", (16, 16), (9, 9, 9, 128)).save(paths["transparent"])
    paths["broken"].write_bytes(b"broken")
    return paths


@pytest.mark.parametrize(
    ("counts", "learned"),
    [
        ({}, False),
        ({"broken": 3}, False),
        ({"full": 3}, False),
        ({"transparent": 1, "opaque": 9}, True),
        ({"transparent": 1, "opaque": 10}, False),
        ({"transparent": 1, "opaque": 9, "broken": 20}, True),
        ({"transparent": 50, "opaque": 350}, True),  # of which one in four is decoded
        ({"transparent": 20, "opaque": 380}, False),
    ],
)
def test_a_tenth_of_a_sample_decides(files: dict[str, Path], counts: dict[str, int], learned: bool) -> None:
    listed = [files[name] for name, count in counts.items() for _ in range(count)]
    assert is_transparency_learned(listed) is learned
