from pathlib import Path

from PIL import Image

from painting.data.deduplicate import FileOutcome, deduplicate, merge_duplicates
from painting.data.folder.listing import Example


def example(name: str, *captions: str) -> Example:
    return Example(name, Path(name), captions, {})


def test_the_same_pixels_get_one_row_in_whatever_format(tmp_path: Path) -> None:
    picture = Image.new("RGB", (30, 20), "red")
    files = [tmp_path / name for name in ("a.png", "broken.png", "b.bmp", "c.png")]
    picture.save(files[0])
    files[1].write_bytes(b"broken")
    picture.save(files[2])
    Image.new("RGB", (20, 30), "red").save(files[3])
    outcomes = [outcome for outcome, _ in deduplicate(files)]
    assert [outcome.row for outcome in outcomes] == [0, None, 0, 1]
    assert outcomes[2].duplicate_of == 0
    assert outcomes[0].side == 20
    assert [picture is None for _, picture in deduplicate(files)] == [False, True, True, False]


def test_a_duplicates_captions_go_to_the_picture_that_is_used() -> None:
    examples = [example("a.png", "a rose"), example("b.png", "a flower", "a rose")]
    outcomes = [FileOutcome(0, side=64), FileOutcome(0, "duplicate", "shows the same pixels as", 0)]
    used, issues = merge_duplicates(examples, outcomes, 64)
    assert [(one.name, one.captions) for one in used] == [("a.png", ("a rose", "a flower"))]
    assert [str(issue) for issue in issues] == [
        "b.png: shows the same pixels as 'a.png'; it is skipped and its captions go to that one"
    ]


def test_small_pictures_are_used_and_named() -> None:
    used, issues = merge_duplicates([example("a.png", "a rose")], [FileOutcome(0, side=32)], 64)
    assert len(used) == 1 and not issues[0].skipped
    assert str(issues[0]) == "a.png: is small: its shorter side has 32 px, training uses 64; it is enlarged"
