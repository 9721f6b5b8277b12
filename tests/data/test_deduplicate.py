from pathlib import Path

from PIL import Image

from painting.data.deduplicate import Fate, fates_of, match_fates
from painting.data.folder import Example


def example(name: str, *captions: str) -> Example:
    return Example(name, Path(name), captions, {})


def test_the_same_pixels_get_one_row_in_whatever_format(tmp_path: Path) -> None:
    picture = Image.new("RGB", (30, 20), "red")
    files = [tmp_path / name for name in ("a.png", "broken.png", "b.bmp", "c.png")]
    picture.save(files[0])
    files[1].write_bytes(b"broken")
    picture.save(files[2])
    Image.new("RGB", (20, 30), "red").save(files[3])
    fates = [fate for fate, _ in fates_of(files)]
    assert [fate.row for fate in fates] == [0, None, 0, 1]
    assert fates[2].duplicate_of == 0
    assert fates[0].side == 20
    assert [picture is None for _, picture in fates_of(files)] == [False, True, True, False]


def test_a_duplicates_captions_go_to_the_picture_that_is_used() -> None:
    examples = [example("a.png", "a rose"), example("b.png", "a flower", "a rose")]
    fates = [Fate(0, side=64), Fate(0, "duplicate", "shows the same pixels as", 0)]
    used, problems = match_fates(examples, fates, 64)
    assert [(one.name, one.captions) for one in used] == [("a.png", ("a rose", "a flower"))]
    assert [str(problem) for problem in problems] == [
        "b.png: shows the same pixels as 'a.png'; it is skipped and its captions go to that one"
    ]


def test_small_pictures_are_used_and_named() -> None:
    used, problems = match_fates([example("a.png", "a rose")], [Fate(0, side=32)], 64)
    assert len(used) == 1 and not problems[0].skipped
    assert str(problems[0]) == "a.png: is small: its shorter side has 32 px, training asks for 64; it is enlarged"
