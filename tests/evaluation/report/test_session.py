"""From painter files and a folder to a whole report."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import jsonschema
import numpy as np
import pytest
from tests.conftest import MakePainter
from tests.evaluation.conftest import write_folder

from painting.data.split import Split, write_split
from painting.errors import InvalidRequest
from painting.evaluation.evaluate import Plan
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.evaluation.extractors.registry import WeightSources
from painting.evaluation.report.html import render_html
from painting.evaluation.report.model_selection import SELECTED_BY
from painting.evaluation.report.schema import SCHEMA_PATH, EvaluationReport, write_json
from painting.evaluation.report.session import EvaluationSettings, evaluate_painters
from painting.images import FloatArray, UInt8Array

pytestmark = pytest.mark.slow

CLASSIFIER_ALONE = ("classifier",)
SPLITS = ("test", "train", "zero-shot")


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own, and classifiers that learn next to nothing in no time."""
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    tiny = ClassifierSettings(widths=(8,), images=64, batch=16)
    monkeypatch.setattr("painting.evaluation.report.real_data.ClassifierSettings", lambda: tiny)
    monkeypatch.setattr("painting.evaluation.report.real_data.DIGIT_CLASSIFIER", tiny)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_folder(tmp_path / "flowers", 96, 0)
    held_out = {f"{index:04d}.png": "x" for index in range(0, 96, 3)}
    write_split(made, Split({"test": held_out}, ("color", "species"), (("blue", "tulip"),)))
    return made


def settings(folder: Path | None, **more: Any) -> EvaluationSettings:
    return replace(EvaluationSettings(Plan(pictures=30), folder, extractors=CLASSIFIER_ALONE), **more)


def evaluated(files: list[Path], given: EvaluationSettings) -> tuple[EvaluationReport, Mock]:
    progress = Mock()
    return evaluate_painters(files, given, progress), progress


def test_a_painter_is_measured_on_all_parts(tiny_painter: Path, folder: Path, tmp_path: Path) -> None:
    report, progress = evaluated([tiny_painter], settings(folder))
    (painter,) = report.painters
    assert {figure.split for figure in painter.figures} == {"train", "test", "zero-shot"}
    assert [part.split for part in report.parts] == ["train", "test", "zero-shot"]
    assert len(painter.grids) == 3 and len(painter.grids[0].painted) == 24
    assert len(painter.grids[0].prompts) == 24 and painter.closest and painter.tables
    write_json(tmp_path / "report.json", report)
    jsonschema.validate(json.loads((tmp_path / "report.json").read_text()), json.loads(SCHEMA_PATH.read_text()))
    assert "Evaluation of tiny" in render_html(report)
    assert any("painting" in call.args[0] for call in progress.call_args_list)


def test_the_schema_describes_every_setting_of_a_report(folder: Path) -> None:
    described = json.loads(SCHEMA_PATH.read_text())["properties"]["settings"]["properties"]
    assert {*settings(folder).as_dict(), SELECTED_BY} == described.keys()


def test_the_same_settings_give_the_same_figures(tiny_painter: Path, folder: Path) -> None:
    (first, _), (again, _) = (evaluated([tiny_painter], settings(folder)) for _ in range(2))
    assert first.painters[0].figures == again.painters[0].figures
    other, _ = evaluated([tiny_painter], settings(folder, plan=Plan(pictures=30, first_seed=9)))
    assert other.painters[0].figures != first.painters[0].figures
    assert {figure.seed for figure in other.painters[0].figures if figure.split == "train"} >= {9}


def test_painters_of_two_sizes_are_compared_at_the_smaller(make_painter: MakePainter, folder: Path) -> None:
    from tests.conftest import tiny_generator

    width = 384
    large = make_painter("large", generator=tiny_generator(width, 32), picture_size=32)
    report, progress = evaluated([make_painter("small"), large], settings(folder))
    assert [painter.name for painter in report.painters] == ["small", "large"]
    assert {painter.picture_size for painter in report.painters} == {16}
    assert "resized to 16 px" in report.painters[1].notes[0]
    names = [{(f.id, f.split, f.extractor) for f in painter.figures} for painter in report.painters]
    assert names[0] == names[1]
    assert any(call.args[0].startswith("large: ") for call in progress.call_args_list)


