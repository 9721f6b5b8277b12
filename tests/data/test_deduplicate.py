import json
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image

from painting.data.decoding.upright_srgb import Remark
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
    assert (outcomes[0].width, outcomes[0].height) == (30, 20)
    assert outcomes[0].cropped_share == pytest.approx(1 / 3)
    assert outcomes[0].pixels == outcomes[2].pixels != outcomes[3].pixels
    assert [picture is None for _, picture in deduplicate(files)] == [False, True, True, False]


def test_a_duplicates_captions_go_to_the_picture_that_is_used() -> None:
    examples = [example("a.png", "a rose"), example("b.png", "a flower", "a rose")]
    outcomes = [FileOutcome(0, width=64, height=80), FileOutcome(0, "duplicate", "shows the same pixels as", 0)]
    used, issues = merge_duplicates(examples, outcomes, 64)
    assert [(one.name, one.captions) for one in used] == [("a.png", ("a rose", "a flower"))]
    assert [str(issue) for issue in issues] == [
        "b.png: shows the same pixels as 'a.png'; it is skipped and its captions go to that one"
    ]


def test_small_pictures_are_used_and_named() -> None:
    used, issues = merge_duplicates([example("a.png", "a rose")], [FileOutcome(0, width=40, height=32)], 64)
    assert len(used) == 1 and not issues[0].skipped
    assert str(issues[0]) == "a.png: is small: its shorter side has 32 px, training uses 64; it is enlarged"


def test_a_remark_on_a_file_is_an_issue_that_loses_nothing() -> None:
    outcome = FileOutcome(0, width=64, height=64, remarks=(Remark("incomplete", "lacks its last bytes", "it is used"),))
    used, issues = merge_duplicates([example("a.jpg", "a rose")], [outcome], 64)
    assert [used[0].name, str(issues[0])] == ["a.jpg", "a.jpg: lacks its last bytes; it is used"]
    assert issues[0].unused_files == 0


def test_an_outcome_survives_json() -> None:
    outcome = FileOutcome(3, width=64, height=48, remarks=(Remark("a", "b", "c"),), color_converted=True, pixels="ab")
    assert FileOutcome.from_json(json.loads(json.dumps(asdict(outcome)))) == outcome
