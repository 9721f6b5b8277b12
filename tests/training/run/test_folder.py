"""A run folder says what it is, keeps its lines, and is not made over something else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from painting.data.picture_set import CaptionedSet
from painting.errors import TrainingError
from painting.files.sealed_json import read_sealed, write_sealed
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.run.folder import RUN_FILE, RUN_VERSION, STATS_FILE, RunFolder, RunInfo


@pytest.fixture
def run(tmp_path: Path, about: RunInfo) -> RunFolder:
    made = RunFolder(tmp_path / "runs" / "mine")
    made.create(about)
    return made


def line(stage: int, step: int) -> dict[str, Any]:
    return {"stage": "prior", "stage_index": stage, "step": step, "loss": 0.5}


def test_a_run_says_what_it_is(run: RunFolder, about: RunInfo) -> None:
    assert run.exists()
    assert RunFolder(run.path).info() == about


def test_a_run_says_which_painter_it_was_warm_started_from(tmp_path: Path, run: RunFolder, about: RunInfo) -> None:
    warm_start = {"painter": "roses 01234567", "images_seen": {"prior": 100}, "hours": 1.5}
    other = RunFolder(tmp_path / "other")
    other.create(replace(about, warm_start=warm_start))
    assert other.info().warm_start == warm_start
    values = read_sealed(run.path / RUN_FILE)
    del values["warm_start"]  # as older runs were written
    write_sealed(run.path / RUN_FILE, values)
    assert run.info() == about and about.warm_start is None


def test_facts_of_the_data_survive_to_the_last_digit(finite: CaptionedSet, run: RunFolder) -> None:
    facts = run.info().dataset
    assert facts == DatasetInfo.of(finite)
    assert facts.text_width == 5
    assert (np.array(facts.caption_mean, np.float32) == finite.caption_mean).all()


def test_an_empty_folder_becomes_a_run(tmp_path: Path, about: RunInfo) -> None:
    RunFolder(tmp_path).create(about)
    assert RunFolder(tmp_path).info() == about


def test_a_folder_with_something_else_in_it_is_not_touched(tmp_path: Path, about: RunInfo) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TrainingError, match=r"exists and is not a run.*another folder"):
        RunFolder(tmp_path).create(about)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_place_for_a_run(tmp_path: Path, about: RunInfo) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(TrainingError, match="exists and is not a run"):
        RunFolder(tmp_path / "run").create(about)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    assert not RunFolder(tmp_path).exists()
    with pytest.raises(TrainingError, match=f"is not a run: it has no {RUN_FILE}"):
        RunFolder(tmp_path).info()


def test_below_a_file_there_is_no_run_and_none_can_be_made(tmp_path: Path, about: RunInfo) -> None:
    (tmp_path / "rose.painter").write_bytes(b"a painter file")
    with pytest.raises(TrainingError, match="is not a run"):
        RunFolder(tmp_path / "rose.painter").info()
    with pytest.raises(TrainingError, match="cannot be made: Not a directory"):
        RunFolder(tmp_path / "rose.painter" / "run").create(about)


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", bytes(100), b"\xff", b'{"version": 2, "preset": {}}'])
def test_a_damaged_description_is_refused(run: RunFolder, content: bytes) -> None:
    (run.path / RUN_FILE).write_bytes(content)
    with pytest.raises(TrainingError, match=r"run\.json is damaged, or .* an older version .*start a new run"):
        run.info()


def test_a_changed_setting_is_noticed(run: RunFolder) -> None:
    text = (run.path / RUN_FILE).read_text()
    (run.path / RUN_FILE).write_text(text.replace('"batch": 8', '"batch": 9', 1))
    with pytest.raises(TrainingError, match="its checksum is another"):
        run.info()


def test_a_description_with_a_field_of_another_version_is_refused(run: RunFolder) -> None:
    values = read_sealed(run.path / RUN_FILE)
    write_sealed(run.path / RUN_FILE, values | {"mood": "good"})
    with pytest.raises(TrainingError, match=f"{RUN_FILE} cannot be read: .*mood"):
        run.info()


@pytest.mark.parametrize(("version", "age"), [(None, "an older"), (1, "an older"), (RUN_VERSION + 1, "a newer")])
def test_a_run_of_another_version_is_refused_in_one_sentence(run: RunFolder, version: int | None, age: str) -> None:
    values = read_sealed(run.path / RUN_FILE)
    write_sealed(run.path / RUN_FILE, values | {"version": version})
    with pytest.raises(TrainingError) as error:
        run.info()
    sentence = f"{run.path} was written by {age} version of painting: use that version, or start a new run."
    assert str(error.value) == sentence


def test_lines_are_appended_and_read_in_order(run: RunFolder) -> None:
    assert run.stats.read() == []
    run.stats.add(line(0, 4))
    run.stats.add(line(0, 8))
    assert run.stats.read() == [line(0, 4), line(0, 8)]


def test_half_a_line_is_dropped_and_does_not_swallow_the_next(run: RunFolder) -> None:
    run.stats.add(line(0, 4))
    with (run.path / STATS_FILE).open("a") as file:
        file.write('{"stage": 0, "st')
    assert run.stats.read() == [line(0, 4)]
    run.stats.truncate_after(0, 4)
    run.stats.add(line(0, 8))
    assert run.stats.read() == [line(0, 4), line(0, 8)]


def test_lines_of_steps_that_will_be_done_again_are_forgotten(run: RunFolder) -> None:
    for stage, step in [(0, 4), (0, 8), (1, 4), (1, 8), (2, 4)]:
        run.stats.add(line(stage, step))
    run.stats.truncate_after(1, 4)
    assert [(found["stage_index"], found["step"]) for found in run.stats.read()] == [(0, 4), (0, 8), (1, 4)]
    run.stats.truncate_after(1, 0)
    assert [(found["stage_index"], found["step"]) for found in run.stats.read()] == [(0, 4), (0, 8)]


def test_pictures_are_written_as_png(run: RunFolder) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (8, 12, 3), dtype=np.uint8)
    run.save_pictures("prior-000010.000kimg.png", pictures)
    with Image.open(run.pictures / "prior-000010.000kimg.png") as image:
        assert (np.asarray(image) == pictures).all()
