"""What `painting export` takes into a painter's card, from --figures, --card and an earlier painter, and refuses."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from painting.errors import DataError
from painting.training.export.card import build_card, read_card_fields, read_figures
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import Measurement
from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder, RunInfo


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "figures.json"


def test_figures_are_read_as_they_were_written(file: Path) -> None:
    file.write_text(
        '[{"id": "label_accuracy.color", "name": "color accuracy", "value": 0.9, "n": 400}, {"name": "x", "value": 1}]'
    )
    assert read_figures(file) == [
        {"id": "label_accuracy.color", "name": "color accuracy", "value": 0.9, "n": 400},
        {"name": "x", "value": 1},
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x", "value": 1}',
        "[1]",
        '[{"name": "x"}]',
        '[{"value": 1}]',
        '[{"name": "x", "value": "good"}]',
        '[{"name": "x", "value": true}]',
        '[{"name": "x", "value": NaN}]',
    ],
)
def test_anything_else_than_a_list_of_figures_is_refused_in_one_sentence(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(DataError, match="nor a list of figures") as refused:
        read_figures(file)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"[", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_refused(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        read_figures(file)


def test_the_report_of_one_painter_gives_its_figures(file: Path) -> None:
    figures = [{"name": "FID", "value": 61.5, "n": 1002}]
    file.write_text(json.dumps({"format_version": 1, "painters": [{"name": "flowers", "figures": figures}]}))
    assert read_figures(file) == figures


def test_a_report_of_several_painters_is_refused(file: Path) -> None:
    file.write_text(json.dumps({"painters": [{"figures": []}, {"figures": []}]}))
    with pytest.raises(DataError, match="reports on 2 painters: measure this one alone"):
        read_figures(file)


def test_card_fields_are_read_as_they_were_written(file: Path) -> None:
    file.write_text('data = "roses of one garden"\nlicence = "CC0"\nlimits = ["Thorns are missing.", "No buds."]')
    words = {"data": "roses of one garden", "licence": "CC0", "limits": ["Thorns are missing.", "No buds."]}
    assert read_card_fields(file) == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hours = 3", "has 'hours'; a card takes data, licence and limits"),
        ("data = 3", "data in .* must be a text"),
        ('licence = ""', "licence in .* must be a text of 1 to 500 characters"),
        ('limits = "none"', "limits in .* must be a list"),
        ("limits = [1]", "limits in .* must be a list of at most 16 sentences"),
        ("data", "cannot be read"),
    ],
)
def test_card_fields_that_a_card_does_not_take_are_refused(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(DataError, match=message):
        read_card_fields(file)


def test_a_file_of_card_fields_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_card_fields(file)


def test_a_card_counts_what_had_gone_into_the_painter_that_a_run_began_from(tmp_path: Path, about: RunInfo) -> None:
    run = RunFolder(tmp_path)
    for step, kimg in ((4, 0.032), (8, 0.064)):
        run.stats.add({"stage": "prior", "stage_index": 1, "step": step, "kimg": kimg, "seconds": 1.0})
    inherited = {"painter": "older 01234567", "data": "Roses.", "licence": ""}
    before = inherited | {"images_seen": {"autoencoder": 10, "prior": 100}, "hours": 1.5}
    own, both = (
        build_card(run, replace(about, warm_start=warm_start), Position(1, 4, 0, 1800.0), {})
        for warm_start in (None, before)
    )
    assert "began_from" not in own and (own["images_seen"], own["hours"]) == ({"prior": 32}, 0.5)
    assert both["began_from"] == {"painter": "older 01234567", "data": "Roses."}
    assert (both["images_seen"], both["hours"]) == ({"autoencoder": 10, "prior": 132}, 2.0)
    other = {name for name in both if both[name] != own.get(name)}
    assert other == {"began_from", "images_seen", "hours"}


@pytest.mark.parametrize(("distance", "limits"), [(22.0, 1), (533.0, 2)])
def test_a_card_has_a_warm_start_s_distance_and_among_the_limits_that_it_is_far(
    tmp_path: Path, about: RunInfo, distance: float, limits: int
) -> None:
    run = RunFolder(tmp_path)
    start, end = (Measurement(each, (each + 1, each - 1)) for each in (575.0, distance))
    StartComparison("flowers", "KID", "60 test pictures", start, far=150.0, end=end, end_kimg=3.0).write(run)
    card = build_card(run, about, Position(1, 4, 0, 1800.0), {"limits": ["No buds."]})
    assert card["distance"]["value"] == distance
    assert len(card["limits"]) == limits and card["limits"][-1] == "No buds."
    assert card["limits"][0].startswith("Its pictures are far from those that it was trained on: KID") is (limits == 2)
