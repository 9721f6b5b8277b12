"""A sample of a folder's pictures decides at which side they are learned, and whether transparency is."""

from pathlib import Path

import pytest
from PIL import Image

from painting.data.usual_form import usual_form


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
def test_transparency_is_learned_where_a_tenth_of_a_sample_has_it(
    files: dict[str, Path], counts: dict[str, int], learned: bool
) -> None:
    listed = [files[name] for name, count in counts.items() for _ in range(count)]
    assert usual_form(listed).has_alpha is learned


@pytest.mark.parametrize(
    ("sizes", "side"),
    [
        ([], 128),
        ([(16, 16)], 64),
        ([(85, 85)], 64),
        ([(86, 86)], 128),
        ([(64, 500)], 64),  # the crop is as small as the shorter side
        ([(32, 32)] * 6 + [(600, 400)] * 5, 64),
        ([(32, 32)] * 5 + [(600, 400)] * 6, 128),
        ([(4000, 3000)], 128),
    ],
)
def test_small_pictures_are_learned_small(tmp_path: Path, sizes: list[tuple[int, int]], side: int) -> None:
    for size in set(sizes):
        Image.new("RGB", size).save(tmp_path / f"{size[0]}.png")
    assert usual_form([tmp_path / f"{width}.png" for width, _ in sizes]).side == side