def test_a_painter_without_prompts_is_measured_on_digits(make_painter: MakePainter) -> None:
    from tests.conftest import tiny_generator

    plain = make_painter("plain", conditional=False, generator=tiny_generator(None, 28), picture_size=28)
    report, _ = evaluated([plain], settings(None))
    (painter,) = report.painters
    assert painter.grids[0].prompts == () and not painter.conditional
    assert any("digit" in figure.fields for figure in painter.figures)
    assert "Does it ignore the prompt?" not in {verdict.question for verdict in painter.verdicts}


def test_missing_extractors_are_notes_and_the_others_go_on(tiny_painter: Path, folder: Path) -> None:
    nowhere = WeightSources({"inception": "none.pth"}, download=False)
    report, _ = evaluated([tiny_painter], settings(folder, extractors=("classifier", "inception"), sources=nowhere))
    assert any("inception" in note for note in report.painters[0].notes)
    assert [name for name in report.extractors if name.startswith("classifier-")] == list(report.extractors)
    with pytest.raises(InvalidRequest, match=r"\. Or measure with --extractors classifier, which needs nothing"):
        evaluated([tiny_painter], settings(folder, extractors=("inception",), sources=nowhere))


class Blocks:
    """In the place of EfficientNet: computes the mean colours of 16 parts of a picture."""

    kind = "efficientnet"
    name, key, width = "efficientnet-lite2", "blocks", 48

    def __init__(self, device: str) -> None:
        assert device == "cpu"

    def features(self, pictures: UInt8Array) -> FloatArray:
        n, side = pictures.shape[:2]
        parts = pictures.reshape(n, 4, side // 4, 4, side // 4, 3)
        means: FloatArray = parts.mean((2, 4)).reshape(n, self.width).astype(np.float32)
        return means


@pytest.fixture
def both(tiny_painter: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> EvaluationReport:
    """A report of a classifier and a linear layer, of pictures that are labelled with more than they show."""
    monkeypatch.setattr("painting.evaluation.extractors.registry.EfficientNet", Blocks)
    held_out = {f"{index:04d}.png": "x" for index in range(0, 96, 5)}  # of every kind
    write_split(folder, Split({"test": held_out}, ("color", "species"), (("blue", "tulip"),)))
    file = folder / "metadata.jsonl"
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps({**row, "garden": "ours", "number": row["file_name"]}) + "\n" for row in rows))
    report, _ = evaluated([tiny_painter], settings(folder, extractors=("classifier", "efficientnet")))
    return report


def test_label_accuracies_of_two_extractors_are_kept_apart(both: EvaluationReport) -> None:
    (painter,), (classifier, network) = both.painters, both.extractors
    assert classifier.startswith("classifier-") and network == "efficientnet-lite2"
    read = {(f.id, f.split, f.extractor): f for f in painter.figures if "label_accuracy" in f.metric.id}
    ids = ("label_accuracy.color", "label_accuracy.species", "joint_label_accuracy.color.species")
    assert set(read) == set(product(ids, SPLITS, both.extractors))
    who = {
        classifier: "a classifier trained on the training pictures alone reads",
        network: "a linear layer on the features of efficientnet-lite2, fitted on the training pictures, reads",
    }
    assert all(who[reader] in figure.protocol for (_, _, reader), figure in read.items())
    assert read["label_accuracy.color", "test", network].real == 1  # mean colours tell red, blue and white


def test_each_reader_has_its_own_tables_in_report_and_page(both: EvaluationReport) -> None:
    (painter,) = both.painters
    tables = [(table.field, table.split, table.extractor) for table in painter.tables]
    assert sorted(tables) == sorted(product(("color", "species"), SPLITS, both.extractors))
    page = render_html(both)
    for field, split, reader in tables:
        assert f'<h3>{field} <span class="soft small">{split}, by {reader}</span></h3>' in page


def test_what_does_not_go_together_is_refused(tiny_painter: Path, unconditional_painter: Path, folder: Path) -> None:
    for files, wanted, reason in (
        ([tiny_painter], settings(None), "name the dataset folder of the painter 'tiny'"),
        ([tiny_painter, unconditional_painter], settings(folder), "cannot be compared"),
        ([tiny_painter], settings(folder, extractors=("eyes",)), "there is no extractor 'eyes'"),
        ([tiny_painter], settings(folder, extractors=()), "name at least one extractor"),
    ):
        with pytest.raises(InvalidRequest, match=reason):
            evaluated(files, wanted)
